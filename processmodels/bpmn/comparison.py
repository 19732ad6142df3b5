"""What changed between two models, in sentences and for marks in the two pictures.

In the order of the new model; what is gone stands where it was. A change of position, size or colour alone is
no change of the process: it is told apart (`layout`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from . import sequence, words
from .graph import Graph, lane_of, process_of
from .matching import Matching, match
from .model import Flow, Model, Node, Trigger


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class AttributeChange:
    """One attribute of an element before and after; `label` is its German name."""

    attribute: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """What happened to one element. `old` and `new` are its ids in the two models, empty where it is not.

    `follows` marks a flow that changed only because a step at one of its ends came or went.
    """

    kind: ChangeKind
    sentence: str
    old: str = ""
    new: str = ""
    type: str = ""
    name: str = ""
    attributes: Sequence[AttributeChange] = ()
    follows: bool = False


@dataclass(frozen=True)
class Comparison:
    """`old_marks` and `new_marks` say what to mark in which picture, by id; `layout` lists ids of the new model."""

    changes: Sequence[Change] = ()
    layout: Sequence[str] = ()
    old_marks: Mapping[str, ChangeKind] = field(default_factory=dict)
    new_marks: Mapping[str, ChangeKind] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.changes

    @property
    def main_changes(self) -> list[Change]:
        """Without the flows that only follow a step that came or went."""
        return [change for change in self.changes if not change.follows]


def compare(old: Model, new: Model) -> Comparison:
    return _Comparer(old, new).comparison()


class _Comparer:
    def __init__(self, old: Model, new: Model) -> None:
        self.old = old
        self.new = new
        self.found: Matching = match(old, new)
        self.order = sequence.process_order(Graph(new))
        # Taking a step out joins its neighbours, putting one in parts them.
        self.around_gone = _Around(old, self.found.new_of, new, self.found.old_of)
        self.around_added = _Around(new, self.found.old_of, old, self.found.new_of)

    def comparison(self) -> Comparison:
        changes = [*self._process_changes(), *self._node_changes(), *self._flow_changes()]
        old_marks: dict[str, ChangeKind] = {}
        new_marks: dict[str, ChangeKind] = {}
        for change in changes:
            if change.old:
                old_marks.setdefault(change.old, change.kind)
            if change.new:
                new_marks.setdefault(change.new, change.kind)
        return Comparison(tuple(changes), tuple(self._layout(new_marks)), old_marks, new_marks)

    # ── processes ──

    def _process_changes(self) -> Iterator[Change]:
        for process in self.new.processes.values():
            before = self.old.processes.get(self.found.old_of.get(process.id, ""))
            if before is None:
                continue
            attributes = _differences(
                {"name": before.name, "documentation": before.documentation},
                {"name": process.name, "documentation": process.documentation},
            )
            if attributes:
                name = process.name or before.name
                sentence = _changed_sentence(_("Prozess „%s“") % name if name else _("Prozess"), attributes)
                yield Change(ChangeKind.CHANGED, sentence, before.id, process.id, "process", process.name, attributes)

    # ── nodes ──

    def _node_changes(self) -> Iterator[Change]:
        for old, new in self._in_order():
            if old and new:
                yield from self._changed(old, new)
            elif new:
                yield Change(ChangeKind.ADDED, self._added_sentence(new), "", new.id, new.type, new.name)
            elif old:
                sentence = _("%s ist entfallen.") % _with_type(old)
                yield Change(ChangeKind.REMOVED, sentence, old.id, "", old.type, old.name)

    def _in_order(self) -> Iterator[tuple[Node | None, Node | None]]:
        """Pairs in the order of the new model; what is gone follows what it followed in the old one."""
        gone: dict[str, list[str]] = {}
        last = ""
        for identity in sequence.process_order(Graph(self.old)):
            if identity in self.found.new_of:
                last = self.found.new_of[identity]
            else:
                gone.setdefault(last, []).append(identity)
        for identity in ["", *self.order]:
            if identity:
                yield self.old.nodes.get(self.found.old_of.get(identity, "")), self.new.nodes[identity]
            for removed in gone.get(identity, ()):
                yield self.old.nodes[removed], None

    def _changed(self, old: Node, new: Node) -> Iterator[Change]:
        place = self._move(old, new)
        if place:
            if place.old != place.new:
                values = {"name": words.quoted(new), "old": place.old, "new": place.new}
                sentence = _("%(name)s wurde von „%(old)s“ nach „%(new)s“ verschoben.") % values
            else:
                sentence = _("%s steht jetzt an anderer Stelle.") % words.quoted(new)
            yield Change(ChangeKind.MOVED, sentence, old.id, new.id, new.type, new.name, (place,))
        attributes = _differences(self._values(old, self.old, translate=True), self._values(new, self.new))
        if attributes:
            sentence = _changed_sentence(words.quoted(new), attributes, renamed_from=old)
            yield Change(ChangeKind.CHANGED, sentence, old.id, new.id, new.type, new.name, attributes)

    def _move(self, old: Node, new: Node) -> AttributeChange | None:
        before, after = _holder(self.old, old), _holder(self.new, new)
        if (self.found.new_of.get(before, before) == after) or new.type == "participant":
            return None
        old_place, new_place = _place_name(self.old, before), _place_name(self.new, after)
        return AttributeChange("place", words.attribute_name("place"), old_place, new_place)

    def _values(self, node: Node, model: Model, *, translate: bool = False) -> dict[str, str]:
        """What is compared of a node, in words. The host of an event is compared as an element, not by its name."""
        host = model.nodes.get(node.attached_to)
        values = {
            "name": node.name,
            "type": words.type_name(node.type),
            "documentation": node.documentation,
            "trigger": "" if node.trigger is Trigger.NONE else words.trigger_name(node.trigger),
            "interrupting": _yes_no(node.interrupting),
            "markers": words.marker_names(node.markers),
            "is_event_sub_process": _yes_no(node.is_event_sub_process),
            "instantiates": node.instantiates,
        }
        if host:
            known = self.new.nodes.get(self.found.new_of.get(host.id, "")) if translate else host
            values["attached_to"] = words.plain(known or host)
        return values | dict(node.details)

    def _added_sentence(self, node: Node) -> str:
        place = _place_name(self.new, _holder(self.new, node))
        if place and node.type != "participant":
            return _("%(name)s ist neu, in „%(place)s“.") % {"name": _with_type(node), "place": place}
        return _("%s ist neu.") % _with_type(node)

    # ── flows ──

    def _flow_changes(self) -> Iterator[Change]:
        position = {identity: index for index, identity in enumerate(self.order)}
        behind = len(position)
        found: list[tuple[int, Change]] = []
        for flow in self.new.flows.values():
            before = self.old.flows.get(self.found.old_of.get(flow.id, ""))
            changes = self._changed_flow(before, flow) if before else [self._added_flow(flow)]
            found += [(position.get(flow.source, behind), change) for change in changes]
        for flow in self.old.flows.values():
            if flow.id not in self.found.new_of:
                source = self.found.new_of.get(flow.source, "")
                found.append((position.get(source, behind), self._removed_flow(flow)))
        # Sorting keeps the order of the file within a source.
        yield from (change for _position, change in sorted(found, key=lambda pair: pair[0]))

    def _added_flow(self, flow: Flow) -> Change:
        follows = self.around_gone.explains(flow)
        sentence = _("Neu: %s.") % _flow_words(flow, self.new)
        return Change(ChangeKind.ADDED, sentence, "", flow.id, flow.type, flow.name, follows=follows)

    def _removed_flow(self, flow: Flow) -> Change:
        follows = self.around_added.explains(flow)
        sentence = _("Entfallen: %s.") % _flow_words(flow, self.old)
        return Change(ChangeKind.REMOVED, sentence, flow.id, "", flow.type, flow.name, follows=follows)

    def _changed_flow(self, old: Flow, new: Flow) -> list[Change]:
        ends = [end for end in (self._redirected(old, new, "source"), self._redirected(old, new, "target")) if end]
        attributes = (*ends, *_differences(_flow_values(old), _flow_values(new)))
        if not attributes:
            return []
        sentence = _redirect_sentence(new, self.new, attributes) or _changed_sentence(
            _flow_words(new, self.new), attributes
        )
        follows = self._only_follows(old, new, attributes)
        return [Change(ChangeKind.CHANGED, sentence, old.id, new.id, new.type, new.name, attributes, follows)]

    def _redirected(self, old: Flow, new: Flow, end: str) -> AttributeChange | None:
        before, after = getattr(old, end), getattr(new, end)
        if self.found.new_of.get(before, before) == after:
            return None
        return AttributeChange(
            end, words.attribute_name(end), _end_words(self.old, before), _end_words(self.new, after)
        )

    def _only_follows(self, old: Flow, new: Flow, attributes: Sequence[AttributeChange]) -> bool:
        """Whether it only leads to another step because its old one is gone or the new one was put between."""
        moved = {change.attribute for change in attributes}
        if not moved <= {"source", "target"}:
            return False
        return all(
            getattr(old, end) not in self.found.new_of or getattr(new, end) not in self.found.old_of for end in moved
        )

    # ── layout ──

    def _layout(self, changed: Mapping[str, ChangeKind]) -> Iterator[str]:
        """Matched elements that say the same but are drawn elsewhere or otherwise."""
        before, after = _drawings(self.old), _drawings(self.new)
        for identity, drawing in after.items():
            old = self.found.old_of.get(identity)
            if old is not None and identity not in changed and before.get(old) != drawing:
                yield identity


class _Around:
    """The neighbours of the steps that only one of the models has, to tell which flows of the other they explain."""

    def __init__(self, model: Model, matched: Mapping[str, str], other: Model, back: Mapping[str, str]) -> None:
        self.other = other
        self.back = back
        flows = [flow for flow in model.flows.values() if flow.source in model.nodes and flow.target in model.nodes]
        self.before = {flow.source for flow in flows if flow.target not in matched}
        self.behind = {flow.target for flow in flows if flow.source not in matched}

    def explains(self, flow: Flow) -> bool:
        ends = [end for end in (flow.source, flow.target) if end in self.other.nodes]
        if any(end not in self.back for end in ends):
            return True
        return self.back.get(flow.source) in self.before and self.back.get(flow.target) in self.behind


def _drawings(model: Model) -> dict[str, object]:
    found: dict[str, object] = {}
    for index, plane in enumerate(model.planes):
        for shape in plane.shapes:
            looks = (shape.is_horizontal, shape.is_expanded, shape.is_marker_visible, shape.fill, shape.stroke)
            found.setdefault(shape.element, (index, shape.bounds, shape.label, looks))
        for edge in plane.edges:
            found.setdefault(edge.element, (index, tuple(edge.points), edge.label, edge.stroke))
    return found


def _holder(model: Model, node: Node) -> str:
    """What a reader would say an element is in: the sub-process, else the lane, else the pool or process."""
    if node.container in model.nodes:
        return node.container
    if node.lane in model.nodes:
        return node.lane
    if lane := lane_of(model, node):
        return lane.id
    process = process_of(model, node)
    return (model.processes[process].participant or process) if process in model.processes else ""


def _place_name(model: Model, holder: str) -> str:
    if holder in model.nodes:
        return model.nodes[holder].name or words.type_name(model.nodes[holder].type)
    return model.processes[holder].name or _("Ablauf") if holder in model.processes else ""


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[AttributeChange, ...]:
    return tuple(
        AttributeChange(key, words.attribute_name(key), old.get(key, ""), new.get(key, ""))
        for key in dict.fromkeys([*new, *old])
        if old.get(key, "") != new.get(key, "")
    )


def _changed_sentence(subject: str, attributes: Sequence[AttributeChange], renamed_from: Node | None = None) -> str:
    """One sentence for all attributes; long texts are only named, the page shows them side by side."""
    if (
        renamed_from
        and renamed_from.name
        and attributes[0].attribute == "name"
        and len(attributes) == 1
        and attributes[0].new
        # Long names are cut in sentences, and may begin alike.
        and words.quoted(renamed_from) != subject
    ):
        return _("%(old)s heißt jetzt %(new)s.") % {"old": words.quoted(renamed_from), "new": subject}
    return f"{subject}: " + "; ".join(_attribute_words(change) for change in attributes) + "."


def _redirect_sentence(flow: Flow, model: Model, attributes: Sequence[AttributeChange]) -> str:
    """For a flow of which only one end changed, the short sentence."""
    if len(attributes) > 1 or attributes[0].attribute not in ("source", "target"):
        return ""
    change = attributes[0]
    is_target = change.attribute == "target"
    values = {
        "type": words.type_name(flow.type),
        "end": _end_words(model, flow.source if is_target else flow.target),
        "old": change.old,
        "new": change.new,
    }
    if is_target:
        return _("%(type)s von „%(end)s“ führt jetzt zu „%(new)s“ (vorher zu „%(old)s“).") % values
    return _("%(type)s zu „%(end)s“ kommt jetzt von „%(new)s“ (vorher von „%(old)s“).") % values


def _attribute_words(change: AttributeChange) -> str:
    values = {"label": change.label, "old": change.old, "new": change.new}
    if max(len(change.old), len(change.new)) > 100 or "\n" in change.old + change.new:
        return _("%(label)s geändert") % values
    if not change.old:
        return _("%(label)s neu: „%(new)s“") % values
    if not change.new:
        return _("%(label)s entfallen (vorher „%(old)s“)") % values
    return _("%(label)s jetzt „%(new)s“ (vorher „%(old)s“)") % values


def _flow_values(flow: Flow) -> dict[str, str]:
    return {
        "name": flow.name,
        "condition": flow.condition,
        "is_default": _yes_no(flow.is_default),
        "documentation": flow.documentation,
        "direction": "" if flow.direction == "none" else flow.direction,
        "type": words.type_name(flow.type),
    }


def _flow_words(flow: Flow, model: Model) -> str:
    values = {
        "type": words.type_name(flow.type),
        "name": f" „{flow.name}“" if flow.name else "",
        "source": _end_words(model, flow.source),
        "target": _end_words(model, flow.target),
    }
    return _("%(type)s%(name)s von „%(source)s“ nach „%(target)s“") % values


def _end_words(model: Model, end: str) -> str:
    if end in model.nodes:
        return words.plain(model.nodes[end])
    return words.type_name(model.flows[end].type) if end in model.flows else _("nirgends")


def _with_type(node: Node) -> str:
    return f"{words.quoted(node)} ({words.type_name(node.type)})" if node.name else words.quoted(node)


def _yes_no(value: bool) -> str:
    return _("ja") if value else _("nein")
