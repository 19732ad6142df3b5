"""The diagram information of a file: where each element is drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .details import is_true
from .model import SUB_PROCESSES, Bounds, Edge, Flow, Node, Plane, Point, Shape
from .source import clean

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DIAGRAM = f"{_DI}BPMNDiagram"
_BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_BIOC = "{http://bpmn.io/schema/bpmn/biocolor/1.0}"
_COLOR = "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}"

# No drawing by hand is larger; what lies beyond is a mistake and is left out.
MAX_COORDINATE = 100_000.0
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")

Resolve = Callable[[str | None], str]


def drawn_references(root: Any) -> frozenset[str]:
    """What the diagram information points at, unresolved."""
    return frozenset((item.get("bpmnElement") or "").strip() for item in root.iter(f"{_DI}BPMNShape", f"{_DI}BPMNEdge"))


def planes(root: Any, nodes: Mapping[str, Node], flows: Mapping[str, Flow], resolve: Resolve) -> list[Plane]:
    """Every diagram that draws anything; shapes and edges of unknown elements are left out."""
    found = []
    for diagram in root.iterchildren(DIAGRAM):
        for plane in diagram.iterchildren(f"{_DI}BPMNPlane"):
            shapes = _shapes(plane, nodes, resolve)
            edges = _edges(plane, flows, resolve)
            if shapes or edges:
                element = resolve(plane.get("bpmnElement"))
                found.append(Plane(element, clean(diagram.get("name") or plane.get("name")), shapes, edges))
    return found


def _shapes(plane: Any, nodes: Mapping[str, Node], resolve: Resolve) -> tuple[Shape, ...]:
    drawn: dict[str, tuple[Any, Bounds]] = {}
    for item in plane.iterchildren(f"{_DI}BPMNShape"):
        element = resolve(item.get("bpmnElement"))
        bounds = _bounds(item)
        if element in nodes and element not in drawn and bounds:
            drawn[element] = item, bounds
    holders = {nodes[element].container for element in drawn}
    return tuple(_shape(nodes[element], item, bounds, holders) for element, (item, bounds) in drawn.items())


def _shape(node: Node, item: Any, bounds: Bounds, holders: set[str]) -> Shape:
    # Tools that leave isExpanded out draw the content of a sub-process when there is room for it.
    expanded = node.id in holders if node.type in SUB_PROCESSES else node.type != "callActivity"
    return Shape(
        element=node.id,
        bounds=bounds,
        label=_label(item),
        is_horizontal=is_true(item, "isHorizontal", default=True),
        is_expanded=is_true(item, "isExpanded", default=expanded),
        is_marker_visible=is_true(item, "isMarkerVisible"),
        fill=_colour(item, f"{_COLOR}background-color", f"{_BIOC}fill"),
        stroke=_colour(item, f"{_COLOR}border-color", f"{_BIOC}stroke"),
    )


def _edges(plane: Any, flows: Mapping[str, Flow], resolve: Resolve) -> tuple[Edge, ...]:
    drawn: dict[str, Edge] = {}
    for item in plane.iterchildren(f"{_DI}BPMNEdge"):
        element = resolve(item.get("bpmnElement"))
        points = tuple(_points(item))
        if element in flows and element not in drawn and len(points) > 1:
            stroke = _colour(item, f"{_COLOR}border-color", f"{_BIOC}stroke")
            drawn[element] = Edge(element, points, _label(item), stroke)
    return tuple(drawn.values())


def _points(item: Any) -> Iterator[Point]:
    for waypoint in item.iterchildren(_WAYPOINT):
        x, y = _number(waypoint.get("x")), _number(waypoint.get("y"))
        if x is not None and y is not None:
            yield Point(x, y)


def _label(item: Any) -> Bounds | None:
    label = next(item.iterchildren(f"{_DI}BPMNLabel"), None)
    return None if label is None else _bounds(label)


def _bounds(item: Any) -> Bounds | None:
    bounds = next(item.iterchildren(_BOUNDS), None)
    if bounds is None:
        return None
    x, y, width, height = (_number(bounds.get(name)) for name in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None or width <= 0 or height <= 0:
        return None
    return Bounds(x, y, width, height)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= MAX_COORDINATE else None


def _colour(item: Any, *attributes: str) -> str:
    """The first of the attributes that is a colour, as #rrggbb; anything else could carry more than a colour."""
    for attribute in attributes:
        value = (item.get(attribute) or "").strip().lower()
        if found := _HEX.fullmatch(value):
            digits = found.group(1)
            return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
        if found := _RGB.fullmatch(value):
            return "#" + "".join(f"{min(int(part), 255):02x}" for part in found.groups())
    return ""
