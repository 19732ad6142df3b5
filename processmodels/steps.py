"""The step list: a process as who does what, with which system, if …; and its diagram, both ways.

Roles become lanes and steps tasks. A condition becomes a gateway whose other way skips the steps under it;
steps in a row with the same condition share one gateway, and "sonst" right after them is its other way.
The system stands in the documentation of the task, and as a note in the picture where it changes: there the
work moves from one system to another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from processmodels.bpmn.layout import lay_out
from processmodels.bpmn.model import Flow, Model, Node, Process
from processmodels.bpmn.source import clean, clean_lines

SHORT, LONG = 300, 2_000
_SYSTEM = "IT-System: "
_OTHERWISE = "sonst"
_IF = re.compile(r"(wenn|falls|sofern|nur wenn|nur falls)\b", re.IGNORECASE)
_ELSE = re.compile(r"(sonst|ansonsten|andernfalls)[\s.,:…]*", re.IGNORECASE)
_PROCESS, _POOL, _COLLABORATION = "Process_1", "Participant_1", "Collaboration_1"


@dataclass(frozen=True)
class Step:
    """One line of the list. Only `activity` must be there; the rest may be empty."""

    role: str
    activity: str
    system: str = ""
    condition: str = ""
    note: str = ""

    def cleaned(self) -> Step:
        """Without control characters and double spaces, each on one line except the note."""
        role, activity, system, condition = (
            clean(text, SHORT) for text in (self.role, self.activity, self.system, self.condition)
        )
        return Step(role, activity, system, condition, clean_lines(self.note, LONG))


def to_model(steps: Sequence[Step], title: str) -> Model:
    """The laid out model of a list. Steps without activity are left out; no steps give start and end alone."""
    return lay_out(_without_diagram([step.cleaned() for step in steps], clean(title)))


def to_steps(model: Model) -> list[Step] | None:
    """The list of a model that says no more than a list can; None when it says more. Places do not count."""
    found = _Walk(model).steps()
    if found is None:
        return None
    again = _without_diagram(found, _title(model))
    return found if _content(again) == _content(model) else None


# --- list to model -----------------------------------------------------------------------------------------------


def _without_diagram(steps: Sequence[Step], title: str) -> Model:
    return _Builder([step for step in steps if step.activity], title).model()


def if_text(condition: str) -> str:
    """What stands at the way that is taken: "wenn Unterlagen fehlen"."""
    return condition if _IF.match(condition) else f"wenn {condition}"


def _documentation(step: Step) -> str:
    last = step.note.rpartition("\n")[2]
    if not step.system and not last.startswith(_SYSTEM.strip()):
        return step.note
    return f"{step.note}\n{_SYSTEM}{step.system}".strip()


def _from_documentation(text: str) -> tuple[str, str]:
    """System and note."""
    note, _, last = text.rpartition("\n")
    if not last.startswith(_SYSTEM.strip()):
        return "", text
    return last.removeprefix(_SYSTEM.strip()).strip(), note


# An end that waits for the next element: where it is; name and condition of the flow from there; if it is the default.
_End = tuple[str, str, str, bool]


class _Builder:
    def __init__(self, steps: Sequence[Step], title: str) -> None:
        self.steps = steps
        self.title = title
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, str] = {}
        self.open: list[_End] = []
        self.notes: list[tuple[str, str]] = []

    def model(self) -> Model:
        self._pool()
        first, last = (self.steps[0].role, self.steps[-1].role) if self.steps else ("", "")
        self._add(Node("StartEvent_1", "startEvent", container=_PROCESS), first)
        role, number = first, 0
        around: _End | None = None
        for condition, group in groupby(self.steps, key=lambda step: step.condition):
            other = self._other_way(condition, around)
            around = self._gateway(f"Gateway_{number + 1}", condition, role) if condition and not other else None
            for step in group:
                number += 1
                self._task(step, number)
                role = step.role
            self.open += other or ([around] if around else [])
        self._add(Node("EndEvent_1", "endEvent", container=_PROCESS), last)
        self._add_notes()
        process = Process(_PROCESS, self.title, participant=_POOL)
        return Model({_PROCESS: process}, self.nodes, self.flows, (), self.title)

    def _pool(self) -> None:
        self.nodes[_POOL] = Node(_POOL, "participant", self.title, container=_COLLABORATION)
        for role in dict.fromkeys(step.role for step in self.steps):
            if role or any(step.role for step in self.steps):
                lane = f"Lane_{len(self.lanes) + 1}"
                self.lanes[role] = lane
                self.nodes[lane] = Node(lane, "lane", role, container=_PROCESS)

    def _add(self, node: Node, role: str) -> None:
        """A node, and flows to it from every end that waits."""
        lane = self.lanes.get(role, "")
        self.nodes[node.id] = Node(**{**vars(node), "lane": lane})
        for source, name, condition, is_default in self.open:
            identity = f"Flow_{len(self.flows) + 1}"
            self.flows[identity] = Flow(
                identity, "sequenceFlow", source, node.id, name, "", _PROCESS, condition, is_default
            )
        self.open = [] if node.type == "endEvent" else [(node.id, "", "", False)]

    def _other_way(self, condition: str, around: _End | None) -> list[_End]:
        """Goes on along the way around the steps before, when this is the "sonst" to them; returns their ends."""
        if around is None or not _ELSE.fullmatch(condition):
            return []
        ends = [end for end in self.open if end != around]
        self.open = [(around[0], condition, "", True)]
        return ends

    def _gateway(self, identity: str, condition: str, role: str) -> _End:
        """Adds the gateway and returns the way around the steps under the condition."""
        self._add(Node(identity, "exclusiveGateway", container=_PROCESS), role)
        self.open = [(identity, if_text(condition), condition, False)]
        return identity, _OTHERWISE, "", True

    def _task(self, step: Step, number: int) -> None:
        kind = "userTask" if step.system else "task"
        before = self.steps[number - 2].system if number > 1 else ""
        identity = f"Activity_{number}"
        self._add(Node(identity, kind, step.activity, _documentation(step), _PROCESS), step.role)
        if step.system and step.system != before:
            self.notes.append((identity, step.system))

    def _add_notes(self) -> None:
        for number, (task, system) in enumerate(self.notes, start=1):
            note, line = f"TextAnnotation_{number}", f"Association_{number}"
            self.nodes[note] = Node(note, "textAnnotation", system, container=_PROCESS)
            self.flows[line] = Flow(line, "association", task, note, container=_PROCESS)


# --- model to list -----------------------------------------------------------------------------------------------


def _title(model: Model) -> str:
    return next((process.name for process in model.processes.values()), "")


class _Walk:
    """Follows the flow from the start; what it finds is proved afterwards by building the model again."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.following: dict[str, list[Flow]] = {}
        for flow in model.flows.values():
            if flow.type == "sequenceFlow":
                self.following.setdefault(flow.source, []).append(flow)
        self.incoming = Counter(flow.target for flows in self.following.values() for flow in flows)

    def steps(self) -> list[Step] | None:
        starts = [node.id for node in self.model.nodes.values() if node.type == "startEvent"]
        if len(starts) != 1:
            return None
        found: list[Step] = []
        seen: set[str] = set()
        current, condition = starts[0], ""
        other: Flow | None = None
        while current in self.model.nodes and current not in seen:
            if self.incoming[current] > 1:
                # Both ways meet here, unless the other one has steps of its own, which come first.
                if other and other.target != current:
                    current, condition, other = other.target, other.name, None
                    continue
                condition, other = "", None
            seen.add(current)
            node = self.model.nodes[current]
            if node.type in ("task", "userTask"):
                found.append(self._step(node, condition))
            flows = self.following.get(current, [])
            way = next((flow for flow in flows if not flow.is_default), None)
            if around := next((flow for flow in flows if flow.is_default), None):
                condition, other = way.condition if way else "", around
            current = way.target if way else ""
        return found

    def _step(self, node: Node, condition: str) -> Step:
        lane = self.model.nodes.get(node.lane)
        system, note = _from_documentation(node.documentation)
        return Step(lane.name if lane else "", node.name, system, condition, note)


