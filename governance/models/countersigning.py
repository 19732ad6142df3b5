"""Texts that a member puts forward to the lead of the team, who submits them or gives them back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models.records import Record, Version

USER = settings.AUTH_USER_MODEL


class Countersigning(models.Model):
    """One putting forward. It changes nothing of the record: the state stays as it is, and nothing is locked."""

    class Status(models.TextChoices):
        OPEN = "open", _("liegt zur Mitzeichnung vor")
        SIGNED = "signed", _("von der Leitung vorgelegt")
        GIVEN_BACK = "given_back", _("von der Leitung zurückgegeben")
        # Put forward again, discarded, archived, submitted by somebody else, or countersigning was switched off.
        LAPSED = "lapsed", _("hinfällig")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="countersignings")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    put_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField(default=clock.now)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    answer = models.TextField(blank=True)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="one_open_countersigning", fields=["record"], condition=Q(status="open")),
            models.CheckConstraint(
                name="countersigning_status_known",
                condition=Q(status__in=["open", "signed", "given_back", "lapsed"]),
            ),
            models.CheckConstraint(
                name="countersigning_closed_completely",
                condition=Q(status="open", closed_by=None, closed_at=None)
                | (~Q(status="open") & Q(closed_by__isnull=False, closed_at__isnull=False)),
            ),
            models.CheckConstraint(name="given_back_with_a_note", condition=~Q(status="given_back") | ~Q(answer="")),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.status}"

    @property
    def is_changed_since(self) -> bool:
        """Whether somebody saved after it was put forward; the record's newest version counts."""
        return self.version_id != self.record.current_version_id
