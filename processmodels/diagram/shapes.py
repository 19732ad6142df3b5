"""Boxes: activities, pools and lanes, data, annotations and groups, each with the text inside it."""

from __future__ import annotations

import math

from processmodels.bpmn.model import SUB_PROCESSES, Bounds, Marker
from processmodels.diagram import icons, svg
from processmodels.diagram.labels import LINE, Fitted, fit, text_lines
from processmodels.diagram.look import LINE as STROKE
from processmodels.diagram.look import RADIUS, THICK, THIN, Figure
from processmodels.diagram.svg import path

HEADER = 30
_PADDING = 5
_ICON = 18
_MARKERS = 18
_MARKER_STEP = 17
_HEADER_TINT = "#eef1f6"


def rectangle(box: Bounds, inset: float = 0, **attributes: svg.Value) -> str:
    width, height = max(box.width - 2 * inset, 0), max(box.height - 2 * inset, 0)
    return svg.element("rect", x=box.x + inset, y=box.y + inset, width=width, height=height, **attributes)


# --- activities -----------------------------------------------------------------------------------------------


_FOLDED = SUB_PROCESSES | {"callActivity"}


def is_expanded(figure: Figure) -> bool:
    return figure.node.type in _FOLDED and figure.shape.is_expanded


def activity(figure: Figure) -> str:
    """A task, sub-process or call activity with icon, markers and name."""
    look, box = figure.look, figure.box
    signs = _markers(figure)
    if figure.lettering.has_icons and (draw := icons.TASKS.get(figure.node.type)):
        icon = draw(look.sign, look.paper)
        if figure.node.type == "receiveTask" and figure.node.details.get("instantiate") == "true":
            icon = svg.circle(0, 0, 10.5, fill="none") + svg.group(icon, transform="scale(.75)")
        signs += svg.moved(box.x + 15, box.y + 14, icon, scale=0.9, stroke_width=1.2, stroke_linejoin="round")
    outline = svg.group(_outline(figure), stroke=look.ink, fill="none")
    return outline + (svg.group(signs, stroke=look.sign, fill="none") if signs else "") + _activity_name(figure)


def _outline(figure: Figure) -> str:
    node, box, paper = figure.node, figure.box, figure.look.paper
    radius = min(RADIUS, box.height / 4)
    if node.type == "callActivity":
        return rectangle(box, rx=radius, fill=paper, stroke_width=THICK)
    if node.is_event_sub_process:
        return rectangle(
            box, rx=radius, fill=paper, stroke_width=STROKE, stroke_dasharray="1 4", stroke_linecap="round"
        )
    outer = rectangle(box, rx=radius, fill=paper, stroke_width=STROKE)
    if node.type == "transaction":
        outer += rectangle(box, 3.5, rx=max(radius - 3, 0), stroke_width=THIN)
    return outer


def _signs(figure: Figure) -> list[str]:
    """The markers at the lower edge in their order from left to right."""
    node = figure.node
    signs = [icons.marker(which, figure.look.sign) for which in icons.ORDER if which in node.markers]
    if node.type in _FOLDED and not is_expanded(figure):
        signs.append(icons.collapsed())
    if Marker.AD_HOC in node.markers or node.type == "adHocSubProcess":
        signs.append(icons.marker(Marker.AD_HOC, figure.look.sign))
    return signs


def _markers(figure: Figure) -> str:
    signs, box = _signs(figure), figure.box
    left = box.centre.x - (len(signs) - 1) * _MARKER_STEP / 2
    return "".join(
        svg.moved(left + at * _MARKER_STEP, box.bottom - 10, sign, stroke_width=STROKE) for at, sign in enumerate(signs)
    )


def _activity_name(figure: Figure) -> str:
    node, box = figure.node, figure.box
    if not node.name:
        return ""
    if is_expanded(figure):
        sizes, longest = figure.lettering.inside, figure.lettering.longest
        fitted = fit(node.name, box.width - 4 * _PADDING, 2 * sizes[0] * LINE, sizes, longest=longest)
        return text_lines(fitted, box.centre.x, box.y + _PADDING, full=node.name, fill=figure.look.text)
    fitted, top = place_name(figure)
    return text_lines(fitted, box.centre.x, top, full=node.name, fill=figure.look.text)


