"""Every address of a department goes on answering, and its former names are kept."""

import django.db.models.deletion
from django.db import migrations, models

import governance.clock
from governance.integrity import function

KEEP_ADDRESS = """
CREATE FUNCTION governance_keep_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO governance_departmentaddress (slug, department_id) VALUES (NEW.slug, NEW.id)
        ON CONFLICT (slug) DO NOTHING;
    IF NOT EXISTS (SELECT FROM governance_departmentaddress WHERE slug = NEW.slug AND department_id = NEW.id) THEN
        RAISE EXCEPTION '% of % refused: the address leads to another department', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$
"""
FILL = "INSERT INTO governance_departmentaddress (slug, department_id) SELECT slug, id FROM governance_department"
# After, not before: the address points at the row.
TRIGGER = """
CREATE TRIGGER department_keeps_address AFTER INSERT OR UPDATE OF slug ON governance_department
FOR EACH ROW EXECUTE FUNCTION governance_keep_address()
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0013_upkeep")]

    operations = [
        migrations.CreateModel(
            name="DepartmentAddress",
            fields=[
                ("slug", models.SlugField(max_length=60, primary_key=True, serialize=False)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="governance.department",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DepartmentName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150)),
                ("until", models.DateField(default=governance.clock.today)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_names",
                        to="governance.department",
                    ),
                ),
            ],
            options={"ordering": ["-until", "-pk"]},
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        function("governance_keep_address", KEEP_ADDRESS),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER department_keeps_address ON governance_department"),
    ]
