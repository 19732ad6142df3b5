"""Sessions of the committee with a list and minutes, and texts put forward to the lead of a team."""

import django.contrib.postgres.fields
import django.db.models.deletion
import governance.clock
from django.conf import settings
from django.db import migrations, models

from governance.integrity import foreign_key, trigger

# All columns of a closed review but its words, note and reason; as before, and who was biased.
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


def closed(*columns):
    return trigger(
        "governance_review",
        "review_closed",
        "UPDATE",
        arguments=("record", *columns),
        when="OLD.status <> 'open'",
    )


def replaced(old, new):
    return migrations.RunSQL([old.reverse_sql, new.sql], [new.reverse_sql, old.sql])


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0014_department_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('abstained', 'enthalten'), ('biased', 'befangen'), ('away', 'nicht anwesend')], max_length=10)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Countersigning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=300)),
                ('put_at', models.DateTimeField(default=governance.clock.now)),
                ('status', models.CharField(choices=[('open', 'liegt zur Mitzeichnung vor'), ('signed', 'von der Leitung vorgelegt'), ('given_back', 'von der Leitung zurückgegeben'), ('lapsed', 'hinfällig')], default='open', max_length=10)),
                ('answer', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='MeetingItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='Was besprochen wurde')),
                ('added_at', models.DateTimeField(default=governance.clock.now)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='department',
            name='countersigned',
            field=models.BooleanField(db_default=False, default=False, help_text='Nur die Leitung des Change-Management-Teams legt Texte zur Freigabe vor.', verbose_name='Mitzeichnung'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='meeting',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='meeting',
            name='notes',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='Sonstiges'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='present',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=[], default=list, size=None, verbose_name='Anwesend'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='review',
            name='biased',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='minutes_closed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('biased__contains', models.Func(models.F('decided_by'), output_field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None), template='ARRAY[%(expressions)s]')), _negated=True), _connector='OR'), name='biased_never_decide'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='countersigning',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='countersigning',
            name='put_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='countersigning',
            name='record',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='countersignings', to='governance.record'),
        ),
        migrations.AddField(
            model_name='countersigning',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.version'),
        ),
        migrations.AddField(
            model_name='meetingitem',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='governance.meeting'),
        ),
        migrations.AddField(
            model_name='meetingitem',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='governance.review'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='governance.meetingitem'),
        ),
        migrations.AddConstraint(
            model_name='countersigning',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('record',), name='one_open_countersigning'),
        ),
        migrations.AddConstraint(
            model_name='countersigning',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'signed', 'given_back', 'lapsed'])), name='countersigning_status_known'),
        ),
        migrations.AddConstraint(
            model_name='countersigning',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='countersigning_closed_completely'),
        ),
        migrations.AddConstraint(
            model_name='countersigning',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'given_back'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='given_back_with_a_note'),
        ),
        migrations.AddConstraint(
            model_name='meetingitem',
            constraint=models.UniqueConstraint(fields=('meeting', 'review'), name='once_on_the_list_of_a_meeting'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('item', 'person'), name='one_part_at_an_item'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['abstained', 'biased', 'away'])), name='part_known'),
        ),
        replaced(closed(*DECIDED), closed(*DECIDED, "biased")),
        foreign_key(
            "governance_countersigning",
            "countersigning_version",
            ("record_id", "version_id"),
            "governance_version",
            ("record_id", "id"),
        ),
    ]
