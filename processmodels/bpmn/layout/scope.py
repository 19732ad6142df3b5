"""What is laid out together: the nodes of one process or sub-process, and the links between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from processmodels.bpmn.model import ACTIVITIES, DATA, FLOW_NODES, Flow, Model, Node

_BESIDE = DATA | {"textAnnotation"}


@dataclass(frozen=True)
class Link:
    """A flow inside a scope; `start` and `end` are cells of the grid: the host where a boundary event is meant."""

    flow: Flow
    start: str
    end: str


@dataclass
class Scope:
    id: str
    nodes: list[Node] = field(default_factory=list)
    # Data and annotations, each with the node it belongs to (empty: none of this scope).
    beside: list[tuple[Node, str]] = field(default_factory=list)
    boundary: dict[str, list[Node]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    lanes: list[str] = field(default_factory=lambda: [""])
    lane_of: dict[str, int] = field(default_factory=dict)


def scopes(model: Model) -> dict[str, Scope]:
    """The scopes by id, in the order of the file; those inside others after them."""
    found = {identity: Scope(identity) for identity in model.processes}
    for node in model.nodes.values():
        if node.type in FLOW_NODES:
            found.setdefault(node.container, Scope(node.container))
    _add_nodes(model, found)
    _add_beside(model, found)
    held = lanes_by_container(model)
    for scope in found.values():
        if scope.id in held:
            _set_lanes(scope, held)
    return found


def _add_nodes(model: Model, found: Mapping[str, Scope]) -> None:
    for node in model.nodes.values():
        if node.type not in FLOW_NODES:
            continue
        scope = found[node.container]
        host = model.nodes.get(node.attached_to)
        if node.type == "boundaryEvent" and host and host.type in ACTIVITIES and host.container == node.container:
            scope.boundary.setdefault(host.id, []).append(node)
        else:
            scope.nodes.append(node)
    hosts = {event.id: host for scope in found.values() for host, events in scope.boundary.items() for event in events}
    for flow in model.flows.values():
        source, target = model.nodes.get(flow.source), model.nodes.get(flow.target)
        if not source or not target or flow.type not in ("sequenceFlow", "association"):
            continue
        if {source.type, target.type} <= FLOW_NODES and source.container == target.container:
            start, end = hosts.get(source.id, source.id), hosts.get(target.id, target.id)
            found[source.container].links.append(Link(flow, start, end))


def _add_beside(model: Model, found: Mapping[str, Scope]) -> None:
    neighbours: dict[str, str] = {}
    for flow in model.flows.values():
        for one, other in ((flow.source, flow.target), (flow.target, flow.source)):
            if (node := model.nodes.get(other)) and node.type in FLOW_NODES:
                neighbours.setdefault(one, node.attached_to or node.id)
    for node in model.nodes.values():
        if node.type not in _BESIDE:
            continue
        host = model.nodes.get(neighbours.get(node.id, ""))
        wanted = host.container if host else node.container
        scope = found.get(wanted) or next(iter(found.values()), None)
        if scope:
            scope.beside.append((node, host.id if host else ""))


def _set_lanes(scope: Scope, held: Mapping[str, Sequence[str]]) -> None:
    leaves, inside = _leaves(scope.id, held)
    scope.lanes = leaves
    at = {lane: place for place, lane in enumerate(leaves)}
    for lane, first in inside.items():
        at.setdefault(lane, at[first])
    named = {node.id: at[node.lane] for node in scope.nodes if node.lane in at}
    scope.lane_of = dict(named)
    # A node that no lane names stands where the flow comes from, else in the first.
    for link in scope.links:
        if link.end not in scope.lane_of and link.start in scope.lane_of:
            scope.lane_of[link.end] = scope.lane_of[link.start]


def _leaves(container: str, held: Mapping[str, Sequence[str]]) -> tuple[list[str], dict[str, str]]:
    """The innermost lanes from top to bottom, and for each outer lane the first of those inside."""
    leaves: list[str] = []
    first: dict[str, str] = {}
    stack: list[tuple[str, Sequence[str]]] = [(lane, ()) for lane in reversed(held.get(container, ()))]
    while stack:
        lane, above = stack.pop()
        if inner := held.get(lane):
            stack += [(child, (*above, lane)) for child in reversed(inner)]
            continue
        leaves.append(lane)
        for outer in above:
            first.setdefault(outer, lane)
    return leaves, first


def lanes_by_container(model: Model) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    for node in model.nodes.values():
        if node.type == "lane":
            held.setdefault(node.container, []).append(node.id)
    return held
