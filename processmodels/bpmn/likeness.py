"""Whether two files say the same but for how it is drawn: everything counts, that of vendors too."""

from __future__ import annotations

from typing import Any

from lxml import etree

from .diagram import DIAGRAM
from .source import parse


def differ_in_drawing_alone(one: bytes, other: bytes, *, max_bytes: int) -> bool:
    """True when the files differ, and nowhere but in their diagram information. Raises BpmnError like `parse`."""
    roots = [parse(data, max_bytes) for data in (one, other)]
    (one_whole, other_whole), (one_rest, other_rest) = (list(map(as_, roots)) for as_ in (_written, _without_drawing))
    return one_whole != other_whole and one_rest == other_rest


def _written(root: Any) -> bytes:
    """The same for files that differ in indentation, order of attributes or prefixes that nothing uses."""
    found: bytes = etree.tostring(root, method="c14n2", strip_text=True)
    return found


def _without_drawing(root: Any) -> bytes:
    """Takes the diagram information out of the tree."""
    for drawing in list(root.iterchildren(DIAGRAM)):
        root.remove(drawing)
    return _written(root)
