"""Who is told what, in which order, and how much of it.

Everybody gets question, answer, starting point, what was done, result, everyday benefit, recommendation and next
step, in this order. Decision makers get the shortest form; the own team gets every detail. A published text has no
empty chapters; a draft asks for what is still open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from governance.text import blocks
from governance.text.blocks import Block, Kind, clean
from learnings.fields import LABELS
from learnings.models import Audience
from learnings.schemas import Figure
from learnings.story.data import Chapter, Source, Story
from learnings.story.figures import evidence_of, plots_of


@dataclass(frozen=True)
class Extent:
    """How much an audience is told: which chapters, how many characters of each, on how many slides it may go on."""

    chapters: Sequence[str]
    longest: int
    most: int


_DETAILS = ("results", "figures", "difficulties", "everyday_benefit", "effort_and_prerequisites")
EXTENTS: Mapping[Audience, Extent] = {
    Audience.TEAM: Extent(("occasion", "what_was_done", "process", *_DETAILS, "advice_in_full", "links"), 60_000, 8),
    Audience.MUNICIPALITY: Extent(
        ("occasion", "what_was_done", "process", "results", "everyday_benefit", "advice_in_full"), 1_200, 2
    ),
    Audience.OTHER_MUNICIPALITIES: Extent(
        ("occasion", "what_was_done", "process", *_DETAILS, "advice_in_full"), 2_400, 3
    ),
    Audience.DECISION_MAKERS: Extent(("outcome", "benefit_and_effort", "advice"), 420, 1),
}
# Of each of two chapters that share a slide, in characters.
_LONGEST_COLUMN = 420
_EFFORT = ("effort_time", "effort_money", "effort_people")


def tell(source: Source, audience: Audience) -> Story:
    """The story of `source` for `audience`."""
    values = source.values
    # A message for an audience that is not chosen (any more) is on no page either.
    messages = values["messages"] if audience in values["audiences"] else []
    message = next((row["text"] for row in messages if row["audience"] == audience), "")
    teller = _Teller(source, EXTENTS[audience])
    return Story(
        source=source,
        audience=audience,
        title=_line(values["title"]),
        question=_line(values["guiding_question"]),
        lead=_plain(message),
        answer=_plain(values["answer"]),
        chapters=list(teller.chapters()),
    )


def _plain(text: str) -> str:
    return _line(blocks.of_markdown(text).plain)


def _line(text: str) -> str:
    return " ".join(clean(text).split())


class _Teller:
    """Makes the chapters of one text for one extent."""

    def __init__(self, source: Source, extent: Extent) -> None:
        self.source, self.extent, self.values = source, extent, source.values

    def chapters(self) -> Iterator[Chapter]:
        for key in self.extent.chapters:
            for chapter in self._named(key):
                if not chapter.is_empty:
                    yield chapter
                elif self.source.is_draft and (question := _open_questions().get(key)):
                    open_point = Block(_("Noch offen: %(question)s") % {"question": question})
                    yield replace(chapter, blocks=[open_point])

    def _named(self, key: str) -> Iterable[Chapter]:
        own: Mapping[str, Callable[[], Iterable[Chapter]]] = {
            "process": self._pictures,
            "results": self._results,
            "figures": self._figures,
            "effort_and_prerequisites": self._effort_and_prerequisites,
            "advice_in_full": self._advice_in_full,
            "difficulties": self._difficulties,
            "links": self._links,
            "outcome": self._outcome,
            "benefit_and_effort": self._benefit_and_effort,
            "advice": self._advice,
        }
        return own[key]() if key in own else [self._chapter(key)]

    def _chapter(self, key: str, *names: str, title: str = "") -> Chapter:
        """What the fields `names` (else `key`) say, under one heading; each of several but the first under its own."""
        names = names or (key,)
        written = {name: blocks.of_markdown(self.values[name]) for name in names if self.values[name]}
        whole: list[Block] = []
        for name, text in written.items():
            if name != names[0] and whole:
                whole.append(Block(str(LABELS[name]), Kind.HEADING))
            whole += text.blocks
        told, is_cut = blocks.shorten(whole, self.extent.longest)
        more = any(text.has_more for text in written.values())
        if more and not told:
            told = [Block(_("Tabellen und Bilder dazu stehen auf der Seite des Learnings."))]
        return Chapter(
            key=key,
            title=title or str(LABELS[names[0]]),
            blocks=told,
            notes="\n\n".join(text.plain for text in written.values()),
            most=self.extent.most,
            is_cut=is_cut or more,
        )

    def _results(self) -> Iterable[Chapter]:
        plots, alone = plots_of(self._rows())
        chapter = replace(self._chapter("results"), plots=plots)
        has_table = "figures" in self.extent.chapters
        return [chapter if has_table else replace(chapter, evidence=evidence_of(alone))]

    def _rows(self) -> list[Figure]:
        return [Figure.read(row) for row in self.values["figures"]]

    def _figures(self) -> Iterable[Chapter]:
        evidence = evidence_of(self._rows())
        notes = "\n".join(f"{one.label}: {one.value} ({one.origin()})" for one in evidence)
        title = str(LABELS["figures"])
        return [Chapter("figures", title, evidence=evidence, notes=notes, most=self.extent.most)]

    def _effort_and_prerequisites(self) -> Iterable[Chapter]:
        title = _("Aufwand und Voraussetzungen")
        return _side_by_side(title, self._effort(), self._chapter("prerequisites"))

    def _advice_in_full(self) -> Iterable[Chapter]:
        advice, step = self._chapter("recommendation"), self._chapter("next_step")
        return _side_by_side(_("Empfehlung und nächster Schritt"), advice, step)

    def _effort(self) -> Chapter:
        points = self._effort_points()
        return Chapter("effort", _("Aufwand"), blocks=points, notes="\n".join(point.text for point in points))

    def _effort_points(self) -> list[Block]:
        labels = (_("Zeit"), _("Kosten"), _("Beteiligte"))
        pairs = zip(labels, (_line(self.values[name]) for name in _EFFORT), strict=True)
        return [Block(f"{label}: {text}", Kind.POINT) for label, text in pairs if text]

    def _difficulties(self) -> Iterable[Chapter]:
        """Only where the team allows that it leaves the portal's pages."""
        return [self._chapter("difficulties")] if self.values["share_difficulties"] else []

    def _pictures(self) -> Iterable[Chapter]:
        return [
            Chapter("process", _("So läuft es ab: %(title)s") % {"title": _line(picture.title)}, picture=picture)
            for picture in self.source.pictures
        ]

    def _links(self) -> Iterable[Chapter]:
        rows = [(_line(row["title"]), _line(row["url"])) for row in self.values["links"]]
        points = [Block(f"{title}: {url}" if title else url, Kind.POINT) for title, url in rows]
        return [Chapter("links", str(LABELS["links"]), blocks=points, most=self.extent.most)]

    # -- the shortest form ---------------------------------------------------------------------------

    def _outcome(self) -> Iterable[Chapter]:
        """The result; as long as there is none, what was done or why, so that decision makers have their slide."""
        [results] = self._results()
        if not results.is_empty or self.source.is_draft:
            return [results]
        found = (self._chapter(name) for name in ("what_was_done", "occasion"))
        return [next((chapter for chapter in found if not chapter.is_empty), results)]

    def _benefit_and_effort(self) -> Iterable[Chapter]:
        """Always one chapter, however long."""
        benefit, effort = self._chapter("everyday_benefit"), self._effort()
        if effort.is_empty or benefit.is_empty:
            return [benefit if effort.is_empty else effort]
        return [_joined(_("Nutzen und Aufwand"), benefit, effort)]

    def _advice(self) -> Iterable[Chapter]:
        title = _("Empfehlung und nächster Schritt")
        return [self._chapter("advice", "recommendation", "next_step", title=title)]


