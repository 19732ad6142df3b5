"""What every part of a picture starts from: the box of a shape, mended where it must be, and its colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from processmodels.bpmn.model import ACTIVITIES, DATA, EVENTS, GATEWAYS, Bounds, Node, Shape
from processmodels.diagram import colours
from processmodels.diagram.labels import SCREEN, Lettering
from processmodels.diagram.svg import LIMIT

THIN = 1.25
LINE = 1.5
THICK = 3.5
RADIUS = 8


@dataclass(frozen=True)
class Look:
    """Colours of one shape: its line, its surface, and text that can be read on it."""

    ink: str
    paper: str

    @property
    def text(self) -> str:
        return colours.text_on(self.paper, self.ink)

    @property
    def sign(self) -> str:
        """The line's colour for icons and markers, unless they would not be seen (WCAG 2.2, 1.4.11)."""
        return self.ink if colours.contrast(self.ink, self.paper) >= colours.VISIBLE else self.text


@dataclass(frozen=True)
class Figure:
    """One node with its box and colours, ready to be drawn."""

    node: Node
    shape: Shape
    box: Bounds
    look: Look
    lettering: Lettering = SCREEN
    # The events that sit on its border.
    attached: Sequence[Bounds] = ()


def figure(node: Node, shape: Shape, lettering: Lettering = SCREEN) -> Figure:
    look = Look(colours.known(shape.stroke, colours.INK), colours.known(shape.fill, colours.PAPER))
    return Figure(node, shape, solid(node, shape.bounds), look, lettering)


def solid(node: Node, bounds: Bounds) -> Bounds:
    """`bounds` with finite numbers; a box without size gets the usual one of its kind."""
    x, y, width, height = (
        max(-LIMIT, min(LIMIT, value)) if math.isfinite(value) else 0.0
        for value in (bounds.x, bounds.y, bounds.width, bounds.height)
    )
    usual_width, usual_height = usual_size(node.type)
    return Bounds(x, y, width if width > 0 else usual_width, height if height > 0 else usual_height)


def usual_size(kind: str) -> tuple[float, float]:
    """Width and height that most tools give to a kind of element."""
    if kind in EVENTS:
        return 36, 36
    if kind in GATEWAYS or kind == "dataStoreReference":
        return 50, 50
    if kind in DATA:
        return 36, 50
    if kind in ACTIVITIES:
        return 100, 80
    return (100, 30) if kind == "textAnnotation" else (300, 120)
