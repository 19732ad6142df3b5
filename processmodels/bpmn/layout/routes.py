"""Lines between cells: level and upright, around the nodes, loops led back below their row.

A route is planned in words (from the right of the source, along channel 3, into the left of the target)
before any length is known: channels are the strips between columns, gaps those between rows, and both grow
with the number of lines that run in them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from processmodels.bpmn.layout.grid import Grid
from processmodels.bpmn.layout.scope import Link
from processmodels.bpmn.model import GATEWAYS, Bounds, Point

# More lines side by side cannot be told apart anyway; the rest shares the last track.
_MOST_TRACKS = 40


@dataclass(frozen=True)
class Channel:
    """The strip left of a column, and the track in it."""

    column: int
    track: int


@dataclass(frozen=True)
class Gap:
    """The strip above a row, and the track in it."""

    row: int
    track: int


@dataclass(frozen=True)
class Route:
    """Where a line leaves (right, bottom, top), the strips it turns into, and where it arrives (left, bottom, top)."""

    link: Link
    leaves: str
    turns: tuple[Channel | Gap, ...]
    arrives: str


@dataclass
class Tracks:
    """Which stretch of a strip is taken by which target: lines to the same target share a track."""

    taken: dict[tuple[str, int], list[list[tuple[int, int, str]]]] = field(default_factory=dict)

    def take(self, kind: str, strip: int, one: int, other: int, target: str) -> int:
        low, high = sorted((one, other))
        tracks = self.taken.setdefault((kind, strip), [])
        for number, stretches in enumerate(tracks):
            if all(owner == target or high < first or low > last for first, last, owner in stretches):
                stretches.append((low, high, target))
                return number
        if len(tracks) == _MOST_TRACKS:
            return _MOST_TRACKS - 1
        tracks.append([(low, high, target)])
        return len(tracks) - 1

    def number(self, kind: str, strip: int) -> int:
        return len(self.taken.get((kind, strip), ()))


class Planner:
    """Plans the routes of one grid."""

    def __init__(self, grid: Grid, kinds: dict[str, str]) -> None:
        self.grid = grid
        self.kinds = kinds
        self.tracks = Tracks()

    def plan(self, link: Link) -> Route:
        row, column = self.grid.cells[link.start]
        to_row, to_column = self.grid.cells[link.end]
        is_side_exit = link.flow.source != link.start or self.kinds[link.start] in GATEWAYS
        if to_column <= column:
            return self._back(link, row, column, to_row, to_column)
        if row == to_row and link.flow.source == link.start and self.grid.is_free(row, column + 1, to_column - 1):
            return Route(link, "right", (), "left")
        if row != to_row and (simple := self._simple(link, is_side_exit)):
            return simple
        return self._around(link, is_side_exit)

    def _simple(self, link: Link, is_side_exit: bool) -> Route | None:
        """One or two corners, when nothing stands in the way."""
        grid = self.grid
        row, column = grid.cells[link.start]
        to_row, to_column = grid.cells[link.end]
        is_down = to_row > row
        between = (row + 1, to_row - 1) if is_down else (to_row + 1, row - 1)
        is_source_row_free = grid.is_free(row, column + 1, to_column - 1)
        is_target_row_free = grid.is_free(to_row, column + 1, to_column - 1)
        if is_side_exit:
            is_boundary = link.flow.source != link.start
            beside = grid.is_free(to_row, column, column) and grid.is_column_free(column, *between)
            if beside and is_target_row_free and (is_down or not is_boundary):
                return Route(link, "bottom" if is_down else "top", (), "left")
            return None
        is_corner_free = grid.is_free(row, to_column, to_column) and grid.is_column_free(to_column, *between)
        if self.kinds[link.end] in GATEWAYS and is_source_row_free and is_corner_free:
            return Route(link, "right", (), "top" if is_down else "bottom")
        if is_target_row_free or is_source_row_free:
            strip = column + 1 if is_target_row_free else to_column
            track = self.tracks.take("channel", strip, 2 * row + 1, 2 * to_row + 1, link.end)
            return Route(link, "right", (Channel(strip, track),), "left")
        return None

    def _around(self, link: Link, is_side_exit: bool) -> Route:
        row, column = self.grid.cells[link.start]
        to_row, to_column = self.grid.cells[link.end]
        gap = row if to_row < row and link.flow.source == link.start else row + 1
        last = self._channel(to_column, gap, to_row, link.end)
        if is_side_exit:
            track = self.tracks.take("gap", gap, 2 * column + 1, 2 * to_column, link.end)
            return Route(link, "bottom" if gap > row else "top", (Gap(gap, track), last), "left")
        first = self.tracks.take("channel", column + 1, 2 * row + 1, 2 * gap, link.end)
        track = self.tracks.take("gap", gap, 2 * column + 2, 2 * to_column, link.end)
        return Route(link, "right", (Channel(column + 1, first), Gap(gap, track), last), "left")

    def _back(self, link: Link, row: int, column: int, to_row: int, to_column: int) -> Route:
        gap = row + 1
        if link.start == link.end and link.flow.source == link.start:
            first = self.tracks.take("channel", column + 1, 2 * row + 1, 2 * gap, link.end)
            track = self.tracks.take("gap", gap, 2 * column + 1, 2 * column + 2, link.end)
            return Route(link, "right", (Channel(column + 1, first), Gap(gap, track)), "bottom")
        if row == to_row:
            track = self.tracks.take("gap", gap, 2 * column + 1, 2 * to_column + 1, link.end)
            return Route(link, "bottom", (Gap(gap, track),), "bottom")
        last = self._channel(to_column, gap, to_row, link.end)
        track = self.tracks.take("gap", gap, 2 * column + 1, 2 * to_column, link.end)
        return Route(link, "bottom", (Gap(gap, track), last), "left")

    def _channel(self, column: int, gap: int, row: int, target: str) -> Channel:
        return Channel(column, self.tracks.take("channel", column, 2 * gap, 2 * row + 1, target))


@dataclass(frozen=True)
class Strips:
    """Where the strips lie: the first track of each channel (x) and gap (y), and the distance of tracks."""

    channels: list[float]
    gaps: list[float]
    step: float

    def x(self, channel: Channel) -> float:
        return self.channels[channel.column] + channel.track * self.step

    def y(self, gap: Gap) -> float:
        return self.gaps[gap.row] + gap.track * self.step


def trace(route: Route, source: Bounds, target: Bounds, strips: Strips) -> list[Point]:
    """The points of a route, now that everything has its place."""
    points = [_side(source, route.leaves)]
    for turn in route.turns:
        last = points[-1]
        if isinstance(turn, Channel):
            points.append(Point(strips.x(turn), last.y))
        else:
            points.append(Point(last.x, strips.y(turn)))
    end, last = _side(target, route.arrives), points[-1]
    comes_level = isinstance(route.turns[-1], Gap) if route.turns else route.leaves == "right"
    if route.arrives == "left" and not comes_level:
        points.append(Point(last.x, end.y))
    elif route.arrives != "left" and comes_level:
        points.append(Point(end.x, last.y))
    points.append(end)
    return _without_doubles(points)


def _side(box: Bounds, side: str) -> Point:
    centre = box.centre
    return {
        "right": Point(box.right, centre.y),
        "left": Point(box.x, centre.y),
        "top": Point(centre.x, box.y),
        "bottom": Point(centre.x, box.bottom),
    }[side]


def _without_doubles(points: list[Point]) -> list[Point]:
    return [point for at, point in enumerate(points) if not at or point != points[at - 1]]
