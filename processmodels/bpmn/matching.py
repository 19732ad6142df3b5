"""Which element of one model is which of another: by id first, then by what it is and where it stands.

Ids that were counted ("Activity_3") come to elements by chance: two lists drawn apart from each other share
them, and a row put in shifts them. They tell something only while names agree with them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from .model import ACTIVITIES, ARTIFACTS, DATA, FLOW_NODES, SUB_PROCESSES, Flow, Model, Node

# Elements without a name of their own are known by their neighbours, which may need to be known first.
_ROUNDS = 5
_COUNTED = re.compile(r"[A-Za-z]+_?[0-9]{1,4}")


@dataclass
class Matching:
    """Ids of old elements to ids of new ones, and back; processes and collaborations included."""

    new_of: dict[str, str] = field(default_factory=dict)
    old_of: dict[str, str] = field(default_factory=dict)

    def add(self, old: str, new: str) -> None:
        self.new_of[old] = new
        self.old_of[new] = old

    def has(self, identity: str) -> bool:
        """Whether one of the two elements with this id is matched already."""
        return identity in self.new_of or identity in self.old_of

    def by_key(self, old: Iterable[tuple[str, Hashable]], new: Iterable[tuple[str, Hashable]]) -> bool:
        """Matches what is still open and has a key that is unique on both sides; "" and None are no keys."""
        olds, news = self._open(old, self.new_of), self._open(new, self.old_of)
        found = [(olds[key][0], news[key][0]) for key in olds if len(olds[key]) == 1 and len(news.get(key, ())) == 1]
        for before, after in found:
            self.add(before, after)
        return bool(found)

    def by_place(self, old: Iterable[str], new: Iterable[str]) -> None:
        """Matches what is still open one by one, in this order."""
        olds = [identity for identity in old if identity not in self.new_of]
        news = [identity for identity in new if identity not in self.old_of]
        for before, after in zip(olds, news, strict=False):
            self.add(before, after)

    def _open(self, keyed: Iterable[tuple[str, Hashable]], taken: dict[str, str]) -> dict[Hashable, list[str]]:
        groups: dict[Hashable, list[str]] = defaultdict(list)
        for identity, key in keyed:
            if identity not in taken and key:
                groups[key].append(identity)
        return groups


def match(old: Model, new: Model) -> Matching:
    found = Matching()
    may_count = _names_agree(old, new)
    _match_node_ids(found, old.nodes, new.nodes, may_count)
    _match_ids(found, old.processes, new.processes)
    # Where an element stands is told by pools, processes, lanes and sub-processes: they come first.
    _match_nodes(found, old, new, frozenset({"participant"}))
    _match_processes(found, old, new)
    for types in (frozenset({"lane"}), SUB_PROCESSES, FLOW_NODES - SUB_PROCESSES, DATA | ARTIFACTS):
        _match_nodes(found, old, new, types)
    _match_flows(found, old, new, may_count)
    # What is left may still have the id that was made up for it, by its place in the file.
    if may_count:
        found.by_key(_as_they_are(old), _as_they_are(new))
    return found


def _names_agree(old: Model, new: Model) -> bool:
    """Whether counted ids mean the same in both models: at least half of those with names have the same one."""
    pairs = [
        (node.name, other.name)
        for key, node in old.nodes.items()
        if _is_counted(key) and node.name and (other := new.nodes.get(key)) and other.name
    ]
    return 2 * sum(before == after for before, after in pairs) >= len(pairs)


def _is_counted(identity: str) -> bool:
    return bool(_COUNTED.fullmatch(identity))


def _match_node_ids(found: Matching, old: Mapping[str, Node], new: Mapping[str, Node], may_count: bool) -> None:
    names_before, names_after = ({_named(node) for node in nodes.values() if node.name} for nodes in (old, new))

    def tells(before: Node, after: Node) -> bool:
        """Whether a counted id means the same element: not where its name stands elsewhere."""
        if before.name and _named(before) == _named(after):
            return True
        return may_count and _named(before) not in names_after and _named(after) not in names_before

    for identity, before in old.items():
        after = new.get(identity)
        if after and "~" not in identity and (not _is_counted(identity) or tells(before, after)):
            found.add(identity, identity)


def _named(node: Node) -> tuple[str, str]:
    return _sort(node), node.name


def _sort(node: Node) -> str:
    """What stays the same when a step is done in another way: a task by hand that a system takes over."""
    return "activity" if node.type in ACTIVITIES else node.type


def _match_ids(found: Matching, old: Iterable[str], new: Mapping[str, object]) -> None:
    for identity in old:
        if identity in new and "~" not in identity and not found.has(identity):
            found.add(identity, identity)


def _as_they_are(model: Model) -> list[tuple[str, Hashable]]:
    elements: list[Node | Flow] = [*model.nodes.values(), *model.flows.values()]
    return [(element.id, (element.id, element.type, element.name)) for element in elements]


def _match_processes(found: Matching, old: Model, new: Model) -> None:
    olds, news = list(old.processes.values()), list(new.processes.values())
    found.by_key(
        ((process.id, found.new_of.get(process.participant)) for process in olds),
        ((process.id, process.participant) for process in news),
    )
    found.by_key(((process.id, process.name) for process in olds), ((process.id, process.name) for process in news))
    if len(olds) == len(news):
        found.by_place((process.id for process in olds), (process.id for process in news))


def _match_nodes(found: Matching, old: Model, new: Model, types: frozenset[str]) -> None:
    olds = [node for node in old.nodes.values() if node.type in types]
    news = [node for node in new.nodes.values() if node.type in types]

    def by(key: Callable[[Node, str | None, str | None], Hashable]) -> bool:
        return found.by_key(
            ((node.id, key(node, found.new_of.get(node.lane), found.new_of.get(node.container))) for node in olds),
            ((node.id, key(node, node.lane or None, _container(new, node))) for node in news),
        )

    by(lambda node, lane, container: node.name and (node.type, node.name, lane, container))
    by(lambda node, lane, container: node.name and (node.type, node.name, lane))
    by(lambda node, lane, container: node.name and (node.type, node.name))
    by(lambda node, lane, container: node.name and (*_named(node), lane))
    by(lambda node, lane, container: node.name and _named(node))
    for _round in range(_ROUNDS):
        around_old, around_new = _neighbours(old, found.new_of), _neighbours(new, None)
        if not found.by_key(_by_neighbours(olds, around_old), _by_neighbours(news, around_new)):
            break
    # The second of three in the old one is the second of three in the new one.
    open_olds = ((node, found.new_of.get(node.container)) for node in olds if node.id not in found.new_of)
    open_news = ((node, _container(new, node)) for node in news if node.id not in found.old_of)
    groups_old, groups_new = _alike(open_olds), _alike(open_news)
    for key, group in groups_old.items():
        if len(group) == len(groups_new.get(key, ())):
            found.by_place(group, groups_new[key])


def _container(model: Model, node: Node) -> str | None:
    """Collaborations are not matched: what one holds has no container here."""
    return node.container if node.container in model.nodes or node.container in model.processes else None


def _alike(nodes: Iterable[tuple[Node, str | None]]) -> dict[Hashable, list[str]]:
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for node, container in nodes:
        groups[node.type, node.name, node.trigger, container].append(node.id)
    return groups


def _by_neighbours(nodes: Iterable[Node], around: dict[str, frozenset[tuple[str, str]]]) -> list[tuple[str, Hashable]]:
    return [(node.id, around.get(node.id) and (node.type, node.name, node.trigger, around[node.id])) for node in nodes]


def _neighbours(model: Model, new_of: dict[str, str] | None) -> dict[str, frozenset[tuple[str, str]]]:
    """For each node what is before and after it, in the ids of the new model."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for flow in model.flows.values():
        for side, node, other in (("to", flow.source, flow.target), ("from", flow.target, flow.source)):
            known = other if new_of is None else new_of.get(other)
            if known and node:
                found[node].add((side, known))
    for event in model.nodes.values():
        known = event.attached_to if new_of is None else new_of.get(event.attached_to)
        if known:
            found[event.id].add(("at", known))
    return {identity: frozenset(around) for identity, around in found.items()}


def _match_flows(found: Matching, old: Model, new: Model, may_count: bool) -> None:
    _match_ids(found, (key for key in old.flows if not _is_counted(key)), new.flows)
    olds, news = old.flows.values(), new.flows.values()
    # Twice: an association may lead to a flow.
    for _round in range(2):
        for with_name in (True, False):
            found.by_key(
                (
                    (flow.id, _flow_key(flow, found.new_of.get(flow.source), found.new_of.get(flow.target), with_name))
                    for flow in olds
                ),
                ((flow.id, _flow_key(flow, flow.source, flow.target, with_name)) for flow in news),
            )
    if may_count:
        _match_ids(found, (key for key, flow in old.flows.items() if _has_an_end_of(found, flow, new)), new.flows)


def _has_an_end_of(found: Matching, flow: Flow, new: Model) -> bool:
    """Whether the flow of the new model with the same id still has one of its ends."""
    other = new.flows.get(flow.id)
    return other is not None and (
        found.new_of.get(flow.source) == other.source or found.new_of.get(flow.target) == other.target
    )


def _flow_key(flow: Flow, source: str | None, target: str | None, with_name: bool) -> Hashable:
    return source and target and (flow.type, source, target, flow.name if with_name else "")
