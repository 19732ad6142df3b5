"""What stands on which sheet, how large: decided here in points on A3, set by typst, on A4 at 1/√2 of it.

A wall is read from two metres. Where the diagram has no room beside the texts at the least size of its labels, it
goes on over more sheets that hang side by side, or gets sheets of its own behind one with the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.text.glyphs import printable
from processmodels.bpmn.graph import lane_of
from processmodels.bpmn.text import ItemKind, as_text, walk
from processmodels.poster import blocks
from processmodels.poster.blocks import Values, Words
from processmodels.poster.data import PosterData
from processmodels.poster.drawing import Drawing
from processmodels.poster.pieces import Piece, Room, cut
from processmodels.poster.typesetting import LEADING, WIDE, count_lines, divisible, shorten

A3 = (1190.55, 841.89)
MARGIN = 28.0
# Between head, diagram, blocks and foot.
GAP = 16.0
# Labels in the diagram, in points on A3.
LEAST_LABEL = 15.0
LARGEST_LABEL = 26.0
# More sheets than this no corridor has room for.
MOST_SHEETS = 10
_ZOOMS = (2.0, 1.75, 1.5, 1.3, 1.15, 1.0)
_STEP_SIZES = (44.0, 36.0, 30.0, 26.0, 22.0, 20.0)
# With less height than this on the first sheet, the steps begin on the second.
_LEAST_FOR_STEPS = 240.0
_MOST_STEP_SHEETS = 2
_ALT_LENGTH = 6_000


@dataclass(frozen=True)
class Page:
    """The sheet without its margins."""

    is_portrait: bool

    @property
    def width(self) -> float:
        return A3[1 if self.is_portrait else 0] - 2 * MARGIN

    @property
    def height(self) -> float:
        return A3[0 if self.is_portrait else 1] - 2 * MARGIN


@dataclass(frozen=True)
class Plan:
    """All sheets as typst sets them. `scale` is points on A3 for a unit of the diagram, 0 without one."""

    page: Page
    sheets: Sequence[Values]
    scale: float = 0
    has_front: bool = False
    least_label: float = 0


@dataclass(frozen=True)
class Candidate:
    """One way to lay the poster out, not yet drawn."""

    sheets: int
    has_front: bool
    scale: float
    build: Callable[[], Plan]

    @property
    def rank(self) -> tuple[int, int, float]:
        """The fewest sheets, then a diagram in the fewest parts, then the largest."""
        return self.sheets, self.sheets - self.has_front, -self.scale


def plan(data: PosterData) -> Plan:
    words = Words.of(data)
    if data.model and (found := _with_diagram(words, Drawing(data.model))):
        return found
    is_left_out = data.model is not None and data.model.has_diagram
    note = _("Das Diagramm ist für einen Aushang zu groß. Sie finden es im Portal.") if is_left_out else ""
    return _with_steps(words, _steps(data), note)


# --- with a diagram -------------------------------------------------------------------------------------------


def _with_diagram(words: Words, drawing: Drawing) -> Plan | None:
    if drawing.is_empty or _is_hopeless(drawing):
        return None
    pages = (Page(is_portrait=False), Page(is_portrait=True))
    candidates = [found for page in pages for found in _candidates(words, drawing, page)]
    best = min(candidates, key=lambda one: one.rank, default=None)
    return best.build() if best and best.sheets <= MOST_SHEETS else None


def _is_hopeless(drawing: Drawing) -> bool:
    """Far more than the sheets allowed, seen without cutting or drawing it."""
    area = drawing.whole.width * drawing.whole.height * (LEAST_LABEL / 12) ** 2
    return area > MOST_SHEETS * A3[0] * A3[1]


def _candidates(words: Words, drawing: Drawing, page: Page) -> Iterator[Candidate]:
    for columns in (1, 2, 3):
        layout = _Beside(words, page, columns)
        pieces = cut(drawing, layout.room(drawing))
        if pieces and min(_in_first_row(pieces), 3) == columns:
            scale = _scale(drawing, pieces, page.width, layout.first, layout.below)
            yield Candidate(len(pieces), False, scale, partial(layout.plan, drawing, pieces, scale))
    front = _Behind(words, page)
    if pieces := cut(drawing, front.room(drawing)):
        scale = _scale(drawing, pieces, page.width, front.inside, front.inside)
        yield Candidate(1 + len(pieces), True, scale, partial(front.plan, drawing, pieces, scale))


def _columns(pieces: Sequence[Piece]) -> int:
    return 1 + max(piece.cell[0] for piece in pieces)


def _in_first_row(pieces: Sequence[Piece]) -> int:
    return sum(piece.cell[1] == 0 for piece in pieces)


class _Beside:
    """Head above, blocks below the diagram; over several columns the blocks are dealt out among the sheets."""

    def __init__(self, words: Words, page: Page, columns: int) -> None:
        self.words, self.page = words, page
        self.head = blocks.head(words, page.width, caption=words.caption)
        self.running = blocks.running_head(words, page.width)
        self.foot = blocks.foot(words, page.width)
        self.dealt = [self._stack(chosen) for chosen in _deal(blocks.names(words), columns)]
        self.band = max(_height_of(rows) for rows in self.dealt)
        inside = page.height - self.foot["height"]
        self.first = inside - self.head["height"] - self.band - GAP
        self.below = inside - self.running["height"]

    def _stack(self, chosen: Sequence[str]) -> list[Values]:
        return blocks.stacked(chosen, self.words, self.page.width, in_rows=self.page.is_portrait)

    def room(self, drawing: Drawing) -> Room:
        least = LEAST_LABEL / drawing.smallest_label
        return Room(self.page.width / least, self.first / least, self.below / least)

    def plan(self, drawing: Drawing, pieces: Sequence[Piece], scale: float) -> Plan:
        last = _in_first_row(pieces) - 1
        sheets = []
        for number, piece in enumerate(pieces):
            row = piece.cell[1]
            head = self.head if number == 0 else {**self.running, "height": self._head_height(row)}
            rows: list[Values] = []
            if row == 0:
                # The contact stands on the last sheet of the row.
                others = self.dealt[:-1]
                rows = self.dealt[-1] if number == last else others[number] if number < len(others) else []
            sheet = _diagram_sheet(drawing, pieces, number, scale)
            sheets.append({**sheet, "head": head, "rows": rows, "band": self.band if row == 0 else 0})
        return Plan(self.page, _finished(sheets, self.foot), scale, False, scale * drawing.smallest_label)

    def _head_height(self, row: int) -> float:
        """Sheets side by side begin their part of the diagram at the same height."""
        return float(self.head["height"] if row == 0 else self.running["height"])


class _Behind:
    """A front sheet with all texts, large; the diagram on sheets of its own."""

    def __init__(self, words: Words, page: Page) -> None:
        self.words, self.page = words, page
        self.running = blocks.running_head(words, page.width)
        self.foot = blocks.foot(words, page.width)
        self.inside = page.height - self.foot["height"] - self.running["height"]

    def room(self, drawing: Drawing) -> Room:
        least = LEAST_LABEL / drawing.smallest_label
        return Room(self.page.width / least, self.inside / least, self.inside / least)

    def plan(self, drawing: Drawing, pieces: Sequence[Piece], scale: float) -> Plan:
        sheets = [self.front()]
        for number in range(len(pieces)):
            sheet = _diagram_sheet(drawing, pieces, number, scale)
            sheets.append({**sheet, "head": self.running, "rows": [], "band": 0})
        return Plan(self.page, _finished(sheets, self.foot), scale, True, scale * drawing.smallest_label)

    def front(self) -> Values:
        """The texts as large as they have room, in the end at their usual size, side by side."""
        for zoom, in_rows in [*((zoom, True) for zoom in _ZOOMS), (1.0, False)]:
            head = blocks.head(self.words, self.page.width, zoom=zoom)
            names = blocks.names(self.words)
            rows = blocks.stacked(names, self.words, self.page.width, in_rows=in_rows, zoom=zoom)
            room = self.page.height - self.foot["height"] - head["height"] - GAP
            if _height_of(rows) <= room and all(map(blocks.is_wide_enough, rows)):
                break
        return {"kind": "front", "head": head, "rows": rows, "band": _height_of(rows)}


def _deal(names: Sequence[str], sheets: int) -> list[Sequence[str]]:
    """The blocks for each of so many sheets, in order; the contact comes on the last."""
    if sheets == 1:
        return [names]
    if sheets == 2:
        return [names[:1], names[1:]] if len(names) > 1 else [[], names]
    return [*([name] for name in names[:-1]), *([[]] * (3 - len(names))), names[-1:]]


def _height_of(rows: Sequence[Values]) -> float:
    return sum(one["height"] for one in rows) + GAP * max(len(rows) - 1, 0)


def _scale(drawing: Drawing, pieces: Sequence[Piece], width: float, first: float, below: float) -> float:
    """The largest at which every part has room: all have the same, so that they join."""
    fits = [
        min(width / piece.window.width, (below if piece.cell[1] else first) / piece.window.height) for piece in pieces
    ]
    return min(*fits, LARGEST_LABEL / drawing.smallest_label) if fits else 0


def _diagram_sheet(drawing: Drawing, pieces: Sequence[Piece], number: int, scale: float) -> Values:
    piece = pieces[number]
    return {
        "kind": "diagram",
        "svg": piece.draw(),
        "width": piece.window.width * scale,
        "height": piece.window.height * scale,
        # Sheets that hang side by side meet at the cut.
        "align": "center" if _columns(pieces) == 1 else "left" if piece.cell[0] else "right",
        "alt": _alternative(drawing, piece, number, len(pieces)),
    }


def _alternative(drawing: Drawing, piece: Piece, number: int, of: int) -> str:
    """The part of the text form whose steps the sheet shows."""
    steps = []
    for item in walk(as_text(drawing.model)):
        if item.kind is ItemKind.STEP and item.element in piece.elements:
            steps.append(f"{item.number}. {' '.join((item.text.rstrip('.') + '.', *item.notes))}")
    part = _(", Teil %(number)d von %(all)d") % {"number": number + 1, "all": of} if of > 1 else ""
    text = _("Prozessdiagramm%s. ") % part + " ".join(steps)
    return text if len(text) <= _ALT_LENGTH else text[:_ALT_LENGTH].rsplit(" ", 1)[0] + " …"


def _finished(sheets: Sequence[Values], foot: Values) -> list[Values]:
    """The sheets with their feet and numbers."""
    of = len(sheets)
    numbers = [
        _("Blatt %(number)d von %(all)d") % {"number": at, "all": of} if of > 1 else "" for at in range(1, of + 1)
    ]
    return [{**sheet, "foot": foot, "number": number} for sheet, number in zip(sheets, numbers, strict=True)]


# --- without ------------------------------------------------------------------------------------------------


def _steps(data: PosterData) -> list[str]:
    """The steps given, else those of the model."""
    given = [printable(step) for step in data.steps]
    if not any(given) and data.model:
        nodes = (data.model.nodes[item.element] for item in walk(as_text(data.model)) if item.kind is ItemKind.STEP)
        for node in nodes:
            lane = lane_of(data.model, node)
            given.append(
                printable(": ".join(part for part in (lane.name if lane else "", node.name) if node.name and part))
            )
    return [divisible(step, WIDE) for step in given if step]


def _with_steps(words: Words, steps: Sequence[str], note: str) -> Plan:
    page = Page(is_portrait=True)
    texts = _Beside(words, page, 1)
    if not steps:
        sheet = _Behind(words, page).front()
        return Plan(page, _finished([sheet], texts.foot))
    front = [_Behind(words, page).front()] if texts.first < _LEAST_FOR_STEPS else []
    for size in _STEP_SIZES:
        sheets = _step_sheets(steps, size, page.width, texts, front)
        if len(sheets) == 1 + len(front):
            break
    sheets[-1]["notes"] += [note] if note else []
    return Plan(page, _finished(sheets, texts.foot))


def _step_sheets(
    steps: Sequence[str], size: float, width: float, texts: _Beside, front: Sequence[Values]
) -> list[Values]:
    """The steps at one size, above the blocks of the first sheet or behind `front`, then on one more sheet at most."""
    sheets = list(front)
    left = list(enumerate(steps, start=1))
    while left and len(sheets) < _MOST_STEP_SHEETS:
        is_first = not sheets
        taken = _take(left, size, width - 3 * size, texts.first if is_first else texts.below)
        left = left[len(taken) :]
        sheets.append(
            {
                "kind": "steps",
                "size": size,
                "steps": [{"number": number, "text": text} for number, text in taken],
                "notes": [],
                "head": texts.head if is_first else texts.running,
                "rows": texts.dealt[0] if is_first else [],
                "band": texts.band if is_first else 0,
            }
        )
    if left:
        more = ngettext("Ein weiterer Schritt steht im Portal.", "%(n)d weitere Schritte stehen im Portal.", len(left))
        sheets[-1]["notes"].append(more % {"n": len(left)})
    return sheets


def _take(steps: Sequence[tuple[int, str]], size: float, measure: float, room: float) -> list[tuple[int, str]]:
    """The first of `steps`, as many as have room under the heading with two lines left for notes; one at least."""
    taken: list[tuple[int, str]] = []
    room -= size * LEADING * 3.5
    for number, step in steps:
        text = shorten(step, size, measure, 3)
        room -= count_lines(text, size, measure) * size * LEADING + size * 0.45
        if room < 0 and taken:
            break
        taken.append((number, text))
    return taken
