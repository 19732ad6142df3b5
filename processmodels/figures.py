"""Key figures before and after: their shape, the change between them, and what does not hold about it.

The portal always saves; comparisons that do not hold are marked in words. No figure says anything about a
single person: handling time of fewer than five people is shown as a range only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.rows import Row, check_decimal, german_number

# Fewer measurements than this say little; fewer people than this could be told apart.
FEW_CASES = 10
FEW_PEOPLE = 5
# A change by more times than this is a slip of the pen, or began near zero: its percentage says nothing.
MANIFOLD = 1000
DAYS = frozenset({"Tage", "Arbeitstage", "Kalendertage"})


class Measure(models.TextChoices):
    """The usual key figures; OTHER is one of the team's own with its own name."""

    LEAD_TIME = "lead_time", gettext_lazy("Durchlaufzeit")
    HANDLING_TIME = "handling_time", gettext_lazy("Bearbeitungszeit")
    MEDIA_BREAKS = "media_breaks", gettext_lazy("Medienbrüche")
    HAND_OVERS = "hand_overs", gettext_lazy("Übergaben zwischen Stellen")
    CASES = "cases", gettext_lazy("Fälle im Jahr")
    COST_PER_CASE = "cost_per_case", gettext_lazy("Kosten je Fall")
    ERROR_RATE = "error_rate", gettext_lazy("Fehler- oder Rückfragenquote")
    SATISFACTION = "satisfaction", gettext_lazy("Zufriedenheit")
    OTHER = "other", gettext_lazy("eigene Kennzahl")


class Better(models.TextChoices):
    """Which direction is the better one."""

    LOWER = "lower", gettext_lazy("weniger ist besser")
    HIGHER = "higher", gettext_lazy("mehr ist besser")
    NEITHER = "neither", gettext_lazy("weder noch")


class Basis(models.TextChoices):
    """Planned, estimated and measured are different things."""

    PLANNED = "planned", gettext_lazy("geplant")
    ESTIMATED = "estimated", gettext_lazy("geschätzt")
    MEASURED = "measured", gettext_lazy("gemessen")


# Unit and better direction that the form proposes.
USUAL: Mapping[str, tuple[str, str]] = {
    Measure.LEAD_TIME: ("Tage", Better.LOWER),
    Measure.HANDLING_TIME: ("Minuten", Better.LOWER),
    Measure.MEDIA_BREAKS: ("Medienbrüche", Better.LOWER),
    Measure.HAND_OVERS: ("Übergaben", Better.LOWER),
    Measure.CASES: ("Fälle", Better.NEITHER),
    Measure.COST_PER_CASE: ("Euro", Better.LOWER),
    Measure.ERROR_RATE: ("%", Better.LOWER),
    Measure.SATISFACTION: ("Punkte von 10", Better.HIGHER),
}


class Side(StrEnum):
    """Before or after the measure; the value is the prefix of the row's keys."""

    BEFORE = "as_is"
    AFTER = "to_be"


@dataclass(frozen=True)
class Value:
    """One side of a key figure. Days are ISO dates or empty; `number` is a decimal string or empty."""

    number: str
    unit: str
    basis: str
    since: str
    until: str
    source: str
    sample: str
    method: str

    @property
    def is_given(self) -> bool:
        return self.number != ""

    @property
    def amount(self) -> Decimal:
        return Decimal(self.number)

    @property
    def shown(self) -> str:
        """The number in German spelling, with its unit."""
        return f"{german_number(self.number)} {self.unit}".strip()


