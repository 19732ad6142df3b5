"""Circles and diamonds: events and gateways. Their names stand outside, see `outside.py`."""

from __future__ import annotations

from processmodels.bpmn.model import Trigger
from processmodels.diagram import icons, svg
from processmodels.diagram.look import LINE, THICK, THIN, Figure

_DASHES = "4.5 3"
_GAP = 3


def event(figure: Figure) -> str:
    """Start: one thin ring; intermediate and boundary: two, dashed where it does not interrupt; end: one thick."""
    node, look, centre = figure.node, figure.look, figure.box.centre
    radius = min(figure.box.width, figure.box.height) / 2
    is_end = node.type == "endEvent"
    dashes = None if node.interrupting or is_end else _DASHES
    width = THICK if is_end else LINE
    rings = svg.circle(
        0, 0, radius - (1 if is_end else 0), fill=look.paper, stroke_width=width, stroke_dasharray=dashes
    )
    if node.type not in ("startEvent", "endEvent"):
        rings += svg.circle(0, 0, max(radius - _GAP, 0.5), stroke_width=THIN, stroke_dasharray=dashes)
    filled = node.is_throwing or node.trigger is Trigger.TERMINATE
    sign = icons.symbol(node.trigger, look.sign, look.paper, filled=filled)
    if sign:
        sign = svg.group(
            sign, transform=f"scale({svg.number(radius / 18)})", stroke_width=THIN, stroke_linejoin="round"
        )
    return svg.moved(centre.x, centre.y, rings, sign, stroke=look.ink, fill="none")


def gateway(figure: Figure) -> str:
    node, look, box = figure.node, figure.look, figure.box
    centre = box.centre
    half_width, half_height = box.width / 2, box.height / 2
    corners = [(0.0, -half_height), (half_width, 0.0), (0.0, half_height), (-half_width, 0.0)]
    diamond = svg.polygon(corners, fill=look.paper, stroke_width=LINE, stroke_linejoin="round")
    sign = ""
    if node.type != "exclusiveGateway" or figure.shape.is_marker_visible:
        sign = icons.gateway(node.type, node.instantiates, look.sign)
    if sign:
        scale = min(box.width, box.height) / 50
        sign = svg.group(sign, transform=f"scale({svg.number(scale)})", stroke=look.sign, stroke_width=THIN)
    return svg.moved(centre.x, centre.y, diamond, sign, stroke=look.ink, fill="none")
