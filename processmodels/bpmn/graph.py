"""What follows what: the connections of a model as a graph, container by container."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .model import FLOW_NODES, Flow, Marker, Model, Node, Trigger

# More passes change nothing in a graph anybody drew; the result only decides where a list is indented.
_PASSES = 10
_EXIT = ""


class Way(StrEnum):
    FLOW = "flow"
    BOUNDARY = "boundary"
    LINK = "link"
    COMPENSATION = "compensation"


@dataclass(frozen=True)
class Link:
    """One way on from a node; `flow` is empty for an event at the edge of an activity and for a link event."""

    target: str
    way: Way
    flow: Flow | None = None


class Graph:
    """Nodes that are passed over (`skipped`: gateways without a name that only bring ways together) are bridged."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.contents: dict[str, list[Node]] = defaultdict(list)
        for node in model.nodes.values():
            if node.type in FLOW_NODES:
                self.contents[node.container].append(node)
        self.incoming: dict[str, list[Flow]] = defaultdict(list)
        self.outgoing: dict[str, list[Flow]] = defaultdict(list)
        for flow in model.flows.values():
            if flow.type == "sequenceFlow":
                self.outgoing[flow.source].append(flow)
                self.incoming[flow.target].append(flow)
        self.links: dict[str, list[Link]] = defaultdict(list)
        self._collect_links()
        self.entered = {link.target for links in self.links.values() for link in links}
        self.skipped = self._bridge()

    def processes(self) -> list[str]:
        """The processes as they are read: in the order of their pools, then those without one."""
        shown = {process.participant: process.id for process in self.model.processes.values() if process.participant}
        pools = [shown[node] for node in self.model.nodes if node in shown]
        return list(dict.fromkeys([*pools, *self.model.processes]))

    def successors(self, node: str) -> Sequence[Link]:
        return self.links.get(node, ())

    def starts(self, container: str) -> list[str]:
        """Where the content of a process or sub-process begins."""
        nodes = [node for node in self.contents[container] if node.id not in self.skipped]
        holder = self.model.nodes.get(container)
        is_free = holder is not None and holder.type == "adHocSubProcess"
        found = [node.id for node in nodes if node.type == "startEvent"]
        if is_free or not found:
            found = [node.id for node in nodes if self.is_loose(node)]
        else:
            found += [node.id for node in nodes if self.is_loose(node) and _starts_by_itself(node)]
        return found or [node.id for node in nodes if not node.is_event_sub_process][:1]

    def handlers(self, container: str) -> list[str]:
        """Event sub-processes: begun by what happens, not by a flow."""
        return [node.id for node in self.contents[container] if node.is_event_sub_process]

    def is_loose(self, node: Node) -> bool:
        """Whether nothing leads to a node that something should lead to."""
        return node.id not in self.entered and not node.is_event_sub_process and Marker.COMPENSATION not in node.markers

    def lifted(self, source: str, target: str) -> tuple[str, str] | None:
        """The ends of a flow, raised to the sub-processes that lie side by side; None across processes."""
        above = {container: node for node, container in self._ancestry(source)}
        for node, container in self._ancestry(target):
            if container in above:
                return above[container], node
        return None

    def _ancestry(self, node: str) -> Iterator[tuple[str, str]]:
        seen: set[str] = set()
        while node in self.model.nodes and node not in seen:
            seen.add(node)
            container = self.model.nodes[node].container
            yield node, container
            node = container

    def _collect_links(self) -> None:
        nodes = self.model.nodes
        for flow in self.model.flows.values():
            if flow.type == "sequenceFlow" and flow.source and flow.target:
                self._add(flow.source, flow.target, Way.FLOW, flow)
        for node in nodes.values():
            if node.type == "boundaryEvent" and node.attached_to:
                self._add(node.attached_to, node.id, Way.BOUNDARY)
        self._collect_jumps()
        for flow in self.model.flows.values():
            source = nodes.get(flow.source) if flow.type == "association" else None
            if source and source.trigger is Trigger.COMPENSATION and source.type == "boundaryEvent":
                self._add(source.id, flow.target, Way.COMPENSATION, flow)

    def _collect_jumps(self) -> None:
        """Link events: from the one that throws to the one of the same name that catches."""
        links = [node for node in self.model.nodes.values() if node.trigger is Trigger.LINK]
        catches = {(node.container, _link_name(node)): node.id for node in links if not node.is_throwing}
        for node in links:
            catch = catches.get((node.container, _link_name(node)))
            if node.is_throwing and catch and not self.links.get(node.id):
                self._add(node.id, catch, Way.LINK)

    def _add(self, source: str, target: str, way: Way, flow: Flow | None = None) -> None:
        ends = self.lifted(source, target)
        if (
            ends
            and (ends[0] != ends[1] or source == target)
            and self.model.nodes[ends[1]].type in FLOW_NODES
            and self.model.nodes[ends[0]].type in FLOW_NODES
        ):
            self.links[ends[0]].append(Link(ends[1], way, flow))

    def _bridge(self) -> frozenset[str]:
        """Lets every link end behind the skipped nodes."""
        touched = {
            end
            for flow in self.model.flows.values()
            if flow.type != "sequenceFlow"
            for end in (flow.source, flow.target)
        }
        skipped = {
            node.id: self.links[node.id][0].target
            for node in self.model.nodes.values()
            if node.type == "exclusiveGateway"
            and not (node.name or node.documentation or node.id in touched)
            and len(self.incoming[node.id]) > 1
            and len(self.links.get(node.id, ())) == 1
            and not self.outgoing[node.id][0].name
        }
        for gateway in _on_circles(skipped):
            del skipped[gateway]
        if skipped:
            for source, links in self.links.items():
                self.links[source] = [Link(_behind(link.target, skipped), link.way, link.flow) for link in links]
        return frozenset(skipped)


