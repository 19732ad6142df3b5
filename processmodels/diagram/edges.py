"""Lines: sequence flows, message flows and associations, with what stands at their ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from processmodels.bpmn.model import ACTIVITIES, EVENTS, GATEWAYS, Bounds, Edge, Flow, Point
from processmodels.diagram import colours, svg
from processmodels.diagram.look import LINE, THIN, Figure
from processmodels.diagram.svg import LIMIT

_CORNER = 6
_HEAD = 9.0
_HEAD_HALF = 4.0


def line(edge: Edge, source: Figure | None, target: Figure | None) -> list[Point]:
    """The points of `edge`: finite, none twice in a row, cut where they run into the shapes at its ends."""
    found: list[Point] = []
    for point in edge.points:
        if not (math.isfinite(point.x) and math.isfinite(point.y)):
            continue
        kept = Point(max(-LIMIT, min(LIMIT, point.x)), max(-LIMIT, min(LIMIT, point.y)))
        if not found or found[-1] != kept:
            found.append(kept)
    if len(found) < 2:
        return []
    if source:
        found = _cut_start(found, source)
    if target and len(found) > 1:
        found = _cut_start(found[::-1], target)[::-1]
    return found if len(found) > 1 else []


def _cut_start(points: list[Point], figure: Figure) -> list[Point]:
    """Without the part that lies inside the shape it starts from; all of it when it never leaves."""
    inside = 0
    while inside < len(points) and _is_inside(points[inside], figure):
        inside += 1
    if inside in (0, len(points)):
        return points
    return [_border(points[inside - 1], points[inside], figure), *points[inside:]]


def _is_inside(point: Point, figure: Figure) -> bool:
    """Whether a point lies inside the outline itself, not on it: circle, diamond or rectangle."""
    box = figure.box
    x = abs(point.x - box.centre.x) / (box.width / 2)
    y = abs(point.y - box.centre.y) / (box.height / 2)
    if figure.node.type in EVENTS:
        return math.hypot(x, y) < 0.97
    return (x + y if figure.node.type in GATEWAYS else max(x, y)) < 0.97


def _border(inside: Point, outside: Point, figure: Figure) -> Point:
    low, high = 0.0, 1.0
    for _step in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if _is_inside(_between(inside, outside, middle), figure) else (low, middle)
    return _between(inside, outside, high)


def _between(one: Point, other: Point, share: float) -> Point:
    return Point(one.x + (other.x - one.x) * share, one.y + (other.y - one.y) * share)


def _distance(one: Point, other: Point) -> float:
    return math.hypot(other.x - one.x, other.y - one.y)


def along(start: Point, end: Point, distance: float) -> Point:
    length = _distance(start, end)
    return _between(start, end, distance / length) if length else start


def middle(points: Sequence[Point]) -> tuple[Point, bool]:
    """The point half way along the line, and whether the line is rather level there."""
    half = sum(_distance(a, b) for a, b in pairwise(points)) / 2
    for start, end in pairwise(points):
        length = _distance(start, end)
        if half <= length and length:
            return along(start, end, half), abs(end.x - start.x) >= abs(end.y - start.y)
        half -= length
    return points[-1], True


def path_data(points: Sequence[Point], *, rounded: bool) -> str:
    n = svg.number
    parts = [f"M{n(points[0].x)} {n(points[0].y)}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_CORNER, _distance(before, corner) / 2, _distance(corner, after) / 2) if rounded else 0
        if radius < 0.5:
            parts.append(f"L{n(corner.x)} {n(corner.y)}")
            continue
        into, out = along(corner, before, radius), along(corner, after, radius)
        parts.append(f"L{n(into.x)} {n(into.y)}Q{n(corner.x)} {n(corner.y)} {n(out.x)} {n(out.y)}")
    parts.append(f"L{n(points[-1].x)} {n(points[-1].y)}")
    return "".join(parts)


def _across(tip: Point, tail: Point, distance: float, half: float) -> tuple[Point, Point]:
    """The two points beside the line, `distance` back from `tip`."""
    length = _distance(tip, tail) or 1
    back = Point(tip.x + (tail.x - tip.x) / length * distance, tip.y + (tail.y - tip.y) / length * distance)
    aside_x, aside_y = (tail.y - tip.y) / length * half, -(tail.x - tip.x) / length * half
    return Point(back.x + aside_x, back.y + aside_y), Point(back.x - aside_x, back.y - aside_y)


def _pairs(*points: Point) -> list[tuple[float, float]]:
    return [(point.x, point.y) for point in points]


def _head(tip: Point, tail: Point, fill: str) -> str:
    left, right = _across(tip, tail, _HEAD, _HEAD_HALF)
    return svg.polygon(_pairs(tip, left, right), fill=fill, stroke_width=1, stroke_linejoin="round")


def _open_head(tip: Point, tail: Point) -> str:
    left, right = _across(tip, tail, 7, 4.5)
    drawn = f"M{svg.points(_pairs(left))}L{svg.points(_pairs(tip))}L{svg.points(_pairs(right))}"
    return svg.path(drawn, stroke_linecap="round", stroke_linejoin="round")


def flow(flow: Flow, edge: Edge, points: Sequence[Point], source: Figure | None) -> str:
    """The whole line of a flow, without its name."""
    ink = colours.known(edge.stroke, colours.INK)
    if flow.type == "sequenceFlow":
        drawn = _sequence(flow, points, source, ink)
    elif flow.type == "messageFlow":
        drawn = _message(points)
    else:
        drawn = _association(flow, points)
    return svg.group(drawn, stroke=ink, fill="none", stroke_width=LINE)


def _shortened(points: Sequence[Point], by: float) -> list[Point]:
    """The line without the last bit, which the arrow head covers."""
    last = min(by, _distance(points[-1], points[-2]) * 0.8)
    return [*points[:-1], along(points[-1], points[-2], last)]


def _sequence(flow: Flow, points: Sequence[Point], source: Figure | None, ink: str) -> str:
    drawn = svg.path(path_data(_shortened(points, 5), rounded=True), stroke_linejoin="round")
    drawn += _head(points[-1], points[-2], ink)
    kind = source.node.type if source else ""
    if flow.is_conditional and kind in ACTIVITIES:
        tip = along(points[0], points[1], 16)
        left, right = _across(points[0], points[1], 8, 4.5)
        drawn += svg.polygon(_pairs(points[0], left, tip, right), fill=colours.PAPER, stroke_width=THIN)
    if flow.is_default and (kind in ACTIVITIES or kind in GATEWAYS):
        drawn += _slash(points)
    return drawn


def _slash(points: Sequence[Point]) -> str:
    near, _ = _across(points[0], points[1], 7, 5)
    _, far = _across(points[0], points[1], 13, 5)
    return svg.path(f"M{svg.points(_pairs(near))}L{svg.points(_pairs(far))}")


def _message(points: Sequence[Point]) -> str:
    first = points[0]
    return (
        svg.path(path_data(_shortened(points, _HEAD), rounded=True), stroke_dasharray="8 5")
        + svg.circle(first.x, first.y, 3.5, fill=colours.PAPER)
        + _head(points[-1], points[-2], colours.PAPER)
    )


def _association(flow: Flow, points: Sequence[Point]) -> str:
    drawn = svg.path(
        path_data(points, rounded=False), stroke_dasharray="0.5 4", stroke_linecap="round", stroke_width=1.8
    )
    if flow.type.startswith("data") or flow.direction in ("one", "both"):
        drawn += _open_head(points[-1], points[-2])
    if flow.direction == "both":
        drawn += _open_head(points[0], points[1])
    return drawn


def around(points: Sequence[Point]) -> Bounds:
    xs, ys = [point.x for point in points], [point.y for point in points]
    return Bounds(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
