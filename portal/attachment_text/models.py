"""Which files are published where, and what stands in them. Derived: from the catalogue, and from the files."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from governance import clock
from governance.models import Attachment, CatalogueEntry


class PublishedFile(models.Model):
    """An attachment of a published version, so that it can be looked up backwards."""

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="files")
    attachment = models.ForeignKey(
        Attachment, to_field="sha256", db_column="sha256", on_delete=models.CASCADE, related_name="published"
    )
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(name="file_once_per_entry", fields=["entry", "attachment"])]


class AttachmentText(models.Model):
    """The words of one published attachment, by the hash of its bytes, or why there are none.

    A pending row waits to be read; while it is read anew, the earlier text stays.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        OK = "ok"
        FAILED = "failed"

    attachment = models.OneToOneField(
        Attachment,
        to_field="sha256",
        db_column="sha256",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="words",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    # One of reading.Reason, also while another attempt is due.
    reason = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    reader_version = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    # Since when somebody reads it; nobody else does so until that is too long ago.
    claimed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attachment_text_or_reason",
                condition=Q(status="pending")
                | Q(status="ok", reason="")
                | (Q(status="failed", text="") & ~Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(name="attachment_text_open", fields=["status", "created_at"], condition=~Q(status="ok")),
        ]
