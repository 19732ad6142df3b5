"""From cells to places: the size of rows and columns, the boxes of the nodes, the points of the lines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from processmodels.bpmn.layout.grid import Grid, arrange
from processmodels.bpmn.layout.routes import Gap, Planner, Route, Strips, trace
from processmodels.bpmn.layout.scope import Scope
from processmodels.bpmn.model import GATEWAYS, Bounds, Edge, Node, Point
from processmodels.diagram.labels import fit
from processmodels.diagram.look import usual_size
from processmodels.diagram.outside import LABELLED, fitted_name
from processmodels.diagram.outside import WIDTH as LABEL_WIDTH

CHANNEL, GAP, STEP = 50.0, 44.0, 12.0
# The line between two lanes lies this far above the rows of the lower one.
LANE_EDGE = 14.0
_ROW = 80.0
_EVENT = 36.0
_AIR = 4.0


@dataclass
class Placed:
    """A scope with its content placed about (0, 0)."""

    width: float
    height: float
    boxes: dict[str, Bounds] = field(default_factory=dict)
    labels: dict[str, Bounds] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    # The upper edge of each lane, and the lower edge of the last.
    lane_edges: list[float] = field(default_factory=list)


def place(scope: Scope, inner: Mapping[str, tuple[float, float]]) -> Placed:
    """Lays `scope` out; `inner` has the sizes of its open sub-processes."""
    grid = arrange(scope)
    nodes = {node.id: node for node in [*scope.nodes, *(node for node, _host in scope.beside)]}
    sizes = {identity: _size(node, inner, scope) for identity, node in nodes.items()}
    planner = Planner(grid, {identity: node.type for identity, node in nodes.items()})
    routes = [planner.plan(link) for link in scope.links]
    columns, channels, width = _columns(grid, nodes, sizes, planner, routes)
    rows, gaps, height = _rows(grid, sizes, planner)
    placed = Placed(width, height)
    for identity, (row, column) in grid.cells.items():
        own_width, own_height = sizes[identity]
        (left, room), (top, tall) = columns[column], rows[row]
        if row in grid.wide:
            room = own_width
            placed.width = max(placed.width, left + room)
        placed.boxes[identity] = Bounds(
            left + (room - own_width) / 2, top + (tall - own_height) / 2, own_width, own_height
        )
    _place_boundary(scope, placed)
    strips = Strips(channels, gaps, STEP)
    for route in routes:
        _add_edge(route, placed, strips)
    _place_names(nodes, placed)
    placed.lane_edges = [_lane_edge(row, gaps, rows, height) for row in grid.bands]
    return placed


def _size(node: Node, inner: Mapping[str, tuple[float, float]], scope: Scope) -> tuple[float, float]:
    if node.id in inner:
        width, height = inner[node.id]
    elif node.type == "textAnnotation":
        width = 110.0
        height = fit(node.name, width - 10, math.inf).height + 10
    else:
        width, height = usual_size(node.type)
    on_border = len(scope.boundary.get(node.id, ()))
    return max(width, on_border * (_EVENT + 10) + 20 if on_border else 0), height


def _columns(
    grid: Grid,
    nodes: Mapping[str, Node],
    sizes: Mapping[str, tuple[float, float]],
    planner: Planner,
    routes: list[Route],
) -> tuple[list[tuple[float, float]], list[float], float]:
    """Left edge and width of each column, the first track of each channel, and the width of all."""
    widths = [50.0] * grid.columns
    for identity, (row, column) in grid.cells.items():
        if row in grid.wide:
            continue
        is_named = bool(nodes[identity].name) and nodes[identity].type in LABELLED
        widths[column] = max(widths[column], sizes[identity][0], LABEL_WIDTH if is_named else 0)
    wanted = [CHANNEL] * (grid.columns + 1)
    for route in routes:
        if route.link.flow.name and route.leaves == "right":
            column = grid.cells[route.link.start][1] + 1
            room = (widths[column - 1] - sizes[route.link.start][0]) / 2
            wanted[column] = max(wanted[column], fitted_name(route.link.flow.name).width + 24 - room)
    columns, channels, x = [], [], 0.0
    for column in range(grid.columns + 1):
        tracks = planner.tracks.number("channel", column)
        is_outer = column in (0, grid.columns)
        room = max(0.0 if is_outer and not tracks else wanted[column], CHANNEL + (tracks - 1) * STEP if tracks else 0)
        channels.append(x + (room - max(tracks - 1, 0) * STEP) / 2)
        x += room
        if column < grid.columns:
            columns.append((x, widths[column]))
            x += widths[column]
    return columns, channels, x


def _rows(
    grid: Grid, sizes: Mapping[str, tuple[float, float]], planner: Planner
) -> tuple[list[tuple[float, float]], list[float], float]:
    heights = [_ROW] * grid.rows
    for identity, (row, _column) in grid.cells.items():
        heights[row] = max(heights[row], sizes[identity][1])
    rows, gaps, y = [], [], 0.0
    for row in range(grid.rows + 1):
        tracks = planner.tracks.number("gap", row)
        is_outer = row in (0, grid.rows)
        room = (GAP / 2 if is_outer and not tracks else GAP) + max(tracks - 1, 0) * STEP
        gaps.append(y + min(22.0, room / 2))
        y += room
        if row < grid.rows:
            rows.append((y, heights[row]))
            y += heights[row]
    return rows, gaps, y


def _lane_edge(row: int, gaps: list[float], rows: list[tuple[float, float]], height: float) -> float:
    if row == 0:
        return 0.0
    return rows[row][0] - LANE_EDGE if row < len(rows) else height


def _place_boundary(scope: Scope, placed: Placed) -> None:
    """Events on the lower border of their host, from the right."""
    for host, events in scope.boundary.items():
        box = placed.boxes[host]
        for at, event in enumerate(events):
            x = box.right - 10 - _EVENT - at * (_EVENT + 10)
            placed.boxes[event.id] = Bounds(x, box.bottom - _EVENT / 2, _EVENT, _EVENT)


def _place_names(nodes: Mapping[str, Node], placed: Placed) -> None:
    """Names of gateways above, since their branches leave below; the others stand below by themselves."""
    ends = {point for edge in placed.edges for point in (edge.points[0], edge.points[-1])}
    for node in nodes.values():
        if node.type not in GATEWAYS or not node.name:
            continue
        box, size = placed.boxes[node.id], fitted_name(node.name)
        x, top = box.centre.x - size.width / 2, box.y - size.height - _AIR
        if Point(box.centre.x, box.y) in ends:
            x = box.centre.x - size.width - _AIR
        placed.labels[node.id] = Bounds(x, top, size.width, size.height)


def _add_edge(route: Route, placed: Placed, strips: Strips) -> None:
    flow = route.link.flow
    source, target = placed.boxes[flow.source], placed.boxes[flow.target]
    if flow.target != route.link.end:
        # A line to an event on the border of a task ends at the task's side of it.
        target = placed.boxes[route.link.end]
    points = trace(route, source, target, strips)
    is_upper = not any(isinstance(turn, Gap) and turn.track for turn in route.turns)
    placed.edges.append(Edge(flow.id, tuple(points), _edge_label(flow.name, points, is_upper=is_upper)))


def _edge_label(name: str, points: list[Point], *, is_upper: bool) -> Bounds | None:
    """On the first level stretch, near where it begins; below it when other lines run above."""
    if not name:
        return None
    size = fitted_name(name)
    for start, end in pairwise(points):
        if abs(end.x - start.x) > 1:
            x = start.x + 7 if end.x > start.x else start.x - 7 - size.width
            y = start.y - size.height - 2 if is_upper else start.y + 2
            return Bounds(x, y, size.width, size.height)
    return Bounds(points[0].x + _AIR, points[0].y + 8, size.width, size.height)