def _starts_by_itself(node: Node) -> bool:
    return node.type == "receiveTask" or bool(node.instantiates)


def _link_name(node: Node) -> str:
    return node.details.get("link") or node.name


def _behind(node: str, skipped: Mapping[str, str]) -> str:
    while node in skipped:
        node = skipped[node]
    return node


def _on_circles(skipped: Mapping[str, str]) -> set[str]:
    """Gateways from which only gateways follow, for ever."""
    circles: set[str] = set()
    good: set[str] = set()
    for gateway in skipped:
        path: list[str] = []
        seen: set[str] = set()
        node = gateway
        while node in skipped and node not in seen and node not in good and node not in circles:
            seen.add(node)
            path.append(node)
            node = skipped[node]
        (circles if node in seen or node in circles else good).update(path)
    return circles


def postorder(roots: Iterable[str], successors: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    """Every node reached from the roots, after those it leads to, and the roots no other root led to.

    Without recursion: a process may be thousands of steps long.
    """
    seen: set[str] = set()
    found: list[str] = []
    used: list[str] = []
    for root in roots:
        if root in seen:
            continue
        used.append(root)
        seen.add(root)
        stack = [(root, iter(successors.get(root, ())))]
        while stack:
            node, following = stack[-1]
            target = next((target for target in following if target not in seen), None)
            if target is None:
                found.append(node)
                stack.pop()
            else:
                seen.add(target)
                stack.append((target, iter(successors.get(target, ()))))
    return found, used


def lengths(roots: Iterable[str], successors: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many steps follow a node at most, ways back not counted."""
    found: dict[str, int] = {}
    for node in postorder(roots, successors)[0]:
        found[node] = 1 + max((found.get(target, 0) for target in successors.get(node, ())), default=0)
    return found


def joins(nodes: Sequence[str], successors: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For each node the first one that every way on from it passes; "" when there is none.

    Immediate post-dominators after Cooper, Harvey and Kennedy ("A Simple, Fast Dominance Algorithm").
    """
    backwards: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        for target in successors.get(node, ()):
            backwards[target].append(node)
    ends = [node for node in nodes if not successors.get(node)]
    # Circles without a way out: where they are first met counts as an end.
    order, ends = postorder([*ends, *reversed(nodes)], backwards)
    return _dominators(order, set(ends), successors)


def _dominators(order: Sequence[str], ends: set[str], successors: Mapping[str, Sequence[str]]) -> dict[str, str]:
    number = {node: index for index, node in enumerate(order)}
    number[_EXIT] = len(order)
    found = {_EXIT: _EXIT}
    for _pass in range(_PASSES):
        changed = False
        for node in reversed(order):
            nearest = _EXIT if node in ends else None
            for target in successors.get(node, ()):
                if target in found:
                    nearest = target if nearest is None else _common(nearest, target, number, found)
            if nearest is not None and found.get(node) != nearest:
                found[node] = nearest
                changed = True
        if not changed:
            break
    return found


def _common(first: str, second: str, number: Mapping[str, int], found: Mapping[str, str]) -> str:
    while first != second:
        while number[first] < number[second]:
            first = found[first]
        while number[second] < number[first]:
            second = found[second]
    return first


def lane_of(model: Model, node: Node) -> Node | None:
    """The lane of a node: its own, that of the activity it is attached to, or that of the sub-process around it."""
    seen: set[str] = set()
    current: Node | None = node
    while current and current.id not in seen:
        seen.add(current.id)
        if current.lane in model.nodes:
            return model.nodes[current.lane]
        current = model.nodes.get(current.attached_to) or model.nodes.get(current.container)
    return None


def process_of(model: Model, node: Node) -> str:
    """The id of the process (or collaboration) a node belongs to."""
    seen: set[str] = set()
    while node.container in model.nodes and node.id not in seen:
        seen.add(node.id)
        node = model.nodes[node.container]
    return node.container
