"""What the administrator fills in: explicit fields, and only what the step at hand needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Department, Membership, Team, User


class WholeForm(forms.ModelForm[Any]):
    """Asks every constraint of the table, also those about fields that are only shown: Django leaves these
    to the database, whose refusal would be an error page."""

    def validate_unique(self) -> None:
        super().validate_unique()
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self.add_error(None, error)


class PersonForm(WholeForm):
    """A person and their access. Nobody types a password here: the person gets a link."""

    class Meta:
        model = User
        fields = ("full_name", "username", "email", "department", "is_active", "is_staff")
        labels = {
            "username": _("Anmeldename"),
            "email": _("Dienstliche E-Mail-Adresse"),
            "is_active": _("Konto ist aktiv"),
            "is_staff": _("Gehört zur Administration"),
        }
        help_texts = {
            "username": _("Buchstaben, Ziffern und @ . + - _"),
            "email": _("Dorthin gehen Mitteilungen und der Link, mit dem die Person ihr Passwort festlegt."),
            "is_active": _(
                "Personen werden nicht gelöscht. Ohne Haken endet der Zugang sofort, auch Mitgliedschaften und Feeds; "
                "wofür die Person Ansprechperson war, geht an die Leitung des Teams."
            ),
            "is_staff": _("Darf Personen, Bereiche und Teams pflegen. Fremde Entwürfe sieht auch sie nicht."),
        }

    acting: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("email", "department"):
            if name in self.fields:
                self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.acting is not None and self.acting.pk == self.instance.pk:
            for name in ("is_active", "is_staff"):
                if data.get(name) is False:
                    self.add_error(name, gettext("Das kann nur eine andere Person der Administration für Sie ändern."))
        return data


class TeamForm(WholeForm):
    class Meta:
        model = Team
        fields = ("name", "slug", "kind", "department", "email", "about")


class MembershipForm(WholeForm):
    """Joining: who, where, as what, from when. Later: role, planned end, absence."""

    class Meta:
        model = Membership
        fields = ("user", "team", "role", "starts_on", "ends_on", "away_from", "away_until", "substitute")
        help_texts = {
            "ends_on": _("Letzter Tag, wenn er schon feststeht. Sofort beenden: in der Liste als Aktion."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, QuerySet[Any]] = {
            "user": User.objects.filter(is_active=True),
            "team": Team.objects.filter(dissolved_on=None),
            "substitute": self._colleagues(),
        }
        for name, queryset in choices.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = queryset

    def _colleagues(self) -> QuerySet[User]:
        others = Membership.objects.current().filter(team_id=self.instance.team_id)
        return User.objects.filter(pk__in=others.values("user_id")).exclude(pk=self.instance.user_id)

    def clean_ends_on(self) -> Any:
        day = self.cleaned_data["ends_on"]
        if day and "ends_on" in self.changed_data and day < clock.today():
            raise ValidationError(gettext("Dieser Tag ist vorbei. Zum sofortigen Beenden gibt es eine Aktion."))
        return day


class DepartmentForm(WholeForm):
    class Meta:
        model = Department
        fields = (
            "name",
            "short_name",
            "slug",
            "parent",
            "head",
            "email",
            "phone",
            "room",
            "countersigned",
            "dissolved_on",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, QuerySet[Any]] = {
            "parent": Department.objects.filter(dissolved_on=None).exclude(pk=self.instance.pk),
            "head": User.objects.filter(is_active=True),
        }
        for name, queryset in choices.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = queryset
