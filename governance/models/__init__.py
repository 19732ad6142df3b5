"""All tables of governance: people, records, reviews, the catalogue, the audit trail."""

from governance.models.audit import AuditEvent, Redaction
from governance.models.catalogue import CatalogueEntry, PublishedLink, Tag, TaggedEntry
from governance.models.mail import OutgoingMail, PeriodicJob
from governance.models.people import Department, Membership, Team, User
from governance.models.records import (
    Attachment,
    Content,
    DraftBuffer,
    KindCounter,
    Record,
    Version,
)
from governance.models.reviews import Comment, Meeting, Publication, Review

__all__ = [
    "Attachment",
    "AuditEvent",
    "CatalogueEntry",
    "Comment",
    "Content",
    "Department",
    "DraftBuffer",
    "KindCounter",
    "Meeting",
    "Membership",
    "OutgoingMail",
    "PeriodicJob",
    "Publication",
    "PublishedLink",
    "Record",
    "Redaction",
    "Review",
    "Tag",
    "TaggedEntry",
    "Team",
    "User",
    "Version",
]
