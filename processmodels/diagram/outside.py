"""Names that stand outside their shape: those of events, gateways, data, groups and flows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from processmodels.bpmn.model import DATA, EVENTS, GATEWAYS, Bounds, Edge, Point
from processmodels.diagram import colours
from processmodels.diagram.edges import middle
from processmodels.diagram.labels import SCREEN, Fitted, Lettering, fit, text_lines
from processmodels.diagram.look import Figure, solid

# What bpmn-js gives a name at least, whatever the file says.
WIDTH = 90.0
_WIDEST = 180.0
_GAP = 4
LABELLED = EVENTS | GATEWAYS | DATA | {"group"}


@dataclass(frozen=True)
class Label:
    """A name with the place it takes."""

    fitted: Fitted
    box: Bounds
    full: str

    def drawn(self) -> str:
        return text_lines(
            self.fitted, self.box.centre.x, self.box.y, full=self.full, halo=colours.PAPER, fill=colours.INK
        )


def fitted_name(name: str, width: float = WIDTH, lettering: Lettering = SCREEN) -> Fitted:
    """A name as it stands outside: as high as it needs, wider only for a word that cannot be divided."""
    sizes, longest = lettering.outside, lettering.longest
    fitted = fit(name, width, math.inf, sizes, longest=longest)
    return fit(name, max(width, _WIDEST), math.inf, sizes, longest=longest) if fitted.is_cut else fitted


def _label(name: str, centre: float, top: float, width: float, lettering: Lettering) -> Label:
    # Larger letters get as much more width, so that names break where they do on the screen.
    fitted = fitted_name(name, width * lettering.outside[0] / SCREEN.outside[0], lettering)
    return Label(fitted, Bounds(centre - fitted.width / 2, top, fitted.width, fitted.height), name)


def of_figure(figure: Figure, lines: Sequence[Sequence[Point]] = ()) -> Label | None:
    """The name of an event, gateway, data object or group: where the file puts it, else where the `lines` that
    meet the shape leave room, below if there is none."""
    node = figure.node
    if not node.name or node.type not in LABELLED:
        return None
    if given := figure.shape.label:
        given = solid(node, given)
        rise = 1 if given.bottom <= figure.box.y + _GAP else 0
        return _given(node.name, given, rise, figure.lettering)
    places = _places(figure)
    segments = [segment for line in lines for segment in pairwise(line)]
    return next((place for place in places if not any(_meets(place.box, *ends) for ends in segments)), places[0])


def _given(name: str, given: Bounds, rise: float, lettering: Lettering) -> Label:
    """The name where the file puts it. Files reckon with names of the size of a screen; of what larger ones need
    more in height, the share `rise` goes upwards."""
    width = max(given.width, WIDTH)
    label = _label(name, given.centre.x, given.y, width, lettering)
    more = label.box.height - fitted_name(name, width).height
    return replace(label, box=replace(label.box, y=given.y - more * rise)) if more else label


def _places(figure: Figure) -> list[Label]:
    """Where the name may stand, the best place first."""
    node, box, lettering = figure.node, figure.box, figure.lettering
    if node.type == "group":
        return [_label(node.name, box.centre.x, box.y + _GAP, max(WIDTH, box.width), lettering)]
    below = _label(node.name, box.centre.x, box.bottom + _GAP, max(WIDTH, box.width), lettering)
    aside = below.box.width / 2 + _GAP
    right = _label(node.name, box.centre.x + aside, box.bottom + 1, WIDTH, lettering)
    left = _label(node.name, box.centre.x - aside, box.bottom + 1, WIDTH, lettering)
    if node.type == "boundaryEvent":
        return [below, right, left]
    above = _label(node.name, box.centre.x, box.y - below.box.height - _GAP, max(WIDTH, box.width), lettering)
    return [below, above, right, left]


def _meets(box: Bounds, start: Point, end: Point) -> bool:
    return (
        min(start.x, end.x) < box.right
        and max(start.x, end.x) > box.x
        and min(start.y, end.y) < box.bottom
        and max(start.y, end.y) > box.y
    )


def of_flow(name: str, edge: Edge, points: Sequence[Point], lettering: Lettering = SCREEN) -> Label | None:
    """The name of a flow: where the file puts it, else over the middle of its line."""
    if not name:
        return None
    if edge.label and all(map(math.isfinite, (edge.label.x, edge.label.y, edge.label.width))):
        return _given(name, edge.label, _rise(edge.label, points), lettering)
    half, is_level = middle(points)
    label = _label(name, half.x, half.y, WIDTH, lettering)
    if is_level:
        return _label(name, half.x, half.y - label.box.height - _GAP, WIDTH, lettering)
    return _label(name, half.x + label.box.width / 2 + _GAP, half.y - label.box.height / 2, WIDTH, lettering)


def _rise(label: Bounds, points: Sequence[Point]) -> float:
    """Away from the level line that runs below or above the name, to both sides if there is none."""
    middle = label.centre
    level = [a.y for a, b in pairwise(points) if abs(a.y - b.y) < 1 and min(a.x, b.x) <= middle.x <= max(a.x, b.x)]
    nearest = min(level, key=lambda y: abs(y - middle.y), default=None)
    if nearest is None:
        return 0.5
    return 1 if nearest >= middle.y else 0
