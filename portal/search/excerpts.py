"""The piece of a record's text where the words of a question stand, with marks: also on parts of compounds.

The index knows at which places of a record its terms stand, so no word is analysed here: the texts are counted through
up to those places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from governance.models import CatalogueEntry
from portal.index import fields
from portal.index.weighing import LAST_PLACE, laid_out
from portal.language.tokens import spans

# Characters of an excerpt, and of it before the first mark.
LENGTH = 220
BEFORE = 60
# Texts that excerpts are taken from, the first of equals before the others, with what is said of where they stand.
SOURCES: Mapping[str, str | Promise] = {
    "summary": "",
    "headings": "",
    "body": "",
    "labels": gettext_lazy("im Diagramm"),
    "attachments": gettext_lazy("im Anhang"),
}
# Term to its places in the record, as the index has them.
Positions = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Place:
    start: int
    end: int
    terms: frozenset[str]


@dataclass(frozen=True)
class Excerpt:
    """Marked text, and where it comes from when that is not the text of the page."""

    html: SafeString
    source: str = ""


@dataclass(frozen=True)
class Found:
    """What of a record is shown to somebody who asked; the title is empty when no word stands there."""

    title: SafeString | str = ""
    excerpt: Excerpt | None = None


@dataclass
class _Text:
    text: str
    places: list[Place] = field(default_factory=list)


def of_entry(entry: CatalogueEntry, attachments: str, positions: Positions) -> Found:
    """The title with marks, and the best excerpt: the text with most of the words, page before diagram before files."""
    found = _texts(fields.texts(entry, attachments), positions)
    title = found.get("title")
    best: tuple[int, Excerpt] | None = None
    for name, source in SOURCES.items():
        if here := found.get(name):
            start, end, terms = _window(here.text, here.places)
            if best is None or terms > best[0]:
                best = terms, Excerpt(_mark(here.text, here.places, start, end), str(source))
    return Found(
        _mark(entry.title, title.places, 0, len(entry.title)) if title else "",
        best[1] if best else None,
    )


def _texts(texts: Iterable[tuple[fields.Field, str]], positions: Positions) -> dict[str, _Text]:
    """The texts with wanted terms in them, by the name of the field."""
    terms: dict[int, set[str]] = defaultdict(set)
    for term, places in positions.items():
        for place in places:
            # All that stands beyond is counted at the last place.
            if place < LAST_PLACE:
                terms[place].add(term)
    wanted = sorted(terms, reverse=True)
    found: dict[str, _Text] = {}
    for source, text, tokens, begin in laid_out(texts, spans):
        while wanted and wanted[-1] < begin + len(tokens):
            place = wanted.pop()
            here = found.setdefault(source.name, _Text(text))
            here.places.append(Place(*tokens[place - begin], frozenset(terms[place])))
        if not wanted:
            break
    return found


def _window(text: str, places: Sequence[Place]) -> tuple[int, int, int]:
    """Start and end of the stretch with most different terms, and how many those are."""
    best, most = places[0], 0
    for at, place in enumerate(places):
        terms: set[str] = set()
        for other in places[at:]:
            if other.end - place.start > LENGTH - BEFORE:
                break
            terms |= other.terms
        if len(terms) > most:
            best, most = place, len(terms)
    start = max(0, best.start - BEFORE)
    if start:
        start = text.find(" ", start, best.start) + 1 or best.start
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(best.end, text.rfind(" ", best.end, end))
    return start, end, most


def _mark(text: str, places: Sequence[Place], start: int, end: int) -> SafeString:
    pieces, at = [], start
    for place in places:
        if start <= place.start and place.end <= end:
            pieces.append(conditional_escape(text[at : place.start]))
            pieces.append(format_html("<mark>{}</mark>", text[place.start : place.end]))
            at = place.end
    pieces.append(conditional_escape(text[at:end]))
    dots = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}", dots[0], format_html_join("", "{}", ((piece,) for piece in pieces)), dots[1])
