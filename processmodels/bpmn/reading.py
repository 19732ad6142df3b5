"""Reads a BPMN 2.0 file into a Model. What a file gets wrong is left out; only what cannot be read is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from . import diagram
from .details import Names, children, details, documentation, event_definitions, is_true, local, markers, text_of
from .details import trigger as trigger_of
from .graph import Graph
from .model import ACTIVITIES, DATA, EVENTS, FLOW_NODES, GATEWAYS, SUB_PROCESSES, Flow, Marker, Model, Node, Process
from .sequence import process_order
from .source import MAX_BYTES, BpmnError, clean, clean_lines, parse

__all__ = ["BpmnError", "labels", "read"]

# Nodes and flows together; beyond that nobody reads the picture or the text.
MAX_ELEMENTS = 20_000
_MAX_ID = 200
# Of names and annotations alike: two that differ further on say the same.
_MAX_NAME = 5_000
_DIRECTIONS = {"one": "one", "both": "both"}


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Model:
    """The content of a file. Raises BpmnError, whose message can be shown, for a file that is refused."""
    root = parse(data, max_bytes)
    return _Reader(root).model()


def labels(model: Model) -> list[str]:
    """All names and annotations, each once, in process order: what is found by searching."""
    graph = Graph(model)
    names = [process.name for process in model.processes.values()]
    for identity in process_order(graph):
        names.append(model.nodes[identity].name)
        names += [flow.name for flow in graph.outgoing.get(identity, ())]
    names += [flow.name for flow in model.flows.values()]
    return list(dict.fromkeys(name for name in names if name))


class _Reader:
    """Collects drafts of all elements first: what they refer to may come later in the file."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.names = Names(root)
        self.processes: dict[str, Process] = {}
        self.nodes: dict[str, dict[str, Any]] = {}
        self.flows: dict[str, dict[str, Any]] = {}
        # Ids that stand for a node without being one: data of a task, a data object with references.
        self.aliases: dict[str, str] = {}
        self.lane_of: dict[str, tuple[int, str]] = {}
        self.defaults: set[str] = set()
        self.collaborations: set[str] = set()
        self.ids: set[str] = set()
        self.number = 0

    def model(self) -> Model:
        for kind, child in children(self.root):
            if kind == "process":
                self._process(child)
        for kind, child in children(self.root):
            if kind == "collaboration":
                self._collaboration(child)
        self._merge_data()
        nodes = {identity: self._finished_node(draft) for identity, draft in self.nodes.items()}
        flows = self._finished_flows()
        return Model(
            processes=self.processes,
            nodes=nodes,
            flows=flows,
            planes=diagram.planes(self.root, nodes, flows, self._resolve),
            name=clean(self.root.get("name")),
            exporter=clean(f"{self.root.get('exporter') or ''} {self.root.get('exporterVersion') or ''}", 100),
        )

    # ── elements, in the order of the file ──

    def _process(self, element: Any) -> None:
        identity = self._new_id(element, "process")
        self.processes[identity] = Process(identity, clean(element.get("name"), _MAX_NAME), documentation(element))
        self._content(element, identity)

    def _collaboration(self, element: Any) -> None:
        identity = self._new_id(element, "collaboration")
        self.collaborations.add(identity)
        for kind, child in children(element):
            if kind == "participant":
                self._participant(child, identity)
            else:
                self._item(kind, child, identity)

    def _participant(self, element: Any, container: str) -> None:
        identity = self._node(element, "participant", container)
        process = self.processes.get(self._resolve(element.get("processRef")))
        if process and not process.participant:
            self.processes[process.id] = Process(process.id, process.name, process.documentation, identity)

    def _content(self, element: Any, container: str) -> None:
        for kind, child in children(element):
            self._item(kind, child, container)

    def _item(self, kind: str, element: Any, container: str) -> None:
        if kind in FLOW_NODES:
            self._flow_node(element, kind, container)
        elif kind in DATA or kind in ("textAnnotation", "group"):
            self._node(element, kind, container)
        elif kind in ("sequenceFlow", "messageFlow", "association"):
            self._flow(element, kind, container, element.get("sourceRef"), element.get("targetRef"))
        elif kind == "laneSet":
            self._lanes(element, container, 1)
        elif kind == "ioSpecification":
            self._content(element, container)

    def _flow_node(self, element: Any, kind: str, container: str) -> None:
        identity = self._node(element, kind, container)
        if element.get("default"):
            self.defaults.add(element.get("default").strip())
        for inner, child in children(element):
            if inner in ("dataInput", "dataOutput"):
                self._alias(child, identity)
            elif inner == "ioSpecification":
                for _inner, data in children(child):
                    self._alias(data, identity)
            elif inner in ("dataInputAssociation", "dataOutputAssociation"):
                self._data_association(child, inner, identity, container)
            elif kind in SUB_PROCESSES:
                self._item(inner, child, identity)

    def _data_association(self, element: Any, kind: str, owner: str, container: str) -> None:
        """One end is the task or event that has it, whatever the file names inside; the other is a data element."""
        wanted = "sourceRef" if kind == "dataInputAssociation" else "targetRef"
        for inner, child in children(element):
            if inner == wanted:
                other = text_of(child)
                ends = (other, owner) if wanted == "sourceRef" else (owner, other)
                self._flow(element, kind, container, *ends)
                return

    def _lanes(self, lane_set: Any, container: str, depth: int) -> None:
        for kind, lane in children(lane_set):
            if kind != "lane":
                continue
            identity = self._node(lane, "lane", container)
            for inner, child in children(lane):
                if inner == "flowNodeRef":
                    reference = text_of(child).strip()
                    if self.lane_of.get(reference, (0, ""))[0] < depth:
                        self.lane_of[reference] = depth, identity
                elif inner == "childLaneSet":
                    self._lanes(child, identity, depth + 1)

    # ── drafts ──

    def _node(self, element: Any, kind: str, container: str) -> str:
        identity = self._new_id(element, kind)
        draft = {
            "id": identity,
            "type": kind,
            "name": self._name(element, kind),
            "documentation": documentation(element),
            "container": container,
            "reference": element.get("dataObjectRef") or element.get("dataStoreRef") or "",
        }
        if kind in EVENTS:
            draft |= self._event(element, kind)
        elif kind in ACTIVITIES or kind in DATA or kind == "participant":
            draft["markers"] = markers(element, kind)
            draft["details"] = details(element, [], self.names)
            draft["is_event_sub_process"] = kind in SUB_PROCESSES and is_true(element, "triggeredByEvent")
        elif kind in GATEWAYS:
            draft["instantiates"] = _instantiates(element)
        self.nodes[identity] = draft
        return identity

    def _event(self, element: Any, kind: str) -> dict[str, Any]:
        definitions = event_definitions(element, self.names)
        attribute = "cancelActivity" if kind == "boundaryEvent" else "isInterrupting"
        return {
            "trigger": trigger_of(definitions, all_needed=is_true(element, "parallelMultiple")),
            "interrupting": is_true(element, attribute, default=True),
            "attached_to": element.get("attachedToRef") or "",
            "details": details(element, definitions, self.names),
        }

    def _name(self, element: Any, kind: str) -> str:
        if kind == "textAnnotation":
            texts = (text_of(child) for inner, child in children(element) if inner == "text")
            return clean_lines("\n".join(texts), _MAX_NAME)
        if kind == "group":
            return self.names.of(element.get("categoryValueRef")) or clean(element.get("name"), _MAX_NAME)
        return clean(element.get("name"), _MAX_NAME)

    def _flow(self, element: Any, kind: str, container: str, source: str | None, target: str | None) -> None:
        conditions = (
            clean(text_of(child), 2_000) for inner, child in children(element) if inner == "conditionExpression"
        )
        identity = self._new_id(element, kind)
        name = clean(element.get("name"), _MAX_NAME)
        if not name and kind == "messageFlow" and element.get("messageRef"):
            name = self.names.of(element.get("messageRef"))
        self.flows[identity] = {
            "id": identity,
            "type": kind,
            "source": source,
            "target": target,
            "name": name,
            "documentation": documentation(element),
            "container": container,
            "condition": next(conditions, ""),
            "direction": _DIRECTIONS.get((element.get("associationDirection") or "").strip().lower(), "none"),
        }

    def _new_id(self, element: Any, kind: str) -> str:
        """The id of the file; "type~1" when it has none, or one that is taken ("~" stands in no id)."""
        if len(self.ids) > MAX_ELEMENTS:
            raise BpmnError(
                _("Das Modell hat mehr als %d Elemente. Bitte teilen Sie es in mehrere Modelle auf.") % MAX_ELEMENTS
            )
        identity = (element.get("id") or "").strip()
        while not identity or len(identity) > _MAX_ID or identity in self.ids:
            self.number += 1
            identity = f"{kind}~{self.number}"
        self.ids.add(identity)
        return identity

    def _alias(self, element: Any, owner: str) -> None:
        if element.get("id"):
            self.aliases.setdefault(element.get("id").strip(), owner)

    # ── references ──

    def _resolve(self, reference: str | None) -> str:
        """The id an element has in the model, or "" for one that is not there."""
        reference = (reference or "").strip()
        for candidate in (reference, local(reference)):
            if candidate in self.ids:
                return candidate
            if candidate in self.aliases:
                return self.aliases[candidate]
        return ""

    def _merge_data(self) -> None:
        """A data object is drawn as its references: it gives them its name and is left out itself."""
        drawn = diagram.drawn_references(self.root)
        stores = {child.get("id"): child for kind, child in children(self.root) if kind == "dataStore"}
        referenced: dict[str, str] = {}
        for draft in self.nodes.values():
            if not draft["reference"]:
                continue
            wanted = draft["reference"].strip()
            target = self.nodes.get(self._resolve(wanted))
            if target and target["type"] == "dataObject":
                draft["name"] = draft["name"] or target["name"]
                draft["documentation"] = draft["documentation"] or target["documentation"]
                draft["markers"] |= target["markers"] & {Marker.COLLECTION}
                draft["details"] = target["details"] | draft["details"]
                referenced.setdefault(target["id"], draft["id"])
            elif (store := stores.get(wanted, stores.get(local(wanted)))) is not None:
                draft["name"] = draft["name"] or clean(store.get("name"))
                draft["documentation"] = draft["documentation"] or documentation(store)
                self.aliases.setdefault(store.get("id"), draft["id"])
        for data_object, reference in referenced.items():
            if data_object not in drawn:
                del self.nodes[data_object]
                self.ids.remove(data_object)
                self.aliases[data_object] = reference

    def _finished_node(self, draft: dict[str, Any]) -> Node:
        draft = {key: value for key, value in draft.items() if key != "reference"}
        draft["lane"] = self.lane_of.get(draft["id"], (0, ""))[1]
        if draft.get("attached_to"):
            attached = self._resolve(draft["attached_to"])
            draft["attached_to"] = attached if attached in self.nodes else ""
        return Node(**draft)

    def _finished_flows(self) -> dict[str, Flow]:
        """Sequence and message flows may dangle (a hint tells it); other connections need both ends."""
        found: dict[str, Flow] = {}
        for draft in self.flows.values():
            is_end: Callable[[str], bool] = self._ends(draft["type"])
            source, target = (
                end if is_end(end) else "" for end in map(self._resolve, (draft["source"], draft["target"]))
            )
            may_dangle = draft["type"] in ("sequenceFlow", "messageFlow")
            if (source and target) or (may_dangle and (source or target)):
                draft |= {"source": source, "target": target, "is_default": draft["id"] in self.defaults}
                found[draft["id"]] = Flow(**draft)
        return found

    def _ends(self, kind: str) -> Callable[[str], bool]:
        if kind == "association":
            return lambda end: end in self.nodes or end in self.flows
        return lambda end: end in self.nodes


def _instantiates(element: Any) -> str:
    if not is_true(element, "instantiate"):
        return ""
    return "parallel" if (element.get("eventGatewayType") or "").strip().lower() == "parallel" else "exclusive"
