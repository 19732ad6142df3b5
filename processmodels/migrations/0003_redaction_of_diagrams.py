"""A diagram never changes; it goes only when the redaction of this very transaction has put a blanked copy in its place."""

from django.db import migrations

from governance.integrity import function, trigger

# Foreign keys of texts and versions refuse it as long as one of them names the diagram.
DIAGRAM_KEPT = """
CREATE FUNCTION processmodels_diagram_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND jsonb_exists((governance_redaction()).data -> 'replaced', OLD.sha256) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of % refused: append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
OLD = trigger("processmodels_diagram", "diagram_append_only", "UPDATE OR DELETE")
NEW = trigger("processmodels_diagram", "diagram_kept", "UPDATE OR DELETE", "processmodels_diagram_kept")


class Migration(migrations.Migration):
    dependencies = [("processmodels", "0002_integrity"), ("governance", "0006_locked_texts")]
    operations = [
        function("processmodels_diagram_kept", DIAGRAM_KEPT),
        migrations.RunSQL(OLD.reverse_sql, OLD.sql),
        NEW,
    ]
