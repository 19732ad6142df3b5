"""Choosing what goes into a package, bringing one in, and setting how far records may go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.models import Record
from governance.text.clean import LineField
from transfer.models.packages import MUNICIPALITY_LENGTH, Licence

OUTSIDE = [choice for choice in Record.Reach.choices if choice[0] != Record.Reach.INTERNAL]
MAX_KEY = 2**63 - 1


class ExportForm(forms.Form):
    """What goes out, to whom and under which terms. `records` are keys with what is shown of them."""

    records = forms.TypedMultipleChoiceField(
        label=_("Einträge"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens einen Eintrag.")},
    )
    municipality = LineField(
        label=_("Absender"), max_length=MUNICIPALITY_LENGTH, help_text=_("Name Ihrer Kommune, wie ihn andere lesen.")
    )
    licence = forms.ChoiceField(
        label=_("Lizenz"),
        choices=Licence.choices,
        initial=Licence.CC_BY,
        help_text=_(
            "Unter welchen Bedingungen andere die Texte verwenden dürfen. CC BY verlangt nur die Namensnennung."
        ),
    )
    with_contact = forms.BooleanField(
        label=_("Ansprechpersonen mitgeben"),
        required=False,
        help_text=_("Name und dienstliche Mailadresse. Ohne Haken verlässt keine Person die Kommune."),
    )

    def __init__(self, *args: Any, records: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["records"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = records


class UploadForm(forms.Form):
    """A package, and the team that gets the drafts."""

    file = forms.FileField(
        label=_("Paket"),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        allow_empty_file=True,
        help_text=_("Die Zip-Datei, wie Sie sie bekommen haben; nicht auspacken und neu packen."),
    )
    team = forms.TypedChoiceField(label=_("Für welches Team?"), coerce=int)

    def __init__(self, *args: Any, teams: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = list(teams.items())
        if len(teams) == 1:
            field.widget = forms.HiddenInput()
            field.initial = next(iter(teams))


class ReachForm(forms.Form):
    """The same reach for several records."""

    # Not `reach`: that name is watched, because no form of a text may post it.
    goes_to = forms.ChoiceField(label=_("Die gewählten dürfen gehen an"), choices=Record.Reach.choices)
    records = forms.TypedMultipleChoiceField(
        label=_("Einträge"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens einen Eintrag.")},
    )

    def __init__(self, *args: Any, records: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["records"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(key, str(key)) for key in records]
