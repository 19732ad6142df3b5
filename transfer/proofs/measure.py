"""The measure of success: what is counted, from which value on the trial has succeeded, and whether it has. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.rows import Row, check_decimal, german_number


class Direction(models.TextChoices):
    AT_LEAST = "at_least", gettext_lazy("mindestens")
    AT_MOST = "at_most", gettext_lazy("höchstens")


@dataclass(frozen=True)
class SuccessMeasure(Row):
    """A measure of success. Of several rows the last one counts; the others are what it was before.

    `threshold` is a decimal string. `fixed_on` is the ISO day from which it holds, empty before the start; `reason`
    says why it was changed after the start.
    """

    figure: str
    unit: str
    direction: str
    threshold: str
    method: str
    fixed_on: str
    reason: str
    MAX_ROWS: ClassVar[int] = 12
    LENGTHS: ClassVar[Mapping[str, int]] = {"figure": 120, "unit": 40, "method": 400, "reason": 400, "fixed_on": 10}

    def check(self) -> Self:
        super().check()
        if self.direction not in Direction.values:
            raise ValidationError(_("Bitte wählen Sie, ob der Wert mindestens oder höchstens erreicht sein soll."))
        check_decimal(self.threshold)
        if self.fixed_on:
            _check_day(self.fixed_on)
        return self

    @property
    def target(self) -> str:
        """Such as "höchstens 5 Tage"."""
        return f"{Direction(self.direction).label} {self.value(self.threshold)}"

    @property
    def words(self) -> str:
        """Such as "Durchlaufzeit: höchstens 5 Tage"."""
        return f"{self.figure}: {self.target}"

    def value(self, number: str) -> str:
        """A decimal string in German spelling, with the unit."""
        return f"{german_number(number)} {self.unit}".strip()

    def is_met_by(self, number: str) -> bool:
        """Whether this result, a decimal string, reaches the threshold; the threshold itself does."""
        reached, wanted = Decimal(number), Decimal(self.threshold)
        return reached >= wanted if self.direction == Direction.AT_LEAST else reached <= wanted


def _check_day(text: str) -> None:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("Der Tag, an dem das Erfolgsmaß festgelegt wurde, ist kein Datum.")) from None


def read(rows: Sequence[Mapping[str, Any]]) -> list[SuccessMeasure]:
    """From the first one to the one that counts."""
    return [SuccessMeasure.read(row) for row in rows]


def current(rows: Sequence[Mapping[str, Any]]) -> SuccessMeasure | None:
    """The one that counts."""
    return SuccessMeasure.read(rows[-1]) if rows else None


def is_met(rows: Sequence[Mapping[str, Any]], number: str) -> bool | None:
    """Whether the result reaches the measure that counts; None as long as one of them is missing."""
    measure = current(rows)
    return measure.is_met_by(number) if measure and number else None
