"""What a BPMN element says beside its name: trigger, markers, documentation, and attributes in words.

Keys of details are stable English words; `words.DETAILS` has their German labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .model import Marker, Trigger
from .source import MODEL_NAMESPACE, clean, clean_lines

_PREFIX = f"{{{MODEL_NAMESPACE}}}"

TRIGGERS = {
    "messageEventDefinition": Trigger.MESSAGE,
    "timerEventDefinition": Trigger.TIMER,
    "errorEventDefinition": Trigger.ERROR,
    "signalEventDefinition": Trigger.SIGNAL,
    "escalationEventDefinition": Trigger.ESCALATION,
    "conditionalEventDefinition": Trigger.CONDITIONAL,
    "linkEventDefinition": Trigger.LINK,
    "compensateEventDefinition": Trigger.COMPENSATION,
    "cancelEventDefinition": Trigger.CANCEL,
    "terminateEventDefinition": Trigger.TERMINATE,
}
# Attribute of an event definition that names something declared once for the file.
_NAMED_BY = {
    "messageRef": "message",
    "signalRef": "signal",
    "errorRef": "error",
    "escalationRef": "escalation",
    "activityRef": "compensates",
}
_TEXTS = {
    "script": "script",
    "condition": "event_condition",
    "timeDate": "timer",
    "timeDuration": "timer",
    "timeCycle": "timer",
    "completionCondition": "completion_condition",
    "loopCondition": "loop_condition",
    "loopCardinality": "instances",
}
_ATTRIBUTES = {
    "implementation": "implementation",
    "scriptFormat": "script_format",
    "loopMaximum": "loop_maximum",
    "ordering": "ordering",
}


def children(element: Any) -> Iterator[tuple[str, Any]]:
    """The children of the BPMN namespace, with their local names; those of vendors are passed over."""
    start = len(_PREFIX)
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag.startswith(_PREFIX):
            yield tag[start:], child


def text_of(element: Any) -> str:
    """All text inside, markup of XHTML left out, HTML that was written as text kept as it is."""
    return element.text or "" if not len(element) else "".join(element.itertext())


def documentation(element: Any) -> str:
    parts = (clean_lines(text_of(child)) for kind, child in children(element) if kind == "documentation")
    return clean_lines("\n\n".join(part for part in parts if part))


def is_true(element: Any, attribute: str, *, default: bool = False) -> bool:
    value = (element.get(attribute) or "").strip().lower()
    return value in ("true", "1") if value else default


class Names:
    """Names of what is declared once for the whole file: messages, signals, errors, called processes …"""

    def __init__(self, root: Any) -> None:
        self._names: dict[str, str] = {}
        self._definitions: dict[str, tuple[str, Any]] = {}
        for kind, child in children(root):
            self._add(kind, child)
            if kind == "category":
                for inner, value in children(child):
                    self._add(inner, value)

    def _add(self, kind: str, element: Any) -> None:
        name = clean(element.get("name") or element.get("value"))
        code = clean(element.get("errorCode") or element.get("escalationCode"))
        if code and code != name:
            name = f"{name} ({code})" if name else code
        identity = element.get("id")
        if identity:
            self._names.setdefault(identity, name)
            if kind in TRIGGERS:
                self._definitions.setdefault(identity, (kind, element))

    def of(self, reference: str | None) -> str:
        """The name behind a reference; what cannot be found (another file) is named by the reference itself."""
        reference = (reference or "").strip()
        for candidate in (reference, local(reference)):
            if candidate in self._names:
                return self._names[candidate]
        return clean(local(reference))

    def definition(self, reference: str) -> tuple[str, Any] | None:
        return self._definitions.get(reference.strip()) or self._definitions.get(local(reference.strip()))


def local(reference: str) -> str:
    """A reference is a QName: its part after the prefix."""
    return reference.rpartition(":")[2]


def event_definitions(element: Any, names: Names) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for kind, child in children(element):
        if kind in TRIGGERS:
            found.append((kind, child))
        elif kind == "eventDefinitionRef" and (shared := names.definition(text_of(child))):
            found.append(shared)
    return found


def trigger(definitions: list[tuple[str, Any]], *, all_needed: bool) -> Trigger:
    if not definitions:
        return Trigger.NONE
    if len(definitions) == 1:
        return TRIGGERS[definitions[0][0]]
    return Trigger.PARALLEL_MULTIPLE if all_needed else Trigger.MULTIPLE


def markers(element: Any, kind: str) -> frozenset[Marker]:
    found = set()
    for inner, child in children(element):
        if inner == "standardLoopCharacteristics":
            found.add(Marker.LOOP)
        elif inner == "multiInstanceLoopCharacteristics":
            found.add(Marker.SEQUENTIAL if is_true(child, "isSequential") else Marker.PARALLEL)
        elif inner == "participantMultiplicity" and clean(child.get("maximum"), 20) not in ("0", "1"):
            found.add(Marker.PARALLEL)
    if is_true(element, "isForCompensation"):
        found.add(Marker.COMPENSATION)
    if is_true(element, "isCollection"):
        found.add(Marker.COLLECTION)
    if kind in ("dataInput", "dataOutput"):
        found.add(Marker.INPUT if kind == "dataInput" else Marker.OUTPUT)
    if kind == "adHocSubProcess":
        found.add(Marker.AD_HOC)
    return frozenset(found)


def details(element: Any, definitions: list[tuple[str, Any]], names: Names) -> dict[str, str]:
    """Everything else in words, by key."""
    # Inner dicts are ordered sets.
    found: dict[str, dict[str, None]] = {}

    def add(key: str, value: str) -> None:
        # "##WebService" and the like are what tools write when nobody chose anything.
        if value and not value.startswith("##"):
            found.setdefault(key, {})[value] = None

    _own_details(element, names, add)
    for kind, definition in definitions:
        _texts(definition, add)
        for attribute, key in _NAMED_BY.items():
            if definition.get(attribute):
                add(key, names.of(definition.get(attribute)))
        if kind == "linkEventDefinition":
            add("link", clean(definition.get("name")))
    return {key: clean(", ".join(values), 5_000) for key, values in sorted(found.items())}


def _own_details(element: Any, names: Names, add: Any) -> None:
    for attribute, key in _ATTRIBUTES.items():
        add(key, clean(element.get(attribute)))
    if element.get("calledElement"):
        add("called_element", names.of(element.get("calledElement")))
    for attribute in ("messageRef", "operationRef"):
        if element.get(attribute):
            add("message" if attribute == "messageRef" else "operation", names.of(element.get(attribute)))
    _texts(element, add)
    for kind, child in children(element):
        if kind in ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
            add("loop_maximum", clean(child.get("loopMaximum")))
            _texts(child, add)
        elif kind in ("performer", "humanPerformer", "potentialOwner", "resourceRole"):
            add("performer", _performer(child, names))
        elif kind == "dataState":
            add("data_state", clean(child.get("name")))


def _texts(element: Any, add: Any) -> None:
    for kind, child in children(element):
        if kind in _TEXTS:
            add(_TEXTS[kind], clean(text_of(child), 2_000))


def _performer(element: Any, names: Names) -> str:
    for kind, child in children(element):
        if kind == "resourceRef":
            return names.of(text_of(child))
    return clean(element.get("name"))
