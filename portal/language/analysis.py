"""What of a text goes into the index, and what of a question is looked for: the same words on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from portal.language.base_forms import base_form, fold
from portal.language.compounds import take_apart
from portal.language.tokens import Token, tokens
from portal.language.word_lists import STOP_WORDS

# How much a part counts beside the whole word it was found in.
PART_OF_COMPOUND = 0.3
PIECE_AT_HYPHEN = 0.6

OwnWords = frozenset[str]
NO_OWN_WORDS: OwnWords = frozenset()


@dataclass(frozen=True)
class Part:
    """A word inside another: its base form, how it is written, and what it counts beside the whole (0 to 1)."""

    term: str
    spelling: str
    share: float


@dataclass(frozen=True)
class Word:
    """A word of a text that is worth searching.

    `whole` is its base form; `parts` are the words inside it. `place` counts all words of the text, also the empty
    ones between, so that phrases keep their distances.
    """

    place: int
    start: int
    end: int
    whole: str
    parts: tuple[Part, ...] = ()


def words(text: str, own_words: OwnWords = NO_OWN_WORDS) -> Iterator[Word]:
    """The words of `text` without stop words and single letters, in their order."""
    for place, token in enumerate(tokens(text)):
        if not is_empty(token):
            whole, parts = terms_of(token.pieces, token.is_paragraph, own_words)
            yield Word(place, token.start, token.end, whole, parts)


def is_empty(token: Token) -> bool:
    """Whether a word says nothing by itself: a stop word, or a single letter."""
    if token.is_paragraph or len(token.pieces) > 1:
        return False
    piece = token.pieces[0]
    return piece in STOP_WORDS or (len(piece) == 1 and not piece.isdigit())


@lru_cache(maxsize=100_000)
def terms_of(
    pieces: tuple[str, ...], is_paragraph: bool = False, own_words: OwnWords = NO_OWN_WORDS
) -> tuple[str, tuple[Part, ...]]:
    """The whole word and its parts, for the pieces of one token."""
    if is_paragraph:
        return f"§{fold(pieces[0])}", (Part(fold(pieces[0]), pieces[0], PIECE_AT_HYPHEN),)
    if len(pieces) == 1:
        compound = take_apart(pieces[0], own_words)
        return compound.whole, tuple(Part(*part, PART_OF_COMPOUND) for part in compound.parts)
    parts: dict[str, Part] = {}
    for piece in pieces:
        if len(piece) == 1 and not piece.isdigit():
            continue
        compound = take_apart(piece, own_words)
        parts[compound.whole] = Part(compound.whole, piece, PIECE_AT_HYPHEN)
        for term, spelling in compound.parts:
            parts.setdefault(term, Part(term, spelling, PART_OF_COMPOUND))
    whole = "".join(map(fold, pieces[:-1])) + base_form(pieces[-1])
    parts.pop(whole, None)
    return whole, tuple(parts.values())
