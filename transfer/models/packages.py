"""Packages: what was made for other municipalities, what was brought in, and where drafts came from."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Record, Team

MUNICIPALITY_LENGTH = 150
IDENTIFIER_LENGTH = 300


class Licence(models.TextChoices):
    """Under which terms a package is given away; the usual ones for texts of public administrations."""

    CC_BY = "CC-BY-4.0", "CC BY 4.0"
    CC_BY_SA = "CC-BY-SA-4.0", "CC BY-SA 4.0"
    CC_ZERO = "CC0-1.0", "CC0 1.0"
    DL_BY = "DL-DE-BY-2.0", _("Datenlizenz Deutschland – Namensnennung 2.0")
    DL_ZERO = "DL-DE-ZERO-2.0", _("Datenlizenz Deutschland – Zero 2.0")


class Run(models.Model):
    """What a background task does for somebody: how far it is, and the file it works on.

    `beat_at` is when it last told; a run that has been silent for long has died.
    """

    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    # Emptied when the file has been purged.
    file = models.FileField(upload_to="packages/", blank=True)
    size = models.PositiveBigIntegerField(null=True)

    class Meta:
        abstract = True

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


class PackageExport(Run):
    """A package of chosen published records, to be made or to be fetched."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("wartet")
        RUNNING = "running", _("wird erstellt")
        READY = "ready", _("liegt bereit")
        FAILED = "failed", _("nicht erstellt")
        PURGED = "purged", _("gelöscht")

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    reach = models.CharField(_("Für wen?"), max_length=24, choices=Record.Reach.choices)
    municipality = models.CharField(_("Kommune"), max_length=MUNICIPALITY_LENGTH)
    licence = models.CharField(_("Lizenz"), max_length=20, choices=Licence.choices)
    with_contact = models.BooleanField(default=False)
    records = models.ManyToManyField(Record, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    # One of exports.Reason.
    reason = models.CharField(max_length=20, blank=True)
    # Short numbers of records that were no longer allowed to go out when it was made.
    left_out = ArrayField(models.CharField(max_length=20), default=list)
    # sha256 of the manifest, which names the checksums of everything else.
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("Paket")
        verbose_name_plural = _("Pakete")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="export_reach_leaves_the_house", condition=Q(reach__in=["other_municipalities", "public"])
            ),
            models.CheckConstraint(name="export_ready_has_file", condition=~Q(status="ready") | ~Q(file="")),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.requested_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("transfer:package", args=[self.pk])

    @property
    def is_under_way(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING)


class PackageImport(Run):
    """A package that a team has brought in: checked first, shown, and then made into drafts."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("wird geprüft")
        REFUSED = "refused", _("abgelehnt")
        CHECKED = "checked", _("geprüft, noch nicht übernommen")
        CONFIRMED = "confirmed", _("wird übernommen")
        DONE = "done", _("übernommen")
        PURGED = "purged", _("gelöscht, nicht übernommen")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    # Why it was refused or did not come through, in words, and at which entry of the package.
    reason = models.TextField(blank=True)
    entry = models.CharField(max_length=300, blank=True)
    # What the manifest says, once it has been checked.
    manifest = models.JSONField(default=dict)
    # Identifiers of the records that were chosen.
    chosen = ArrayField(models.CharField(max_length=IDENTIFIER_LENGTH), default=list)

    class Meta:
        verbose_name = _("übernommenes Paket")
        verbose_name_plural = _("übernommene Pakete")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("transfer:package_import", args=[self.pk])

    @property
    def is_under_way(self) -> bool:
        return self.status in (self.Status.UPLOADED, self.Status.CONFIRMED)


class Imported(models.Model):
    """Where a record came from: which text of which municipality, under which terms."""

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.PROTECT, related_name="imported")
    package = models.ForeignKey(PackageImport, on_delete=models.PROTECT, related_name="imported")
    # Who brought it in; the record may be handed over later.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    # The address of the record at its origin.
    identifier = models.CharField(max_length=IDENTIFIER_LENGTH)
    municipality = models.CharField(max_length=MUNICIPALITY_LENGTH)
    licence = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    issue = models.PositiveIntegerField()
    approved_on = models.DateField()
    approved_by = models.CharField(max_length=150)
    # Of the approved text at its origin, and of the data in the package.
    content_hash = models.CharField(max_length=64)
    checksum = models.CharField(max_length=64)
    # Only if the origin wanted it: whom to ask.
    contact = models.CharField(max_length=400, blank=True)
    # The self-assessment of the origin, as it came.
    assessment = models.JSONField(null=True)

    class Meta:
        verbose_name = _("Herkunft")
        verbose_name_plural = _("Herkünfte")
        constraints = [
            models.UniqueConstraint(name="text_imported_once_per_team", fields=["team", "identifier", "content_hash"]),
        ]
        indexes = [models.Index(name="imported_by_identifier", fields=["identifier"])]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.title}"

    @property
    def short_number(self) -> str:
        """At its origin."""
        return self.identifier.rpartition("/")[2]

    @property
    def licence_label(self) -> str:
        return str(dict(Licence.choices).get(self.licence, self.licence))
