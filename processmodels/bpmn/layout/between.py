"""Lines that no grid knows: message flows between pools, associations with data and annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from processmodels.bpmn.model import FLOW_NODES, Bounds, Flow, Model, Point

_PORT = 18.0
_STUB = 12.0
_CLEAR = 10.0
_LEVELS = 5
# So many places left and right are tried for an upright line before it crosses what stands there.
_TRIED = 40
# So many flows find a way around; in a drawing with more nobody follows a line any more.
_AROUND = 400


@dataclass
class Between:
    """Draws them once every node has its box. `pools` gives for a node the box of its pool."""

    model: Model
    boxes: Mapping[str, Bounds]
    pools: Mapping[str, Bounds]
    distance: float
    used: dict[str, int] = field(default_factory=dict)
    drawn: int = 0
    in_pool: dict[Bounds, list[Bounds]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node, pool in self.pools.items():
            if self.model.nodes[node].type in FLOW_NODES:
                self.in_pool.setdefault(pool, []).append(self.boxes[node])

    def line(self, flow: Flow) -> list[Point]:
        one, other = self.boxes[flow.source], self.boxes[flow.target]
        pool, to_pool = self.pools.get(flow.source, one), self.pools.get(flow.target, other)
        if flow.type != "messageFlow" or pool == to_pool:
            return [_towards(one, other.centre), _towards(other, one.centre)]
        is_down = pool.y < to_pool.y
        self.drawn += 1
        level = (pool.bottom if is_down else pool.y - self.distance) + self.distance / 2
        level += (self.drawn % _LEVELS - _LEVELS // 2) * self.distance / 8
        start = self._way(flow.source, level, is_down)
        end = self._way(flow.target, level, not is_down)
        # A whole pool is met right below or above the other end.
        if self._is_pool(flow.target):
            end = [Point(start[-1].x, other.y if is_down else other.bottom)]
        elif self._is_pool(flow.source):
            start = [Point(end[-1].x, one.bottom if is_down else one.y)]
        return _bends([*start, *reversed(end)])

    def _is_pool(self, identity: str) -> bool:
        return self.model.nodes[identity].type == "participant"

    def _way(self, identity: str, level: float, is_down: bool) -> list[Point]:
        """From the border of a node to the height of `level`, around whatever stands below (or above) it."""
        box = self.boxes[identity]
        turn = self.used.get(identity, 0)
        self.used[identity] = turn + 1
        aside = ((turn + 1) // 2) * (_PORT if turn % 2 else -_PORT)
        x = box.centre.x + max(-box.width / 2 + 6, min(box.width / 2 - 6, aside))
        edge, step = (box.bottom, _STUB) if is_down else (box.y, -_STUB)
        free = self._free_x(identity, x, edge + step, level)
        if free == x:
            return [Point(x, edge), Point(x, level)]
        return [Point(x, edge), Point(x, edge + step), Point(free, edge + step), Point(free, level)]

    def _free_x(self, identity: str, x: float, one: float, other: float) -> float:
        low, high = sorted((one, other))
        own, pool = self.boxes[identity], self.pools.get(identity)
        if pool is None or self.drawn > _AROUND:
            return x
        in_way = [box for box in self.in_pool.get(pool, ()) if box.y < high and box.bottom > low and box != own]
        if all(x <= box.x - 1 or x >= box.right + 1 for box in in_way):
            return x
        places = sorted(
            (place for box in in_way for place in (box.x - _CLEAR, box.right + _CLEAR)),
            key=lambda place: abs(place - x),
        )
        for place in places[:_TRIED]:
            if all(place < box.x or place > box.right for box in in_way):
                return place
        return x


def _bends(points: list[Point]) -> list[Point]:
    """Only the points where the line turns, and its ends."""
    kept = points[:1]
    for point, after in pairwise(points[1:]):
        if not (kept[-1].x == point.x == after.x or kept[-1].y == point.y == after.y):
            kept.append(point)
    return [*kept, points[-1]]


def _towards(box: Bounds, point: Point) -> Point:
    """Where the line from the middle of `box` to `point` leaves the box."""
    centre = box.centre
    across, down = abs(point.x - centre.x), abs(point.y - centre.y)
    share = min(box.width / 2 / across if across else 1, box.height / 2 / down if down else 1, 1)
    return Point(centre.x + (point.x - centre.x) * share, centre.y + (point.y - centre.y) * share)
