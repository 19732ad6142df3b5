"""Geometry of the before/after plot; the template `processmodels/_plot.html` draws it as SVG.

Each figure has a scale of its own, because days and media breaks share none: the longer bar is full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processmodels.figures import Change, KeyFigure, Side, change_of, shown_value

BAR = 400  # length of the longest bar, in units of the drawing
SHORTEST = 2  # so that a zero can be seen


@dataclass(frozen=True)
class Bar:
    """One side of a figure: its length in units of the drawing and its value in words."""

    length: float
    shown: str


@dataclass(frozen=True)
class Row:
    """Both bars of one figure; `change` is None where none can be computed."""

    name: str
    before: Bar
    after: Bar
    change: Change | None


def rows(figures: Sequence[KeyFigure]) -> list[Row]:
    """The figures that can be drawn: those with both values in one unit, and not of so few people."""
    return [_row(figure) for figure in figures if figure.has_both and change_of(figure) is not None]


def _row(figure: KeyFigure) -> Row:
    before, after = abs(figure.before.amount), abs(figure.after.amount)
    longest = max(before, after) or 1

    def bar(side: Side) -> Bar:
        amount = before if side == Side.BEFORE else after
        return Bar(round(max(float(amount / longest) * BAR, SHORTEST), 1), shown_value(figure, side))

    return Row(figure.name, bar(Side.BEFORE), bar(Side.AFTER), change_of(figure))
