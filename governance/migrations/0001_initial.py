
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import taggit.managers
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

import governance.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=120)),
                ("file", models.FileField(upload_to="attachments/")),
                ("created_at", models.DateTimeField(default=governance.clock.now)),
                ("redacted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(editable=False, max_length=30)),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Entwurf"),
                            ("in_review", "liegt zur Freigabe vor"),
                            ("changes_requested", "zur Überarbeitung zurückgegeben"),
                            ("settled", "aktuell veröffentlicht"),
                            ("archived", "archiviert"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("state_since", models.DateTimeField(default=governance.clock.now)),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("internal", "nur intern"),
                            ("other_municipalities", "andere Kommunen"),
                            ("public", "öffentlich"),
                        ],
                        default="internal",
                        max_length=24,
                    ),
                ),
                ("check_up_on", models.DateField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("archive_reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=governance.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="KindCounter",
            fields=[
                ("kind", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("last_number", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField(verbose_name="Datum")),
                ("title", models.CharField(max_length=120, verbose_name="Titel")),
            ],
            options={
                "verbose_name": "Sitzung",
                "verbose_name_plural": "Sitzungen",
                "ordering": ["-held_on"],
            },
        ),
        migrations.CreateModel(
            name="PeriodicJob",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("last_run_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                ("full_name", models.CharField(max_length=150, verbose_name="Name")),
                (
                    "erased_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="gelöscht am"
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "Person",
                "verbose_name_plural": "Personen",
                "ordering": ["full_name"],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="CatalogueEntry",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="entry",
                        serialize=False,
                        to="governance.record",
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("number", models.PositiveIntegerField()),
                ("short_number", models.CharField(max_length=20, unique=True)),
                ("slug", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=200)),
                ("summary", models.TextField()),
                ("owner_name", models.CharField(max_length=150)),
                ("department_name", models.CharField(max_length=150)),
                ("content_hash", models.CharField(max_length=64)),
                ("issue", models.PositiveIntegerField()),
                ("published_at", models.DateTimeField()),
                ("first_published_at", models.DateTimeField()),
                ("year", models.PositiveSmallIntegerField()),
                ("check_up_on", models.DateField(null=True)),
                (
                    "audiences",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("tag_list", models.JSONField(default=list)),
                (
                    "tag_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "page",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("text", models.TextField()),
                ("folded", models.TextField()),
                ("search", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "ordering": ["-published_at", "-record_id"],
            },
        ),
        migrations.AddField(
            model_name="record",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="successor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.record",
            ),
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="Name")),
                ("short_name", models.CharField(max_length=40, verbose_name="Kurzname")),
                (
                    "slug",
                    models.SlugField(
                        max_length=60, unique=True, verbose_name="Kennung in der Adresse"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-Mail")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telefon")),
                ("room", models.CharField(blank=True, max_length=80, verbose_name="Raum")),
                (
                    "dissolved_on",
                    models.DateField(blank=True, null=True, verbose_name="aufgelöst am"),
                ),
                (
                    "head",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="headed_departments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Bereichsleitung",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="governance.department",
                        verbose_name="gehört zu",
                    ),
                ),
            ],
            options={
                "verbose_name": "Bereich",
                "verbose_name_plural": "Bereiche",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="staff",
                to="governance.department",
                verbose_name="Bereich",
            ),
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=250)),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField(default=governance.clock.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=governance.clock.now)),
                ("sent_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.record",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "passages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=governance.clock.now)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "attachment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.attachment",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="governance.record",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=100, unique=True, verbose_name="slug"
                    ),
                ),
                ("created_at", models.DateTimeField(default=governance.clock.now)),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="bestätigt am"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="governance.tag",
                        verbose_name="zusammengeführt mit",
                    ),
                ),
            ],
            options={
                "verbose_name": "Schlagwort",
                "verbose_name_plural": "Schlagwörter",
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="Name")),
                (
                    "slug",
                    models.SlugField(
                        max_length=60, unique=True, verbose_name="Kennung in der Adresse"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("steering_committee", "Data Steering Committee"),
                            ("change_team", "Change-Management-Team"),
                        ],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-Mail")),
                (
                    "about",
                    models.TextField(
                        blank=True, max_length=400, verbose_name="Aufgabe in einem Satz"
                    ),
                ),
                (
                    "dissolved_on",
                    models.DateField(blank=True, null=True, verbose_name="aufgelöst am"),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="governance.department",
                        verbose_name="Bereich",
                    ),
                ),
            ],
            options={
                "verbose_name": "Team",
                "verbose_name_plural": "Teams",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="record",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="governance.team",
            ),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("member", "Mitglied"), ("lead", "Leitung"), ("chair", "Vorsitz")],
                        default="member",
                        max_length=10,
                        verbose_name="Rolle",
                    ),
                ),
                ("starts_on", models.DateField(default=governance.clock.today, verbose_name="ab")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="bis")),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="beendet am"
                    ),
                ),
                ("away_from", models.DateField(blank=True, null=True, verbose_name="abwesend ab")),
                (
                    "away_until",
                    models.DateField(blank=True, null=True, verbose_name="abwesend bis"),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        blank=True,
                        help_text="Bekommt während der Abwesenheit die Mitteilungen, aber keine Rechte.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Vertretung",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Person",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="governance.team",
                        verbose_name="Team",
                    ),
                ),
            ],
            options={
                "verbose_name": "Mitgliedschaft",
                "verbose_name_plural": "Mitgliedschaften",
                "ordering": ["team", "role", "user"],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField(default=governance.clock.now)),
                ("note", models.TextField(blank=True)),
                ("schema", models.PositiveSmallIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.version",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="governance.record",
                    ),
                ),
            ],
            options={
                "ordering": ["record", "number"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "authors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "offen"),
                            ("withdrawn", "zurückgezogen"),
                            ("changes_requested", "zurückgegeben"),
                            ("approved", "freigegeben"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("submitted_at", models.DateTimeField(default=governance.clock.now)),
                ("due_on", models.DateField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approve", "freigeben"),
                            ("request_changes", "zur Überarbeitung zurückgeben"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="governance.meeting",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="governance.record",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="governance.version",
                    ),
                ),
            ],
            options={
                "ordering": ["submitted_at"],
            },
        ),
        migrations.AddField(
            model_name="record",
            name="current_version",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.version",
            ),
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "review_status",
                    models.CharField(default="approved", editable=False, max_length=20),
                ),
                ("number", models.PositiveIntegerField()),
                ("from_at", models.DateTimeField(default=governance.clock.now)),
                ("until_at", models.DateTimeField(null=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="governance.record",
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publication",
                        to="governance.review",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.team",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="governance.version",
                    ),
                ),
            ],
            options={
                "ordering": ["record", "number"],
            },
        ),
        migrations.CreateModel(
            name="DraftBuffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "data",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("started_at", models.DateTimeField(default=governance.clock.now)),
                ("updated_at", models.DateTimeField(default=governance.clock.now)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buffers",
                        to="governance.record",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_on",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.version",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=40)),
                ("text", models.TextField()),
                ("created_at", models.DateTimeField(default=governance.clock.now)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="governance.review",
                    ),
                ),
                (
                    "resolved_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.version",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=governance.clock.now)),
                ("verb", models.CharField(max_length=40)),
                (
                    "data",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="governance.record",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.version",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="TaggedEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tagged_entries",
                        to="governance.tag",
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged",
                        to="governance.catalogueentry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublishedLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="governance.record",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="governance.catalogueentry",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="catalogueentry",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="catalogueentry",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="governance.department",
            ),
        ),
        migrations.AddField(
            model_name="catalogueentry",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="governance.team",
            ),
        ),
        migrations.AddField(
            model_name="catalogueentry",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="governance.TaggedEntry",
                to="governance.Tag",
                verbose_name="Tags",
            ),
        ),
        migrations.AddField(
            model_name="catalogueentry",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.version",
            ),
        ),
        migrations.AddConstraint(
            model_name="department",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent", None),
                    models.Q(("parent", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="department_not_its_own_parent",
                violation_error_message="Ein Bereich kann nicht zu sich selbst gehören.",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("dropped_at", None), ("sent_at", None)),
                fields=["id"],
                name="mail_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="redaction_needs_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", None), ("status", "proposed")),
                    models.Q(
                        models.Q(("status", "proposed"), _negated=True),
                        ("decided_by__isnull", False),
                        ("passages", []),
                    ),
                    _connector="OR",
                ),
                name="redaction_decided_completely",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"), name="tag_name_whatever_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="tag_not_merged_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("department__isnull", False), ("kind", "change_team")),
                    models.Q(("department__isnull", True), ("kind", "steering_committee")),
                    _connector="OR",
                ),
                name="change_team_has_department",
                violation_error_message="Ein Change-Management-Team gehört zu einem Bereich, das Gremium zu keinem.",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dissolved_on", None), ("kind", "steering_committee")),
                fields=("kind",),
                name="one_living_steering_committee",
                violation_error_message="Es gibt bereits ein Data Steering Committee.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)),
                fields=("user", "team"),
                name="one_open_membership",
                violation_error_message="Diese Person ist bereits Mitglied des Teams.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="membership_ends_after_start",
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("away_from", None), ("away_until", None)),
                    models.Q(
                        ("away_from__isnull", False),
                        ("away_until__gte", models.F("away_from")),
                        ("away_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="membership_absence_is_a_period",
                violation_error_message="Bitte die Abwesenheit von … bis … angeben.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("substitute", None),
                    models.Q(("substitute", models.F("user")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_substitutes_themselves",
                violation_error_message="Niemand vertritt sich selbst.",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("record", "number"), name="version_number"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("record", "id"), name="version_of_record"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")), fields=("record",), name="one_open_review"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=("id", "record", "version", "status"), name="review_judges_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(
                        (
                            "authors__contains",
                            models.Func(
                                models.F("decided_by"),
                                output_field=django.contrib.postgres.fields.ArrayField(
                                    base_field=models.BigIntegerField(), size=None
                                ),
                                template="ARRAY[%(expressions)s]",
                            ),
                        ),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "authors__contains",
                        models.Func(
                            models.F("submitted_by"),
                            output_field=django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                            template="ARRAY[%(expressions)s]",
                        ),
                    )
                ),
                name="submitter_is_an_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at", None),
                        ("decided_by", None),
                        ("status", "open"),
                        ("verdict", ""),
                        ("withdrawn_at", None),
                    ),
                    models.Q(
                        ("decided_by", None),
                        ("status", "withdrawn"),
                        ("verdict", ""),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("status", "approved"),
                        ("verdict", "approve"),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("status", "changes_requested"),
                        ("verdict", "request_changes"),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="review_status_fits",
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["owner", "state"], name="record_by_owner"),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(fields=("kind", "number"), name="record_number"),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(fields=("id", "kind"), name="record_kind"),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["draft", "in_review", "changes_requested", "settled", "archived"],
                    )
                ),
                name="record_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "archived"), _negated=True),
                    models.Q(("archive_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="archived_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_at", None)),
                fields=("record",),
                name="one_open_publication",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=("record", "number"), name="publication_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("review_status", "approved")), name="publication_was_approved"
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_at", None), ("until_at__gte", models.F("from_at")), _connector="OR"
                ),
                name="publication_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftbuffer",
            constraint=models.UniqueConstraint(
                fields=("record", "user"), name="one_buffer_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_by", None), ("resolved_in", None)),
                    models.Q(("resolved_by__isnull", False), ("resolved_in__isnull", False)),
                    _connector="OR",
                ),
                name="comment_resolution_complete",
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["record", "-id"], name="audit_by_record"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["verb", "-id"], name="audit_by_verb"),
        ),
        migrations.AddIndex(
            model_name="taggedentry",
            index=models.Index(fields=["tag", "content_object"], name="tagged_by_tag"),
        ),
        migrations.AddConstraint(
            model_name="taggedentry",
            constraint=models.UniqueConstraint(fields=("content_object", "tag"), name="tag_once"),
        ),
        migrations.AddConstraint(
            model_name="publishedlink",
            constraint=models.UniqueConstraint(fields=("source", "target"), name="link_once"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="entry_search"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("folded"), name="gin_trgm_ops"),
                name="entry_trigram",
            ),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["audiences"], name="entry_audiences"
            ),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tag_keys"], name="entry_tags"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["-published_at", "-record"], name="entry_newest"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["kind", "-published_at"], name="entry_by_kind"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["department", "-published_at"], name="entry_by_department"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["owner", "-published_at"], name="entry_by_owner"),
        ),
    ]
