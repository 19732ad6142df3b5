"""Who is who: persons, departments as a tree, teams and memberships."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from governance import clock


class User(AbstractUser):
    """A person who signs in. Never deleted: erasing overwrites name, mail and login (`people.erase`)."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("Name"), max_length=150)
    department = models.ForeignKey(
        "Department",
        verbose_name=_("Bereich"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
    )
    erased_at = models.DateTimeField(_("gelöscht am"), null=True, blank=True, editable=False)
    # Part of what every session is checked against: a higher number ends them all (`directory.end_sessions`).
    session_number = models.PositiveIntegerField(default=0, editable=False)

    REQUIRED_FIELDS = ["email", "full_name"]

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Personen")
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's own, which a changed password changes, and the number of the sessions."""
        value = f"{self.password}:{self.session_number}"
        return salted_hmac("governance.User.session", value, secret=secret, algorithm="sha256").hexdigest()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("Personen werden nicht gelöscht, sondern stillgelegt oder anonymisiert."))


class Department(models.Model):
    """An organisational unit. Name, address and place in the tree may change; former addresses go on answering."""

    name = models.CharField(_("Name"), max_length=150)
    short_name = models.CharField(_("Kurzname"), max_length=40)
    slug = models.SlugField(_("Kennung in der Adresse"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("gehört zu"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    head = models.ForeignKey(
        User,
        verbose_name=_("Bereichsleitung"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="headed_departments",
    )
    email = models.EmailField(_("E-Mail"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    room = models.CharField(_("Raum"), max_length=80, blank=True)
    dissolved_on = models.DateField(_("aufgelöst am"), null=True, blank=True)
    countersigned = models.BooleanField(
        _("Mitzeichnung"),
        default=False,
        db_default=False,
        help_text=_("Nur die Leitung des Change-Management-Teams legt Texte zur Freigabe vor."),
    )

    class Meta:
        verbose_name = _("Bereich")
        verbose_name_plural = _("Bereiche")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="department_not_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("id")),
                violation_error_message=_("Ein Bereich kann nicht zu sich selbst gehören."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("governance:department", args=[self.slug])

    def clean(self) -> None:
        """Refuse a loop in the tree and dissolving while a change team lives (it hands over first)."""
        above, seen = self.parent, {self.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": _("Ein Bereich kann nicht zu einem eigenen Unterbereich gehören.")})
            seen.add(above.pk)
            above = above.parent
        if self.dissolved_on and self.pk and self.teams.filter(dissolved_on=None).exists():
            raise ValidationError({"dissolved_on": _("Zuerst müssen die Teams des Bereichs übergeben und auflösen.")})
        others = DepartmentAddress.objects.filter(slug=self.slug).exclude(department=self.pk)
        if taken := others.select_related("department").first():
            raise ValidationError(
                {"slug": _("Diese Adresse gehört oder gehörte zu „%s“ und führt weiter dorthin.") % taken.department}
            )


class DepartmentAddress(models.Model):
    """A slug under which a department is or was known. A trigger keeps it, so that no path past it is left.

    When a department becomes part of another one, its addresses lead there.
    """

    slug = models.SlugField(primary_key=True, max_length=60)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="addresses")

    def __str__(self) -> str:
        return self.slug


class DepartmentName(models.Model):
    """How a department was called before; `department` is the one that it is part of now."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=150)
    until = models.DateField(default=clock.today)

    class Meta:
        ordering = ["-until", "-pk"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """The steering committee, or the change team of a department."""

    class Kind(models.TextChoices):
        STEERING_COMMITTEE = "steering_committee", _("Data Steering Committee")
        CHANGE_TEAM = "change_team", _("Change-Management-Team")

    name = models.CharField(_("Name"), max_length=150)
    slug = models.SlugField(_("Kennung in der Adresse"), max_length=60, unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=Kind.choices)
    department = models.ForeignKey(
        Department,
        verbose_name=_("Bereich"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="teams",
    )
    email = models.EmailField(_("E-Mail"), blank=True)
    about = models.TextField(_("Aufgabe in einem Satz"), max_length=400, blank=True)
    dissolved_on = models.DateField(_("aufgelöst am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Team")
        verbose_name_plural = _("Teams")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="change_team_has_department",
                condition=Q(kind="change_team", department__isnull=False)
                | Q(kind="steering_committee", department__isnull=True),
                violation_error_message=_("Ein Change-Management-Team gehört zu einem Bereich, das Gremium zu keinem."),
            ),
            models.UniqueConstraint(
                name="one_living_steering_committee",
                fields=["kind"],
                condition=Q(kind="steering_committee", dissolved_on=None),
                violation_error_message=_("Es gibt bereits ein Data Steering Committee."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("governance:team", args=[self.slug])

    @property
    def is_committee(self) -> bool:
        return self.kind == self.Kind.STEERING_COMMITTEE

    def clean(self) -> None:
        """A dissolved team hands its records over first; a living team has a living department."""
        if self.department and self.department.dissolved_on and not self.dissolved_on:
            raise ValidationError({"department": _("Dieser Bereich ist aufgelöst.")})
        if self.dissolved_on and self.pk and self.records.exists():
            raise ValidationError({"dissolved_on": _("Das Team hat noch Einträge. Bitte zuerst übergeben.")})


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> MembershipQuerySet:
        """Memberships in force today."""
        today = clock.today()
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=today),
            starts_on__lte=today,
            ended_at=None,
            user__is_active=True,
            team__dissolved_on=None,
        )


class Membership(models.Model):
    """What a person is in a team, from a day to a day (both included)."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Mitglied")
        LEAD = "lead", _("Leitung")
        CHAIR = "chair", _("Vorsitz")

    user = models.ForeignKey(User, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, verbose_name=_("Team"), on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Rolle"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    starts_on = models.DateField(_("ab"), default=clock.today)
    ends_on = models.DateField(_("bis"), null=True, blank=True)
    # Set when somebody ends the membership at once: it then counts from that moment, not from tomorrow.
    ended_at = models.DateTimeField(_("beendet am"), null=True, blank=True, editable=False)
    # Given by a group of the directory, which takes it again; memberships made by hand are left alone.
    from_directory = models.BooleanField(_("aus dem Verzeichnis"), default=False, editable=False)
    substitute = models.ForeignKey(
        User,
        verbose_name=_("Vertretung"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Bekommt während der Abwesenheit die Mitteilungen, aber keine Rechte."),
    )
    away_from = models.DateField(_("abwesend ab"), null=True, blank=True)
    away_until = models.DateField(_("abwesend bis"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mitgliedschaft")
        verbose_name_plural = _("Mitgliedschaften")
        ordering = ["team", "role", "user"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_membership",
                fields=["user", "team"],
                condition=Q(ends_on=None),
                violation_error_message=_("Diese Person ist bereits Mitglied des Teams."),
            ),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("Das Ende liegt vor dem Beginn."),
            ),
            models.CheckConstraint(
                name="membership_absence_is_a_period",
                condition=Q(away_from=None, away_until=None)
                | Q(
                    away_from__isnull=False,
                    away_until__isnull=False,
                    away_until__gte=F("away_from"),
                ),
                violation_error_message=_("Bitte die Abwesenheit von … bis … angeben."),
            ),
            models.CheckConstraint(
                name="nobody_substitutes_themselves",
                condition=Q(substitute=None) | ~Q(substitute=F("user")),
                violation_error_message=_("Niemand vertritt sich selbst."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.team} ({self.get_role_display()})"

    def clean(self) -> None:
        """The chair belongs to the committee, the lead to a change team, a substitute to the same team."""
        if self.team_id is None:
            return
        if self.role == self.Role.CHAIR and not self.team.is_committee:
            raise ValidationError({"role": _("Einen Vorsitz hat nur das Gremium.")})
        if self.role == self.Role.LEAD and self.team.is_committee:
            raise ValidationError({"role": _("Das Gremium hat einen Vorsitz, keine Leitung.")})
        if self.substitute_id and not (
            Membership.objects.current().filter(team_id=self.team_id, user_id=self.substitute_id).exists()
        ):
            raise ValidationError({"substitute": _("Die Vertretung muss im selben Team sein.")})

    def is_away_on(self, day: dt.date) -> bool:
        return bool(self.away_from and self.away_until and self.away_from <= day <= self.away_until)
