"""What a BPMN file says, as plain values: elements, flows, and the diagram information for each of them.

Words are those of the BPMN 2.0.2 specification (OMG formal/13-12-09); a `type` is the local name of the
XML element ("userTask", "exclusiveGateway"). Order is the order of the file everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
    }
)
SUB_PROCESSES = frozenset({"subProcess", "adHocSubProcess", "transaction"})
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway"})
FLOW_NODES = ACTIVITIES | EVENTS | GATEWAYS
DATA = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "dataInput", "dataOutput"})
ARTIFACTS = frozenset({"textAnnotation", "group"})
CONTAINERS = frozenset({"participant", "lane"})


class Trigger(StrEnum):
    """The event definition of an event; NONE is an event without one."""

    NONE = ""
    MESSAGE = "message"
    TIMER = "timer"
    ERROR = "error"
    SIGNAL = "signal"
    ESCALATION = "escalation"
    CONDITIONAL = "conditional"
    LINK = "link"
    COMPENSATION = "compensation"
    CANCEL = "cancel"
    TERMINATE = "terminate"
    MULTIPLE = "multiple"
    PARALLEL_MULTIPLE = "parallel_multiple"


class Marker(StrEnum):
    """A small sign at the lower edge of an activity, or in a data object."""

    LOOP = "loop"
    PARALLEL = "parallel"
    SEQUENTIAL = "sequential"
    COMPENSATION = "compensation"
    AD_HOC = "ad_hoc"
    COLLECTION = "collection"
    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True)
class Node:
    """Everything with an id that is not a flow: activities, events, gateways, data, artifacts, pools, lanes.

    `container` is the id of the sub-process or process that holds it (for a participant the collaboration,
    for a lane its process, or the lane above it), `lane` the id of the innermost lane that names it.
    `details` holds whatever else the file says of it in words, by attribute name, for comparing
    (timer expression, called element, implementation, number of instances …).
    """

    id: str
    type: str
    name: str = ""
    documentation: str = ""
    container: str = ""
    lane: str = ""
    trigger: Trigger = Trigger.NONE
    interrupting: bool = True
    attached_to: str = ""
    markers: frozenset[Marker] = frozenset()
    is_event_sub_process: bool = False
    # An event-based gateway that starts a process: "exclusive" or "parallel"; else "".
    instantiates: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_throwing(self) -> bool:
        return self.type in ("endEvent", "intermediateThrowEvent")


@dataclass(frozen=True)
class Flow:
    """A connection. type: sequenceFlow, messageFlow, association, dataInputAssociation, dataOutputAssociation.

    `direction` is that of an association (none, one, both); `is_conditional` and `is_default` draw the
    diamond and the stroke at the start of a sequence flow. A sequence or message flow that dangles has "" for the
    end that is not there; an association may begin or end at another flow.
    """

    id: str
    type: str
    source: str
    target: str
    name: str = ""
    documentation: str = ""
    container: str = ""
    condition: str = ""
    is_default: bool = False
    direction: str = "none"

    @property
    def is_conditional(self) -> bool:
        return bool(self.condition) and not self.is_default


@dataclass(frozen=True)
class Process:
    """A process of the file and the participant that shows it (empty for a process without a pool)."""

    id: str
    name: str = ""
    documentation: str = ""
    participant: str = ""


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Bounds:
    """A rectangle in diagram units (1/72 inch by the specification, in practice pixels)."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.height / 2)


@dataclass(frozen=True)
class Shape:
    """Where and how one node is drawn. Colours are "#rrggbb" or empty."""

    element: str
    bounds: Bounds
    label: Bounds | None = None
    is_horizontal: bool = True
    is_expanded: bool = True
    is_marker_visible: bool = False
    fill: str = ""
    stroke: str = ""


@dataclass(frozen=True)
class Edge:
    """The line of one flow, at least two points."""

    element: str
    points: Sequence[Point]
    label: Bounds | None = None
    stroke: str = ""


@dataclass(frozen=True)
class Plane:
    """One diagram of the file, in drawing order. `element` is the collaboration, process or sub-process it shows."""

    element: str
    name: str = ""
    shapes: Sequence[Shape] = ()
    edges: Sequence[Edge] = ()


@dataclass(frozen=True)
class Model:
    """A whole file. `planes` is empty when it has no diagram information."""

    processes: Mapping[str, Process]
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    planes: Sequence[Plane] = ()
    name: str = ""
    exporter: str = ""

    @property
    def has_diagram(self) -> bool:
        return any(plane.shapes for plane in self.planes)
