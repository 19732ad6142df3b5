"""How much a term weighs in a record (BM25 over weighted fields), and its packing into two bytes.

Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009): the frequencies of a term in the
fields are weighted and added before the curve is applied, once (BM25F).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from portal.index.fields import Field
from portal.index.models import BLOCK_SIZE
from portal.language.analysis import OwnWords, length_of, words_among
from portal.language.tokens import tokens

T = TypeVar("T")
K1 = 1.2
B = 0.6
# One byte for the weight of a term, which lies between 0 and K1 + 1.
STEPS = 255
# PostgreSQL: places end here, and no lexeme has more of them.
LAST_PLACE = 16_000
MOST_PLACES = 200
# A tsvector of PostgreSQL holds one megabyte.
MOST_TERMS = 15_000
MOST_PLACES_IN_ALL = 60_000
LONGEST_SURFACE = 50
# Between two fields, so that no phrase reaches from one into the next.
GAP = 20
# Words beyond are not counted: a book among the attachments must not make a record the longest of all.
MAX_LENGTH = 5_000


@dataclass
class Analysed:
    """The terms of a record with their weighted frequency, places, and how they were written first."""

    frequency: dict[str, float] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    surface: dict[str, str] = field(default_factory=dict)
    length: int = 0
    # Places kept so far.
    placed: int = 0

    def add(self, term: str, count: float, place: str, surface: str) -> None:
        """Count a term at a place; terms beyond what one record can hold are passed over."""
        if term not in self.frequency and len(self.frequency) >= MOST_TERMS:
            return
        surface = surface[:LONGEST_SURFACE]
        self.frequency[term] = self.frequency.get(term, 0.0) + count
        places = self.places.setdefault(term, [])
        if len(places) < MOST_PLACES and self.placed < MOST_PLACES_IN_ALL:
            places.append(place)
            self.placed += 1
        known = self.surface.get(term)
        if known is None or len(surface) < len(known):
            self.surface[term] = surface

    def tsvector(self) -> str:
        """The words with places and weights as PostgreSQL reads them."""
        return " ".join(
            quoted(term) + (":" + ",".join(places) if places else "") for term, places in self.places.items()
        )


def quoted(term: str) -> str:
    """A term as tsvectors and tsqueries are written."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def laid_out(
    texts: Iterable[tuple[Field, str]], cut: Callable[[str], list[T]]
) -> Iterator[tuple[Field, str, list[T], int]]:
    """The texts of a record one behind the other: each `cut` into its tokens, and the place of the first of them.

    A token stands at that place plus its number, which is what the index keeps and excerpts look up.
    """
    begin = 1
    for source, text in texts:
        found = cut(text)
        yield source, text, found, begin
        begin += len(found) + GAP


def analyse(texts: Iterable[tuple[Field, str]], own_words: OwnWords) -> Analysed:
    """All terms of a record."""
    result = Analysed()
    for source, text, found, begin in laid_out(texts, tokens):
        result.length += length_of(found)
        for word in words_among(found, text, own_words):
            place = f"{min(begin + word.place, LAST_PLACE)}{source.letter}"
            result.add(word.whole, source.weight, place, text[word.start : word.end])
            for part in word.parts + word.also:
                result.add(part.term, part.share * source.weight, place, part.spelling.capitalize())
    return result


def impact(frequency: float, length: int, average_length: float) -> int:
    """The weight of a term in a record of so many words, from 1 to `STEPS`."""
    longness = 1 - B + B * min(length, MAX_LENGTH) / max(average_length, 1.0)
    weight = frequency * (K1 + 1) / (frequency + K1 * longness)
    return max(1, min(STEPS, round(weight / (K1 + 1) * STEPS)))


# SQL for the record of a posting `p` of the row `block`: what `pack` made of it, the other way round.
RECORD_OF_POSTING = "((block.block << 8) | ((p::int >> 8) & 255))"


def pack(record: int, weight: int) -> int:
    """A posting as a signed two-byte integer: the record's place in its block, and the term's weight."""
    packed = (record % BLOCK_SIZE) << 8 | weight
    return packed - 65536 if packed >= 32768 else packed


def postings(records: Mapping[int, Analysed], average_length: float) -> dict[str, list[int]]:
    """The packed postings of the records of one block, by term."""
    found: dict[str, list[int]] = {}
    for record, analysed in records.items():
        for term, frequency in analysed.frequency.items():
            weight = impact(frequency, analysed.length, average_length)
            found.setdefault(term, []).append(pack(record, weight))
    return found


def bits_of(facets: Mapping[int, Iterable[str]]) -> dict[str, str]:
    """The bits of each value among the facets of the records of one block."""
    found: dict[str, list[str]] = {}
    for record, values in facets.items():
        for value in values:
            found.setdefault(value, ["0"] * BLOCK_SIZE)[record % BLOCK_SIZE] = "1"
    return {value: "".join(bits) for value, bits in found.items()}
