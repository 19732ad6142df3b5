"""A drawing cut into parts that hang side by side: each an SVG of its own, joined by marks with letters.

Lanes and pools begin anew on each part, with their names. A line that is cut ends at a mark and goes on at the
mark with the same letter on another part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count, pairwise
from string import ascii_uppercase

from processmodels.bpmn.model import Bounds, Flow, Plane, Point, Shape
from processmodels.diagram import svg
from processmodels.diagram.look import Figure
from processmodels.diagram.render import MARGIN, render
from processmodels.diagram.shapes import HEADER
from processmodels.poster.cuts import Part, split
from processmodels.poster.drawing import Drawing

# The strip between the cut and the edge of the part, where the marks stand.
STRIP = 44.0
_TAG_WIDTH, _TAG_HEIGHT, _TAG_TEXT = 36.0, 22.0, 14.0
_ACCENT = "#003b7a"
# What cutting through a line, or through a group or open sub-process, costs.
_LINE_COST, _FRAME_COST = 1.0, 6.0
Cell = tuple[int, int]
# From a tag towards the drawing.
_INWARDS = {"right": (-1, 0), "left": (1, 0), "bottom": (0, -1), "top": (0, 1)}


@dataclass
class Run:
    """A stretch of the line with the number `at` that lies in one part."""

    at: int
    points: list[Point]


@dataclass(frozen=True)
class Mark:
    """The letter of a cut line, on the side of a part at which it stands; where the flow is heading."""

    letter: str
    run: Run
    side: str
    heading: str
    leaves: bool

    @property
    def place(self) -> Point:
        return self.run.points[-1 if self.leaves else 0]


@dataclass
class Piece:
    """One part of the drawing: in which column and row it hangs, what it shows, how large it is in its own units."""

    cell: Cell
    window: Bounds
    runs: list[Run] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    marks: list[Mark] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    # Makes the SVG, once.
    draw: Callable[[], str] = str


@dataclass(frozen=True)
class Room:
    """How large the parts may be, in units of the diagram; those below the first row have more height."""

    width: float
    height: float
    height_below: float


def cut(drawing: Drawing, room: Room) -> list[Piece] | None:
    """The parts of `drawing`, row by row, none larger than `room`; None where something is larger than a sheet."""
    whole, solids = drawing.whole, drawing.solids.values()
    headers = HEADER * _depth(drawing)
    crossed = [point_span for _flow, _edge, points in drawing.lines for point_span in pairwise(points)]
    across = [(min(a.x, b.x), max(a.x, b.x), _LINE_COST) for a, b in crossed]
    across += [(box.x, box.right, _FRAME_COST) for box in drawing.frames]
    down = [(min(a.y, b.y), max(a.y, b.y), _LINE_COST) for a, b in crossed]
    down += [(box.y, box.bottom, _FRAME_COST) for box in drawing.frames]
    columns = [Part(whole.x, whole.right, whole.x, whole.right)]
    if whole.width > room.width:
        found = split(
            [solid.across() for solid in solids],
            across,
            (whole.x, whole.right),
            lambda number: room.width - (STRIP + headers + MARGIN if number else 0) - STRIP - MARGIN,
        )
        if not found:
            return None
        columns = found
    rows = [Part(whole.y, whole.bottom, whole.y, whole.bottom)]
    if whole.height > room.height:
        found = split(
            [solid.down() for solid in solids],
            down,
            (whole.y, whole.bottom),
            lambda number: (room.height_below - STRIP - headers - MARGIN if number else room.height) - STRIP - MARGIN,
        )
        if not found:
            return None
        rows = found
    return _Cutter(drawing, columns, rows, headers).pieces()


def _depth(drawing: Drawing) -> int:
    return 1 + max((_level(drawing, figure) for figure in drawing.figures.values() if _has_header(figure)), default=-1)


def _has_header(figure: Figure) -> bool:
    return figure.node.type in ("participant", "lane")


def _level(drawing: Drawing, figure: Figure) -> int:
    """How many headers stand before the one of this pool or lane."""
    level, node, seen = 0, figure.node, {figure.node.id}
    while node.type == "lane" and (holder := drawing.model.nodes.get(node.container)) and holder.id not in seen:
        level, node = level + 1, holder
        seen.add(node.id)
    process = drawing.model.processes.get(node.container) if node.type == "lane" else None
    return level + (1 if process and process.participant in drawing.figures else 0)


class _Cutter:
    def __init__(self, drawing: Drawing, columns: Sequence[Part], rows: Sequence[Part], headers: float) -> None:
        self.drawing, self.columns, self.rows, self.headers = drawing, columns, rows, headers
        self.is_turned = any(
            not figure.shape.is_horizontal for figure in drawing.figures.values() if _has_header(figure)
        )
        self._pieces: dict[Cell, Piece] = {}
        for row in range(len(rows)):
            for column in range(len(columns)):
                self._pieces[column, row] = Piece((column, row), self._window(column, row))
        self.letters = _letters()

    def pieces(self) -> list[Piece]:
        home = {key: self._cell(solid.anchor.centre) for key, solid in self.drawing.solids.items()}
        for at, (flow, _edge, points) in enumerate(self.drawing.lines):
            self._add_line(at, flow, points, home)
        for identity, cell in home.items():
            self._pieces[cell].elements.add(identity)
        for piece in self._pieces.values():
            piece.draw = partial(self._draw, piece)
        return [piece for piece in self._pieces.values() if piece.elements or piece.runs or self._has_black_box(piece)]

    def _has_black_box(self, piece: Piece) -> bool:
        """Whether it shows a pool of whose process nothing is known: it is named in its middle and holds nothing."""
        shown = {process.participant for process in self.drawing.model.processes.values()}
        pools = (figure for figure in self.drawing.figures.values() if figure.node.type == "participant")
        return any(pool.node.id not in shown and self._clipped(pool, piece) for pool in pools)

    # --- where things are ---

    def _cell(self, point: Point) -> Cell:
        column = bisect_right([part.begin for part in self.columns], point.x) - 1
        row = bisect_right([part.begin for part in self.rows], point.y) - 1
        return min(max(column, 0), len(self.columns) - 1), min(max(row, 0), len(self.rows) - 1)

    def _window(self, column: int, row: int) -> Bounds:
        """What the SVG of a part shows: its content, strips for marks at the cuts, room for repeated names."""
        across, down = self.columns[column], self.rows[row]
        left = across.low - self._strip_before(column, is_across=True)
        top = down.low - self._strip_before(row, is_across=False)
        right = across.high + (STRIP + MARGIN if column < len(self.columns) - 1 else 0)
        bottom = down.high + (STRIP + MARGIN if row < len(self.rows) - 1 else 0)
        return Bounds(left, top, right - left, bottom - top)

    def _strip_before(self, number: int, *, is_across: bool) -> float:
        has_names = is_across != self.is_turned
        return STRIP + MARGIN + (self.headers if has_names else 0) if number else 0

    # --- lines ---

    def _add_line(self, at: int, flow: Flow, points: Sequence[Point], home: dict[str, Cell]) -> None:
        runs = self._runs(at, points)
        first, last = home.get(flow.source, runs[0][0]), home.get(flow.target, runs[-1][0])
        if first != runs[0][0]:
            runs.insert(0, (first, Run(at, [points[0]])))
        if last != runs[-1][0]:
            runs.append((last, Run(at, [points[-1]])))
        for cell, run in runs:
            self._pieces[cell].runs.append(run)
        if named := home.get(f"name {at}"):
            self._pieces[named].named.add(flow.id)
        for (cell, run), (next_cell, next_run) in pairwise(runs):
            letter = next(self.letters)
            side, back = _sides(cell, next_cell)
            self._pieces[cell].marks.append(Mark(letter, run, side, side, leaves=True))
            self._pieces[next_cell].marks.append(Mark(letter, next_run, back, side, leaves=False))

    def _runs(self, at: int, points: Sequence[Point]) -> list[tuple[Cell, Run]]:
        """The line in stretches that each lie in one cell; a stretch ends where the next begins."""
        runs: list[tuple[Cell, Run]] = []
        for start, end in pairwise(points):
            for one, other in pairwise([start, *self._crossings(start, end), end]):
                cell = self._cell(Point((one.x + other.x) / 2, (one.y + other.y) / 2))
                if runs and runs[-1][0] == cell:
                    runs[-1][1].points.append(other)
                else:
                    runs.append((cell, Run(at, [one, other])))
        return runs

    def _crossings(self, start: Point, end: Point) -> list[Point]:
        """Where a straight line passes from one part to the next."""
        dx, dy = end.x - start.x, end.y - start.y
        shares = {
            (part.begin - start.x) / dx for part in self.columns[1:] if dx and _between(start.x, part.begin, end.x)
        }
        shares |= {(part.begin - start.y) / dy for part in self.rows[1:] if dy and _between(start.y, part.begin, end.y)}
        return [Point(start.x + dx * share, start.y + dy * share) for share in sorted(shares)]

    # --- drawing ---

    def _draw(self, piece: Piece) -> str:
        overlay = self._overlay(piece)
        shapes = [shape for one in self.drawing.plane.shapes if (shape := self._part_of(one, piece))]
        edges = [replace(self.drawing.lines[run.at][1], points=tuple(run.points)) for run in piece.runs]
        flows = {edge.element: self.drawing.model.flows[edge.element] for edge in edges}
        flows = {key: flow if key in piece.named else replace(flow, name="") for key, flow in flows.items()}
        plane = Plane(self.drawing.plane.element, "", tuple(shapes), tuple(edges))
        model = replace(self.drawing.model, planes=(plane,), flows=flows)
        return render(model, window=piece.window, overlay=overlay, lettering=self.drawing.lettering)

    def _part_of(self, shape: Shape, piece: Piece) -> Shape | None:
        figure = self.drawing.figures.get(shape.element)
        if figure is None:
            return None
        if not self.drawing.is_frame(figure):
            return shape if shape.element in piece.elements else None
        box = self._clipped(figure, piece)
        return replace(shape, bounds=box) if box else None

    def _clipped(self, figure: Figure, piece: Piece) -> Bounds | None:
        """The part of a pool, lane, group or open sub-process; its header comes again behind each cut."""
        (column, row), box = piece.cell, figure.box
        across, down = self.columns[column], self.rows[row]
        if not (box.x < across.end and box.right > across.begin and box.y < down.end and box.bottom > down.begin):
            return None
        level = HEADER * _level(self.drawing, figure) if _has_header(figure) else self.headers
        left, top = box.x, box.y
        if column and left < across.begin:
            left = across.low - self._strip_before(column, is_across=True) + MARGIN + (0 if self.is_turned else level)
        if row and top < down.begin:
            top = down.low - self._strip_before(row, is_across=False) + MARGIN + (level if self.is_turned else 0)
        right = across.high + STRIP if column < len(self.columns) - 1 and box.right > across.end else box.right
        bottom = down.high + STRIP if row < len(self.rows) - 1 and box.bottom > down.end else box.bottom
        return Bounds(left, top, max(right - left, 1), max(bottom - top, 1))

    def _overlay(self, piece: Piece) -> str:
        """The tags, which the cut lines are drawn up to, and a broken line along each cut."""
        window, (column, row) = piece.window, piece.cell
        right, bottom = window.right - MARGIN, window.bottom - MARGIN
        drawn = []
        if column < len(self.columns) - 1:
            drawn.append(_broken(right, window.y, right, window.bottom))
        if row < len(self.rows) - 1:
            drawn.append(_broken(window.x, bottom, window.right, bottom))
        for side in ("right", "left", "bottom", "top"):
            for mark, centre in self._spread(piece, side):
                aside, below = _INWARDS[side]
                end = Point(centre.x + aside * _TAG_WIDTH / 2, centre.y + below * _TAG_HEIGHT / 2)
                mark.run.points.insert(len(mark.run.points) if mark.leaves else 0, end)
                drawn.append(_tag(mark, centre))
        return "".join(drawn)

    def _spread(self, piece: Piece, side: str) -> list[tuple[Mark, Point]]:
        """The marks of one side in the middle of its strip, moved apart where they would touch."""
        across, down = self.columns[piece.cell[0]], self.rows[piece.cell[1]]
        middle = {
            "right": across.high + STRIP / 2,
            "left": across.low - STRIP / 2,
            "bottom": down.high + STRIP / 2,
            "top": down.low - STRIP / 2,
        }[side]
        is_level = side in ("right", "left")
        step = (_TAG_HEIGHT if is_level else _TAG_WIDTH) + 2
        marks = [mark for mark in piece.marks if mark.side == side]
        marks.sort(key=lambda mark: mark.place.y if is_level else mark.place.x)
        placed = _apart([mark.place.y if is_level else mark.place.x for mark in marks], step)
        return [
            (mark, Point(middle, place) if is_level else Point(place, middle))
            for mark, place in zip(marks, placed, strict=True)
        ]


def _between(one: float, place: float, other: float) -> bool:
    return min(one, other) < place < max(one, other)


def _apart(wanted: Sequence[float], step: float) -> list[float]:
    """`wanted`, which is sorted, with at least `step` between neighbours."""
    placed: list[float] = []
    for place in wanted:
        placed.append(max(place, placed[-1] + step) if placed else place)
    return placed


def _sides(cell: Cell, other: Cell) -> tuple[str, str]:
    """On which side of `cell` a line leaves it for `other`, and on which side of `other` it comes in."""
    if cell[0] != other[0]:
        return ("right", "left") if cell[0] < other[0] else ("left", "right")
    return ("bottom", "top") if cell[1] < other[1] else ("top", "bottom")


def _letters() -> Iterator[str]:
    """A to Z, then A2 to Z2, and so on."""
    for number in count(1):
        for letter in ascii_uppercase:
            yield letter + (str(number) if number > 1 else "")


def _broken(x1: float, y1: float, x2: float, y2: float) -> str:
    """A broken line on a white one, which opens the frames at the cut."""
    lines = (("#ffffff", 4, ""), (_ACCENT, 1.5, "7 5"))
    return "".join(
        svg.element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=ink, stroke_width=width, stroke_dasharray=dashes)
        for ink, width, dashes in lines
    )


def _tag(mark: Mark, centre: Point) -> str:
    """ "A ▸" where a flow leaves to the right, "▸ A" where it comes in from the left."""
    x, y = centre.x, centre.y
    surface = svg.element(
        "rect",
        x=x - _TAG_WIDTH / 2,
        y=y - _TAG_HEIGHT / 2,
        width=_TAG_WIDTH,
        height=_TAG_HEIGHT,
        rx=4,
        fill=_ACCENT,
    )
    aside = -1 if mark.side == "left" else 1
    text = svg.element(
        "text",
        svg.escape(mark.letter),
        x=x - 6 * aside,
        y=y + _TAG_TEXT * 0.35,
        fill="#ffffff",
        font_size=_TAG_TEXT,
        font_weight="600",
        text_anchor="middle",
    )
    return svg.group(surface, _arrow(mark.heading, x + 10 * aside, y), text)


def _arrow(heading: str, x: float, y: float) -> str:
    corners = [(5.0, 0.0), (-4.0, -5.5), (-4.0, 5.5)]
    sign = -1 if heading in ("left", "top") else 1
    if heading in ("top", "bottom"):
        corners = [(b, a) for a, b in corners]
    return svg.polygon([(x + a * sign, y + b * sign) for a, b in corners], fill="#ffffff")
