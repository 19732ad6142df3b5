"""The short texts of a record: teaser and article for newsletter and intranet, three sentences for a card. Pure.

All are plain text, paragraphs with a blank line between them. What the team has written counts; what it has left empty
is taken from the text itself, in the order that the kind names, cut behind sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from governance.comparison import FieldSpec
from governance.kinds import Kind
from governance.models.records import ARTICLE_LENGTH, TEASER_LENGTH
from governance.text import blocks

NAMES = ("teaser", "article")
FIELDS = (
    FieldSpec("teaser", gettext_lazy("Anreißer für Newsletter und Intranet")),
    FieldSpec("article", gettext_lazy("Artikel für Newsletter und Intranet")),
)
_SENTENCES, _LONGEST_SENTENCE = 3, 220
# A paragraph that would get less than this is left out.
_LEAST = 60
_ENDS = ".!?:;…"


@dataclass(frozen=True)
class ShortTexts:
    teaser: str
    article: str
    card: Sequence[str]

    @property
    def paragraphs(self) -> list[str]:
        """Of the article."""
        return paragraphs(self.article)


def of(kind: Kind, values: Mapping[str, Any]) -> ShortTexts:
    """The short texts of a text of this kind."""
    made = suggested(kind, values)
    return ShortTexts(values.get("teaser") or made.teaser, values.get("article") or made.article, made.card)


def suggested(kind: Kind, values: Mapping[str, Any]) -> ShortTexts:
    """As `of`, whatever the team has written for the newsletter."""
    told = [running(values.get(name) or "") for name in kind.leads_with]
    return ShortTexts(
        teaser=first_sentences(" ".join(filter(None, told[:2])), TEASER_LENGTH),
        article=_article(told),
        card=_card(told[0], told[1]),
    )


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a short text, each on one line."""
    parts = (" ".join(part.split()) for part in text.split("\n\n"))
    return [part for part in parts if part]


def running(text: str) -> str:
    """Markdown as running text: without headings, tables and pictures, points told apart by semicolons."""
    found = [one for one in blocks.of_markdown(text).blocks if one.kind != blocks.Kind.HEADING]
    parts = []
    for at, one in enumerate(found):
        goes_on = one.kind == blocks.Kind.POINT and at + 1 < len(found) and found[at + 1].kind == blocks.Kind.POINT
        ends = one.text[-1] in _ENDS or one.text[-2:-1] in tuple(_ENDS)
        parts.append(one.text if ends else f"{one.text}{';' if goes_on else '.'}")
    return " ".join(parts)


def first_sentences(text: str, longest: int) -> str:
    """As many whole sentences as fit; of a first one that is too long as many words, and a sign that it goes on."""
    kept = ""
    for sentence in blocks.sentences(text):
        if len(kept) + len(sentence) + bool(kept) > longest:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or blocks.cut(text, longest)


def _article(told: Sequence[str]) -> str:
    kept: list[str] = []
    room = ARTICLE_LENGTH
    for text in filter(None, told):
        if kept and room < _LEAST:
            break
        part = first_sentences(text, room)
        if kept and part.endswith(blocks.ELLIPSIS):
            break
        kept.append(part)
        # Two line feeds stand between paragraphs.
        room -= len(part) + 2
        if part != text:
            break
    return "\n\n".join(kept)


def _card(benefit: str, answer: str) -> list[str]:
    """Two sentences of what is better, and then what was found out."""
    first, second = blocks.sentences(benefit), blocks.sentences(answer)
    taken = first[: max(_SENTENCES - 1, _SENTENCES - len(second))]
    chosen = [*taken, *second[: _SENTENCES - len(taken)]]
    return [blocks.cut(sentence, _LONGEST_SENTENCE) for sentence in chosen]
