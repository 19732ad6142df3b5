"""A model as ordered, nested text: for people who see no picture, and for search.

Every named element is exactly one item, in process order from the start events. Steps are numbered through
the whole model, so that a jump or a message can name the step it leads to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from . import sequence, words
from .graph import Graph, Way, lane_of, process_of
from .model import DATA, FLOW_NODES, Flow, Model, Node, Process
from .reading import labels
from .sequence import Body, Branch, Line, Step

# Details worth reading aloud; the others are for the tools that run processes.
_SPOKEN = ("timer", "event_condition", "message", "called_element", "performer", "instances", "loop_condition")


class ItemKind(StrEnum):
    POOL = "pool"
    SECTION = "section"
    LANE = "lane"
    STEP = "step"
    WAY = "way"
    DATA = "data"
    NOTE = "note"
    GROUP = "group"
    OTHER = "other"


@dataclass(frozen=True)
class TextItem:
    """One entry of the nested list. `number` is 0 for what is no step; `notes` are short sentences about it."""

    kind: ItemKind
    text: str
    element: str = ""
    number: int = 0
    notes: Sequence[str] = ()
    documentation: str = ""
    children: Sequence[TextItem] = ()


@dataclass(frozen=True)
class Row:
    """An item for a template without recursion: whether its list begins here, and which lists end after it."""

    item: TextItem
    depth: int
    opens: bool
    closes: range


def as_text(model: Model) -> list[TextItem]:
    return _Writer(model).items()


def walk(items: Iterable[TextItem]) -> Iterator[TextItem]:
    """All items, each before its children."""
    return (row.item for row in rows(items))


def rows(items: Iterable[TextItem]) -> Iterator[Row]:
    """All items flat: `opens` a list before the item, `closes` one for each list (and its entry) that ends after it."""
    stack = [(item, 0, index == 0) for index, item in reversed(list(enumerate(items)))]
    while stack:
        item, depth, opens = stack.pop()
        stack += [(child, depth + 1, index == 0) for index, child in reversed(list(enumerate(item.children)))]
        following = stack[-1][1] if stack else -1
        yield Row(item, depth, opens, range(max(depth - following, 0)))


def said(model: Model) -> list[str]:
    """What people wrote into the model and as_text shows, each once: names, documentation, timers, conditions …"""
    found = labels(model)
    for process in model.processes.values():
        found.append(process.documentation)
    for node in model.nodes.values():
        found.append(node.documentation)
        found += [node.details.get(key, "") for key in (*_SPOKEN, "data_state")]
    for flow in model.flows.values():
        found += [flow.condition, flow.documentation]
    return list(dict.fromkeys(filter(None, found)))


class _Writer:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.graph = Graph(model)
        self.bodies = {process: sequence.body(self.graph, process) for process in self.graph.processes()}
        self.numbers: dict[str, int] = {}
        for body in self.bodies.values():
            for step in sequence.steps(body):
                self.numbers[step.node] = len(self.numbers) + 1
        self.notes: dict[str, list[str]] = defaultdict(list)
        self.comments: dict[str, list[Node]] = defaultdict(list)
        self.placed: set[str] = set()
        self.by_process: dict[str, list[Node]] = defaultdict(list)
        for node in model.nodes.values():
            if node.type not in FLOW_NODES:
                self.by_process[process_of(model, node)].append(node)
        self._collect_notes()

    def items(self) -> list[TextItem]:
        shown = {process.participant: process for process in self.model.processes.values() if process.participant}
        found = [
            self._pool(node, shown.get(node.id)) for node in self.model.nodes.values() if node.type == "participant"
        ]
        found += [self._pool(None, process) for process in self.model.processes.values() if not process.participant]
        items = [item for item in found if item]
        rest = [node for node in self.model.nodes.values() if node.name and node.id not in self.placed]
        return [*items, *self._section(_("Außerhalb der Prozesse"), rest)]

    # ── pools and their sections ──

    def _pool(self, participant: Node | None, process: Process | None) -> TextItem | None:
        names = [part.name for part in (participant, process) if part and part.name]
        children: list[TextItem] = []
        if process:
            nodes = self.by_process[process.id]
            children = [*self._lane_section(nodes), *self._body(self.bodies[process.id])]
            children += self._section(_("Daten und Unterlagen"), [node for node in nodes if node.type in DATA])
            notes = [node for node in nodes if node.type == "textAnnotation" and node.id not in self.placed]
            children += self._section(_("Anmerkungen"), notes)
            children += self._section(_("Gruppen"), [node for node in nodes if node.type == "group"])
        if not (participant or names or children):
            return None
        if participant:
            self.placed.add(participant.id)
        holder = participant or process
        assert holder
        documentation = "\n\n".join(
            part.documentation for part in (participant, process) if part and part.documentation
        )
        return TextItem(
            kind=ItemKind.POOL,
            text=": ".join(dict.fromkeys(names)) or _("Ablauf"),
            element=holder.id,
            notes=tuple(self.notes[holder.id]),
            documentation=documentation,
            children=tuple(children),
        )

    def _lane_section(self, nodes: Sequence[Node]) -> list[TextItem]:
        below: dict[str, list[Node]] = defaultdict(list)
        for node in nodes:
            if node.type == "lane":
                holder = self.model.nodes.get(node.container)
                below[holder.id if holder and holder.type == "lane" else ""].append(node)
        items = [item for lane in below[""] for item in self._lane(lane, below)]
        return [TextItem(ItemKind.SECTION, _("Bereiche"), children=tuple(items))] if items else []

    def _lane(self, lane: Node, below: dict[str, list[Node]]) -> list[TextItem]:
        inner = [item for child in below[lane.id] for item in self._lane(child, below)]
        self.placed.add(lane.id)
        if not lane.name:
            return inner
        return [self._plain(lane, ItemKind.LANE, children=inner)]

    def _section(self, title: str, nodes: Iterable[Node]) -> list[TextItem]:
        kinds = {"textAnnotation": ItemKind.NOTE, "group": ItemKind.GROUP} | dict.fromkeys(DATA, ItemKind.DATA)
        items = [self._plain(node, kinds.get(node.type, ItemKind.OTHER)) for node in nodes if node.name]
        return [TextItem(ItemKind.SECTION, title, children=tuple(items))] if items else []

    def _plain(self, node: Node, kind: ItemKind, children: Sequence[TextItem] = ()) -> TextItem:
        self.placed.add(node.id)
        text = node.name
        if kind in (ItemKind.DATA, ItemKind.OTHER):
            text = f"{node.name} ({words.description(node, self.graph)})"
        state = node.details.get("data_state")
        notes = [f"{words.attribute_name('data_state')}: {state}."] if state else []
        inner = [*children, *self._comments(node)]
        return TextItem(kind, text, node.id, 0, (*notes, *self.notes[node.id]), node.documentation, tuple(inner))

    def _comments(self, node: Node) -> list[TextItem]:
        open_ones = [comment for comment in self.comments[node.id] if comment.id not in self.placed]
        return [self._plain(comment, ItemKind.NOTE) for comment in open_ones]

    # ── steps ──

    def _body(self, body: Body) -> list[TextItem]:
        items = [item for line in body.lines for item in self._line(line)]
        items += [self._step(handler) for handler in body.handlers]
        loose = [item for line in body.unreachable for item in self._line(line)]
        if loose:
            items.append(TextItem(ItemKind.SECTION, _("Ohne Verbindung zum Ablauf"), children=tuple(loose)))
        return items

    def _line(self, line: Line) -> list[TextItem]:
        last = len(line.steps) - 1
        return [self._step(step, line.goto if index == last else "") for index, step in enumerate(line.steps)]

    def _step(self, step: Step, goto: str = "", children: Sequence[TextItem] = ()) -> TextItem:
        """One step with what belongs to it; `goto` is the step elsewhere that comes next."""
        node = self.model.nodes[step.node]
        self.placed.add(node.id)
        inner = self._comments(node)
        if step.body:
            inner += self._body(step.body)
        ways = [branch for branch in step.branches if branch.link.way is Way.FLOW]
        inner += [self._way(node, branch, number) for number, branch in enumerate(ways, 1)]
        inner += [self._edge(branch) for branch in step.branches if branch.link.way is not Way.FLOW]
        return TextItem(
            kind=ItemKind.STEP,
            text=self._step_text(node),
            element=node.id,
            number=self.numbers[node.id],
            notes=tuple(self._step_notes(node, goto)),
            documentation=node.documentation,
            children=(*inner, *children),
        )

    def _step_text(self, node: Node) -> str:
        what = words.description(node, self.graph)
        if node.type == "boundaryEvent" and node.attached_to:
            return f"{words.boundary(node)} ({what})" if node.name else words.boundary(node)
        text = f"{node.name} ({what})" if node.name else what[:1].upper() + what[1:]
        lane = lane_of(self.model, node)
        return f"{lane.name}: {text}" if lane and lane.name else text

    def _step_notes(self, node: Node, goto: str) -> Iterator[str]:
        for key in _SPOKEN:
            value = node.details.get(key)
            if value and value != node.name:
                yield f"{words.attribute_name(key)}: {value}."
        yield from self.notes[node.id]
        ways = self.graph.outgoing.get(node.id, ())
        if len(ways) == 1 and (ways[0].name or ways[0].condition):
            yield _("Weiter: %s.") % (ways[0].name or ways[0].condition)
        if goto:
            is_split = len(ways) > 1
            yield (_("Danach weiter mit Schritt %d.") if is_split else _("Weiter mit Schritt %d.")) % self.numbers[goto]

    def _way(self, source: Node, branch: Branch, number: int) -> TextItem:
        text = words.branch(source, branch.link.flow, number) + ":"
        line = branch.line
        if not line.steps and line.goto:
            text += " " + _("weiter mit Schritt %d") % self.numbers[line.goto]
        documentation = branch.link.flow.documentation if branch.link.flow else ""
        return TextItem(ItemKind.WAY, text, documentation=documentation, children=tuple(self._line(line)))

    def _edge(self, branch: Branch) -> TextItem:
        """What happens at the edge of an activity: the event is the item, what follows is nested in it."""
        line = branch.line
        if not line.steps:
            return TextItem(ItemKind.WAY, _("Weiter mit Schritt %d.") % self.numbers[line.goto])
        first, rest = line.steps[0], Line(line.steps[1:], line.goto)
        return self._step(first, "" if rest.steps else line.goto, self._line(rest))

    # ── messages, data, annotations ──

    def _collect_notes(self) -> None:
        used: dict[str, dict[str, list[str]]] = {use: defaultdict(list) for use in ("reads", "writes", "uses")}
        for flow in self.model.flows.values():
            source, target = self.model.nodes.get(flow.source), self.model.nodes.get(flow.target)
            if flow.type == "messageFlow":
                self._note_message(flow, source, target)
            elif source and target and flow.type != "sequenceFlow":
                self._note_connection(flow, source, target, used)
        sentences = {"reads": _("Liest: %s."), "writes": _("Schreibt: %s."), "uses": _("Verwendet: %s.")}
        for use, found in used.items():
            for element, names in found.items():
                listed = ", ".join(name for name in dict.fromkeys(names) if name)
                if listed:
                    self.notes[element].append(sentences[use] % listed)

    def _note_connection(self, flow: Flow, source: Node, target: Node, used: dict[str, dict[str, list[str]]]) -> None:
        undirected = flow.type == "association" and flow.direction != "one"
        if source.type == "textAnnotation":
            self.comments[target.id].append(source)
        elif target.type == "textAnnotation":
            self.comments[source.id].append(target)
        elif source.type in DATA and target.id in self.numbers:
            used["uses" if undirected else "reads"][target.id].append(source.name)
        elif target.type in DATA and source.id in self.numbers:
            used["uses" if undirected else "writes"][source.id].append(target.name)

    def _note_message(self, flow: Flow, source: Node | None, target: Node | None) -> None:
        what = f"„{flow.name}“" if flow.name else _("eine Nachricht")
        if source:
            self.notes[source.id].append(
                _("Sendet %(what)s an %(whom)s.") % {"what": what, "whom": self._partner(target)}
            )
        if target:
            self.notes[target.id].append(
                _("Erhält %(what)s von %(whom)s.") % {"what": what, "whom": self._partner(source)}
            )

    def _partner(self, node: Node | None) -> str:
        """The other end of a message: the pool, and the step when it is one."""
        if node is None:
            return _("unbekannt")
        if node.type == "participant":
            return node.name or _("Pool ohne Namen")
        process = self.model.processes.get(process_of(self.model, node))
        pool = self.model.nodes.get(process.participant) if process else None
        number = self.numbers.get(node.id)
        parts = [pool.name if pool else "", _("Schritt %d") % number if number else words.quoted(node)]
        return ", ".join(part for part in parts if part)
