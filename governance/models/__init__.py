"""All tables of governance: people, records, reviews, the catalogue, the audit trail."""

from governance.models.audit import AuditEvent, Redaction
from governance.models.catalogue import CatalogueEntry, PublishedLink, Tag, TaggedEntry
from governance.models.countersigning import Countersigning
from governance.models.directory import DirectoryIdentity
from governance.models.mail import OutgoingMail, PeriodicJob
from governance.models.meetings import Attendance, MeetingItem
from governance.models.people import Department, DepartmentAddress, DepartmentName, Membership, Team, User
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
    "Attendance",
    "AuditEvent",
    "CatalogueEntry",
    "Comment",
    "Content",
    "Countersigning",
    "Department",
    "DepartmentAddress",
    "DepartmentName",
    "DirectoryIdentity",
    "DraftBuffer",
    "KindCounter",
    "Meeting",
    "MeetingItem",
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
