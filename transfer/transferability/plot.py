"""Geometry of the plot of an assessment; the template draws it as SVG, the table beside it says the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transfer.models import Answer, FactorAnswer
from transfer.transferability.assessing import SHARE

# In units of the drawing: the whole bar, the height of a line, and where the bars begin.
BAR, LINE, LEFT = 260, 34, 250


@dataclass(frozen=True)
class Row:
    """One factor: how far its bar goes, where its line is, and whether anything is known."""

    name: str
    label: str
    length: float
    y: int
    is_known: bool

    @property
    def text_y(self) -> int:
        return self.y + 19


@dataclass(frozen=True)
class Plot:
    rows: Sequence[Row]
    height: int
    left: int = LEFT
    bar: int = BAR
    after: int = LEFT + BAR + 16


def draw(answers: Sequence[FactorAnswer]) -> Plot:
    """A line for each factor, in the order in which they were asked."""
    rows = [
        Row(
            one.factor.name,
            one.get_answer_display(),
            round(SHARE[one.answer] * BAR, 1),
            place * LINE,
            one.answer != Answer.UNKNOWN,
        )
        for place, one in enumerate(answers)
    ]
    return Plot(rows, len(rows) * LINE)
