"""Setting and moving a date, calling it off."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.text.clean import LineField
from transfer.forms import DayField, MinutesField, OpenedForm, TimeOfDayField, moment
from transfer.models import ExchangeFormat, Occurrence
from transfer.models.formats import TEXT_LENGTH
from transfer.models.occurrences import REASON_LENGTH


class DateForm(OpenedForm):
    """When, how long, where."""

    day = DayField(label=_("Tag"))
    time = TimeOfDayField(label=_("Uhrzeit"))
    minutes = MinutesField(label=_("Dauer in Minuten"), required=False)
    place = LineField(label=_("Ort oder Link"), max_length=TEXT_LENGTH, required=False)

    def values(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        return {
            "starts_at": moment(data["day"], data["time"]),
            "minutes": data["minutes"],
            "place": data["place"],
        }


class CancelForm(forms.Form):
    reason = LineField(
        label=_("Warum?"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=_("Ein Satz für alle, die kommen wollten. Die Einladung sagen Sie in Ihrem Kalender ab."),
    )


def initial_of(occurrence: Occurrence) -> dict[str, Any]:
    begins = clock.local(occurrence.starts_at)
    return {
        "day": begins.date(),
        "time": begins.time(),
        "minutes": occurrence.minutes,
        "place": occurrence.place,
        "opened_on": occurrence.version,
    }


def initial_after(exchange_format: ExchangeFormat, last: Occurrence | None) -> dict[str, Any]:
    """For a new date: time, length and place as usual."""
    time = clock.local(last.starts_at).time() if last else dt.time(9, 0)
    return {"time": time, "minutes": exchange_format.minutes, "place": exchange_format.place, "opened_on": 0}
