"""A proof of concept: its text, the trial itself, the notes of it, and the announcement that all staff see."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import CatalogueEntry, Content, Record
from governance.rows import AttachmentRow, Link, Row, check_decimal
from transfer.proofs.measure import SuccessMeasure

KIND = "proof_of_concept"
QUESTION_LENGTH, NOTE_LENGTH = 300, 5_000
USER = settings.AUTH_USER_MODEL


class Decision(models.TextChoices):
    """What becomes of it."""

    STOP = "stop", _("beenden")
    REPEAT = "repeat", _("wiederholen")
    INTRODUCE = "introduce", _("einführen")
    SCALE = "scale", _("ausweiten")


class ProofOfConcept(Content):
    """Everything a version consists of is a field of this row; see governance.versions."""

    question = models.CharField(_("Frage"), max_length=QUESTION_LENGTH, blank=True)
    measures = models.JSONField(_("Erfolgsmaß"), default=list, blank=True)
    problem = models.TextField(_("Problem und Anlass"), blank=True)
    hypothesis = models.TextField(_("Annahme"), blank=True)
    scope = models.TextField(_("Umfang und Grenzen"), blank=True)
    participants = models.TextField(_("Beteiligte Rollen"), blank=True)
    effort = models.TextField(_("Aufwand"), blank=True)
    data_protection = models.TextField(_("Datenschutz geprüft?"), blank=True)
    staff_council = models.TextField(_("Personalrat beteiligt?"), blank=True)
    risks = models.TextField(_("Risiken"), blank=True)
    result_number = models.CharField(_("Gemessener Wert"), max_length=24, blank=True)
    result = models.TextField(_("Was ist herausgekommen?"), blank=True)
    learnt = models.TextField(_("Was haben wir gelernt?"), blank=True)
    decision = models.CharField(_("Entscheidung"), max_length=10, choices=Decision.choices, blank=True)
    decision_reason = models.TextField(_("Begründung der Entscheidung"), blank=True)
    related = ArrayField(models.BigIntegerField(), verbose_name=_("Verwandte Einträge"), default=list, blank=True)
    links = models.JSONField(_("Quellen und Links"), default=list, blank=True)

    ROWS: ClassVar[dict[str, type[Row]]] = {"measures": SuccessMeasure, "links": Link, "attachments": AttachmentRow}
    CODED = frozenset({"kind", "result_number", "decision"})

    class Meta:
        verbose_name = _("Proof of Concept")
        verbose_name_plural = _("Proofs of Concept")

    def clean(self) -> None:
        """The JSON fields are in their newest shape, or the save is refused.

        The measure of success is fixed at the start: whatever older text is saved later, by work in progress or by
        rolling back, the fixed one stays. It changes by `transfer.proofs.services.change_measure` alone.
        """
        fixed = Trial.objects.filter(pk=self.record_id).values_list("measures", flat=True).first()
        if fixed:
            self.measures = fixed
        errors: dict[str, Any] = {}
        for name, schema in self.ROWS.items():
            try:
                setattr(self, name, schema.write(getattr(self, name)))
            except ValidationError as error:
                errors[name] = error
        if self.result_number:
            try:
                check_decimal(self.result_number)
            except ValidationError as error:
                errors["result_number"] = error
        if errors:
            raise ValidationError(errors)


class Trial(models.Model):
    """What happens outside of the text: administrative, not versioned, without review. Without a row: planned."""

    class Phase(models.TextChoices):
        PLANNED = "planned", _("geplant")
        RUNNING = "running", _("läuft")
        FINISHED = "finished", _("abgeschlossen")
        DECIDED = "decided", _("entschieden")

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.PROTECT, related_name="trial")
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.PLANNED)
    # Rows of SuccessMeasure from the start on; the text repeats them, so that they are reviewed and published with it.
    measures = models.JSONField(default=list)
    started_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    # When the team was last told that something is overdue.
    reminded_on = models.DateField(null=True)
    # The drafts that were made of it.
    learning = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")
    process = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="trial_phase_with_its_days",
                condition=Q(phase="planned", started_on=None, finished_on=None, decided_on=None, measures=[])
                | (
                    Q(started_on__isnull=False, ends_on__isnull=False)
                    & ~Q(measures=[])
                    & (
                        Q(phase="running", finished_on=None, decided_on=None)
                        | Q(phase="finished", finished_on__isnull=False, decided_on=None)
                        | Q(phase="decided", finished_on__isnull=False, decided_on__isnull=False)
                    )
                ),
            ),
            models.CheckConstraint(name="trial_ends_after_start", condition=Q(ends_on__gte=F("started_on"))),
        ]
        indexes = [models.Index(name="trial_by_end", fields=["phase", "ends_on"])]

    @property
    def measure(self) -> SuccessMeasure | None:
        """The measure of success that counts; None before the start."""
        return SuccessMeasure.read(self.measures[-1]) if self.measures else None

    @property
    def is_running(self) -> bool:
        return self.phase == self.Phase.RUNNING

    @property
    def has_ended(self) -> bool:
        return self.phase in (self.Phase.FINISHED, self.Phase.DECIDED)

    def is_overdue_on(self, day: dt.date) -> bool:
        """Whether it should have been finished before this day."""
        return self.is_running and self.ends_on is not None and self.ends_on < day


class TrialNote(models.Model):
    """What was seen on one day while it ran; for the team. Never changed."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="notes")
    day = models.DateField(_("Tag"))
    text = models.TextField(_("Notiz"), max_length=NOTE_LENGTH)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-day", "-pk"]


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def standing(self) -> AnnouncementQuerySet:
        """Those that staff see now."""
        return self.filter(until_at=None).exclude(record__state=Record.State.ARCHIVED)


class Announcement(models.Model):
    """That a trial is going on: the one text about a record that staff see without a review by the committee.

    The team's lead releases it; it stands on the board of measures alone, never in catalogue or search.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="announcements")
    title = models.CharField(_("Titel"), max_length=200)
    question = models.CharField(_("Frage"), max_length=QUESTION_LENGTH)
    contact = models.ForeignKey(USER, verbose_name=_("Ansprechperson"), on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField(default=clock.now)
    until_at = models.DateTimeField(null=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-from_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="one_announcement", fields=["record"], condition=Q(until_at=None)),
            models.CheckConstraint(
                name="announcement_in_time", condition=Q(until_at=None) | Q(until_at__gte=F("from_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PublishedProof(models.Model):
    """What of a published proof of concept the board of measures shows; derived at publication."""

    entry = models.OneToOneField(CatalogueEntry, primary_key=True, on_delete=models.CASCADE, related_name="proof")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    is_met = models.BooleanField()
