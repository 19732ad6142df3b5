"""A redaction also reaches what was said around a text: note and reason of reviews, comments."""

from django.db import migrations

from governance.integrity import function, trigger

# Arguments: how the row is tied to its record ('record', or 'review' for what hangs on one), then columns
# of words, which change by a redaction of that record alone.
WORDS_KEPT = """
CREATE FUNCTION governance_words_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    of_record bigint;
BEGIN
    IF TG_ARGV[0] = 'record' THEN
        of_record := (old_row ->> 'record_id')::bigint;
    ELSE
        SELECT record_id INTO of_record FROM governance_review WHERE id = (old_row ->> 'review_id')::bigint;
    END IF;
    FOR at IN 1 .. TG_NARGS - 1 LOOP
        IF (old_row -> TG_ARGV[at]) IS DISTINCT FROM (new_row -> TG_ARGV[at])
                AND (governance_redaction()).record_id IS DISTINCT FROM of_record THEN
            RAISE EXCEPTION 'UPDATE of %.% refused: never changes', TG_TABLE_NAME, TG_ARGV[at]
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""

# All columns of a closed review but its words, note and reason.
DECIDED = (
    "id",
    "record_id",
    "version_id",
    "authors",
    "status",
    "submitted_by_id",
    "submitted_at",
    "due_on",
    "claimed_by_id",
    "reminded_at",
    "escalated_at",
    "withdrawn_by_id",
    "withdrawn_at",
    "decided_by_id",
    "decided_at",
    "verdict",
    "meeting_id",
)
FROZEN_CALL = "governance_frozen"
WORDS_CALL = "governance_words_kept"


def replaced(old: migrations.RunSQL, new: migrations.RunSQL) -> migrations.RunSQL:
    return migrations.RunSQL([old.reverse_sql, new.sql], [new.reverse_sql, old.sql])


REVIEW_FROZEN = ("id", "record_id", "version_id", "authors", "submitted_by_id", "submitted_at")
COMMENT_FROZEN = ("id", "review_id", "field", "author_id", "created_at")


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_living_departments")]

    operations = [
        function(WORDS_CALL, WORDS_KEPT),
        replaced(
            trigger("governance_review", "review_closed", "UPDATE", when="OLD.status <> 'open'"),
            trigger(
                "governance_review",
                "review_closed",
                "UPDATE",
                arguments=("record", *DECIDED),
                when="OLD.status <> 'open'",
            ),
        ),
        replaced(
            trigger(
                "governance_review",
                "review_frozen",
                "UPDATE",
                FROZEN_CALL,
                ("id", "record_id", "version_id", "authors", "note", "submitted_by_id", "submitted_at"),
            ),
            trigger("governance_review", "review_frozen", "UPDATE", FROZEN_CALL, REVIEW_FROZEN),
        ),
        trigger("governance_review", "review_words_kept", "UPDATE", WORDS_CALL, ("record", "note")),
        replaced(
            trigger(
                "governance_comment",
                "comment_frozen",
                "UPDATE",
                FROZEN_CALL,
                ("id", "review_id", "field", "text", "author_id", "created_at"),
            ),
            trigger("governance_comment", "comment_frozen", "UPDATE", FROZEN_CALL, COMMENT_FROZEN),
        ),
        trigger("governance_comment", "comment_words_kept", "UPDATE", WORDS_CALL, ("review", "text")),
    ]