def _content(model: Model) -> tuple[object, ...]:
    """What a model says, whatever its ids and places: nodes and flows described by what they mean."""

    def lane(node: Node | None) -> str:
        held = model.nodes.get(node.lane) if node else None
        return held.name if held else ""

    numbers = _numbers(model)
    nodes = sorted(
        (
            numbers.get(node.id, -1),
            node.type,
            node.name,
            node.documentation,
            lane(node),
            node.trigger.value,
            sorted(node.markers),
            sorted(node.details.items()),
            node.container in model.processes,
        )
        for node in model.nodes.values()
        if node.type != "lane" or node.name
    )
    flows = sorted(
        (
            numbers.get(flow.source, -1),
            numbers.get(flow.target, -1),
            flow.type,
            flow.name,
            flow.documentation,
            flow.condition,
            flow.is_default,
        )
        for flow in model.flows.values()
    )
    processes = [(process.name, process.documentation) for process in model.processes.values()]
    return nodes, flows, processes


def _numbers(model: Model) -> dict[str, int]:
    """Flow nodes by their place on the way from the start; each end of a note by the task it belongs to."""
    following: dict[str, list[Flow]] = {}
    for flow in model.flows.values():
        if flow.type == "sequenceFlow":
            following.setdefault(flow.source, []).append(flow)
    queue = [node.id for node in model.nodes.values() if node.type == "startEvent"]
    numbers: dict[str, int] = {}
    while queue:
        current = queue.pop()
        if current in numbers:
            continue
        numbers[current] = len(numbers)
        flows = sorted(following.get(current, []), key=lambda flow: not flow.is_default)
        queue += [flow.target for flow in flows]
    return numbers
