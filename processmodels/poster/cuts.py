"""Where a drawing is cut along one axis so that each part has room on a sheet: nothing solid is cut in two."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

# A free gap must leave this much on both sides together.
_LEAST_GAP = 12.0
# What a cut costs where a solid reaches over it.
_OVERLAP = 8.0
# How much unequal parts cost.
_UNEQUAL = 4.0


@dataclass(frozen=True)
class Span:
    """From where to where something reaches along the axis; `anchor` decides to which part it belongs."""

    low: float
    high: float
    anchor: float


@dataclass(frozen=True)
class Part:
    """One part: what is anchored from `begin` to `end`, which reaches from `low` to `high`."""

    begin: float
    end: float
    low: float
    high: float

    @property
    def length(self) -> float:
        return self.high - self.low


def split(
    solids: Sequence[Span],
    crossable: Sequence[tuple[float, float, float]],
    whole: tuple[float, float],
    room: Callable[[int], float],
) -> list[Part] | None:
    """The fewest parts of `whole`, each with all of its `solids`, the one with number n at most `room(n)` long.

    Among those, the cuts that cross least of what is `crossable` (from, to, what it costs). None where it cannot be
    done: something is longer than a sheet.
    """
    places = [whole[0], *_places(solids, whole), whole[1]]
    costs = _costs(places, solids, crossable)
    ordered = sorted(solids, key=lambda span: span.anchor)
    firsts = [bisect_left([span.anchor for span in ordered], place) for place in places]
    firsts[-1] = len(ordered)
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [0])}
    # All cuts with one part, then with two …: the first that reaches the end has the fewest.
    for number in range(len(places)):
        reached: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, way) in best.items():
            for end, part in _reachable(places, start, ordered, firsts, room(number)):
                unequal = (part.length / room(number)) ** 2 * _UNEQUAL
                total = cost + costs[end] + unequal
                if end not in reached or total < reached[end][0]:
                    reached[end] = total, [*way, end]
        if len(places) - 1 in reached:
            return [_part(places, a, b, ordered, firsts) for a, b in pairwise(reached[len(places) - 1][1])]
        if not reached:
            return None
        best = reached
    return None


def _reachable(
    places: Sequence[float], start: int, ordered: Sequence[Span], firsts: Sequence[int], room: float
) -> list[tuple[int, Part]]:
    found = []
    low, high = places[start], places[start]
    for end in range(start + 1, len(places)):
        owned = ordered[firsts[end - 1] : firsts[end]]
        low = min([low, *(span.low for span in owned)])
        high = max([high, *(span.high for span in owned)])
        part = Part(places[start], places[end], low, max(high, places[end]))
        if places[end] - places[start] > room:
            break
        if part.length <= room:
            found.append((end, part))
    return found


def _part(places: Sequence[float], start: int, end: int, ordered: Sequence[Span], firsts: Sequence[int]) -> Part:
    owned = ordered[firsts[start] : firsts[end]]
    low = min([places[start], *(span.low for span in owned)])
    high = max([places[end], *(span.high for span in owned)])
    return Part(places[start], places[end], low, high)


def _places(solids: Sequence[Span], whole: tuple[float, float]) -> list[float]:
    """Where one may cut: in the middle of every gap, and, where columns do not line up, between two anchors."""
    places = set()
    reach = -math.inf
    for span in sorted(solids, key=lambda span: span.low):
        if math.isfinite(reach) and span.low - reach >= _LEAST_GAP:
            places.add(round((span.low + reach) / 2, 1))
        reach = max(reach, span.high)
    anchors = sorted({span.anchor for span in solids})
    places |= {round((one + other) / 2, 1) for one, other in pairwise(anchors) if other - one > 1}
    return sorted(place for place in places if whole[0] < place < whole[1])


def _costs(
    places: Sequence[float], solids: Sequence[Span], crossable: Sequence[tuple[float, float, float]]
) -> Sequence[float]:
    """What a cut at each place costs: one count over all places."""
    steps = [0.0] * (len(places) + 1)
    for low, high, cost in [
        *((span.low, span.high, _OVERLAP) for span in solids),
        *crossable,
    ]:
        first, last = bisect_left(places, low), bisect_left(places, high)
        steps[first] += cost
        steps[last] -= cost
    costs = list(accumulate(steps))[: len(places)]
    costs[-1] = 0.0
    return costs