@dataclass(frozen=True)
class KeyFigure(Row):
    """A key figure for both states. Only one value with its unit is required; the rest may be empty.

    `people` is how many take part in the process (a decimal string), `time_freed` is "ja" when the team
    wants the freed working time shown.
    """

    measure: str
    label: str
    better: str
    people: str
    time_freed: str
    as_is_number: str
    as_is_unit: str
    as_is_basis: str
    as_is_since: str
    as_is_until: str
    as_is_source: str
    as_is_sample: str
    as_is_method: str
    to_be_number: str
    to_be_unit: str
    to_be_basis: str
    to_be_since: str
    to_be_until: str
    to_be_source: str
    to_be_sample: str
    to_be_method: str
    LENGTHS: ClassVar[Mapping[str, int]] = {
        "label": 120,
        **{f"{side}_{name}": 300 for side in Side for name in ("source", "method")},
        **{f"{side}_unit": 40 for side in Side},
    }

    def check(self) -> Self:
        """Raises a ValidationError for an unknown word, a number that is none, or a figure without any value."""
        super().check()
        closed = (
            (self.measure, Measure.values),
            (self.better, [*Better.values, ""]),
            *((getattr(self, f"{side}_basis"), [*Basis.values, ""]) for side in Side),
        )
        if any(value not in known for value, known in closed):
            raise ValidationError(_("Diese Angabe ist unbekannt."))
        if not (self.before.is_given or self.after.is_given):
            raise ValidationError(_("Bitte geben Sie mindestens einen Wert an, vorher oder nachher."))
        for side in (self.before, self.after):
            self._check_side(side)
        for whole in (self.people, self.as_is_sample, self.to_be_sample):
            if whole and not (whole.isdecimal() and len(whole) < 10):
                raise ValidationError(_("Bitte geben Sie hier eine ganze Zahl an."))
        return self

    def _check_side(self, side: Value) -> None:
        if side.is_given:
            check_decimal(side.number)
            if not side.unit:
                raise ValidationError(_("Bitte geben Sie zum Wert die Einheit an."))
        for day in (side.since, side.until):
            if day:
                _read_day(day)
        if side.since and side.until and side.since > side.until:
            raise ValidationError(_("Der Zeitraum endet vor seinem Beginn."))

    def _side(self, side: Side) -> Value:
        names = ("number", "unit", "basis", "since", "until", "source", "sample", "method")
        return Value(*(getattr(self, f"{side}_{name}") for name in names))

    @property
    def before(self) -> Value:
        return self._side(Side.BEFORE)

    @property
    def after(self) -> Value:
        return self._side(Side.AFTER)

    @property
    def name(self) -> str:
        if self.measure == Measure.OTHER and self.label:
            return self.label
        return str(Measure(self.measure).label)

    @property
    def has_both(self) -> bool:
        return self.before.is_given and self.after.is_given

    @property
    def of_few_people(self) -> bool:
        """Handling time of so few that a figure would speak of single persons."""
        return self.measure == Measure.HANDLING_TIME and 0 < int(self.people or 0) < FEW_PEOPLE


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("Bitte geben Sie das Datum als Tag, Monat und Jahr an.")) from None


# -- what the portal computes ----------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """The change from before to after: absolute (after minus before), in percent of before, and its worth."""

    difference: Decimal
    percent: Decimal | None
    is_better: bool | None

    @property
    def shown(self) -> str:
        """Such as "−12 (−60 %)"; the sign is always there."""
        sign = "+" if self.difference > 0 else ""
        text = f"{sign}{german_number(f'{self.difference.normalize():f}')}"
        return text if self.percent is None else f"{text} ({self.percent_shown})"

    @property
    def percent_shown(self) -> str:
        """Such as "−60 %", empty where there is no percentage."""
        if self.percent is None:
            return ""
        if abs(self.percent) > MANIFOLD * 100:
            return str(_("mehr als das Tausendfache"))
        sign = "+" if self.percent > 0 else ""
        return f"{sign}{german_number(f'{self.percent:.0f}')} %"

    @property
    def in_words(self) -> str:
        if self.difference == 0:
            return str(_("unverändert"))
        if self.is_better is None:
            return str(_("verändert"))
        return str(_("besser") if self.is_better else _("schlechter"))


