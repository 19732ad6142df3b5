"""Counts of searches, which know no person, and notes on what is missing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Record

WORDS_LENGTH = 100
TEXT_LENGTH = 300


class SearchCount(models.Model):
    """How often these words were searched on one day, and how that ended. No person, no address, no time of day."""

    day = models.DateField()
    words = models.CharField(max_length=WORDS_LENGTH)
    # Without any result; with results; how often one of the results was opened.
    fruitless = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="search_counted_by_day", fields=["day", "words"])]


class MissingNote(models.Model):
    """Something that is not in the portal: asked by a person, or noted by the committee from repeated searches."""

    class Status(models.TextChoices):
        OPEN = "open", _("offen")
        TAKEN = "taken", _("vorgemerkt")
        REJECTED = "rejected", _("abgelehnt")
        ANSWERED = "answered", _("beantwortet")

    text = models.CharField(max_length=TEXT_LENGTH)
    # The words of the searches it was noted from.
    words = models.CharField(max_length=WORDS_LENGTH, null=True, unique=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    answer = models.CharField(max_length=TEXT_LENGTH, blank=True)
    # Where the answer stands.
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="missing_status_known", condition=Q(status__in=["open", "taken", "rejected", "answered"])
            ),
            models.CheckConstraint(
                name="missing_decided_completely",
                condition=Q(status="open", decided_by=None, decided_at=None, answer="")
                | (~Q(status="open") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="missing_answered_by_a_record",
                condition=Q(status="answered", record__isnull=False) | (~Q(status="answered") & Q(record=None)),
            ),
            models.CheckConstraint(
                name="missing_rejected_with_reason", condition=~Q(status="rejected") | ~Q(answer="")
            ),
        ]
        indexes = [models.Index(name="missing_by_person", fields=["asked_by", "created_at"])]

    @property
    def is_closed(self) -> bool:
        return self.status in (self.Status.REJECTED, self.Status.ANSWERED)
