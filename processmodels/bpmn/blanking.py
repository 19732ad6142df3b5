"""Finding and replacing words anywhere in a BPMN file: labels, documentation, conditions, what vendors add, ids.

What the file is built of stays: places, sizes and colours, closed words such as "Parallel", and which element
refers to which. An id with a word in it is renamed in the same way wherever it is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from governance.blanking import Blanking

from .source import MODEL_NAMESPACE, comments, parse

# Stands in ids, where the usual mark cannot.
ID_MARK = "geschwaerzt"
_DRAWN = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
    }
)
# Attributes of these are colours, and types of the XML schema.
_CODED_NAMESPACES = frozenset(
    {
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://www.w3.org/2001/XMLSchema-instance",
    }
)
_WORDS_OF_DRAWN = frozenset({"name", "documentation"})
# Attributes of BPMN with a closed list of words, or a number.
_CLOSED = frozenset(
    {
        *("associationDirection", "behavior", "cancelActivity", "cancelRemainingInstances", "completionQuantity"),
        *("eventGatewayType", "gatewayDirection", "instantiate", "isClosed", "isCollection", "isExecutable"),
        *("isForCompensation", "isImmediate", "isInterrupting", "isSequential", "isUnlimited", "loopMaximum"),
        *("maximum", "method", "minimum", "ordering", "parallelMultiple", "processType", "startQuantity"),
        *("testBefore", "triggeredByEvent"),
    }
)
_MARKED_UP = frozenset({"documentation", "text", "script", "condition", "conditionExpression"})
_REFERENCES = frozenset({"id", "default", "calledElement", "incoming", "outgoing"})


@dataclass(frozen=True)
class _Slot:
    """One text of the file and how to put another in its place."""

    value: str
    put: Callable[[str], object]
    is_id: bool = False


def texts(data: bytes) -> list[str]:
    """Every text of a file in which a passage may stand, ids and comments included."""
    slots = list(_slots(_root(data)))
    referring = {slot.value for slot in slots if slot.is_id}
    return [*(slot.value for slot in slots if not slot.is_id), *sorted(referring), *comments(data)]


def blanked(data: bytes, blank: Blanking) -> bytes | None:
    """The file with a mark for each passage, as UTF-8 and without comments; None when no passage stands in it."""
    if not any(blank.hits(text) for text in texts(data)):
        return None
    root = _root(data)
    slots = list(_slots(root))
    renamed = _Renamed(blank, {slot.value for slot in slots if slot.is_id})
    for slot in slots:
        after = renamed.of(slot.value) if slot.is_id else blank.text(slot.value)
        if after != slot.value:
            slot.put(after)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _root(data: bytes) -> Any:
    # A limit lowered after the upload must not keep a name in the file.
    return parse(data, max_bytes=len(data))


class _Renamed:
    """The ids of a file without the passages; two of them never become one."""

    def __init__(self, blank: Blanking, known: set[str]) -> None:
        self.blank, self.taken = blank, set(known)
        self.found: dict[str, str] = {}

    def of(self, value: str) -> str:
        """Of an id, a reference or several of them, with their prefixes."""
        return " ".join(self._one(token) for token in value.split()) if self.blank.hits(value) else value

    def _one(self, token: str) -> str:
        prefix, colon, local = token.rpartition(":")
        if local not in self.found:
            self.found[local] = self._free(self.blank.put(ID_MARK, local)) if self.blank.hits(local) else local
        return f"{prefix}{colon}{self.found[local]}"

    def _free(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self.taken:
            number += 1
            name = f"{wanted}_{number}"
        self.taken.add(name)
        return name


def _slots(element: Any) -> Iterator[_Slot]:
    """All texts of the file below `element`, in its order."""
    yield from _of_attributes(element)
    if _is_marked_up(element):
        yield _Slot("".join(element.itertext()), lambda value: _make_plain(element, value))
        for inner in element.iterdescendants("*"):
            yield from _of_attributes(inner)
        return
    if element.text and element.text.strip():
        name = etree.QName(element)
        is_id = name.namespace == MODEL_NAMESPACE and _refers(name.localname)
        yield _Slot(element.text, lambda value: setattr(element, "text", value), is_id)
    for child in element:
        yield from _slots(child)
        if child.tail and child.tail.strip():
            yield _Slot(child.tail, lambda value, child=child: setattr(child, "tail", value))  # type: ignore[misc]


def _is_marked_up(element: Any) -> bool:
    """XHTML in a documentation: one text, and plain once a passage of it is blanked."""
    name = etree.QName(element)
    return name.namespace == MODEL_NAMESPACE and name.localname in _MARKED_UP and len(element) > 0


def _of_attributes(element: Any) -> Iterator[_Slot]:
    namespace = etree.QName(element).namespace or ""
    for key, value in element.attrib.items():
        name = etree.QName(key)
        if name.namespace in _CODED_NAMESPACES:
            continue
        is_own = not name.namespace and (namespace == MODEL_NAMESPACE or namespace in _DRAWN)
        if is_own and _refers(name.localname):
            yield _Slot(value, _setter(element, key), is_id=True)
        elif namespace in _DRAWN and not name.namespace and name.localname not in _WORDS_OF_DRAWN:
            continue
        elif not (is_own and name.localname in _CLOSED):
            yield _Slot(value, _setter(element, key))


def _refers(name: str) -> bool:
    return name in _REFERENCES or name.endswith(("Ref", "Refs", "Element"))


def _setter(element: Any, key: str) -> Callable[[str], object]:
    return lambda value: element.set(key, value)


def _make_plain(element: Any, value: str) -> None:
    for child in list(element):
        element.remove(child)
    element.text = value
