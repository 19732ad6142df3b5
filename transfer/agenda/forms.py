"""Taking a record into an occurrence, own topics, changing an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import clock, kinds, queries
from governance.models import Record
from governance.rules import Standing
from governance.text.clean import LineField
from transfer.forms import MinutesField, OpenedForm
from transfer.models import AgendaItem, Occurrence
from transfer.models.occurrences import ROLE_LENGTH, TITLE_LENGTH

_SHORT_NUMBER = re.compile(r"([A-Za-z])-?([0-9]{1,9})", re.ASCII)
DETAILS = ("aim", "by_whom", "minutes")


class DetailsForm(forms.Form):
    """What is wanted, by whom, how long. `seen` is the version of the occurrence as the person saw it."""

    aim = forms.ChoiceField(
        label=gettext_lazy("Was möchten Sie erreichen?"),
        choices=AgendaItem.Aim.choices,
        initial=AgendaItem.Aim.INFORM,
        widget=forms.RadioSelect,
    )
    by_whom = LineField(
        label=gettext_lazy("Wer stellt es vor?"),
        max_length=ROLE_LENGTH,
        required=False,
        help_text=gettext_lazy("Die Rolle, nicht der Name, zum Beispiel: Sachgebietsleitung."),
    )
    minutes = MinutesField(label=gettext_lazy("Wie viele Minuten?"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class NewItemForm(DetailsForm):
    """A record by its short number, or a topic of its own."""

    title = LineField(
        label=gettext_lazy("Thema oder Kurznummer"),
        max_length=TITLE_LENGTH,
        help_text=gettext_lazy("Ein eigenes Thema, oder die Kurznummer eines Eintrags, zum Beispiel L-17."),
    )
    field_order = ("title", *DETAILS, "seen")

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing
        self.record: Record | None = None

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        wanted = _SHORT_NUMBER.fullmatch(title)
        kind = kinds.by_letter(wanted[1]) if wanted else None
        if wanted is None or kind is None:
            return title
        try:
            self.record = queries.fetch_readable_record(self.standing, kind.key, int(wanted[2]))
        except Http404:
            raise forms.ValidationError(_("Diesen Eintrag gibt es nicht.")) from None
        return title


class ItemForm(DetailsForm, OpenedForm):
    """An item that is there; only an own topic has a title that can be changed."""

    title = LineField(label=gettext_lazy("Thema"), max_length=TITLE_LENGTH)
    field_order = ("title", *DETAILS)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        values = {name: getattr(item, name) for name in ("title", *DETAILS)}
        initial = values | {"opened_on": item.version, "seen": item.occurrence.version}
        super().__init__(*args, **{"initial": initial} | kwargs)
        if item.record_id is not None:
            del self.fields["title"]


class TakeForm(DetailsForm):
    """Into which of the coming occurrences a record is taken."""

    occurrence = forms.TypedChoiceField(
        label=gettext_lazy("In welchen Termin?"),
        coerce=int,
        error_messages={
            "invalid_choice": gettext_lazy("Dieser Termin steht nicht mehr zur Wahl. Bitte nehmen Sie einen anderen.")
        },
    )
    # As the occurrences stand in the list: whoever chooses one that was moved meanwhile is told.
    listed = forms.CharField(widget=forms.HiddenInput, max_length=20_000, required=False)
    field_order = ("occurrence", *DETAILS)

    def __init__(self, *args: Any, occurrences: Sequence[Occurrence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occurrences = {one.pk: one for one in occurrences}
        field = self.fields["occurrence"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, _named(one)) for pk, one in self.occurrences.items()]
        self.fields["seen"].required = False
        self.initial.setdefault("listed", listed(occurrences))

    def chosen(self) -> tuple[Occurrence, int | None]:
        """The occurrence, and its version when the list was shown."""
        chosen = self.occurrences[self.cleaned_data["occurrence"]]
        versions = dict(pair.split(".") for pair in self.cleaned_data["listed"].split() if pair.count(".") == 1)
        known = versions.get(str(chosen.pk), "")
        return chosen, int(known) if known.isascii() and known.isdecimal() and len(known) < 10 else None


def _named(occurrence: Occurrence) -> str:
    begins = date_format(clock.local(occurrence.starts_at), "j. F Y, G:i")
    return _("%(format)s, %(when)s Uhr") % {"format": occurrence.format.name, "when": begins}


def listed(occurrences: Sequence[Occurrence]) -> str:
    return " ".join(f"{one.pk}.{one.version}" for one in occurrences)
