"""What is chosen for a hand-over, and what a department is called and belongs to. Nothing is named as a field of a
record: those names are watched (portal.middleware)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import queries
from governance.models import Department, Team
from governance.text.clean import LineField


def change_teams(without: Team) -> Any:
    living = Team.objects.filter(kind=Team.Kind.CHANGE_TEAM, dissolved_on=None).exclude(pk=without.pk)
    return living.select_related("department").order_by("name")


class ToForm(forms.Form):
    """Whom a team hands over to."""

    to = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        to_field_name="slug",
        label=_("Welches Team übernimmt?"),
        empty_label=_("Bitte wählen"),
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = change_teams(team)


class HandOverForm(forms.Form):
    """What goes along."""

    seen = forms.CharField(widget=forms.HiddenInput)
    with_members = forms.BooleanField(
        label=_("Die Mitglieder kommen mit"),
        help_text=_(
            "Sie werden Mitglieder des neuen Teams, bleiben Ansprechpersonen und finden ihre Zwischenstände wieder."
        ),
        required=False,
    )
    then_dissolve = forms.BooleanField(
        label=_("Danach das bisherige Team auflösen"),
        help_text=_("Seine Mitgliedschaften enden. Was die Personen im neuen Team sind, bleibt."),
        required=False,
    )

    def __init__(self, *args: Any, keeps_people: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not keeps_people:
            del self.fields["with_members"], self.fields["then_dissolve"]


class RenameForm(forms.Form):
    name = LineField(label=_("Name"), max_length=150)
    short_name = LineField(label=_("Kurzname"), max_length=40)
    slug = forms.SlugField(
        label=_("Kennung in der Adresse"),
        max_length=60,
        help_text=_("Kleinbuchstaben und Bindestriche. Die bisherige Adresse führt weiter hierher."),
    )


def _tree(without: Department) -> list[tuple[str, str]]:
    return [(one.slug, f"{'– ' * depth}{one.name}") for one, depth in queries.department_tree() if one != without]


class _InTheTree(forms.Form):
    """Chooses one living department, shown as the tree; empty: none."""

    chosen = ""
    empty: Any = ""

    def __init__(self, *args: Any, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields[self.chosen]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", self.empty), *_tree(department)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        slug = data.get(self.chosen)
        data[self.chosen] = Department.objects.filter(slug=slug).first() if slug else None
        return data


class MoveForm(_InTheTree):
    chosen = "parent"
    empty = _("– steht ganz oben –")
    parent = forms.ChoiceField(label=_("Gehört zu"), required=False)


class MergeForm(_InTheTree):
    chosen = "into"
    empty = _("Bitte wählen")
    into = forms.ChoiceField(label=_("In welchem Bereich geht er auf?"))
