"""Which piece of a document belongs to which field: by its headings. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from governance.text.markdown import to_plain
from learnings.fields import LABELS
from learnings.word.markup import HEADING, NOTES, TITLE

REST = "what_was_done"
LINES = {"guiding_question": 300, "effort_time": 200, "effort_money": 200, "effort_people": 200}
SHORT = {"answer": 600}
MAX_TITLE = 200
# Beside the labels of the fields: what such a section is called elsewhere, in small letters without signs.
SYNONYMS = {
    "guiding_question": ("leitfrage", "frage", "fragestellung"),
    "answer": ("antwort", "erkenntnis", "kernaussage", "zusammenfassung", "fazit", "kurzfassung", "das wichtigste"),
    "everyday_benefit": ("nutzen", "nutzen im alltag", "mehrwert", "was haben wir davon", "vorteile"),
    "occasion": ("anlass", "ausgangslage", "hintergrund", "problem", "einleitung", "ausgangssituation", "warum"),
    "what_was_done": (
        "was wurde gemacht",
        "vorgehen",
        "umsetzung",
        "massnahme",
        "maßnahme",
        "durchführung",
        "schritte",
    ),
    "results": ("ergebnis", "ergebnisse", "was ist dabei herausgekommen", "wirkung", "resultate"),
    "difficulties": (
        "schwierigkeiten",
        "was war schwierig",
        "hindernisse",
        "herausforderungen",
        "stolpersteine",
        "was würden wir anders machen",
    ),
    "recommendation": ("empfehlung", "empfehlungen", "tipps", "handlungsempfehlung", "handlungsempfehlungen"),
    "next_step": ("nächster schritt", "nächste schritte", "ausblick", "wie geht es weiter"),
    "effort_time": ("zeit", "zeitaufwand", "dauer", "aufwand zeit"),
    "effort_money": ("kosten", "aufwand kosten", "budget"),
    "effort_people": ("beteiligte", "personal", "aufwand wer gebraucht wurde", "wer gebraucht wurde"),
    "prerequisites": ("voraussetzungen", "voraussetzung", "was muss da sein"),
}


@dataclass
class Sorted:
    """The title, the Markdown of each field, and what had to go elsewhere, with the reason."""

    title: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)


def plain_heading(markdown: str) -> str:
    words = re.sub(r"[^\w\s]", " ", to_plain(markdown).casefold())
    return re.sub(r"^\d+[\s.]*", "", " ".join(words.split()))


def field_of(markdown: str) -> str | None:
    """The field that a heading names."""
    return _known().get(plain_heading(markdown))


def _known() -> Mapping[str, str]:
    known = {name: key for key, names in SYNONYMS.items() for name in names}
    return known | {plain_heading(str(LABELS[key])): key for key in SYNONYMS}


def sort(blocks: Sequence[Mapping[str, Any]]) -> Sorted:
    """Give each block its field. A heading that names none stays a heading: below the field it stands under, or in the
    rest when it ranks as high."""
    done = Sorted()
    parts: dict[str, list[str]] = {}
    here, rank = REST, 0
    for at, block in enumerate(blocks):
        kind, text, level = block["kind"], block["markdown"], int(block["level"])
        if kind == TITLE or (kind == HEADING and at == 0 and field_of(text) is None):
            if not done.title:
                done.title = " ".join(to_plain(text).split())[:MAX_TITLE]
                continue
            kind, level = HEADING, 1
        if kind == NOTES:
            parts.setdefault(REST, []).extend(["#### Fußnoten", text])
        elif kind != HEADING:
            parts.setdefault(here, []).append(text)
        elif found := field_of(text):
            here, rank = found, level
        else:
            if level <= rank:
                here, rank = REST, 0
            parts.setdefault(here, []).append(f"{'##' if level < 3 else '###'} {text}")
    texts = {name: "\n\n".join(pieces) for name, pieces in parts.items()}
    _fit(done, texts)
    return done


def _fit(done: Sorted, texts: dict[str, str]) -> None:
    """What is too long for a short field goes to the rest, whole and under its own heading."""
    rest = [texts.pop(REST)] if REST in texts else []
    for name, text in texts.items():
        line = " ".join(to_plain(text).split()) if name in LINES else text
        if len(line) > (LINES | SHORT).get(name, len(line)):
            rest.append(f"## {LABELS[name]}\n\n{text}")
            done.moved.append(name)
        else:
            done.texts[name] = line
    if rest:
        done.texts[REST] = "\n\n".join(rest)
