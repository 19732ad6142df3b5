"""What PostgreSQL itself holds: row triggers and composite foreign keys, as migration operations.

Row triggers, not TRUNCATE triggers, so that tests can flush. Refusals carry an SQLSTATE of class 23 and
arrive in Python as IntegrityError. The SQL here is that of `0002_integrity` and stays as it was then; what
later migrations add or replace stands in them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations

# The event of the redaction that this very transaction recorded, or a row of nulls. A row that we see
# although its transaction still runs is our own; savepoints have keys of their own, hence the status
# and not a comparison of keys. The nearest 64-bit key to our own is the one meant by the 32-bit xmin.
REDACTION = """
CREATE FUNCTION governance_redaction() RETURNS governance_auditevent LANGUAGE plpgsql AS $$
DECLARE
    named text := current_setting('portal.redaction', true);
    event governance_auditevent;
    inserted bigint;
    ours bigint;
BEGIN
    IF named IS NULL OR named !~ '^[0-9]{1,18}$' THEN
        RETURN NULL;
    END IF;
    SELECT xmin::text::bigint INTO inserted FROM governance_auditevent
        WHERE id = named::bigint AND verb = 'redact';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    ours := pg_current_xact_id()::text::bigint;
    inserted := inserted | ((ours >> 32) << 32);
    IF inserted > ours + 2147483648 THEN
        inserted := inserted - 4294967296;
    ELSIF inserted < ours - 2147483648 THEN
        inserted := inserted + 4294967296;
    END IF;
    IF pg_xact_status(inserted::text::xid8) IS DISTINCT FROM 'in progress' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO event FROM governance_auditevent WHERE id = named::bigint;
    RETURN event;
END $$
"""

# Arguments: none, or how the row is tied to a redaction ('record' or 'attachment') and the columns
# that stay as they are even then.
APPEND_ONLY = """
CREATE FUNCTION governance_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    event governance_auditevent;
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb;
    touches boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0 THEN
        event := governance_redaction();
        new_row := to_jsonb(NEW);
        IF TG_ARGV[0] = 'record' THEN
            touches := event.record_id = (old_row ->> 'record_id')::bigint;
        ELSE
            touches := (event.data ->> 'attachment')::bigint = (old_row ->> 'id')::bigint;
        END IF;
        FOR at IN 1 .. TG_NARGS - 1 LOOP
            touches := touches
                AND (old_row -> TG_ARGV[at]) IS NOT DISTINCT FROM (new_row -> TG_ARGV[at]);
        END LOOP;
        IF touches THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% of % refused: append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

FROZEN = """
CREATE FUNCTION governance_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
BEGIN
    FOR at IN 0 .. TG_NARGS - 1 LOOP
        IF (old_row -> TG_ARGV[at]) IS DISTINCT FROM (new_row -> TG_ARGV[at]) THEN
            RAISE EXCEPTION 'UPDATE of %.% refused: never changes', TG_TABLE_NAME, TG_ARGV[at]
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""

# Every record has an owning change team of a living department. The locks make creating a record and
# dissolving its team wait for each other; whoever comes second sees what the first one did.
LIVING_OWNER = """
CREATE FUNCTION governance_living_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM governance_team team
        JOIN governance_department department ON department.id = team.department_id
        WHERE team.id = NEW.owner_id AND team.kind = 'change_team'
            AND team.dissolved_on IS NULL AND department.dissolved_on IS NULL
        FOR SHARE OF team;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% of % refused: needs a living change team', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

HANDED_OVER = """
CREATE FUNCTION governance_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM governance_record WHERE owner_id = OLD.id) THEN
        RAISE EXCEPTION '% of % refused: hands over its records first', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

FUNCTIONS = (
    ("governance_redaction", REDACTION),
    ("governance_append_only", APPEND_ONLY),
    ("governance_frozen", FROZEN),
    ("governance_living_owner", LIVING_OWNER),
    ("governance_handed_over", HANDED_OVER),
)


def function(name: str, sql: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql, f"DROP FUNCTION {name}()")


def replaced_function(new: str, old: str) -> migrations.RunSQL:
    """Another body for a function that exists, which its triggers keep calling."""
    creating, replacing = "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
    return migrations.RunSQL(new.replace(creating, replacing), old.replace(creating, replacing))


def trigger(
    table: str,
    name: str,
    events: str,
    calls: str = "governance_append_only",
    arguments: Sequence[str] = (),
    when: str = "",
) -> migrations.RunSQL:
    """A row trigger before `events` on `table`; arguments are column names of ours, never input."""
    quoted = ", ".join(f"'{argument}'" for argument in arguments)
    condition = f"WHEN ({when}) " if when else ""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW {condition}EXECUTE FUNCTION {calls}({quoted})",
        f"DROP TRIGGER {name} ON {table}",
    )


def foreign_key(
    table: str,
    name: str,
    columns: Sequence[str],
    target: str,
    target_columns: Sequence[str],
    *,
    deferred: bool = False,
) -> migrations.RunSQL:
    """A composite foreign key, which Django cannot declare."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({', '.join(columns)}) "
        f"REFERENCES {target} ({', '.join(target_columns)})" + (" DEFERRABLE INITIALLY DEFERRED" if deferred else ""),
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def check(table: str, name: str, condition: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def content_operations(app_label: str, model_name: str, kind: str) -> list[migrations.RunSQL]:
    """What holds the content table of one kind and its history table to record and version.

    As of ("governance", "0002_integrity"), for the learnings. A further kind takes `kind_operations`.
    """
    content = f"{app_label}_{model_name}"
    history = f"{app_label}_historical{model_name}"
    return [
        check(content, f"{content}_kind", f"kind = '{kind}'"),
        foreign_key(content, f"{content}_record", ("record_id", "kind"), "governance_record", ("id", "kind")),
        trigger(content, f"{content}_kept", "DELETE"),
        check(history, f"{history}_kind", f"kind = '{kind}'"),
        foreign_key(
            history,
            f"{history}_version",
            ("record_id", "history_id"),
            "governance_version",
            ("record_id", "id"),
        ),
        trigger(
            history,
            f"{history}_append_only",
            "UPDATE OR DELETE",
            arguments=(
                "record",
                "history_id",
                "record_id",
                "kind",
                "tag_ids",
                "history_date",
                "history_user_id",
                "history_type",
            ),
        ),
    ]


def lock_of_text(app_label: str, model_name: str) -> migrations.RunSQL:
    """No path changes the text of a kind while it is in review or archived, but a redaction.

    For a migration of the kind's app that depends on ("governance", "0006_locked_texts").
    """
    content = f"{app_label}_{model_name}"
    return trigger(content, f"{content}_locked", "UPDATE", "governance_text_locked")


def kind_operations(app_label: str, model_name: str, kind: str) -> list[migrations.RunSQL]:
    """All that holds the tables of a new kind.

    For a migration of the kind's app that depends on ("governance", "0006_locked_texts").
    """
    return [*content_operations(app_label, model_name, kind), lock_of_text(app_label, model_name)]
