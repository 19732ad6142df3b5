"""Rows and columns: flow runs from left to right, each lane is a band of rows, one node to a cell."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from processmodels.bpmn.layout.scope import Link, Scope

# Nobody looks so far: longer lines run in the gaps between the rows, free or not.
_FAR = 100


@dataclass
class Grid:
    """The cell (row, column) of each node. `bands` holds the first row of each lane, and the end of the last."""

    cells: dict[str, tuple[int, int]] = field(default_factory=dict)
    taken: dict[tuple[int, int], str] = field(default_factory=dict)
    bands: list[int] = field(default_factory=list)
    columns: int = 1
    # Rows that one open event sub-process has for itself, across all columns.
    wide: set[int] = field(default_factory=set)

    @property
    def rows(self) -> int:
        return self.bands[-1]

    def is_free(self, row: int, first: int, last: int) -> bool:
        """Whether no node stands in `row` in the columns from `first` to `last`, both included."""
        if last - first > _FAR:
            return False
        return row not in self.wide and all((row, column) not in self.taken for column in range(first, last + 1))

    def is_column_free(self, column: int, first: int, last: int) -> bool:
        """Whether nothing stands in `column` in the rows from `first` to `last`, both included."""
        if last - first > _FAR:
            return False
        return all(row not in self.wide and (row, column) not in self.taken for row in range(first, last + 1))


def arrange(scope: Scope) -> Grid:
    """Every node of `scope` and everything beside them in a cell of its own."""
    columns, forward = _columns(scope)
    bands = [_Band() for _lane in scope.lanes]
    _place_nodes(scope, columns, forward, bands)
    _place_beside(scope, bands)
    apart = {node.id for node in scope.nodes if node.is_event_sub_process}
    for node in scope.nodes:
        if node.id in apart:
            band = bands[scope.lane_of.get(node.id, 0)]
            band.put(node.id, band.height, 0)
    grid = Grid(bands=[0])
    for band in bands:
        base = grid.bands[-1]
        for identity, (row, column) in band.cells.items():
            grid.cells[identity] = base + row, column
            grid.taken[base + row, column] = identity
            if identity in apart:
                grid.wide.add(base + row)
        grid.bands.append(base + band.height)
    grid.columns = 1 + max((column for _row, column in grid.cells.values()), default=0)
    return grid


@dataclass
class _Band:
    """The rows of one lane, counted from its own top."""

    cells: dict[str, tuple[int, int]] = field(default_factory=dict)
    taken: set[tuple[int, int]] = field(default_factory=set)
    # The first row of a column below which all is free: keeps the search short in crowded columns.
    below: dict[int, int] = field(default_factory=dict)
    height: int = 1

    def put(self, identity: str, wanted: int, column: int) -> int:
        """The free row at or below `wanted` that the node gets."""
        row = wanted
        if (row, column) in self.taken:
            row = max(row, self.below.get(column, 0))
        while (row, column) in self.taken:
            row += 1
        self.cells[identity] = row, column
        self.taken.add((row, column))
        self.below[column] = max(self.below.get(column, 0), row + 1)
        self.height = max(self.height, row + 1)
        return row


def _columns(scope: Scope) -> tuple[dict[str, int], list[Link]]:
    """The column of each node, as long as the longest way to it, and the links that lead forward."""
    ids = [node.id for node in scope.nodes if not node.is_event_sub_process]
    following: dict[str, list[Link]] = {identity: [] for identity in ids}
    has_before = set()
    for link in scope.links:
        if link.start != link.end and link.start in following and link.end in following:
            following[link.start].append(link)
            has_before.add(link.end)
    starts = sorted(scope.nodes, key=lambda node: (node.id in has_before, node.type != "startEvent"))
    backward = _backward([node.id for node in starts if node.id in following], following)
    forward = [link for links in following.values() for link in links if link.flow.id not in backward]
    waiting = dict.fromkeys(ids, 0)
    for link in forward:
        waiting[link.end] += 1
    columns = dict.fromkeys(ids, 0)
    queue = deque(identity for identity in ids if not waiting[identity])
    while queue:
        current = queue.popleft()
        for link in following[current]:
            if link.flow.id in backward:
                continue
            columns[link.end] = max(columns[link.end], columns[current] + 1)
            waiting[link.end] -= 1
            if not waiting[link.end]:
                queue.append(link.end)
    return columns, forward


def _backward(starts: Sequence[str], following: dict[str, list[Link]]) -> set[str]:
    """The flows that close a loop: those that lead to a node on the way that is being followed."""
    backward: set[str] = set()
    done: set[str] = set()
    for start in starts:
        if start in done:
            continue
        done.add(start)
        on_way = {start}
        stack = [(start, iter(following[start]))]
        while stack:
            current, links = stack[-1]
            link = next(links, None)
            if link is None:
                stack.pop()
                on_way.discard(current)
            elif link.end in on_way:
                backward.add(link.flow.id)
            elif link.end not in done:
                done.add(link.end)
                on_way.add(link.end)
                stack.append((link.end, iter(following[link.end])))
    return backward


def _place_nodes(scope: Scope, columns: dict[str, int], forward: list[Link], bands: list[_Band]) -> None:
    before: dict[str, list[Link]] = {}
    for link in forward:
        before.setdefault(link.end, []).append(link)
    events = {event.id for held in scope.boundary.values() for event in held}
    order = {node.id: place for place, node in enumerate(scope.nodes)}
    rows: dict[str, int] = {}

    def wanted(identity: str) -> int:
        lane = scope.lane_of.get(identity, 0)
        found = [
            rows[link.start] + (link.flow.source in events)
            for link in before.get(identity, ())
            if scope.lane_of.get(link.start, 0) == lane
        ]
        return min(found, default=0)

    by_column: dict[int, list[str]] = {}
    for identity, column in columns.items():
        by_column.setdefault(column, []).append(identity)
    for column in sorted(by_column):
        # What continues the main line first, what begins anew last.
        ids = sorted(by_column[column], key=lambda i: (i not in before, wanted(i), order[i]))
        for identity in ids:
            rows[identity] = bands[scope.lane_of.get(identity, 0)].put(identity, wanted(identity), column)


def _place_beside(scope: Scope, bands: list[_Band]) -> None:
    """Data and annotations under the node they belong to or next to that, in the same lane."""
    for node, host in scope.beside:
        band = bands[scope.lane_of.get(host, 0)]
        if host not in band.cells:
            band.put(node.id, 0, 0)
            continue
        row, column = band.cells[host]
        near = (place for place in (column, column + 1, column - 1) if place >= 0)
        band.put(node.id, row + 1, next((at for at in near if (row + 1, at) not in band.taken), column))
