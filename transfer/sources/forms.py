"""Entering and changing a source, and beginning a learning with a find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import clock
from governance.rows import check_address, full_address
from governance.text.clean import LineField, MarkdownField
from governance.writing.text import TitleField
from transfer.forms import DayField, OpenedForm
from transfer.models import ExternalSource
from transfer.models.sources import PLACE

FIELDS = ("name", "address", "search_link", "finds", "licence_hint", "retrieved_on", "position")


class AddressField(LineField):
    """An address on the web, with https:// where no scheme was typed."""

    def to_python(self, value: Any) -> str:
        typed = full_address(super().to_python(value))
        if typed:
            check_address(typed.replace(PLACE, "x"))
        return typed


class SourceForm(OpenedForm):
    name = LineField(label=gettext_lazy("Name"), max_length=120)
    address = AddressField(label=gettext_lazy("Adresse"), max_length=500)
    search_link = AddressField(
        label=gettext_lazy("Link zur Suche"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "Mit {query} an der Stelle des Suchworts, zum Beispiel https://beispiel.de/suche?q={query}. Ohne {query} "
            "öffnet sich nur die Suchseite."
        ),
    )
    finds = MarkdownField(label=gettext_lazy("Was findet man dort?"), max_length=600, rows=3)
    licence_hint = MarkdownField(label=gettext_lazy("Hinweis zur Lizenz"), max_length=600, rows=2, required=False)
    retrieved_on = DayField(label=gettext_lazy("Zuletzt nachgesehen am"))
    position = forms.IntegerField(
        label=gettext_lazy("Reihenfolge"),
        min_value=1,
        max_value=1000,
        initial=10,
        help_text=gettext_lazy("Kleine Zahlen stehen oben."),
    )

    def clean_search_link(self) -> str:
        link: str = self.cleaned_data["search_link"]
        if PLACE in urlsplit(link).netloc:
            raise ValidationError(_("Das Suchwort darf nicht im Namen des Servers stehen."))
        return link

    def clean_retrieved_on(self) -> Any:
        day = self.cleaned_data["retrieved_on"]
        if day > clock.today():
            raise ValidationError(_("Dieser Tag liegt in der Zukunft."))
        return day

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


def initial_of(source: ExternalSource) -> dict[str, Any]:
    return {name: getattr(source, name) for name in FIELDS} | {"opened_on": source.version}


class FindForm(forms.Form):
    """Something found elsewhere, and what one makes of it."""

    url = AddressField(
        label=gettext_lazy("Adresse der Fundstelle"),
        max_length=1000,
        help_text=gettext_lazy("Die Seite, auf der Sie gelesen haben. Der heutige Tag wird als Abrufdatum vermerkt."),
    )
    found = LineField(label=gettext_lazy("Wie heißt die Fundstelle?"), max_length=200)
    title = TitleField()
    answer = MarkdownField(
        label=gettext_lazy("Was haben Sie daraus gelernt? Ein Satz genügt."), max_length=600, rows=3, required=False
    )
    team = forms.TypedChoiceField(label=gettext_lazy("Für welches Team?"), coerce=int)

    def __init__(self, *args: Any, teams: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = list(teams.items())
        if len(teams) == 1:
            field.widget = forms.HiddenInput()
            field.initial = next(iter(teams))
