"""Everything that mattered: who, what, when, which version. Append-only by row trigger."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from governance import clock
from governance.models.records import Attachment, Record, Version

USER = settings.AUTH_USER_MODEL


class AuditEvent(models.Model):
    """One event. Persons appear as keys only, so that erasing a person needs no change here.

    `data` holds keys, numbers, states and hashes; texts typed by people are not repeated.
    """

    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="events")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="audit_by_record", fields=["record", "-id"]),
            models.Index(name="audit_by_time", fields=["-at", "-id"]),
            models.Index(name="audit_by_verb", fields=["verb", "-id"]),
        ]


class Redaction(models.Model):
    """Passages (or one file) to be blanked in all versions: proposed by the administrator, confirmed
    by the committee's chair. The passages themselves are dropped as soon as it is done or refused."""

    class Status(models.TextChoices):
        PROPOSED = "proposed"
        DONE = "done"
        REFUSED = "refused"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="redactions")
    passages = ArrayField(models.TextField(), default=list, blank=True)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="redaction_needs_two",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="redaction_decided_completely",
                condition=Q(status="proposed", decided_by=None)
                | (~Q(status="proposed") & Q(decided_by__isnull=False, passages=[])),
            ),
        ]
