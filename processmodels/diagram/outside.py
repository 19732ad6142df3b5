"""Names that stand outside their shape: those of events, gateways, data, groups and flows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from processmodels.bpmn.model import DATA, EVENTS, GATEWAYS, Bounds, Edge, Point
from processmodels.diagram import colours
from processmodels.diagram.edges import middle
from processmodels.diagram.labels import OUTSIDE, Fitted, fit, text_lines
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


def fitted_name(name: str, width: float = WIDTH) -> Fitted:
    """A name as it stands outside: as high as it needs, wider only for a word that cannot be divided."""
    fitted = fit(name, width, math.inf, OUTSIDE)
    return fit(name, max(width, _WIDEST), math.inf, OUTSIDE) if fitted.is_cut else fitted


def _label(name: str, centre: float, top: float, width: float) -> Label:
    fitted = fitted_name(name, width)
    return Label(fitted, Bounds(centre - fitted.width / 2, top, fitted.width, fitted.height), name)


def of_figure(figure: Figure, lines: Sequence[Sequence[Point]] = ()) -> Label | None:
    """The name of an event, gateway, data object or group: where the file puts it, else where the `lines` that
    meet the shape leave room, below if there is none."""
    node = figure.node
    if not node.name or node.type not in LABELLED:
        return None
    if given := figure.shape.label:
        given = solid(node, given)
        return _label(node.name, given.centre.x, given.y, max(given.width, WIDTH))
    places = _places(figure)
    segments = [segment for line in lines for segment in pairwise(line)]
    return next((place for place in places if not any(_meets(place.box, *ends) for ends in segments)), places[0])


def _places(figure: Figure) -> list[Label]:
    """Where the name may stand, the best place first."""
    node, box = figure.node, figure.box
    if node.type == "group":
        return [_label(node.name, box.centre.x, box.y + _GAP, max(WIDTH, box.width))]
    below = _label(node.name, box.centre.x, box.bottom + _GAP, max(WIDTH, box.width))
    aside = below.box.width / 2 + _GAP
    right = _label(node.name, box.centre.x + aside, box.bottom + 1, WIDTH)
    left = _label(node.name, box.centre.x - aside, box.bottom + 1, WIDTH)
    if node.type == "boundaryEvent":
        return [below, right, left]
    above = _label(node.name, box.centre.x, box.y - below.box.height - _GAP, max(WIDTH, box.width))
    return [below, above, right, left]


def _meets(box: Bounds, start: Point, end: Point) -> bool:
    return (
        min(start.x, end.x) < box.right
        and max(start.x, end.x) > box.x
        and min(start.y, end.y) < box.bottom
        and max(start.y, end.y) > box.y
    )


def of_flow(name: str, edge: Edge, points: Sequence[Point]) -> Label | None:
    """The name of a flow: where the file puts it, else over the middle of its line."""
    if not name:
        return None
    if edge.label and all(map(math.isfinite, (edge.label.x, edge.label.y, edge.label.width))):
        return _label(name, edge.label.centre.x, edge.label.y, max(edge.label.width, WIDTH))
    half, is_level = middle(points)
    label = _label(name, half.x, half.y, WIDTH)
    if is_level:
        return _label(name, half.x, half.y - label.box.height - _GAP, WIDTH)
    return _label(name, half.x + label.box.width / 2 + _GAP, half.y - label.box.height / 2, WIDTH)
