"""Choosing the document that becomes a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class WordForm(forms.Form):
    """A .docx, and the team whose draft it becomes."""

    file = forms.FileField(
        label=gettext_lazy("Word-Datei"),
        help_text=gettext_lazy("Mit der Endung .docx, höchstens 20 MB. Die Datei selbst wird nicht aufbewahrt."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
    team = forms.ChoiceField(
        label=gettext_lazy("Für welches Team?"), help_text=gettext_lazy("Das Team sieht den Entwurf und schreibt mit.")
    )

    def __init__(self, *args: Any, teams: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(pk), name) for pk, name in teams.items()]
        if len(teams) == 1:
            field.widget = forms.HiddenInput()
            field.initial = str(next(iter(teams)))