def _side_by_side(title: str, first: Chapter, second: Chapter) -> Iterable[Chapter]:
    """Two short chapters as one with two columns; else each for itself."""
    both = (first, second)
    if any(not one.blocks or sum(len(block.text) for block in one.blocks) > _LONGEST_COLUMN for one in both):
        # The question of a draft that has neither of them is asked for the first.
        return [first, *([] if second.is_empty else [second])]
    return [_joined(title, first, second)]


def _joined(title: str, first: Chapter, second: Chapter) -> Chapter:
    return replace(
        first,
        title=title,
        blocks=[Block(first.title, Kind.HEADING), *first.blocks],
        beside=[Block(second.title, Kind.HEADING), *second.blocks],
        notes="\n\n".join(filter(None, (first.notes, second.notes))),
        is_cut=first.is_cut or second.is_cut,
    )


def _open_questions() -> Mapping[str, str]:
    result = _("Was ist dabei herausgekommen? Eine Zahl mit Quelle überzeugt.")
    benefit = _("Was ist morgen früh für eine Kollegin oder einen Kollegen anders?")
    advice = _("Was sollte jemand tun, der vor derselben Aufgabe steht?")
    return {
        "occasion": _("Warum haben Sie angefangen?"),
        "what_was_done": _("Was wurde Schritt für Schritt gemacht?"),
        "results": result,
        "outcome": result,
        "everyday_benefit": benefit,
        "benefit_and_effort": benefit,
        "advice_in_full": advice,
        "advice": advice,
    }
