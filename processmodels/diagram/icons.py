"""Small pictures of our own: kinds of tasks, markers of activities, symbols of events and gateways.

Each is drawn about (0, 0). Tasks' icons fill a square of 18 units, markers one of 14, symbols of events a
circle of radius 18, those of gateways a diamond of 50; the caller moves and scales them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from processmodels.bpmn.model import Marker, Trigger
from processmodels.diagram import svg
from processmodels.diagram.svg import circle, path, points


def _star(teeth: int, outer: float, inner: float) -> str:
    """The outline of a gear wheel as path data."""
    step = math.tau / teeth
    corners = []
    for tooth in range(teeth):
        middle = tooth * step
        for turn, radius in ((-0.34, inner), (-0.2, outer), (0.2, outer), (0.34, inner)):
            angle = middle + turn * step
            corners.append((radius * math.sin(angle), -radius * math.cos(angle)))
    return f"M{points(corners)}Z"


def _polar(radius: float, turns: float) -> tuple[float, float]:
    return radius * math.sin(turns * math.tau), -radius * math.cos(turns * math.tau)


_GEAR = _star(8, 5.6, 4.1)
_PENTAGON = points(_polar(10.5, corner / 5) for corner in range(5))
_TICKS = "".join(f"M{points([_polar(9.6, hour / 12)])}L{points([_polar(11.4, hour / 12)])}" for hour in range(12))


# --- kinds of tasks: (stroke, fill behind it) -> SVG -------------------------------------------------------


def _user(ink: str, paper: str) -> str:
    body = path("M-7.5 8.5V5.6C-7.5 2.4-4.6.6-2.3.1H2.3C4.6.6 7.5 2.4 7.5 5.6V8.5Z", fill=paper)
    arms = path("M-4.3 8.5V5.4M4.3 8.5V5.4")
    return body + arms + circle(0, -4.2, 4.2, fill=paper) + path("M-4-5.3C-1.6-4 1-4.3 2.2-6.2 2.6-5.3 3.4-4.9 4.1-4.8")


def _manual(ink: str, paper: str) -> str:
    hand = (
        "M-8.5.2C-7-2.6-4.2-6.6-2.6-6.9-1.2-7.1-.7-5.9-1.5-4.7L-2.7-3H7.3C9-3 9-.6 7.3-.6H2.4 7.9"
        "C9.5-.6 9.5 1.8 7.9 1.8H2.4 7C8.6 1.8 8.6 4.1 7 4.1H2.4 5.6C7.1 4.1 7.1 6.4 5.6 6.4"
        "H-4.3C-6.4 6.4-8.5 5-8.5 2.6Z"
    )
    return path(hand, fill=paper)


def _service(ink: str, paper: str) -> str:
    wheel = path(_GEAR, fill=paper) + circle(0, 0, 1.9, fill=paper)
    return svg.moved(-2.6, -2.6, wheel) + svg.moved(2.6, 2.6, wheel)


def _script(ink: str, paper: str) -> str:
    sheet = "M-3.2-8H7C3.6-5.6 4.4-3 5.6-.6 7 2.2 7 5.2 3.4 8H-7C-3.6 5.2-3.8 2.4-5.2-.2-6.6-2.8-6.6-5.6-3.2-8Z"
    return path(sheet, fill=paper) + path("M-3.4-4.8H2.2M-3.8-1.7H2.6M-2.4 1.5H4M-2.2 4.7H3.8")


def _rule(ink: str, paper: str) -> str:
    return (
        path("M-8.5-6.5H8.5V6.5H-8.5Z", fill=paper)
        + path("M-8.5-6.5H8.5V-2.8H-8.5Z", fill=ink)
        + path("M-8.5 1.8H8.5M-3.4-2.8V6.5")
    )


def _send(ink: str, paper: str) -> str:
    return path("M-8.5-5.5H8.5L0 .6Z", fill=ink, stroke="none") + path(
        "M-8.5-3.7L0 2.4 8.5-3.7V5.8H-8.5Z", fill=ink, stroke="none"
    )


def _receive(ink: str, paper: str) -> str:
    return path("M-8.5-5.8H8.5V5.8H-8.5Z", fill=paper) + path("M-8.5-5.8L0 .8 8.5-5.8")


TASKS: dict[str, Callable[[str, str], str]] = {
    "userTask": _user,
    "manualTask": _manual,
    "serviceTask": _service,
    "scriptTask": _script,
    "businessRuleTask": _rule,
    "sendTask": _send,
    "receiveTask": _receive,
}


# --- markers at the lower edge of an activity ---------------------------------------------------------------

_REWIND = "M0-5V5L-6.5 0ZM6.5-5V5L0 0Z"


def _markers(ink: str) -> dict[Marker, str]:
    return {
        Marker.LOOP: path("M-2.6 5.3A5.7 5.7 0 1 1 1.4 5.6M-6.4 5.6H-2.3V1.5", fill="none"),
        Marker.PARALLEL: path("M-4-5.5V5.5M0-5.5V5.5M4-5.5V5.5", stroke_width=2.2),
        Marker.SEQUENTIAL: path("M-5.5-4H5.5M-5.5 0H5.5M-5.5 4H5.5", stroke_width=2.2),
        Marker.COMPENSATION: path(_REWIND, fill="none"),
        Marker.AD_HOC: path("M-6.2 1.6C-5-2.8-2.4-2.4 0-.4S5 2.4 6.2-1.6", fill="none", stroke_width=2.2),
    }


# The order in which they stand beside each other; the plus of a collapsed sub-process comes before the last.
ORDER = (Marker.COMPENSATION, Marker.LOOP, Marker.PARALLEL, Marker.SEQUENTIAL)


def marker(which: Marker, ink: str) -> str:
    return _markers(ink)[which]


def collapsed() -> str:
    return path("M-7-7H7V7H-7ZM-4.2 0H4.2M0-4.2V4.2", fill="none")


# --- symbols of events: (ink, paper, filled) -> SVG --------------------------------------------------------


def _message(ink: str, paper: str, filled: bool) -> str:
    return path("M-9.5-6.5H9.5V6.5H-9.5Z", fill=ink if filled else paper) + path(
        "M-9.5-6.5L0 1.2 9.5-6.5", fill="none", stroke=paper if filled else ink
    )


def _timer(ink: str, paper: str, filled: bool) -> str:
    return circle(0, 0, 11.8, fill=paper) + path(_TICKS) + path("M1.8-7.8L0 0 5.6 1.8", fill="none")


def _solid(d: str) -> Callable[[str, str, bool], str]:
    def draw(ink: str, paper: str, filled: bool) -> str:
        return path(d, fill=ink if filled else paper)

    return draw


def _conditional(ink: str, paper: str, filled: bool) -> str:
    return path("M-7.2-9.5H7.2V9.5H-7.2Z", fill=paper) + path("M-4.8-6.2H4.8M-4.8-2.1H4.8M-4.8 2.1H4.8M-4.8 6.2H4.8")


def _terminate(ink: str, paper: str, filled: bool) -> str:
    return circle(0, 0, 10.5, fill=ink)


_SYMBOLS: dict[Trigger, Callable[[str, str, bool], str]] = {
    Trigger.MESSAGE: _message,
    Trigger.TIMER: _timer,
    Trigger.ERROR: _solid("M-9.2 9.4L-3.9-7.4 2.6 1.8 9-9.2 4.4 8.6-2.2-.8Z"),
    Trigger.SIGNAL: _solid("M0-9.8L9.6 7H-9.6Z"),
    Trigger.ESCALATION: _solid("M0-10L7.6 9 0 2-7.6 9Z"),
    Trigger.CONDITIONAL: _conditional,
    Trigger.LINK: _solid("M-10.5-3.8H2.4V-8.6L11 0 2.4 8.6V3.8H-10.5Z"),
    Trigger.COMPENSATION: _solid("M-.8-7.4V7.4L-11 0ZM9.2-7.4V7.4L-.8 0Z"),
    Trigger.CANCEL: _solid(
        "M-9.2-6.4L-6.4-9.2 0-2.8 6.4-9.2 9.2-6.4 2.8 0 9.2 6.4 6.4 9.2 0 2.8-6.4 9.2-9.2 6.4-2.8 0Z"
    ),
    Trigger.TERMINATE: _terminate,
    Trigger.MULTIPLE: _solid(f"M{_PENTAGON}Z"),
    Trigger.PARALLEL_MULTIPLE: _solid("M-2.6-9.6H2.6V-2.6H9.6V2.6H2.6V9.6H-2.6V2.6H-9.6V-2.6H-2.6Z"),
}


def symbol(trigger: Trigger, ink: str, paper: str, *, filled: bool) -> str:
    """The sign inside an event; empty for one without a trigger."""
    draw = _SYMBOLS.get(trigger)
    return draw(ink, paper, filled) if draw else ""


# --- symbols of gateways ------------------------------------------------------------------------------------

_PLUS = "M-2-11H2V-2H11V2H2V11H-2V2H-11V-2H-2Z"
_CROSS = "M-8.6-10H-4.6L0-3 4.6-10H8.6L2.4 0 8.6 10H4.6L0 3-4.6 10H-8.6L-2.4 0Z"


def gateway(kind: str, instantiates: str, ink: str) -> str:
    """The sign inside a gateway. `instantiates` as in `Node`."""
    if kind == "exclusiveGateway":
        return path(_CROSS, fill=ink, stroke="none")
    if kind == "inclusiveGateway":
        return circle(0, 0, 11.5, fill="none", stroke_width=2.6)
    if kind == "parallelGateway":
        return path(_PLUS, fill=ink, stroke="none")
    if kind == "complexGateway":
        return path("M0-12V12M-12 0H12M-8-8L8 8M-8 8L8-8", stroke_width=3.4)
    if kind == "eventBasedGateway":
        return _event_based(instantiates)
    return ""


def _event_based(instantiates: str) -> str:
    if instantiates == "parallel":
        return circle(0, 0, 14, fill="none") + svg.moved(
            0, 0, symbol(Trigger.PARALLEL_MULTIPLE, "none", "none", filled=False), scale=0.9
        )
    rings = circle(0, 0, 14.5, fill="none") + ("" if instantiates else circle(0, 0, 11.5, fill="none"))
    pentagon = svg.moved(0, 0, symbol(Trigger.MULTIPLE, "none", "none", filled=False), scale=0.72)
    return rings + pentagon
