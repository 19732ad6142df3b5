"""The piece of a record's text where the words of a question stand, with marks: also on parts of compounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from governance.models import CatalogueEntry
from portal.language.analysis import OwnWords, words

# Characters of a text that are looked through, and of an excerpt.
LOOKED_AT = 20_000
LENGTH = 220
BEFORE = 60


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


def marked(text: str, wanted: frozenset[str], own_words: OwnWords) -> SafeString | str:
    """`text` with the wanted words marked, or nothing when none of them stands there."""
    places = find(text, wanted, own_words)
    return _mark(text, places, 0, len(text)) if places else ""


def of_entry(entry: CatalogueEntry, attachments: str, wanted: frozenset[str], own_words: OwnWords) -> Excerpt | None:
    """The best excerpt of a record: the text with most of the words, page before diagram before attachments."""
    weighted = entry.weighted
    sources = (
        ("", "\n".join(weighted.get(part, "") for part in ("B", "C", "D"))),
        (_("im Diagramm"), weighted.get("labels", "")),
        (_("im Anhang"), attachments),
    )
    best: tuple[int, Excerpt] | None = None
    for source, text in sources:
        places = find(text[:LOOKED_AT], wanted, own_words)
        if places:
            start, end, terms = _window(text, places)
            if best is None or terms > best[0]:
                best = terms, Excerpt(_mark(text, places, start, end), source)
    return best[1] if best else None


def find(text: str, wanted: frozenset[str], own_words: OwnWords) -> list[Place]:
    """Where wanted terms stand in `text`."""
    found = []
    for word in words(text, own_words):
        if terms := wanted & word.terms:
            found.append(Place(word.start, word.end, terms))
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
