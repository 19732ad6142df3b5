"""Writes a Model as a BPMN 2.0 file with its diagram information.

What a Model holds in words only (`details`, except conditions and times of events) is not written: a file that
somebody uploaded is kept as it is, this is for models that were made here.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from processmodels.bpmn.details import TRIGGERS
from processmodels.bpmn.model import (
    ACTIVITIES,
    ARTIFACTS,
    DATA,
    EVENTS,
    SUB_PROCESSES,
    Bounds,
    Edge,
    Flow,
    Marker,
    Model,
    Node,
    Plane,
    Shape,
    Trigger,
)
from processmodels.bpmn.source import MODEL_NAMESPACE

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_COLOR = "http://www.omg.org/spec/BPMN/non-normative/color/1.0"
_NAMESPACES = {"bpmn": MODEL_NAMESPACE, "bpmndi": _DI, "dc": _DC, "di": _DD, "xsi": _XSI, "color": _COLOR}
_DEFINITIONS = {trigger: name for name, trigger in TRIGGERS.items()}
_DIRECTIONS = {"none": "None", "one": "One", "both": "Both"}


def write(model: Model) -> bytes:
    """The file, UTF-8, in the order the schema wants."""
    return _Writer(model).file()


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _add(parent: Any, kind: str, namespace: str = MODEL_NAMESPACE, /, *, text: str = "", **attributes: str) -> Any:
    """A child; empty attributes are left out."""
    made = etree.SubElement(parent, f"{{{namespace}}}{kind}")
    for key, value in attributes.items():
        if value:
            made.set(key, value)
    if text:
        made.text = text
    return made


class _Writer:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.root = etree.Element(f"{{{MODEL_NAMESPACE}}}definitions", nsmap=_NAMESPACES)
        self.root.set("targetNamespace", "http://bpmn.io/schema/bpmn")
        for key, value in (("name", model.name), ("exporter", model.exporter)):
            if value:
                self.root.set(key, value)
        self.made: dict[str, Any] = {}
        self.data_flows: dict[str, list[Flow]] = {}
        self.ends: dict[str, list[tuple[str, str]]] = {}
        self.defaults = {flow.source: flow.id for flow in model.flows.values() if flow.is_default}

    def file(self) -> bytes:
        for flow in self.model.flows.values():
            if flow.type == "sequenceFlow":
                self.ends.setdefault(flow.target, []).append(("incoming", flow.id))
                self.ends.setdefault(flow.source, []).append(("outgoing", flow.id))
            elif flow.type == "dataInputAssociation":
                self.data_flows.setdefault(flow.target, []).append(flow)
            elif flow.type == "dataOutputAssociation":
                self.data_flows.setdefault(flow.source, []).append(flow)
        self._collaboration()
        self._processes()
        self._items()
        for number, plane in enumerate(self.model.planes, start=1):
            self._plane(plane, number)
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    # --- what holds others ---

    def _collaboration(self) -> None:
        pools = [node for node in self.model.nodes.values() if node.type == "participant"]
        if not pools:
            return
        of_pool = {process.participant: process.id for process in self.model.processes.values()}
        made = _add(self.root, "collaboration", id=pools[0].container)
        self.made[pools[0].container] = made
        for pool in pools:
            drawn = _add(made, "participant", id=pool.id, name=pool.name, processRef=of_pool.get(pool.id, ""))
            self._documentation(drawn, pool.documentation)
            if Marker.PARALLEL in pool.markers:
                _add(drawn, "participantMultiplicity", minimum="0", maximum="2")

    def _processes(self) -> None:
        for process in self.model.processes.values():
            made = _add(self.root, "process", id=process.id, name=process.name, isExecutable="false")
            self._documentation(made, process.documentation)
            self.made[process.id] = made
            self._inputs(process.id)
            self._lanes(process.id)

    def _inputs(self, process: str) -> None:
        """Data that the process itself takes or gives stands in front of everything else."""
        found = [
            n for n in self.model.nodes.values() if n.container == process and n.type in ("dataInput", "dataOutput")
        ]
        if not found:
            return
        made = _add(self.made[process], "ioSpecification")
        # Inputs come before outputs, and both before the sets that name them.
        for node in sorted(found, key=lambda node: node.type):
            is_collection = _flag(True) if Marker.COLLECTION in node.markers else ""
            drawn = _add(made, node.type, id=node.id, name=node.name, isCollection=is_collection)
            self._documentation(drawn, node.documentation)
        for kind, sets in (("dataInput", "inputSet"), ("dataOutput", "outputSet")):
            held = _add(made, sets)
            for node in found:
                if node.type == kind:
                    _add(held, f"{kind}Refs", text=node.id)

    def _lanes(self, process: str) -> None:
        lanes = [node for node in self.model.nodes.values() if node.type == "lane"]
        sets: dict[str, Any] = {}
        for lane in lanes:
            holder = self.made.get(lane.container)
            if holder is None or (lane.container != process and lane.container not in sets):
                continue
            if lane.container not in sets or sets[lane.container] is None:
                name = "laneSet" if lane.container == process else "childLaneSet"
                sets[lane.container] = _add(holder, name, id=f"{lane.container}_Lanes")
            made = _add(sets[lane.container], "lane", id=lane.id, name=lane.name)
            self._documentation(made, lane.documentation)
            for node in self.model.nodes.values():
                if node.lane == lane.id:
                    _add(made, "flowNodeRef", text=node.id)
            self.made[lane.id] = made
            sets.setdefault(lane.id, None)

    # --- what is held ---

    def _items(self) -> None:
        done = ("participant", "lane", "dataInput", "dataOutput")
        nodes = [node for node in self.model.nodes.values() if node.type not in done]
        for node in (node for node in nodes if node.type not in ARTIFACTS):
            self._node(node)
        flows = sorted(self.model.flows.values(), key=lambda flow: flow.type == "association")
        for flow in (flow for flow in flows if flow.type in ("sequenceFlow", "messageFlow")):
            self._flow(flow)
        for node in (node for node in nodes if node.type in ARTIFACTS):
            self._artifact(node)
        for flow in (flow for flow in flows if flow.type == "association"):
            self._flow(flow)

    def _holder(self, container: str) -> Any:
        found = self.made.get(container)
        return self.root if found is None else found

    @staticmethod
    def _documentation(parent: Any, text: str) -> None:
        if text:
            _add(parent, "documentation", text=text)

    def _node(self, node: Node) -> None:
        holder = self._holder(node.container)
        if node.type == "dataObjectReference":
            is_collection = _flag(True) if Marker.COLLECTION in node.markers else ""
            _add(holder, "dataObject", id=f"{node.id}_Object", isCollection=is_collection)
        made = _add(holder, node.type, id=node.id, name=node.name)
        self.made[node.id] = made
        self._documentation(made, node.documentation)
        for kind, flow in self.ends.get(node.id, ()):
            _add(made, kind, text=flow)
        if node.id in self.defaults:
            made.set("default", self.defaults[node.id])
        if node.type in DATA:
            if node.type == "dataObjectReference":
                made.set("dataObjectRef", f"{node.id}_Object")
        elif node.type in EVENTS:
            self._event(made, node)
        elif node.type in ACTIVITIES:
            self._activity(made, node)
        elif node.instantiates:
            made.set("instantiate", "true")
            made.set("eventGatewayType", node.instantiates.capitalize())

    def _event(self, made: Any, node: Node) -> None:
        if node.type == "boundaryEvent":
            made.set("attachedToRef", node.attached_to)
            made.set("cancelActivity", _flag(node.interrupting))
        elif node.type == "startEvent" and not node.interrupting:
            made.set("isInterrupting", "false")
        self._data_associations(made, node)
        if node.trigger in (Trigger.MULTIPLE, Trigger.PARALLEL_MULTIPLE):
            if node.trigger is Trigger.PARALLEL_MULTIPLE:
                made.set("parallelMultiple", "true")
            _add(made, "messageEventDefinition")
            _add(made, "signalEventDefinition")
        elif node.trigger:
            definition = _add(made, _DEFINITIONS[node.trigger])
            if node.trigger is Trigger.LINK:
                definition.set("name", node.details.get("link", node.name))
            if node.trigger is Trigger.CONDITIONAL:
                self._expression(definition, "condition", node.details.get("event_condition", ""))
            if node.trigger is Trigger.TIMER and node.details.get("timer"):
                self._expression(definition, "timeDuration", node.details["timer"])

    @staticmethod
    def _expression(parent: Any, name: str, text: str) -> None:
        _add(parent, name, text=text).set(f"{{{_XSI}}}type", "bpmn:tFormalExpression")

    def _activity(self, made: Any, node: Node) -> None:
        if Marker.COMPENSATION in node.markers:
            made.set("isForCompensation", "true")
        if node.is_event_sub_process:
            made.set("triggeredByEvent", "true")
        self._data_associations(made, node)
        if Marker.LOOP in node.markers:
            _add(made, "standardLoopCharacteristics")
        elif {Marker.PARALLEL, Marker.SEQUENTIAL} & node.markers:
            loop = _add(made, "multiInstanceLoopCharacteristics")
            loop.set("isSequential", _flag(Marker.SEQUENTIAL in node.markers))

    def _data_associations(self, made: Any, node: Node) -> None:
        flows = self.data_flows.get(node.id, ())
        taken = [flow for flow in flows if flow.type == "dataInputAssociation"]
        if taken and node.type in ACTIVITIES:
            _add(made, "property", id=f"{node.id}_Input", name="__targetRef_placeholder")
        for flow in taken:
            association = _add(made, flow.type, id=flow.id)
            _add(association, "sourceRef", text=flow.source)
            _add(association, "targetRef", text=f"{node.id}_Input")
        for flow in flows:
            if flow not in taken:
                _add(_add(made, flow.type, id=flow.id), "targetRef", text=flow.target)

    def _flow(self, flow: Flow) -> None:
        holder = self._holder(flow.container)
        # An association has no name.
        name = "" if flow.type == "association" else flow.name
        made = _add(holder, flow.type, id=flow.id, name=name, sourceRef=flow.source, targetRef=flow.target)
        self._documentation(made, flow.documentation)
        if flow.condition:
            self._expression(made, "conditionExpression", flow.condition)
        if flow.type == "association":
            made.set("associationDirection", _DIRECTIONS.get(flow.direction, "None"))

    def _artifact(self, node: Node) -> None:
        made = _add(self._holder(node.container), node.type, id=node.id)
        self._documentation(made, node.documentation)
        if node.type == "textAnnotation":
            _add(made, "text", text=node.name)
        elif node.name:
            category = etree.Element(f"{{{MODEL_NAMESPACE}}}category", id=f"{node.id}_Category")
            self.root.insert(0, category)
            _add(category, "categoryValue", id=f"{node.id}_Value", value=node.name)
            made.set("categoryValueRef", f"{node.id}_Value")

    # --- diagram information ---

    def _plane(self, plane: Plane, number: int) -> None:
        diagram = _add(self.root, "BPMNDiagram", _DI, id=f"Diagram_{number}", name=plane.name)
        made = _add(diagram, "BPMNPlane", _DI, id=f"Plane_{number}", bpmnElement=plane.element)
        for shape in plane.shapes:
            self._shape(made, shape)
        for edge in plane.edges:
            self._edge(made, edge)

    def _shape(self, parent: Any, shape: Shape) -> None:
        node = self.model.nodes.get(shape.element)
        made = _add(parent, "BPMNShape", _DI, id=f"{shape.element}_Shape", bpmnElement=shape.element)
        kind = node.type if node else ""
        if kind in ("participant", "lane"):
            made.set("isHorizontal", _flag(shape.is_horizontal))
        if kind in SUB_PROCESSES or kind == "callActivity":
            made.set("isExpanded", _flag(shape.is_expanded))
        if shape.is_marker_visible:
            made.set("isMarkerVisible", "true")
        self._colour(made, ("background-color", shape.fill), ("border-color", shape.stroke))
        self._bounds(made, shape.bounds)
        self._label(made, shape.label)

    def _edge(self, parent: Any, edge: Edge) -> None:
        made = _add(parent, "BPMNEdge", _DI, id=f"{edge.element}_Edge", bpmnElement=edge.element)
        self._colour(made, ("border-color", edge.stroke))
        for point in edge.points:
            _add(made, "waypoint", _DD, x=_number(point.x), y=_number(point.y))
        self._label(made, edge.label)

    def _label(self, parent: Any, bounds: Bounds | None) -> None:
        if bounds:
            self._bounds(_add(parent, "BPMNLabel", _DI), bounds)

    @staticmethod
    def _bounds(parent: Any, bounds: Bounds) -> None:
        values = {"x": bounds.x, "y": bounds.y, "width": bounds.width, "height": bounds.height}
        _add(parent, "Bounds", _DC, **{key: _number(value) for key, value in values.items()})

    @staticmethod
    def _colour(made: Any, *colours: tuple[str, str]) -> None:
        for name, value in colours:
            if value:
                made.set(f"{{{_COLOR}}}{name}", value)
