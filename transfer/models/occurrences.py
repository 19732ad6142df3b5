"""The dates of a format, what was on the agenda, and what came of it. Persons stand nowhere here: only roles."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Record, Team
from transfer.models.formats import TEXT_LENGTH, ExchangeFormat

TITLE_LENGTH, ROLE_LENGTH, NOTE_LENGTH, REASON_LENGTH = 200, 120, 5000, 300


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def held(self) -> OccurrenceQuerySet:
        """Those that were not called off."""
        return self.filter(cancelled_at=None)

    def coming(self) -> OccurrenceQuerySet:
        """Today's and later ones, the next one first; an occurrence of this morning still gets its last points."""
        return self.held().filter(starts_at__gte=clock.midnight()).order_by("starts_at", "pk")

    def passed(self) -> OccurrenceQuerySet:
        return self.filter(starts_at__lt=clock.midnight())


class Occurrence(models.Model):
    """One date of a format. The invitation stands in the house's own calendar; this is what is talked about."""

    format = models.ForeignKey(ExchangeFormat, on_delete=models.PROTECT, related_name="occurrences")
    starts_at = models.DateTimeField(_("Beginn"))
    minutes = models.PositiveSmallIntegerField(_("Dauer in Minuten"), null=True, blank=True)
    place = models.CharField(_("Ort oder Link"), max_length=TEXT_LENGTH, blank=True)
    # When it was to begin before it was moved, the last time.
    moved_from = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Counts changes of date, length, place and of being called off, so that whoever prepares it is told.
    version = models.PositiveIntegerField(default=1)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_occurrence_at_a_time", fields=["format", "starts_at"], condition=Q(cancelled_at=None)
            ),
            models.CheckConstraint(
                name="reason_of_what_is_cancelled", condition=Q(cancelled_at__isnull=False) | Q(cancel_reason="")
            ),
        ]
        indexes = [models.Index(name="occurrence_by_time", fields=["starts_at"])]

    def __str__(self) -> str:
        return f"{self.format}, {clock.local(self.starts_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("transfer:occurrence", args=[self.pk])

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def length(self) -> int | None:
        """In minutes: its own, or what the format usually takes."""
        return self.minutes or self.format.minutes

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.length or 60)


class AgendaItem(models.Model):
    """A record brought into an occurrence, or a topic of its own, with what came of it.

    The title is the record's as it was when it was put on. An item about a draft stays its team's alone.
    """

    class Aim(models.TextChoices):
        INFORM = "inform", _("informieren")
        ASK = "ask", _("fragen")
        DECIDE = "decide", _("entscheiden")

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="items")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="agenda_items")
    title = models.CharField(_("Thema"), max_length=TITLE_LENGTH)
    is_draft = models.BooleanField(default=False)
    # The team that brought it, where that is not the one that organises.
    brought_by = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    aim = models.CharField(_("Was möchten Sie erreichen?"), max_length=8, choices=Aim.choices, default=Aim.INFORM)
    by_whom = models.CharField(_("Wer stellt es vor?"), max_length=ROLE_LENGTH, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Minuten"), null=True, blank=True)
    position = models.PositiveIntegerField()
    notes = models.TextField(_("Notizen"), max_length=NOTE_LENGTH, blank=True)
    decisions = models.TextField(_("Beschlossen"), max_length=NOTE_LENGTH, blank=True)
    # The draft that was made from the notes.
    learning = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("Tagesordnungspunkt")
        verbose_name_plural = _("Tagesordnungspunkte")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="record_once_on_an_agenda", fields=["occurrence", "record"]),
            models.CheckConstraint(name="agenda_aim_known", condition=Q(aim__in=["inform", "ask", "decide"])),
            models.CheckConstraint(name="agenda_draft_is_a_record", condition=Q(is_draft=False) | ~Q(record=None)),
        ]
        indexes = [models.Index(name="agenda_in_order", fields=["occurrence", "position"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its place on the page of its occurrence."""
        return f"{self.occurrence.get_absolute_url()}#top-{self.pk}"

    @property
    def has_outcome(self) -> bool:
        return bool(self.notes or self.decisions or self.learning_id)


class FollowUp(models.Model):
    """What is to be done after an item, by a role, until a day."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="follow_ups")
    text = models.CharField(_("Was ist zu tun?"), max_length=TEXT_LENGTH)
    role = models.CharField(_("Wer?"), max_length=ROLE_LENGTH, blank=True)
    due_on = models.DateField(_("Bis wann?"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Folgeaufgabe")
        verbose_name_plural = _("Folgeaufgaben")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(name="follow_up_open", fields=["item"], condition=Q(done_at=None))]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < clock.today()


class ReflectionNote(models.Model):
    """One point of a reflection round: what to keep, to change, to try; of a trial, what became of it."""

    class Kind(models.TextChoices):
        KEEP = "keep", _("Behalten")
        CHANGE = "change", _("Ändern")
        TRY = "try", _("Ausprobieren")

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="reflections")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    text = models.CharField(max_length=TEXT_LENGTH)
    # Of a trial: what became of it, and the round that said so.
    became = models.CharField(max_length=TEXT_LENGTH, blank=True)
    became_in = models.ForeignKey(Occurrence, on_delete=models.PROTECT, null=True, related_name="answered_trials")
    learning = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("Punkt einer Reflexionsrunde")
        verbose_name_plural = _("Punkte von Reflexionsrunden")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="reflection_said_once", fields=["occurrence", "kind", "text"]),
            models.CheckConstraint(name="reflection_kind_known", condition=Q(kind__in=["keep", "change", "try"])),
            models.CheckConstraint(
                name="reflection_became_completely",
                condition=Q(became="", became_in=None) | (~Q(became="") & Q(kind="try", became_in__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_settled(self) -> bool:
        """Something was made of it: it stands as it is."""
        return bool(self.became or self.learning_id)
