"""What is unusual about a model, in words. A hint never refuses anything: people draw before they know the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from . import sequence
from .graph import Graph, lane_of, process_of
from .model import ACTIVITIES, FLOW_NODES, GATEWAYS, SUB_PROCESSES, Flow, Marker, Model, Node
from .words import quoted


class HintKind(StrEnum):
    """What the hint is about; the same words for all hints of a kind."""

    EMPTY = "empty"
    NO_DIAGRAM = "no_diagram"
    SEVERAL_DIAGRAMS = "several_diagrams"
    NOT_DRAWN = "not_drawn"
    NO_START = "no_start"
    NO_END = "no_end"
    DANGLING_FLOW = "dangling_flow"
    FLOW_LEAVES_POOL = "flow_leaves_pool"
    MESSAGE_INSIDE_POOL = "message_inside_pool"
    UNREACHABLE = "unreachable"
    DETACHED_EVENT = "detached_event"
    NO_NAME = "no_name"
    USELESS_GATEWAY = "useless_gateway"
    UNLABELLED_WAYS = "unlabelled_ways"
    OUTSIDE_LANES = "outside_lanes"


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"


@dataclass(frozen=True)
class Hint:
    """One hint; `element` is empty when it is about the whole file."""

    kind: HintKind
    severity: Severity
    message: str
    element: str = ""
    name: str = ""


def hints(model: Model) -> list[Hint]:
    """All hints: about the file, about flows, then about elements in process order."""
    graph = Graph(model)
    return [*_of_file(model), *_of_processes(graph), *_of_flows(graph), *_of_nodes(graph)]


def _warn(kind: HintKind, message: str, node: Node | None = None, flow: Flow | None = None) -> Hint:
    return _hint(kind, Severity.WARNING, message, node or flow)


def _info(kind: HintKind, message: str, node: Node | None = None) -> Hint:
    return _hint(kind, Severity.INFO, message, node)


def _hint(kind: HintKind, severity: Severity, message: str, about: Node | Flow | None) -> Hint:
    return Hint(kind, severity, message, about.id if about else "", about.name if about else "")


def _of_file(model: Model) -> Iterator[Hint]:
    if not any(node.type in FLOW_NODES for node in model.nodes.values()):
        yield _warn(
            HintKind.EMPTY,
            _("Die Datei enthält keine Schritte. Bitte prüfen Sie, ob Sie das richtige Modell exportiert haben."),
        )
        return
    drawn = [plane for plane in model.planes if plane.shapes]
    if not drawn:
        yield _info(
            HintKind.NO_DIAGRAM,
            _("Die Datei enthält keine Diagrammdaten. Das Modell wird als Text gezeigt oder automatisch angeordnet."),
        )
    elif len(drawn) > 1:
        yield _info(HintKind.SEVERAL_DIAGRAMS, _("Die Datei enthält %d Diagramme.") % len(drawn))


def _of_processes(graph: Graph) -> Iterator[Hint]:
    holders = [(process.id, process.name) for process in graph.model.processes.values()]
    holders += [(node.id, node.name) for node in graph.model.nodes.values() if node.type in SUB_PROCESSES]
    for container, name in holders:
        holder = graph.model.nodes.get(container)
        types = {node.type for node in graph.contents.get(container, ())}
        # A collapsed sub-process may be empty, and the steps of an ad-hoc one need no order.
        if not types or (holder and holder.type == "adHocSubProcess"):
            continue
        where = (
            _("Im Teilprozess „%s“") % name if holder else (_("Im Prozess „%s“") % name if name else _("Im Prozess"))
        )
        if "startEvent" not in types and not any(node.instantiates for node in graph.contents[container]):
            message = _("%s fehlt ein Startereignis: Womit beginnt der Ablauf?") % where
            yield Hint(HintKind.NO_START, Severity.WARNING, message, container, name)
        if "endEvent" not in types:
            message = _("%s fehlt ein Endereignis: Womit endet der Ablauf?") % where
            yield Hint(HintKind.NO_END, Severity.WARNING, message, container, name)


def _of_flows(graph: Graph) -> Iterator[Hint]:
    nodes = graph.model.nodes
    for flow in graph.model.flows.values():
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if flow.type not in ("sequenceFlow", "messageFlow"):
            continue
        if source and target:
            yield from _of_connection(graph, flow, source, target)
        elif source:
            message = _("Von %s führt ein Pfeil ins Leere.") % quoted(source)
            yield _warn(HintKind.DANGLING_FLOW, message, flow=flow)
        elif target:
            message = _("Zu %s führt ein Pfeil, der nirgends beginnt.") % quoted(target)
            yield _warn(HintKind.DANGLING_FLOW, message, flow=flow)


def _of_connection(graph: Graph, flow: Flow, source: Node, target: Node) -> Iterator[Hint]:
    ends = {"source": quoted(source), "target": quoted(target)}
    same = _pool(graph.model, source) == _pool(graph.model, target)
    if flow.type == "sequenceFlow" and not same:
        message = _(
            "Der Pfeil von %(source)s nach %(target)s verlässt den Pool. Zwischen Pools gehören Nachrichtenflüsse."
        )
        yield _warn(HintKind.FLOW_LEAVES_POOL, message % ends, flow=flow)
    if flow.type == "messageFlow" and same:
        message = _(
            "Der Nachrichtenfluss von %(source)s nach %(target)s bleibt im selben Pool. Dort gehören Ablaufpfeile."
        )
        yield _warn(HintKind.MESSAGE_INSIDE_POOL, message % ends, flow=flow)


def _pool(model: Model, node: Node) -> str:
    if node.type == "participant":
        return node.id
    process = process_of(model, node)
    return (model.processes[process].participant or process) if process in model.processes else process


def _of_nodes(graph: Graph) -> Iterator[Hint]:
    model = graph.model
    drawn = {shape.element for plane in model.planes for shape in plane.shapes}
    unreachable = _unreachable(graph)
    with_lanes = {process_of(model, node) for node in model.nodes.values() if node.type == "lane"}
    for identity in sequence.process_order(graph):
        node = model.nodes[identity]
        if node.type not in FLOW_NODES:
            continue
        yield from _of_way(graph, node, unreachable)
        if node.type in ACTIVITIES and not node.name and not node.is_event_sub_process:
            yield _info(HintKind.NO_NAME, _("%s: Bitte sagen Sie kurz, was hier getan wird.") % quoted(node), node)
        if node.type in GATEWAYS:
            yield from _of_gateway(graph, node)
        if drawn and node.id not in drawn and node.container in model.processes:
            yield _info(HintKind.NOT_DRAWN, _("%s ist im Diagramm nicht gezeichnet.") % quoted(node), node)
        if process_of(model, node) in with_lanes and lane_of(model, node) is None:
            yield _info(HintKind.OUTSIDE_LANES, _("%s liegt in keinem Bereich (Bahn).") % quoted(node), node)


def _of_way(graph: Graph, node: Node, unreachable: set[str]) -> Iterator[Hint]:
    if node.type == "boundaryEvent" and not node.attached_to:
        yield _warn(HintKind.DETACHED_EVENT, _("%s hängt an keiner Aufgabe.") % quoted(node), node)
    elif node.id in unreachable:
        message = _("%s wird nie erreicht: Vom Start führt kein Weg dorthin.") % quoted(node)
        yield _warn(HintKind.UNREACHABLE, message, node)


def _of_gateway(graph: Graph, node: Node) -> Iterator[Hint]:
    outgoing = graph.outgoing.get(node.id, [])
    if len(outgoing) <= 1 and len(graph.incoming.get(node.id, ())) <= 1:
        message = _("%s hat nur einen Weg hinein und hinaus und entscheidet nichts.") % quoted(node)
        yield _info(HintKind.USELESS_GATEWAY, message, node)
    decides = node.type in ("exclusiveGateway", "inclusiveGateway", "complexGateway")
    # One way may stay without: the way that is left over.
    silent = [flow for flow in outgoing if not (flow.name or flow.condition or flow.is_default)]
    if decides and len(outgoing) > 1 and len(silent) > 1:
        message = _("Bei %s steht nicht, wann welcher Weg gilt. Bitte beschriften Sie die Pfeile.") % quoted(node)
        yield _warn(HintKind.UNLABELLED_WAYS, message, node)


def _unreachable(graph: Graph) -> set[str]:
    containers = [
        *graph.model.processes,
        *(node.id for node in graph.model.nodes.values() if node.type in SUB_PROCESSES),
    ]
    reached: set[str] = set(graph.skipped)
    waiting = [start for container in containers for start in graph.starts(container)]
    waiting += [handler for container in containers for handler in graph.handlers(container)]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += [link.target for link in graph.successors(node)]
    return {
        node.id
        for node in graph.model.nodes.values()
        if node.type in FLOW_NODES and node.id not in reached and Marker.COMPENSATION not in node.markers
    }
