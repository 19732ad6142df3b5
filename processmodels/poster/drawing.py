"""A diagram measured for the wall: what is solid and must stay whole, what may be cut, how small its labels are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from processmodels.bpmn.layout import lay_out
from processmodels.bpmn.model import CONTAINERS, Bounds, Edge, Model, Plane, Shape
from processmodels.diagram import outside, shapes
from processmodels.diagram.labels import INSIDE
from processmodels.diagram.look import Figure
from processmodels.diagram.render import MARGIN, Line, figures_of, lines_by_end, lines_of, render
from processmodels.poster.cuts import Span
from processmodels.poster.glyphs import printable

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
        self.figures: Mapping[str, Figure] = figures_of(drawn, plane)
        self.lines: Sequence[Line] = lines_of(drawn, plane, self.figures)
        self._at_ends = lines_by_end(self.lines)
        self.names: dict[str, Bounds] = {}
        self.flow_names: dict[int, Bounds] = {}
        self._place_names()
        self.model = replace(drawn, planes=(replace(plane, shapes=tuple(map(self._shape, plane.shapes))),))

    @property
    def plane(self) -> Plane:
        return self.model.planes[0]

    @property
    def is_empty(self) -> bool:
        return not self.figures

    def _place_names(self) -> None:
        for identity, drawn in self.figures.items():
            if label := outside.of_figure(drawn, self._at_ends.get(identity, ())):
                self.names[identity] = label.box
        for at, (flow, edge, points) in enumerate(self.lines):
            if label := outside.of_flow(flow.name, edge, points):
                self.flow_names[at] = label.box

    def _shape(self, shape: Shape) -> Shape:
        """`shape` with its name fixed where it stands now: a part has not all the lines that it must avoid."""
        name = self.names.get(shape.element)
        return replace(shape, label=name) if name and shape.label is None else shape

    def edge(self, at: int) -> Edge:
        """The edge of a line, with its name fixed likewise."""
        edge, name = self.lines[at][1], self.flow_names.get(at)
        return replace(edge, label=name) if name and edge.label is None else edge

    def is_frame(self, figure: Figure) -> bool:
        """Pools, lanes, groups and open sub-processes may be cut."""
        return figure.node.type in CONTAINERS or figure.node.type == "group" or shapes.is_expanded(figure)

    @cached_property
    def solids(self) -> Mapping[str, Solid]:
        """By the id of the element; the name of a flow by the number of its line."""
        found: dict[str, Solid] = {}
        for identity, figure in self.figures.items():
            if not self.is_frame(figure):
                found[identity] = self._solid(identity, figure)
        found |= {f"name {at}": Solid(box, box) for at, box in self.flow_names.items()}
        return found

    def _solid(self, identity: str, figure: Figure) -> Solid:
        box = shapes.annotation_box(figure) if figure.node.type == "textAnnotation" else figure.box
        if name := self.names.get(identity):
            box = united(box, name)
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
    def smallest_label(self) -> float:
        """In units of the diagram."""
        sizes = [float(size) for size in _SIZE.findall(render(self.model))]
        return min(sizes, default=INSIDE[0])


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
