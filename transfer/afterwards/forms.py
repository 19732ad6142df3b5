"""What came of an item, and what is still to be done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.text.clean import LineField, MarkdownField
from transfer.forms import DayField, OpenedForm
from transfer.models import AgendaItem
from transfer.models.formats import TEXT_LENGTH
from transfer.models.occurrences import NOTE_LENGTH, ROLE_LENGTH


class OutcomeForm(OpenedForm):
    notes = MarkdownField(
        label=_("Notizen"),
        max_length=NOTE_LENGTH,
        rows=5,
        required=False,
        help_text=_("Was gesagt wurde, ohne Namen. Daraus kann ein Learning werden."),
    )
    decisions = MarkdownField(label=_("Beschlossen"), max_length=NOTE_LENGTH, rows=3, required=False)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        initial = {"notes": item.notes, "decisions": item.decisions, "opened_on": item.version}
        super().__init__(*args, **{"initial": initial} | kwargs)


class FollowUpForm(forms.Form):
    text = LineField(label=_("Was ist zu tun?"), max_length=TEXT_LENGTH)
    role = LineField(
        label=_("Wer?"),
        max_length=ROLE_LENGTH,
        required=False,
        help_text=_("Die Rolle, nicht der Name, zum Beispiel: Fachverfahrensbetreuung."),
    )
    due_on = DayField(label=_("Bis wann?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "todo"} | kwargs)
