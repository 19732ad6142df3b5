"""A department with a team that has records is not dissolved, nor does a team move into a dissolved one."""

from django.db import migrations

from governance.integrity import LIVING_OWNER, function, replaced_function, trigger

# As in 0002, with the department locked too: whoever dissolves it meanwhile is waited for.
LIVING_OWNER_LOCKED = LIVING_OWNER.replace("FOR SHARE OF team;", "FOR SHARE OF team, department;")

DEPARTMENT_EMPTY = """
CREATE FUNCTION governance_department_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM governance_team team JOIN governance_record record ON record.owner_id = team.id
            WHERE team.department_id = OLD.id AND team.dissolved_on IS NULL
    ) THEN
        RAISE EXCEPTION '% of % refused: its teams hand over their records first', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

LIVING_DEPARTMENT = """
CREATE FUNCTION governance_living_department() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.department_id IS NOT DISTINCT FROM OLD.department_id
            AND OLD.dissolved_on IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM governance_department WHERE id = NEW.department_id AND dissolved_on IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% of % refused: needs a living department', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_catalogue_number")]

    operations = [
        replaced_function(LIVING_OWNER_LOCKED, LIVING_OWNER),
        function("governance_department_empty", DEPARTMENT_EMPTY),
        trigger(
            "governance_department",
            "department_hands_over_first",
            "UPDATE",
            "governance_department_empty",
            when="OLD.dissolved_on IS NULL AND NEW.dissolved_on IS NOT NULL",
        ),
        function("governance_living_department", LIVING_DEPARTMENT),
        trigger(
            "governance_team",
            "team_has_living_department",
            "INSERT OR UPDATE OF department_id, dissolved_on",
            "governance_living_department",
            when="NEW.department_id IS NOT NULL AND NEW.dissolved_on IS NULL",
        ),
    ]
