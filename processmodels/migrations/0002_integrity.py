"""Triggers and keys: content and history of process models with their versions; diagrams never change."""

from django.db import migrations

from governance.integrity import foreign_key, kind_operations, trigger

CONTENT, HISTORY, DIAGRAM = (
    "processmodels_processmodel",
    "processmodels_historicalprocessmodel",
    "processmodels_diagram",
)


class Migration(migrations.Migration):
    dependencies = [("processmodels", "0001_initial"), ("governance", "0006_locked_texts")]
    operations = [
        *kind_operations("processmodels", "processmodel", "process_model"),
        *(
            foreign_key(table, f"{table}_{state}", (state,), DIAGRAM, ("sha256",))
            for table in (CONTENT, HISTORY)
            for state in ("as_is", "to_be")
        ),
        trigger(DIAGRAM, "diagram_append_only", "UPDATE OR DELETE"),
    ]
