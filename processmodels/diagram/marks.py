"""Marks for comparing two pictures: each has a sign and a kind of line of its own, colour only helps."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from django.utils.translation import gettext as _

from processmodels.bpmn.model import Bounds, Point
from processmodels.diagram import colours, svg
from processmodels.diagram.edges import middle, path_data


class Mark(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


# All reach 4.5 : 1 on white.
_COLOURS = {Mark.ADDED: "#17663a", Mark.REMOVED: "#a3211f", Mark.CHANGED: "#174f9c", Mark.MOVED: "#6b2f91"}
_SIGNS = {
    Mark.ADDED: "M-5 0H5M0-5V5",
    Mark.REMOVED: "M-5 0H5",
    Mark.CHANGED: "M-4.5-2H4.5M-4.5 2H4.5M-2.6 4.8L2.6-4.8",
    Mark.MOVED: "M-5 0H4.6M.8-4L4.8 0 .8 4",
}
_DASHES = {Mark.REMOVED: "9 5", Mark.MOVED: "2 4"}
_RADIUS = 9
REACH = 16.0


def meaning(mark: Mark) -> str:
    return {
        Mark.ADDED: _("neu"),
        Mark.REMOVED: _("entfällt"),
        Mark.CHANGED: _("geändert"),
        Mark.MOVED: _("verschoben"),
    }[mark]


def _badge(mark: Mark, x: float, y: float) -> str:
    title = svg.element("title", svg.escape(meaning(mark)))
    disc = svg.circle(0, 0, _RADIUS, fill=_COLOURS[mark], stroke=colours.PAPER, stroke_width=1.5)
    sign = svg.path(_SIGNS[mark], stroke=colours.PAPER, stroke_width=2, fill="none", stroke_linecap="round")
    return svg.moved(x, y, title, disc, sign)


def _frame(box: Bounds, by: float, mark: Mark, width: float) -> str:
    return svg.element(
        "rect",
        x=box.x - by,
        y=box.y - by,
        width=box.width + 2 * by,
        height=box.height + 2 * by,
        rx=10,
        fill="none",
        stroke=_COLOURS[mark],
        stroke_width=width,
        stroke_dasharray=_DASHES.get(mark, ""),
    )


def on_box(mark: Mark, box: Bounds) -> str:
    """Added: a double line around it; removed: dashes; moved: dots; changed: one line; each with its badge."""
    frames = _frame(box, 4, mark, 2.5)
    if mark is Mark.ADDED:
        frames += _frame(box, 8, mark, 1.5)
    return frames + _badge(mark, box.right + 4, box.y - 4)


def on_line(mark: Mark, points: Sequence[Point]) -> tuple[str, str]:
    """What lies under the line of a flow, and the badge on it."""
    drawn = path_data(points, rounded=True)
    under = svg.path(drawn, fill="none", stroke=_COLOURS[mark], stroke_width=8, stroke_dasharray=_DASHES.get(mark, ""))
    if mark is Mark.ADDED:
        under += svg.path(drawn, fill="none", stroke=colours.PAPER, stroke_width=5)
    half, _is_level = middle(points)
    return under, _badge(mark, half.x, half.y)