def place_name(figure: Figure) -> tuple[Fitted, float]:
    """The name of a task in its box, clear of icon, markers and events, and where its first line begins."""
    box, lettering = figure.box, figure.lettering
    padding, sizes = lettering.padding, lettering.inside
    lower = _MARKERS if _signs(figure) else padding - 1
    top, height = box.y + padding - 1, box.height - lower - padding + 1
    width = box.width - 2 * padding
    fitted = fit(figure.node.name, width, height, sizes, lettering.line, lettering.longest)
    begins = top + (height - fitted.height) / 2
    if covering := [event.y for event in figure.attached if _meets_event(fitted, begins, box, event)]:
        height = min(covering) - top
        fitted = fit(figure.node.name, width, height, sizes, lettering.line)
        begins = top + (height - fitted.height) / 2
    if lettering.has_icons and figure.node.type in icons.TASKS and _meets_icon(fitted, begins, box):
        room = height - _ICON
        fitted = fit(figure.node.name, width, room, sizes, lettering.line, lettering.longest)
        begins = top + _ICON + (room - fitted.height) / 2
    return fitted, begins


def _meets_event(fitted: Fitted, begins: float, box: Bounds, event: Bounds) -> bool:
    """Whether an event on the lower border covers some of the name."""
    left, right = box.centre.x - fitted.width / 2, box.centre.x + fitted.width / 2
    is_below = box.centre.y < event.y < begins + fitted.height
    return is_below and event.x < right and event.right > left


def _meets_icon(fitted: Fitted, begins: float, box: Bounds) -> bool:
    step = fitted.size * fitted.line
    beside = math.ceil((box.y + 5 + _ICON - begins) / step)
    high = Fitted(fitted.lines[: max(beside, 0)], fitted.size)
    return bool(high.lines) and (box.width - high.width) / 2 < _ICON + 8


# --- pools and lanes ------------------------------------------------------------------------------------------


def participant(figure: Figure, *, is_black_box: bool) -> str:
    """A pool: with its name in a header, or in the middle when nothing of its process is shown."""
    box, look = figure.box, figure.look
    frame = rectangle(box, stroke_width=STROKE, fill=look.paper)
    if is_black_box:
        inside = text_in_middle(figure)
    else:
        strip = _strip(figure)
        frame += rectangle(strip, stroke_width=STROKE, fill=look.paper if figure.shape.fill else _HEADER_TINT)
        inside = _header_text(figure, strip)
    if Marker.PARALLEL in figure.node.markers:
        frame += svg.moved(box.centre.x, box.bottom - 10, icons.marker(Marker.PARALLEL, look.ink))
    return svg.group(frame, stroke=look.ink, fill="none") + inside


def lane(figure: Figure) -> str:
    fill = figure.look.paper if figure.shape.fill else "none"
    frame = rectangle(figure.box, stroke=figure.look.ink, stroke_width=THIN, fill=fill)
    return frame + _header_text(figure, _strip(figure))


def _strip(figure: Figure) -> Bounds:
    box = figure.box
    if figure.shape.is_horizontal:
        return Bounds(box.x, box.y, min(HEADER, box.width), box.height)
    return Bounds(box.x, box.y, box.width, min(HEADER, box.height))


def _header_text(figure: Figure, strip: Bounds) -> str:
    name, centre = figure.node.name, strip.centre
    turned = figure.shape.is_horizontal
    length, breadth = (strip.height, strip.width) if turned else (strip.width, strip.height)
    lettering = figure.lettering
    fitted = fit(name, length - 2 * _PADDING, breadth, lettering.inside, longest=lettering.longest)
    transform = f"rotate(-90 {svg.number(centre.x)} {svg.number(centre.y)})" if turned else ""
    top = centre.y - fitted.height / 2
    return text_lines(fitted, centre.x, top, full=name, fill=figure.look.text, transform=transform)


