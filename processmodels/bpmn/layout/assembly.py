"""Puts the scopes together: sub-processes into their places, lanes around rows, pools one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from processmodels.bpmn.layout.between import Between
from processmodels.bpmn.layout.placing import Placed, place
from processmodels.bpmn.layout.scope import Scope, lanes_by_container, scopes
from processmodels.bpmn.model import SUB_PROCESSES, Bounds, Edge, Model, Plane, Point, Shape

_HEADER = 30.0
_PADDING = 24.0
_BETWEEN_POOLS = 70.0
_BLACK_BOX = 60.0
_ORIGIN = 20.0


def lay_out(model: Model) -> Model:
    """`model` with one new plane that shows all of it, in place of those it has. The same for the same model."""
    return _Assembly(model).model_with_plane()


@dataclass
class _Assembly:
    model: Model
    shapes: dict[str, Shape] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    placed: dict[str, Placed] = field(default_factory=dict)
    pool_of: dict[str, Bounds] = field(default_factory=dict)

    def model_with_plane(self) -> Model:
        found = scopes(self.model)
        inner = self._place_scopes(found)
        pools = [node for node in self.model.nodes.values() if node.type == "participant"]
        self._stack(found, inner)
        self._join()
        element = pools[0].container if pools else next(iter(self.model.processes), "")
        order = [*self.model.nodes]
        shapes = tuple(self.shapes[identity] for identity in order if identity in self.shapes)
        edges = tuple(self.edges[identity] for identity in self.model.flows if identity in self.edges)
        return replace(self.model, planes=(Plane(element, self.model.name, shapes, edges),))

    # --- sizes, from the inside out ---

    def _place_scopes(self, found: Mapping[str, Scope]) -> dict[str, list[str]]:
        """Places each scope after those inside it; returns for each scope those directly inside."""
        nodes = self.model.nodes
        inner: dict[str, list[str]] = {}
        for identity in found:
            if identity in nodes and nodes[identity].container in found:
                inner.setdefault(nodes[identity].container, []).append(identity)
        order = [identity for identity in found if identity not in nodes or nodes[identity].container not in found]
        for identity in order:
            order += inner.get(identity, [])
        sizes: dict[str, tuple[float, float]] = {}
        for identity in reversed(order):
            content = place(found[identity], {child: sizes[child] for child in inner.get(identity, [])})
            self.placed[identity] = content
            sizes[identity] = content.width + 2 * _PADDING, content.height + _HEADER + _PADDING / 2
        return inner

    # --- places, from the outside in ---

    def _stack(self, found: Mapping[str, Scope], inner: Mapping[str, list[str]]) -> None:
        """Pools and processes without one, from top to bottom, all pools of the same width."""
        of_pool = {process.participant: process.id for process in self.model.processes.values() if process.participant}
        pools = [node.id for node in self.model.nodes.values() if node.type == "participant"]
        shown = {of_pool[pool] for pool in pools if pool in of_pool}
        loose = [i for i in found if i not in shown and self.model.nodes.get(i) is None and self.placed[i].boxes]
        headers = {process: self._header(process) for process in [*shown, *loose]}
        width = max((headers[i] + self.placed[i].width + 2 * _PADDING for i in [*shown, *loose]), default=600.0)
        y = _ORIGIN
        rows = [(pool, of_pool.get(pool, "")) for pool in pools] + [("", process) for process in loose]
        for pool, process in rows:
            height = self.placed[process].height if process in self.placed else _BLACK_BOX
            frame = Bounds(_ORIGIN, y, width + _HEADER, height)
            if pool:
                self._add_shape(pool, frame)
                self.pool_of[pool] = frame
            if process in self.placed:
                left = _ORIGIN + (_HEADER if pool else 0)
                self._add_lanes(found[process], left, y, width)
                self._shift_in(process, left + headers[process] + _PADDING, y, inner, frame)
            y += height + _BETWEEN_POOLS

    def _header(self, process: str) -> float:
        return _HEADER * self._lane_depth(process)

    def _lane_depth(self, process: str) -> int:
        held = lanes_by_container(self.model)
        level, depth = held.get(process, []), 0
        while level:
            depth += 1
            level = [inner for lane in level for inner in held.get(lane, [])]
        return depth

    def _add_lanes(self, scope: Scope, x: float, y: float, width: float) -> None:
        edges = self.placed[scope.id].lane_edges
        spans = {lane: (edges[at], edges[at + 1]) for at, lane in enumerate(scope.lanes) if lane}
        above = {lane: self.model.nodes[lane].container for lane in spans}
        # Outer lanes reach around those inside, which may be several levels down.
        for lane in list(spans):
            outer = above[lane]
            while outer in self.model.nodes:
                top, bottom = spans.get(outer, spans[lane])
                spans[outer] = min(top, spans[lane][0]), max(bottom, spans[lane][1])
                outer = self.model.nodes[outer].container
        for lane, (top, bottom) in spans.items():
            left = x + _HEADER * self._depth(lane)
            self._add_shape(lane, Bounds(left, y + top, x + width - left, bottom - top))

    def _depth(self, lane: str) -> int:
        depth, outer = 0, self.model.nodes[lane].container
        while outer in self.model.nodes:
            depth, outer = depth + 1, self.model.nodes[outer].container
        return depth

    def _shift_in(self, scope: str, x: float, y: float, inner: Mapping[str, list[str]], pool: Bounds) -> None:
        """Puts the content of `scope` at (x, y), then that of its sub-processes into their boxes."""
        queue = [(scope, x, y)]
        for identity, left, top in queue:
            content = self.placed[identity]
            for node, box in content.boxes.items():
                self._add_shape(node, _moved(box, left, top), content.labels.get(node), left, top)
                self.pool_of[node] = pool
            for edge in content.edges:
                points = _line(edge.points, left, top)
                label = _moved(edge.label, left, top) if edge.label else None
                self.edges[edge.element] = Edge(edge.element, points, label)
            for child in inner.get(identity, []):
                if child in content.boxes:
                    box = content.boxes[child]
                    spare = (box.width - self.placed[child].width) / 2
                    queue.append((child, left + box.x + spare, top + box.y + _HEADER))

    def _add_shape(
        self, identity: str, box: Bounds, label: Bounds | None = None, left: float = 0, top: float = 0
    ) -> None:
        node = self.model.nodes[identity]
        is_open = identity in self.placed if node.type in SUB_PROCESSES else node.type != "callActivity"
        self.shapes[identity] = Shape(
            identity,
            _rounded(box),
            label=_moved(label, left, top) if label else None,
            is_expanded=is_open,
            is_marker_visible=node.type == "exclusiveGateway",
        )

    def _join(self) -> None:
        """Lines for the flows that no scope has drawn: between pools, to data and annotations, across borders."""
        boxes = {identity: shape.bounds for identity, shape in self.shapes.items()}
        flows = [flow for flow in self.model.flows.values() if flow.id not in self.edges and flow.source != flow.target]
        between = Between(self.model, boxes, self.pool_of, _BETWEEN_POOLS)
        for flow in flows:
            if flow.source in boxes and flow.target in boxes:
                self.edges[flow.id] = Edge(flow.id, _line(between.line(flow)))


def _moved(box: Bounds, x: float, y: float) -> Bounds:
    return _rounded(Bounds(box.x + x, box.y + y, box.width, box.height))


def _rounded(box: Bounds) -> Bounds:
    """As exact as a file holds it: what is written and read again is the same."""
    return Bounds(round(box.x, 2), round(box.y, 2), round(box.width, 2), round(box.height, 2))


def _line(points: Iterable[Point], x: float = 0, y: float = 0) -> tuple[Point, ...]:
    return tuple(Point(round(point.x + x, 2), round(point.y + y, 2)) for point in points)
