"""How often a record is confirmed, of which day its team was told, and the last confirmation in the catalogue."""

from django.db import migrations, models

# What is published already shows it, too, without a rebuild.
CARRY_OVER = """
UPDATE governance_catalogueentry AS entry SET confirmed_at = record.confirmed_at
FROM governance_record record WHERE record.id = entry.record_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0012_used_by'),
    ]

    operations = [
        migrations.AddField(
            model_name='record',
            name='check_up_months',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='record',
            name='check_up_told_for',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='catalogueentry',
            name='confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
    ]
