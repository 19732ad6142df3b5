"""What the forms of this app share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance import clock

MOST_MINUTES = 600
EARLIEST, YEARS_AHEAD = dt.date(1950, 1, 1), 5


def latest_day() -> dt.date:
    return clock.add_months(clock.today(), 12 * YEARS_AHEAD)


class DayField(forms.DateField):
    """A day that can be meant: not of the last century but one, and not in a hundred years."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not EARLIEST <= day <= latest_day():
            raise forms.ValidationError(_("Bitte prüfen Sie das Jahr."), code="year")
        return day


class TimeOfDayField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class MinutesField(forms.IntegerField):
    """How long something takes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        told = _("Bitte geben Sie eine Zahl von 1 bis %(limit_value)s an.")
        self.validators += [
            MinValueValidator(1, _("Bitte geben Sie mindestens eine Minute an.")),
            MaxValueValidator(MOST_MINUTES, told),
        ]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "min": "1", "max": str(MOST_MINUTES), "inputmode": "numeric"}


class OpenedForm(forms.Form):
    """A form that knows on which state it was opened, so that nobody saves over what somebody else changed."""

    opened_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


def moment(day: dt.date, time: dt.time) -> dt.datetime:
    """By the town's clock."""
    return timezone.make_aware(dt.datetime.combine(day, time))