def change_of(figure: KeyFigure) -> Change | None:
    """The change, or None where there is nothing to compute: one side is missing, or the units differ."""
    if not figure.has_both or _same_unit(figure) is False or figure.of_few_people:
        return None
    before, after = figure.before.amount, figure.after.amount
    difference = after - before
    percent = difference * 100 / abs(before) if before else None
    better: bool | None = None
    if difference and figure.better in (Better.LOWER, Better.HIGHER):
        better = (difference < 0) == (figure.better == Better.LOWER)
    return Change(difference, percent, better)


def _same_unit(figure: KeyFigure) -> bool:
    return figure.before.unit.strip().casefold() == figure.after.unit.strip().casefold()


def doubts(figure: KeyFigure) -> list[str]:
    """What does not hold about the comparison, in sentences; empty when nothing speaks against it."""
    before, after = figure.before, figure.after
    found = []
    if figure.has_both:
        if not _same_unit(figure):
            found.append(_("Die Einheiten sind verschieden, ein Vergleich ist so nicht möglich."))
        if _overlap(before, after):
            found.append(_("Die Zeiträume überschneiden sich."))
        is_planned = Basis.PLANNED in (before.basis, after.basis)
        if before.basis != after.basis and (is_planned or (before.basis and after.basis)):
            bases = {"a": _basis_in_words(before.basis), "b": _basis_in_words(after.basis)}
            found.append(_("Vorher %(a)s, nachher %(b)s: Das ist nur bedingt vergleichbar.") % bases)
    for side, label in ((before, _("Vorher")), (after, _("Nachher"))):
        if side.is_given and side.sample and int(side.sample) < FEW_CASES:
            found.append(_("%(side)s beruht auf nur %(n)s gezählten Fällen.") % {"side": label, "n": side.sample})
    if figure.of_few_people:
        found.append(
            _("Weniger als fünf Personen bearbeiten den Prozess. Gezeigt wird nur eine Spanne, kein genauer Wert.")
        )
    return found


def _basis_in_words(basis: str) -> str:
    return str(Basis(basis).label if basis else _("ohne Angabe"))


def _overlap(one: Value, two: Value) -> bool:
    """Of periods whose beginning is known; one without end still goes on."""
    if not (one.since and two.since):
        return False
    return (not two.until or one.since <= two.until) and (not one.until or two.since <= one.until)


def shown_value(figure: KeyFigure, side: Side) -> str:
    """The value as readers see it: exact, or as a range where few people work on the process."""
    value = figure.before if side == Side.BEFORE else figure.after
    if not value.is_given:
        return ""
    if not figure.of_few_people:
        return value.shown
    low, high = _range(value.amount)
    return _("%(low)s bis %(high)s %(unit)s") % {
        "low": german_number(f"{low:f}"),
        "high": german_number(f"{high:f}"),
        "unit": value.unit,
    }


# Upper ends of ranges, as multiples of a power of ten.
_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


def _range(amount: Decimal) -> tuple[Decimal, Decimal]:
    """The span of 1, 2, 5, 10, 20, 50 … that holds `amount`."""
    size = abs(amount)
    if size < 1:
        return Decimal(0), Decimal(1)
    power = Decimal(10) ** size.adjusted()
    low = max(step for step in _STEPS if step * power <= size)
    high = min(step for step in _STEPS if step > low)
    return (low * power).quantize(Decimal(1)), (high * power).quantize(Decimal(1))


def hours_freed(figure: KeyFigure, cases_a_year: int | None) -> Decimal | None:
    """Working time freed in hours a year: (before minus after, in minutes) times cases, over 60.

    None unless the team wants it shown, handling time is given in minutes for both states, the change is
    for the better, and the number of cases is known.
    """
    wanted = figure.measure == Measure.HANDLING_TIME and figure.time_freed == "ja" and cases_a_year
    change = change_of(figure)
    if not wanted or change is None or change.difference >= 0 or cases_a_year is None:
        return None
    if figure.before.unit.casefold() not in ("minuten", "min", "minute"):
        return None
    return (-change.difference * cases_a_year / 60).quantize(Decimal(1))
