"""Composite foreign keys and row triggers: the invariants that PostgreSQL holds by itself."""

from django.db import migrations

from governance.integrity import FUNCTIONS, foreign_key, function, trigger

VERSION = ("governance_version", ("record_id", "id"))

KEYS = [
    foreign_key(
        "governance_record",
        "record_current_version",
        ("id", "current_version_id"),
        *VERSION,
        deferred=True,
    ),
    foreign_key(
        "governance_version", "version_copies_own_record", ("record_id", "copied_from_id"), *VERSION
    ),
    foreign_key("governance_review", "review_version", ("record_id", "version_id"), *VERSION),
    foreign_key(
        "governance_publication", "publication_version", ("record_id", "version_id"), *VERSION
    ),
    foreign_key(
        "governance_publication",
        "publication_judged",
        ("review_id", "record_id", "version_id", "review_status"),
        "governance_review",
        ("id", "record_id", "version_id", "status"),
    ),
    foreign_key(
        "governance_draftbuffer", "buffer_version", ("record_id", "opened_on_id"), *VERSION
    ),
    foreign_key(
        "governance_catalogueentry", "entry_version", ("record_id", "version_id"), *VERSION
    ),
    foreign_key("governance_auditevent", "event_version", ("record_id", "version_id"), *VERSION),
]

CHANGE_OR_DELETE = "UPDATE OR DELETE"
FROZEN = "governance_frozen"

TRIGGERS = [
    trigger(
        "governance_version",
        "version_append_only",
        CHANGE_OR_DELETE,
        arguments=(
            "record",
            "id",
            "record_id",
            "number",
            "author_id",
            "created_at",
            "schema",
            "copied_from_id",
        ),
    ),
    trigger(
        "governance_attachment",
        "attachment_append_only",
        CHANGE_OR_DELETE,
        # The hash stays its address, so that versions still find it and the same bytes stay away.
        arguments=("attachment", "id", "sha256", "file", "created_at"),
    ),
    trigger("governance_auditevent", "event_append_only", CHANGE_OR_DELETE),
    trigger("governance_review", "review_kept", "DELETE"),
    trigger("governance_review", "review_closed", "UPDATE", when="OLD.status <> 'open'"),
    trigger(
        "governance_review",
        "review_frozen",
        "UPDATE",
        FROZEN,
        ("id", "record_id", "version_id", "authors", "note", "submitted_by_id", "submitted_at"),
    ),
    trigger("governance_publication", "publication_kept", "DELETE"),
    trigger(
        "governance_publication", "publication_ended", "UPDATE", when="OLD.until_at IS NOT NULL"
    ),
    trigger(
        "governance_publication",
        "publication_frozen",
        "UPDATE",
        FROZEN,
        (
            "id",
            "record_id",
            "version_id",
            "review_id",
            "review_status",
            "number",
            "team_id",
            "from_at",
        ),
    ),
    trigger("governance_comment", "comment_kept", "DELETE"),
    trigger(
        "governance_comment",
        "comment_frozen",
        "UPDATE",
        FROZEN,
        ("id", "review_id", "field", "text", "author_id", "created_at"),
    ),
    trigger("governance_record", "record_kept", "DELETE"),
    trigger(
        "governance_record",
        "record_frozen",
        "UPDATE",
        FROZEN,
        ("id", "kind", "number", "created_at"),
    ),
    trigger(
        "governance_record",
        "record_has_living_owner",
        "INSERT OR UPDATE OF owner_id",
        "governance_living_owner",
    ),
    trigger(
        "governance_team",
        "team_hands_over_first",
        "UPDATE",
        "governance_handed_over",
        when="OLD.dissolved_on IS NULL AND NEW.dissolved_on IS NOT NULL",
    ),
    trigger("governance_user", "user_kept", "DELETE"),
    trigger("governance_tag", "tag_kept", "DELETE"),
]


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]

    operations = [*(function(name, sql) for name, sql in FUNCTIONS), *KEYS, *TRIGGERS]
