"""Geometry of the plots; the templates draw them as SVG, the tables with them say the same in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.dashboard.figures import FIGURES, Number
from portal.dashboard.queries import Line

# In units of the drawing: the columns with a line of text above and below; the bar in a cell of a table.
WIDTH, HEIGHT, ABOVE, BELOW = 320, 96, 20, 22
BAR = 100
# The last so many parts are drawn; the table has all.
PARTS = 6
WIDEST = 44
# Of few, no column looks like many.
LEAST_TOP = 4


@dataclass(frozen=True)
class Column:
    """One number; `middle` is where its words stand."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    text: str
    text_y: float
    is_second: bool
    is_running: bool


@dataclass(frozen=True)
class Mark:
    """The name of a part of the time below its columns."""

    x: float
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Plot:
    columns: Sequence[Column]
    marks: Sequence[Mark]
    # How many parts of the time came before the first one drawn.
    left_out: int
    has_running: bool
    width: int = WIDTH
    height: int = ABOVE + HEIGHT + BELOW
    ground: int = ABOVE + HEIGHT
    marks_y: int = ABOVE + HEIGHT + 18


def over_time(course: Sequence[Line], keys: Sequence[str], chosen: str) -> Plot:
    """Columns for each part of the time, one beside the other for each of the figures `keys`."""
    shown = course[-PARTS:]
    # A year has room for four quarters from its first day on, so that columns stay where they are.
    slots = max(len(shown), 4)
    slot = WIDTH / slots
    width = min(WIDEST, slot * 0.76 / len(keys))
    top = max([LEAST_TOP, *(line.cells[key].value for line in shown for key in keys)])
    columns, marks = [], []
    for place, line in enumerate(shown):
        middle = (place + 0.5) * slot
        left = middle - width * len(keys) / 2
        is_running = line.period is not None and line.period.is_running
        for number, key in enumerate(keys):
            columns.append(_column(line.cells[key], left + number * width, width, top, number > 0, is_running))
        if line.period is not None:
            marks.append(Mark(round(middle, 1), line.period.short_label, line.period.key == chosen))
    running = any(column.is_running and column.height for column in columns)
    return Plot(columns, marks, len(course) - len(shown), running)


def _column(number: Number, x: float, width: float, top: int, is_second: bool, is_running: bool) -> Column:
    height = round(HEIGHT * number.value / top, 1)
    y = round(ABOVE + HEIGHT - height, 1)
    # A rounded nothing may be one: its place stays empty, the table says which it is.
    text = str(Number(number.value)) if number or number.is_exact else ""
    middle, gap = round(x + width / 2, 1), 1
    return Column(
        round(x + gap, 1), y, round(width - 2 * gap, 1), height, middle, text, round(y - 5, 1), is_second, is_running
    )


def bars(lines: Sequence[Line]) -> list[tuple[Line, Mapping[str, float]]]:
    """For each line how long its bars are, each figure by the longest of its own."""
    top = {key: max([LEAST_TOP, *(line.cells[key].value for line in lines)]) for key in FIGURES}
    return [
        (line, {key: round(BAR * number.value / top[key], 1) for key, number in line.cells.items()}) for line in lines
    ]