def text_in_middle(figure: Figure) -> str:
    box, name, lettering = figure.box, figure.node.name, figure.lettering
    width, height = box.width - 2 * _PADDING, box.height - 2 * _PADDING
    fitted = fit(name, width, height, lettering.inside, longest=lettering.longest)
    top = box.centre.y - fitted.height / 2
    return text_lines(fitted, box.centre.x, top, full=name, fill=figure.look.text)


# --- data and artifacts ---------------------------------------------------------------------------------------


def data(figure: Figure) -> str:
    """A sheet with a folded corner, or a data store."""
    drawn = _store(figure) if figure.node.type == "dataStoreReference" else _sheet(figure)
    return svg.group(drawn, stroke=figure.look.ink, stroke_width=STROKE, fill="none", stroke_linejoin="round")


def _sheet(figure: Figure) -> str:
    box, look, node = figure.box, figure.look, figure.node
    n, fold = svg.number, min(10.0, box.width / 3)
    right, bottom = box.x + box.width, box.y + box.height
    outline = (
        f"M{n(box.x)} {n(box.y)}H{n(right - fold)}L{n(right)} {n(box.y + fold)}V{n(bottom)}H{n(box.x)}Z"
        f"M{n(right - fold)} {n(box.y)}V{n(box.y + fold)}H{n(right)}"
    )
    drawn = path(outline, fill=look.paper)
    is_output = node.type == "dataOutput" or Marker.OUTPUT in node.markers
    if is_output or node.type == "dataInput" or Marker.INPUT in node.markers:
        arrow = path("M-7-2.6H.6V-6.4L7 0 .6 6.4V2.6H-7Z", fill=look.ink if is_output else look.paper)
        drawn += svg.moved(box.x + 11, box.y + 11, arrow, scale=0.9, stroke_width=THIN)
    if Marker.COLLECTION in node.markers:
        drawn += svg.moved(box.centre.x, bottom - 9, icons.marker(Marker.PARALLEL, look.ink))
    return drawn


def _store(figure: Figure) -> str:
    box, n = figure.box, svg.number
    half, rise = box.width / 2, min(box.height / 6, 8)
    top, bottom = box.y + rise, box.bottom - rise
    arc = f"a{n(half)} {n(rise)} 0 0 "
    body = f"M{n(box.x)} {n(top)}{arc}1 {n(box.width)} 0V{n(bottom)}{arc}1 {n(-box.width)} 0Z"
    rings = "".join(f"M{n(box.x)} {n(top + at * rise * 0.8)}{arc}0 {n(box.width)} 0" for at in range(3))
    return path(body, fill=figure.look.paper) + path(rings)


def annotation_box(figure: Figure) -> Bounds:
    """The box of an annotation, as high as its text needs."""
    fitted, box = _annotation_text(figure), figure.box
    return Bounds(box.x, box.y, box.width, max(box.height, fitted.height + 2 * _PADDING))


def _annotation_text(figure: Figure) -> Fitted:
    width, lettering = max(figure.box.width - 2 * _PADDING, 20), figure.lettering
    return fit(figure.node.name, width, math.inf, lettering.inside, longest=lettering.longest)


def annotation(figure: Figure) -> str:
    """An open bracket with text beside it."""
    box, n = annotation_box(figure), svg.number
    bracket = path(
        f"M{n(box.x + 10)} {n(box.y)}H{n(box.x)}V{n(box.bottom)}H{n(box.x + 10)}",
        stroke=figure.look.ink,
        stroke_width=STROKE,
        fill="none",
    )
    surface = rectangle(box, fill=figure.look.paper) if figure.shape.fill else ""
    fitted = _annotation_text(figure)
    left, full = box.x + _PADDING + 1, figure.node.name
    text = text_lines(fitted, left, box.y + _PADDING, anchor="start", full=full, fill=figure.look.text)
    return surface + bracket + text


def group(figure: Figure) -> str:
    return rectangle(
        figure.box, rx=RADIUS, fill="none", stroke=figure.look.ink, stroke_width=STROKE, stroke_dasharray="8 4 1 4"
    )
