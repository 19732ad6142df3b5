"""A diagram measured for the wall: what is solid and must stay whole, what may be cut, how small its labels are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from governance.text.glyphs import printable
from processmodels.bpmn.layout import lay_out
from processmodels.bpmn.model import CONTAINERS, Bounds, Edge, Model, Plane, Shape
from processmodels.diagram import outside, shapes
from processmodels.diagram.labels import WALL, Lettering
from processmodels.diagram.look import Figure
from processmodels.diagram.render import MARGIN, Line, figures_of, lines_by_end, lines_of, render
from processmodels.poster.cuts import Span

Placed = TypeVar("Placed", Shape, Edge)
_SIZE = re.compile(r'font-size="([\d.]+)"')


@dataclass(frozen=True)
class Solid:
    """A node with its name, or the name of a flow: on one sheet, whole."""

    box: Bounds
    anchor: Bounds

    def across(self) -> Span:
        return Span(self.box.x, self.box.right, self.anchor.centre.x)

    def down(self) -> Span:
        return Span(self.box.y, self.box.bottom, self.anchor.centre.y)


class Drawing:
    """The first diagram of a model, with every name where it will stand, whatever part is shown."""

    def __init__(self, model: Model) -> None:
        drawn = printable_model(model if model.has_diagram else lay_out(model))
        plane = next((plane for plane in drawn.planes if plane.shapes), Plane(""))
        self.plane = _with_places(drawn, plane)
        self.model = replace(drawn, planes=(self.plane,))
        self.figures: Mapping[str, Figure] = figures_of(self.model, self.plane, WALL)
        self.lines: Sequence[Line] = lines_of(self.model, self.plane, self.figures)

    @property
    def is_empty(self) -> bool:
        return not self.figures

    @cached_property
    def flow_names(self) -> Mapping[int, Bounds]:
        """By the number of the line."""
        found = (
            (at, outside.of_flow(flow.name, edge, points, WALL)) for at, (flow, edge, points) in enumerate(self.lines)
        )
        return {at: label.box for at, label in found if label}

    def is_frame(self, figure: Figure) -> bool:
        """Pools, lanes, groups and open sub-processes may be cut."""
        return figure.node.type in CONTAINERS or figure.node.type == "group" or shapes.is_expanded(figure)

    @cached_property
    def solids(self) -> Mapping[str, Solid]:
        """By the id of the element; the name of a flow by the number of its line."""
        found: dict[str, Solid] = {}
        for identity, figure in self.figures.items():
            if not self.is_frame(figure):
                found[identity] = self._solid(figure)
        found |= {f"name {at}": Solid(box, box) for at, box in self.flow_names.items()}
        return found

    def _solid(self, figure: Figure) -> Solid:
        box = shapes.annotation_box(figure) if figure.node.type == "textAnnotation" else figure.box
        if name := outside.of_figure(figure):
            box = united(box, name.box)
        host = self.figures.get(figure.node.attached_to)
        return Solid(box, host.box if host and not self.is_frame(host) else figure.box)

    @cached_property
    def frames(self) -> Sequence[Bounds]:
        """What costs little to cut: groups and open sub-processes. Pools and lanes are cut for nothing."""
        return [
            figure.box
            for figure in self.figures.values()
            if self.is_frame(figure) and figure.node.type not in CONTAINERS
        ]

    @cached_property
    def whole(self) -> Bounds:
        boxes = [figure.box for figure in self.figures.values()] + [solid.box for solid in self.solids.values()]
        points = [point for _flow, _edge, points in self.lines for point in points]
        boxes += [Bounds(point.x, point.y, 0, 0) for point in points]
        whole = boxes[0]
        for box in boxes:
            whole = united(whole, box)
        return grown(whole, MARGIN)

    @cached_property
    def lettering(self) -> Lettering:
        """That of the wall without the sizes that only a part would need, whose pools and lanes are cut short."""
        least = self.smallest_label
        inner, outer = (tuple(size for size in sizes if size >= least) for sizes in (WALL.inside, WALL.outside))
        return replace(WALL, inside=inner or WALL.inside[:1], outside=outer or WALL.outside[:1])

    @cached_property
    def smallest_label(self) -> float:
        """In units of the diagram."""
        sizes = [float(size) for size in _SIZE.findall(render(self.model, lettering=WALL))]
        return min(sizes, default=WALL.inside[0])


def _with_places(model: Model, plane: Plane) -> Plane:
    """`plane` with a place for every name: a part of it has not all the lines that names keep clear of."""
    figures = figures_of(model, plane)
    lines = lines_of(model, plane, figures)
    at_ends = lines_by_end(lines)
    names = {key: outside.of_figure(figure, at_ends.get(key, ())) for key, figure in figures.items()}
    flow_names = {edge.element: outside.of_flow(flow.name, edge, points) for flow, edge, points in lines}
    return replace(
        plane,
        shapes=tuple(_with_place(shape, names.get(shape.element)) for shape in plane.shapes),
        edges=tuple(_with_place(edge, flow_names.get(edge.element)) for edge in plane.edges),
    )


def _with_place(drawn: Placed, label: outside.Label | None) -> Placed:
    return replace(drawn, label=label.box) if label and drawn.label is None else drawn


def printable_model(model: Model) -> Model:
    """`model` with only such characters in its names as the poster's fonts have."""
    return replace(
        model,
        nodes={key: replace(node, name=printable(node.name)) for key, node in model.nodes.items()},
        flows={key: replace(flow, name=printable(flow.name)) for key, flow in model.flows.items()},
    )


def united(one: Bounds, other: Bounds) -> Bounds:
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Bounds(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)


def grown(box: Bounds, by: float) -> Bounds:
    return Bounds(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)
