"""A text in review or archived is locked, by whatever path it is written; kinds put their tables under it."""

from django.db import migrations

from governance.integrity import function

# The lock on the record makes a write past the portal wait for a submission under way.
TEXT_LOCKED = """
CREATE FUNCTION governance_text_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM governance_record
        WHERE id = OLD.record_id AND state NOT IN ('in_review', 'archived') FOR SHARE;
    IF NOT FOUND AND (governance_redaction()).record_id IS DISTINCT FROM OLD.record_id THEN
        RAISE EXCEPTION '% of % refused: the text is locked', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0005_redaction_of_words")]

    operations = [function("governance_text_locked", TEXT_LOCKED)]
