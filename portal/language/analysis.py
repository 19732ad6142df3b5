"""What of a text goes into the index, and what of a question is looked for: the same words on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from portal.language.base_forms import base_form, fold, known_lemma
from portal.language.compounds import atoms, take_apart
from portal.language.tokens import CACHED_WORDS, MAX_WORD, Token, tokens
from portal.language.verbs import shortened, torn_apart
from portal.language.word_lists import STOP_WORDS

# As many letters as a column holds; a word of many hyphens may be longer.
LONGEST_TERM = 90
# How much a part counts beside the whole word it was found in.
PART_OF_COMPOUND = 0.3
PIECE_AT_HYPHEN = 0.6
# How much what stands for the whole word counts beside it.
VERB_TORN_APART = 0.8
FIRST_LETTERS = 0.5
SHORTEST_ABBREVIATION = 3
LONGEST_ABBREVIATION = 6

OwnWords = frozenset[str]
NO_OWN_WORDS: OwnWords = frozenset()


@dataclass(frozen=True)
class Part:
    """A word inside another: its base form, how it is written, and what it counts beside the whole (0 to 1)."""

    term: str
    spelling: str
    share: float


@dataclass(frozen=True)
class Meaning:
    """What a word is found by; the same for each place where it stands.

    `whole` is its base form; `parts` are the words inside it; `also` stands for the whole as well: "anmelden" for
    "meldet … an", "ozg" for "Onlinezugangsgesetz".
    """

    whole: str
    parts: tuple[Part, ...] = ()
    also: tuple[Part, ...] = ()

    @cached_property
    def terms(self) -> frozenset[str]:
        """Everything the word is found by."""
        return frozenset((self.whole, *(part.term for part in self.parts + self.also)))


class Word(NamedTuple):
    """A word of a text that is worth searching.

    `place` counts all words of the text, also the empty ones between, so that phrases keep their distances.
    """

    place: int
    start: int
    end: int
    meaning: Meaning

    @property
    def whole(self) -> str:
        return self.meaning.whole

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.meaning.parts

    @property
    def also(self) -> tuple[Part, ...]:
        return self.meaning.also

    @property
    def terms(self) -> frozenset[str]:
        return self.meaning.terms


def words(text: str, own_words: OwnWords = NO_OWN_WORDS) -> Iterator[Word]:
    """The words of `text` without stop words and single letters, in their order."""
    return words_among(tokens(text), text, own_words)


def words_among(found: Sequence[Token], text: str, own_words: OwnWords = NO_OWN_WORDS) -> Iterator[Word]:
    """The same for a text whose tokens are known."""
    torn = list(torn_apart(text, found))
    verbs = {verb: infinitive for verb, _prefix, infinitive in torn}
    prefixes = {prefix for _verb, prefix, _infinitive in torn}
    whole_of = dict(shortened(text, found))
    for place, token in enumerate(found):
        if place in whole_of:
            token = token._replace(pieces=(whole_of[place][:MAX_WORD],))
        if place in verbs or not (place in prefixes or is_empty(token)):
            meaning = _meaning(token.pieces, token.is_paragraph, verbs.get(place, ""), own_words)
            yield Word(place, token.start, token.end, meaning)


@lru_cache(maxsize=CACHED_WORDS)
def _meaning(pieces: tuple[str, ...], is_paragraph: bool, verb: str, own_words: OwnWords) -> Meaning:
    """Of the pieces of one token; `verb` is the infinitive that it makes with a prefix elsewhere."""
    whole, parts = terms_of(pieces, is_paragraph, own_words)
    also = (Part(base_form(verb), verb, VERB_TORN_APART),) if verb else first_letters(pieces, own_words)
    return Meaning(whole[:LONGEST_TERM], parts, also)


def length_of(found: Iterable[Token]) -> int:
    """How long a text of these tokens is for a search: its words without those that say nothing."""
    return sum(not is_empty(token) for token in found)


def is_empty(token: Token) -> bool:
    """Whether a word says nothing by itself: a stop word, or a single letter."""
    if token.is_paragraph or len(token.pieces) > 1:
        return False
    piece = token.pieces[0]
    return piece in STOP_WORDS or (len(piece) == 1 and not piece.isdigit())


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


def first_letters(pieces: tuple[str, ...], own_words: OwnWords = NO_OWN_WORDS) -> tuple[Part, ...]:
    """The abbreviation of a compound of three parts or more, which people make of their first letters."""
    letters = "".join(fold(atom)[0] for piece in pieces for atom in atoms(piece, own_words))
    # One that is a word ("See") would be found by it.
    if not SHORTEST_ABBREVIATION <= len(letters) <= LONGEST_ABBREVIATION or known_lemma(letters):
        return ()
    # Without a spelling: nobody wrote it, so it is not suggested.
    return (Part(letters, "", FIRST_LETTERS),)
