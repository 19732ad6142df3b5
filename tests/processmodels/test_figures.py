"""Key figures: the change, what does not hold, and nothing that speaks of single persons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from processmodels import plot
from processmodels.figures import KeyFigure, Side, change_of, doubts, hours_freed, shown_value


def figure(**values: Any) -> KeyFigure:
    usual = {
        "measure": "lead_time",
        "better": "lower",
        "as_is_number": "20",
        "as_is_unit": "Tage",
        "to_be_number": "8",
        "to_be_unit": "Tage",
    }
    return KeyFigure.read(usual | values)


def test_only_one_value_with_its_unit_is_required() -> None:
    figure(to_be_number="", to_be_unit="").check()
    with pytest.raises(ValidationError, match="Einheit"):
        figure(as_is_unit="").check()
    with pytest.raises(ValidationError, match="mindestens einen Wert"):
        figure(as_is_number="", to_be_number="").check()


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "unknown"},
        {"better": "bigger"},
        {"as_is_basis": "guessed"},
        {"as_is_number": "1e5"},
        {"as_is_number": "zwei"},
        {"as_is_since": "2026-13-01"},
        {"as_is_since": "2026-02-01", "as_is_until": "2026-01-01"},
        {"people": "vier"},
        {"to_be_sample": "-3"},
        {"label": "x" * 121},
    ],
)
def test_a_row_out_of_shape_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        figure(**wrong).check()


def test_the_change_has_sign_percent_and_worth() -> None:
    change = change_of(figure())
    assert change is not None
    assert (change.difference, change.percent, change.is_better) == (Decimal(-12), Decimal(-60), True)
    assert change.shown == "−12 (−60 %)"
    more = change_of(figure(measure="satisfaction", better="higher", as_is_number="6", to_be_number="7.5"))
    assert more is not None
    assert more.shown == "+1,5 (+25 %)"
    assert more.in_words == "besser"


def test_from_zero_there_is_no_percent_and_without_direction_no_worth() -> None:
    change = change_of(figure(as_is_number="0", better="neither"))
    assert change is not None
    assert change.percent is None
    assert change.is_better is None


def test_different_units_are_told_and_nothing_is_computed() -> None:
    row = figure(to_be_unit="Stunden")
    assert change_of(row) is None
    assert any("Einheiten" in sentence for sentence in doubts(row))


def test_overlapping_periods_tiny_samples_and_planned_against_measured_are_told() -> None:
    row = figure(
        as_is_since="2025-01-01",
        as_is_until="2025-06-30",
        to_be_since="2025-06-01",
        to_be_until="2025-12-31",
        as_is_basis="measured",
        to_be_basis="planned",
        to_be_sample="4",
    )
    told = " ".join(doubts(row))
    assert "überschneiden" in told
    assert "gemessen" in told
    assert "geplant" in told
    assert "nur 4" in told
    assert doubts(figure()) == []


def test_planned_against_a_value_of_unknown_origin_is_told() -> None:
    assert "Vorher ohne Angabe, nachher geplant" in " ".join(doubts(figure(to_be_basis="planned")))
    assert "Vorher geplant, nachher ohne Angabe" in " ".join(doubts(figure(as_is_basis="planned")))
    assert doubts(figure(to_be_basis="measured")) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (("2026-01-01", ""), ("2026-03-01", "2026-05-01"), True),
        (("2026-01-01", ""), ("2026-03-01", ""), True),
        (("2025-01-01", "2025-12-31"), ("2026-01-01", ""), False),
        (("", "2025-12-31"), ("", "2026-12-31"), False),
    ],
)
def test_a_period_without_end_goes_on_and_overlaps(before: tuple[str, str], after: tuple[str, str], told: bool) -> None:
    row = figure(as_is_since=before[0], as_is_until=before[1], to_be_since=after[0], to_be_until=after[1])
    assert ("überschneiden" in " ".join(doubts(row))) is told


def test_an_absurd_change_has_no_percentage_but_words() -> None:
    change = change_of(figure(as_is_number="0.000001", to_be_number="999999"))
    assert change is not None and change.percent_shown == "mehr als das Tausendfache"
    usual = change_of(figure(as_is_number="1", to_be_number="900"))
    assert usual is not None and usual.percent_shown == "+89.900 %"


def test_handling_time_of_few_people_is_a_range_and_nothing_is_computed_from_it() -> None:
    row = figure(measure="handling_time", people="4", as_is_number="37", as_is_unit="Minuten", to_be_unit="Minuten")
    assert shown_value(row, Side.BEFORE) == "20 bis 50 Minuten"
    assert "37" not in shown_value(row, Side.BEFORE)
    assert change_of(row) is None
    assert hours_freed(row, 1000) is None
    assert not plot.rows([row])
    assert shown_value(figure(people="4"), Side.BEFORE) == "20 Tage"


@pytest.mark.parametrize(
    ("number", "span"), [("0", "0 bis 1"), ("1", "1 bis 2"), ("5", "5 bis 10"), ("99.5", "50 bis 100")]
)
def test_a_range_holds_its_value(number: str, span: str) -> None:
    row = figure(measure="handling_time", people="1", as_is_number=number, as_is_unit="Minuten")
    assert shown_value(row, Side.BEFORE) == f"{span} Minuten"


def test_time_freed_is_shown_only_when_wanted_and_when_it_holds() -> None:
    row = {"measure": "handling_time", "people": "9", "as_is_unit": "Minuten", "to_be_unit": "Minuten"}
    assert hours_freed(figure(**row, time_freed="ja"), 1500) == Decimal(300)
    assert hours_freed(figure(**row), 1500) is None
    assert hours_freed(figure(**row, time_freed="ja", to_be_number="25"), 1500) is None
    assert hours_freed(figure(**row, time_freed="ja"), None) is None


def test_bars_are_drawn_on_a_scale_of_their_own() -> None:
    (row,) = plot.rows(
        [
            figure(),
        ][:1]
    )
    assert (row.before.length, row.after.length) == (plot.BAR, 160.0)
    (zero,) = plot.rows([figure(to_be_number="0")])
    assert zero.after.length == plot.SHORTEST
