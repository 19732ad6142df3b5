"""The record as an identity, its text, and its versions.

`Record` says what exists and who owns it; `Content` (one concrete table for each kind) is the newest
saved text; `Version` is one saved text for ever, whose words stand in the history row of the same key.
Nothing but `governance.versions.write` saves content.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from governance import clock
from governance.models.people import Team


class Record(models.Model):
    """The identity of a learning, process model or proof of concept, and its administration."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        IN_REVIEW = "in_review", _("liegt zur Freigabe vor")
        CHANGES_REQUESTED = "changes_requested", _("zur Überarbeitung zurückgegeben")
        SETTLED = "settled", _("aktuell veröffentlicht")
        ARCHIVED = "archived", _("archiviert")

    class Reach(models.TextChoices):
        INTERNAL = "internal", _("nur intern")
        OTHER_MUNICIPALITIES = "other_municipalities", _("andere Kommunen")
        PUBLIC = "public", _("öffentlich")

    kind = models.CharField(max_length=30, editable=False)
    number = models.PositiveIntegerField(editable=False)
    owner = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="records")
    contact = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField(default=clock.now)
    reach = models.CharField(max_length=24, choices=Reach.choices, default=Reach.INTERNAL)
    check_up_on = models.DateField(null=True)
    # How many months lie between two check-ups; None: as the setting CHECK_UP_MONTHS says.
    check_up_months = models.PositiveSmallIntegerField(null=True)
    # The day for which team and contact have been told that it comes.
    check_up_told_for = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    current_version = models.ForeignKey(
        "Version", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    archive_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="record_number", fields=["kind", "number"]),
            models.UniqueConstraint(name="record_kind", fields=["id", "kind"]),
            models.CheckConstraint(
                name="record_state_known",
                condition=Q(state__in=["draft", "in_review", "changes_requested", "settled", "archived"]),
            ),
            models.CheckConstraint(name="archived_with_reason", condition=~Q(state="archived") | ~Q(archive_reason="")),
        ]
        indexes = [models.Index(name="record_by_owner", fields=["owner", "state"])]

    def __str__(self) -> str:
        return self.short_number

    @property
    def letter(self) -> str:
        return self.short_number.partition("-")[0]

    @property
    def department_id(self) -> int | None:
        """The department of the owning team."""
        return self.owner.department_id

    @property
    def short_number(self) -> str:
        from governance import kinds

        return kinds.short_number(self.kind, self.number)


class KindCounter(models.Model):
    """The last number given out for each kind; its row lock makes numbers unique and without gaps."""

    kind = models.CharField(max_length=30, primary_key=True)
    last_number = models.PositiveIntegerField(default=0)


class Version(models.Model):
    """One saved text of a record, for ever. `title` repeats the text's title for lists of all kinds."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    note = models.TextField(blank=True)
    schema = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["record", "number"]
        constraints = [
            models.UniqueConstraint(name="version_number", fields=["record", "number"]),
            models.UniqueConstraint(name="version_of_record", fields=["record", "id"]),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class UnguardedWrite(RuntimeError):
    """Content was to be written past `versions.write`; that would lose history."""


class ContentQuerySet(models.QuerySet[Any]):
    """Reads like any other; refuses what simple-history would not see."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise UnguardedWrite("content is written by governance.versions.write alone")

    update = delete = bulk_create = bulk_update = create = _refuse
    get_or_create = update_or_create = _refuse

    def sanctioned_bulk_create(self, rows: list[Any], batch_size: int) -> None:
        """For `governance.bulk.load_published` only, which writes the history rows itself."""
        super().bulk_create(rows, batch_size=batch_size)


class AppendedText(models.Model):
    """Base of the history tables. A row is only ever added, so no UPDATE of it is tried first."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **{**kwargs, "force_insert": True})


TEASER_LENGTH, ARTICLE_LENGTH = 400, 1000


class Content(models.Model):
    """What a team edits; the newest saved text of one record. Concrete kinds inherit from it."""

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, editable=False)
    title = models.CharField(_("Titel"), max_length=200)
    tag_ids = ArrayField(models.BigIntegerField(), verbose_name=_("Schlagwörter"), default=list, blank=True)
    attachments = models.JSONField(_("Anlagen"), default=list, blank=True, encoder=DjangoJSONEncoder)
    # Came later: the default of the database gives older rows a value, and keeps the last release able to write.
    teaser = models.TextField(_("Anreißer"), max_length=TEASER_LENGTH, blank=True, default="", db_default="")
    article = models.TextField(_("Artikel"), max_length=ARTICLE_LENGTH, blank=True, default="", db_default="")

    history = HistoricalRecords(
        inherit=True,
        bases=(AppendedText,),
        history_id_field=models.BigIntegerField(),
        excluded_field_kwargs={},
    )
    objects = ContentQuerySet.as_manager()

    # Set by versions.write for the length of one save.
    version_being_written: Version | None = None
    TRACKED: ClassVar[bool] = True
    # Fields of text that hold keys and codes: nobody writes in them, so a redaction passes them over.
    CODED: ClassVar[frozenset[str]] = frozenset({"kind"})

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.version_being_written is None:
            raise UnguardedWrite("content is written by governance.versions.write alone")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise UnguardedWrite("content is never deleted")


@receiver(pre_create_historical_record)
def give_history_the_key_of_its_version(sender: Any, instance: Any, history_instance: Any, **kwargs: Any) -> None:
    """The version's key becomes the history row's key, its date and author are the version's."""
    if not isinstance(instance, Content):
        return
    version = instance.version_being_written
    if version is None:
        raise UnguardedWrite("a history row needs its version")
    history_instance.history_id = version.pk
    history_instance.history_date = version.created_at
    history_instance.history_user_id = version.author_id
    history_instance.history_change_reason = version.note


class DraftBuffer(models.Model):
    """Unsaved work in progress: one for each record and person, read by that person alone.

    `data` is the form's cleaned text as far as typed; `opened_on` the version the form was opened on.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="buffers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_on = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    started_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_buffer_per_person", fields=["record", "user"])]


class Attachment(models.Model):
    """One file, immutable, addressed by the sha256 of its bytes. Its name stands in the text."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    file = models.FileField(upload_to="attachments/")
    created_at = models.DateTimeField(default=clock.now)
    redacted_at = models.DateTimeField(null=True)
