"""The picture of a process model: static SVG from the diagram information of a BPMN file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from processmodels.bpmn.model import (
    ACTIVITIES,
    CONTAINERS,
    DATA,
    EVENTS,
    FLOW_NODES,
    GATEWAYS,
    Bounds,
    Edge,
    Flow,
    Model,
    Plane,
    Point,
)
from processmodels.bpmn.source import clean
from processmodels.diagram import colours, edges, events, outside, shapes, svg
from processmodels.diagram.labels import FONT, SCREEN, Lettering
from processmodels.diagram.look import Figure, figure
from processmodels.diagram.marks import REACH, Mark, on_box, on_line

MARGIN = 12.0
# The room for the name of a further diagram, above it.
_HEADING = 60.0
# Shapes and lines of all diagrams of a file that are drawn one below the other; the first one is always drawn.
_MOST_DRAWN = 10_000
# A flow, its edge, and the points of its line as they are drawn.
Line = tuple[Flow, Edge, Sequence[Point]]


@dataclass
class _Picture:
    """Layers from back to front, and how far the drawing reaches."""

    pools: list[str] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)
    frames: list[tuple[float, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    # Message flows begin and end on the border of what they join, so they lie above it.
    messages: list[str] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)
    on_top: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    badges: list[str] = field(default_factory=list)
    boxes: list[Bounds] = field(default_factory=list)

    def layers(self) -> Iterator[str]:
        yield from self.pools
        yield from self.lanes
        # Larger frames hold smaller ones.
        yield from (drawn for _area, drawn in sorted(self.frames, key=lambda frame: -frame[0]))
        yield from self.lines
        yield from self.nodes
        yield from self.messages
        yield from self.on_top
        yield from self.names
        yield from self.badges

    def around(self) -> Bounds:
        return _around(self.boxes or [Bounds(0, 0, 1, 1)])

    def add_label(self, label: outside.Label | None) -> None:
        if label:
            self.names.append(label.drawn())
            self.boxes.append(label.box)


def render(
    model: Model,
    *,
    plane: int = 0,
    marks: Mapping[str, Mark] | None = None,
    title: str = "",
    window: Bounds | None = None,
    overlay: str = "",
    lettering: Lettering = SCREEN,
) -> str:
    """The SVG of one plane of `model`: static, presentation attributes only, no ids, nothing fetched.

    `marks` says by the ids of nodes and flows what is marked. A model without this plane gives an empty picture.
    `window` is the part that is shown, else all of it; `overlay` is SVG laid over the drawing.
    """
    shown = model.planes[plane] if plane < len(model.planes) else Plane("")
    picture = _drawn(model, shown, marks or {}, lettering.within_budget(_names(model, shown)))
    picture.badges.append(overlay)
    return _document(picture.layers(), _title(model, title or shown.name), window or picture.around())


def render_all(model: Model, *, marks: Mapping[str, Mark] | None = None, title: str = "") -> str:
    """The SVG of all planes of `model`, one below the other, each with its name; like `render` if there is one.

    Planes are left out at the end where they are too many to be drawn in time.
    """
    if len(model.planes) < 2:
        return render(model, marks=marks, title=title)
    planes = list(_few_enough(model.planes))
    lettering = SCREEN.within_budget(name for plane in planes for name in _names(model, plane))
    layers: list[str] = []
    top, width = 0.0, 0.0
    for number, plane in enumerate(planes, 1):
        picture = _drawn(model, plane, marks or {}, lettering)
        box = picture.around()
        # The first plane is the picture that the title of the page names.
        if number > 1:
            top += _HEADING
            layers.append(_heading(plane_name(model, plane, number), top))
        layers.append(svg.moved(-box.x, top - box.y, *picture.layers()))
        top, width = top + box.height, max(width, box.width)
    return _document(layers, _title(model, title or planes[0].name), Bounds(0, 0, width, top))


def plane_name(model: Model, plane: Plane, number: int) -> str:
    """What a diagram of a file is called: by its own name, by that of what it shows, or by its number."""
    shown = model.nodes.get(plane.element) or model.processes.get(plane.element)
    return plane.name or (shown.name if shown else "") or _("Diagramm %d") % number


def _few_enough(planes: Sequence[Plane]) -> Iterator[Plane]:
    drawn = 0
    for plane in planes:
        drawn += len(plane.shapes) + len(plane.edges)
        if plane is planes[0] or drawn <= _MOST_DRAWN:
            yield plane


def _heading(name: str, bottom: float) -> str:
    return svg.element(
        "text",
        svg.escape(clean(name, 200)),
        x=MARGIN,
        y=bottom - MARGIN,
        font_size=16,
        font_weight="bold",
        fill=colours.INK,
    )


def _drawn(model: Model, shown: Plane, marked: Mapping[str, Mark], lettering: Lettering) -> _Picture:
    picture = _Picture()
    figures = figures_of(model, shown, lettering)
    lines = lines_of(model, shown, figures)
    for flow, edge, points in lines:
        _add_flow(picture, flow, edge, points, figures.get(flow.source), marked.get(flow.id))
        picture.add_label(outside.of_flow(flow.name, edge, points, lettering))
    at_ends = lines_by_end(lines)
    black_boxes = _black_boxes(model)
    for drawn in figures.values():
        _add_figure(picture, drawn, drawn.node.id in black_boxes)
        picture.add_label(outside.of_figure(drawn, at_ends.get(drawn.node.id, ())))
        if sign := marked.get(drawn.node.id):
            picture.badges.append(on_box(sign, drawn.box))
            picture.boxes.append(_grown(drawn.box, REACH))
    return picture


def _title(model: Model, title: str) -> str:
    return title or model.name or _("Prozessdiagramm")


def figures_of(model: Model, plane: Plane, lettering: Lettering = SCREEN) -> dict[str, Figure]:
    """The shapes of known elements, by the element's id."""
    found = {
        shape.element: figure(node, shape, lettering)
        for shape in plane.shapes
        if (node := model.nodes.get(shape.element))
    }
    for event in list(found.values()):
        if host := found.get(event.node.attached_to):
            found[host.node.id] = replace(host, attached=[*host.attached, event.box])
    return found


