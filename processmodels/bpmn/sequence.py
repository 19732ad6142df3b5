"""The reading order of a model: steps in lines, branches nested in the step that splits, jumps where lines meet.

The main line claims its steps first, then the branches claim what is left; each step stands in one place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .graph import Graph, Link, Way, joins, lengths
from .model import SUB_PROCESSES

# From here on a branch that can go on in the line does so; beyond the second number all do.
_SOFT_DEPTH = 4
_HARD_DEPTH = 12
# Ways that go on in the line; the others leave it at the edge of an activity.
_MAIN = (Way.FLOW, Way.LINK)


@dataclass
class Line:
    """Steps one after the other; `goto` is the step elsewhere that follows the last one."""

    steps: list[Step] = field(default_factory=list)
    goto: str = ""


@dataclass
class Branch:
    link: Link
    line: Line


@dataclass
class Step:
    node: str
    branches: list[Branch] = field(default_factory=list)
    body: Body | None = None


@dataclass
class Body:
    """The content of a process or sub-process: from its starts, its event sub-processes, what nothing leads to."""

    lines: list[Line] = field(default_factory=list)
    handlers: list[Step] = field(default_factory=list)
    unreachable: list[Line] = field(default_factory=list)


def body(graph: Graph, container: str, depth: int = 0) -> Body:
    return _Builder(graph, container, depth).body


def steps(content: Body) -> Iterator[Step]:
    """All steps in reading order, those of branches and sub-processes after the step that has them."""
    for line in content.lines:
        yield from _steps_of_line(line)
    for handler in content.handlers:
        yield from _steps_of_line(Line([handler]))
    for line in content.unreachable:
        yield from _steps_of_line(line)


def _steps_of_line(line: Line) -> Iterator[Step]:
    for step in line.steps:
        yield step
        if step.body:
            yield from steps(step.body)
        for branch in step.branches:
            yield from _steps_of_line(branch.line)


def process_order(graph: Graph) -> list[str]:
    """The ids of all nodes: flow nodes as they are read, process by process, then everything else as in the file."""
    found = dict.fromkeys(step.node for process in graph.processes() for step in steps(body(graph, process)))
    return list(found | dict.fromkeys(graph.model.nodes))


class _Builder:
    def __init__(self, graph: Graph, container: str, depth: int) -> None:
        self.graph = graph
        self.body = Body()
        self.claimed: set[str] = set()
        self.waiting: deque[tuple[Line, str, int]] = deque()
        nodes = [node.id for node in graph.contents.get(container, ()) if node.id not in graph.skipped]
        handlers = graph.handlers(container)
        self.claimed.update(handlers)
        self.targets: Mapping[str, Sequence[str]] = {
            # What happens at the edge of an activity leaves the line: it decides nothing about where ways meet.
            node: [link.target for link in _main(graph.successors(node)) if link.target not in self.claimed]
            for node in nodes
        }
        starts = graph.starts(container)
        self.joins = joins(nodes, self.targets)
        self.lengths = lengths([*starts, *nodes], self.targets)
        self._read(starts, self.body.lines, depth)
        self.body.handlers = [self._step(handler, depth) for handler in handlers]
        loose = [node for node in nodes if node not in graph.entered]
        self._read([*loose, *nodes], self.body.unreachable, depth)

    def _read(self, starts: Iterable[str], lines: list[Line], depth: int) -> None:
        for start in starts:
            if start in self.claimed:
                continue
            line = Line()
            lines.append(line)
            self.waiting.append((line, start, depth))
            # One start at a time for what nothing leads to; several starts share what follows them.
            while self.waiting:
                self._fill(*self.waiting.popleft(), lines)

    def _step(self, node: str, depth: int) -> Step:
        is_container = self.graph.model.nodes[node].type in SUB_PROCESSES
        return Step(node, body=body(self.graph, node, depth + 1) if is_container else None)

    def _fill(self, line: Line, node: str, depth: int, lines: list[Line]) -> None:
        """Adds step after step until a step that stands elsewhere, or the end."""
        while node:
            if node in self.claimed:
                line.goto = node
                return
            self.claimed.add(node)
            step = self._step(node, depth)
            line.steps.append(step)
            links = self.graph.successors(node)
            main = _main(links)
            ahead = main[0].target if len(main) == 1 else self._ahead(node, main, depth)
            sides = main if len(main) > 1 else []
            for link in [*sides, *(link for link in links if link.way not in _MAIN)]:
                self._branch(step, link, ahead, depth, lines)
            node = ahead

    def _branch(self, step: Step, link: Link, ahead: str, depth: int, lines: list[Line]) -> None:
        branch = Branch(link, Line())
        step.branches.append(branch)
        if link.target == ahead:
            branch.line.goto = ahead
        elif depth >= _HARD_DEPTH and link.way is Way.FLOW:
            branch.line.goto = link.target
            own = Line()
            lines.append(own)
            self.waiting.append((own, link.target, depth))
        else:
            self.waiting.append((branch.line, link.target, depth + 1))

    def _ahead(self, node: str, links: Sequence[Link], depth: int) -> str:
        """Where the line goes on after a split: where all ways meet, else along the longest way."""
        join = self.joins.get(node, "")
        if not links or (join and depth < _SOFT_DEPTH):
            return join if links else ""
        open_ways = [link.target for link in links if link.target not in self.claimed]
        return max(open_ways, key=lambda target: self.lengths.get(target, 0), default=join)


def _main(links: Iterable[Link]) -> list[Link]:
    return [link for link in links if link.way in _MAIN]
