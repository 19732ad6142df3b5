"""What is typed about a session and its texts: explicit fields only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.meetings import queries
from governance.models import Attendance, Meeting, MeetingItem
from governance.models.meetings import NOTE_LENGTH
from governance.text.clean import LineField, MarkdownField

_PART = "part_"


class SessionForm(forms.Form):
    """Title and day of a session, who is there, and what belongs to no single text."""

    title = LineField(label=_("Titel"), max_length=120)
    held_on = forms.DateField(label=_("Datum"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    present = forms.TypedMultipleChoiceField(
        label=_("Anwesend"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    notes = MarkdownField(
        label=_("Sonstiges"),
        max_length=4000,
        rows=4,
        required=False,
        help_text=_("Was zu keinem einzelnen Text gehört. Bitte Rollen statt Namen."),
    )
    opened_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        names = ("title", "held_on", "present", "notes")
        initial = {name: getattr(meeting, name) for name in names} | {"opened_on": meeting.version}
        super().__init__(*args, **{"initial": initial} | kwargs)
        present = self.fields["present"]
        assert isinstance(present, forms.TypedMultipleChoiceField)
        present.choices = list(queries.persons(meeting).items())


class ItemForm(forms.Form):
    """What was said about one text, and for each person whether they took part as listed."""

    note = MarkdownField(label=_("Was besprochen wurde"), max_length=NOTE_LENGTH, rows=4, required=False)
    opened_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: MeetingItem, meeting: Meeting, **kwargs: Any) -> None:
        people = queries.persons(meeting, item)
        noted: dict[int, str] = dict.fromkeys(item.review.biased, Attendance.Part.BIASED)
        noted |= dict(item.attendances.values_list("person_id", "part"))
        initial = {"note": item.note, "opened_on": item.version}
        initial |= {f"{_PART}{key}": part for key, part in noted.items()}
        super().__init__(*args, **{"initial": initial} | kwargs)
        for key, name in people.items():
            usual = _("wirkte mit") if key in meeting.present else _("nicht als anwesend eingetragen")
            choices = [("", usual), *Attendance.Part.choices]
            self.fields[f"{_PART}{key}"] = forms.ChoiceField(label=name, choices=choices, required=False)

    @property
    def people(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(_PART)]

    def parts(self) -> Mapping[int, str]:
        """Who did otherwise than to take part."""
        found = {name: self.cleaned_data[name] for name in self.fields if name.startswith(_PART)}
        return {int(name.removeprefix(_PART)): part for name, part in found.items() if part}