def _names(model: Model, plane: Plane) -> Iterator[str]:
    """All names that the plane shows."""
    yield from (node.name for shape in plane.shapes if (node := model.nodes.get(shape.element)))
    yield from (flow.name for edge in plane.edges if (flow := model.flows.get(edge.element)))


def lines_by_end(lines: Sequence[Line]) -> dict[str, list[Sequence[Point]]]:
    """The lines that begin or end at an element, by its id."""
    found: dict[str, list[Sequence[Point]]] = {}
    for flow, _edge, points in lines:
        found.setdefault(flow.source, []).append(points)
        found.setdefault(flow.target, []).append(points)
    return found


def _black_boxes(model: Model) -> set[str]:
    """Participants of whose process nothing is known."""
    shown = {process.participant for process in model.processes.values()}
    return {node.id for node in model.nodes.values() if node.type == "participant" and node.id not in shown}


def _add_figure(picture: _Picture, drawn: Figure, is_black_box: bool) -> None:
    kind, box = drawn.node.type, drawn.box
    if kind == "participant":
        picture.pools.append(_named(drawn, shapes.participant(drawn, is_black_box=is_black_box)))
    elif kind == "lane":
        picture.lanes.append(_named(drawn, shapes.lane(drawn)))
    elif shapes.is_expanded(drawn):
        picture.frames.append((box.width * box.height, _named(drawn, shapes.activity(drawn))))
    elif kind in ACTIVITIES:
        picture.nodes.append(_named(drawn, shapes.activity(drawn)))
    elif kind in EVENTS:
        (picture.on_top if kind == "boundaryEvent" else picture.nodes).append(_named(drawn, events.event(drawn)))
    elif kind in GATEWAYS:
        picture.nodes.append(_named(drawn, events.gateway(drawn)))
    elif kind in DATA:
        picture.nodes.append(_named(drawn, shapes.data(drawn)))
    elif kind == "textAnnotation":
        picture.nodes.append(_named(drawn, shapes.annotation(drawn)))
        box = shapes.annotation_box(drawn)
    elif kind == "group":
        picture.names.append(_named(drawn, shapes.group(drawn)))
    else:
        return
    picture.boxes.append(box)


def _named(drawn: Figure, inside: str) -> str:
    return svg.group(inside, data_element=drawn.node.id)


def lines_of(model: Model, plane: Plane, figures: Mapping[str, Figure]) -> list[Line]:
    """The flows that are drawn, with the points of their lines."""
    found: list[Line] = []
    for edge in plane.edges:
        if flow := model.flows.get(edge.element):
            source, target = figures.get(flow.source), figures.get(flow.target)
            if points := edges.line(edge, _solid_end(source), _solid_end(target)):
                found.append((flow, edge, points))
    return found


def _add_flow(
    picture: _Picture, flow: Flow, edge: Edge, points: Sequence[Point], source: Figure | None, sign: Mark | None
) -> None:
    layer = picture.messages if flow.type == "messageFlow" else picture.lines
    if sign:
        under, badge = on_line(sign, points)
        layer.append(under)
        picture.badges.append(badge)
    layer.append(svg.group(edges.flow(flow, edge, points, source), data_element=flow.id))
    picture.boxes.append(_grown(edges.around(points), 5))


def _solid_end(end: Figure | None) -> Figure | None:
    """Lines may run inside pools and open sub-processes, not inside anything else."""
    if end is None or end.node.type in CONTAINERS or shapes.is_expanded(end):
        return None
    return end if end.node.type in FLOW_NODES else None


def _grown(box: Bounds, by: float) -> Bounds:
    return Bounds(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)


def _around(boxes: Sequence[Bounds]) -> Bounds:
    x, y = min(box.x for box in boxes) - MARGIN, min(box.y for box in boxes) - MARGIN
    return Bounds(x, y, max(box.right for box in boxes) + MARGIN - x, max(box.bottom for box in boxes) + MARGIN - y)


def _document(layers: Iterable[str], title: str, shown: Bounds) -> str:
    x, y, width, height = shown.x, shown.y, shown.width, shown.height
    n = svg.number
    paper = svg.element("rect", x=x, y=y, width=width, height=height, fill=colours.PAPER)
    return svg.element(
        "svg",
        svg.element("title", svg.escape(title)),
        paper,
        *layers,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{n(x)} {n(y)} {n(width)} {n(height)}",
        width=width,
        height=height,
        role="img",
        font_family=FONT,
    )
