"""Forms of synonyms: explicit fields only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from governance import tags
from governance.text.clean import LineField
from portal.synonyms import services
from portal.synonyms.models import NOTE_LENGTH


class WordsField(forms.CharField):
    """Words between commas or on lines of their own, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return tags.split(value or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


class GroupForm(forms.Form):
    """One group; `opened_on` is the version that the page showed."""

    words = WordsField(
        label=gettext_lazy("Wer eines dieser Wörter sucht …"),
        help_text=gettext_lazy(
            "Mit Kommas getrennt oder je Zeile eines; auch mehrere Wörter zusammen, etwa „mobiles Arbeiten“."
        ),
    )
    leads_to = WordsField(
        label=gettext_lazy("… findet auch"),
        required=False,
        help_text=gettext_lazy(
            "Leer lassen, wenn alle Wörter oben dasselbe bedeuten. Ausfüllen, wenn es nur in eine Richtung gilt: "
            "Wer „Dackel“ sucht, findet auch „Hund“, aber nicht umgekehrt."
        ),
    )
    note = LineField(
        label=gettext_lazy("Hinweis"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=gettext_lazy("Für das Gremium, etwa warum es diese Gruppe gibt."),
    )
    opened_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors:
            services.check(data["words"], data["leads_to"])
        return data


class TableForm(forms.Form):
    """A list of groups as a file."""

    file = forms.FileField(
        label=gettext_lazy("Liste als CSV"),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        allow_empty_file=True,
        help_text=gettext_lazy("So aufgebaut wie die Liste zum Herunterladen. Gruppen, die es schon gibt, bleiben."),
    )
