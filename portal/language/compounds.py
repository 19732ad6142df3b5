"""Takes German compounds apart: "Hundesteueranmeldung" is Hund, Steuer, Anmeldung, and Hundesteuer.

A part is a noun of the dictionary or of the town hall's own words, a stem of a verb ("Melde|amt") or, in front, an
adjective ("Neu|antrag"), with the letters that link it to the next. The fewest parts win; each part is then taken
apart in turn.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from portal.language.base_forms import base_form, dictionary, fold, known_lemma, with_umlauts
from portal.language.tokens import CACHED_WORDS
from portal.language.word_lists import NO_PARTS, SHORT_PARTS

LINKS = ("", "s", "es", "n", "en", "er", "e", "ens")
MIN_PART = 4
MIN_WORD = 7
MAX_WORD = 50
MAX_PARTS = 5


@dataclass(frozen=True)
class Compound:
    """A word taken apart. `whole` stands for it in the index; `parts` are base forms with their spelling, each once."""

    whole: str
    parts: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=CACHED_WORDS)
def take_apart(word: str, own_words: frozenset[str] = frozenset()) -> Compound:
    """The base form of a lower-case word and of its parts; `own_words` are the catalogue's, lower-case."""
    word = with_umlauts(word)
    atoms = _atoms(word, own_words)
    if len(atoms) < 2:
        return Compound(base_form(word))
    forms: dict[str, str] = {}
    for first, last in itertools.combinations_with_replacement(range(len(atoms)), 2):
        if last - first + 1 == len(atoms):
            continue
        spelling = atoms[first].spelling
        if last > first:
            spelling = _part(
                word[atoms[first].start : atoms[last].end], is_last=last + 1 == len(atoms), own_words=own_words
            )
        if spelling:
            forms[_base_form(spelling, own_words)] = spelling
    whole = _base_form(word, own_words)
    forms.pop(whole, None)
    return Compound(whole, tuple(forms.items()))


def atoms(word: str, own_words: frozenset[str] = frozenset()) -> list[str]:
    """The smallest parts of a lower-case word as they are spelt alone; one for a word that has none."""
    return [atom.spelling for atom in _atoms(with_umlauts(word), own_words)]


@dataclass(frozen=True)
class Half:
    """A word cut in two: the base form of the half that is known, and the letters of the rest, spelt without umlauts.

    `before` and `after` are the letters of the known half, one of them empty.
    """

    known: str
    rest: str
    before: str = ""
    after: str = ""


def halves_of(word: str, own_words: frozenset[str] = frozenset()) -> Iterator[Half]:
    """A lower-case word that is no compound as it stands, cut after the longest known beginning, and before the
    longest known end: the rest may be misspelt."""
    word = with_umlauts(word)
    if split(word, own_words):
        return
    cuts = range(MIN_PART, len(word) - MIN_PART + 1)
    for cut in reversed(cuts):
        if known := _part(word[:cut], is_last=False, own_words=own_words):
            # "Wohngeld|n…" may be a linking letter, or belong to the rest.
            for end in sorted({len(known), cut}) if word.startswith(known) else (cut,):
                yield Half(_base_form(known, own_words), fold(word[end:]), before=word[:end])
            break
    for cut in cuts:
        if known := _part(word[cut:], is_last=True, own_words=own_words):
            yield Half(_base_form(known, own_words), fold(word[:cut]), after=word[cut:])
            break


@dataclass(frozen=True)
class _Atom:
    """A part that has no parts, and where it stands in the word."""

    start: int
    end: int
    spelling: str


def _atoms(word: str, own_words: frozenset[str], offset: int = 0) -> list[_Atom]:
    """The smallest parts of a word, one for a word that has none; `offset` is where the word begins."""
    atoms: list[_Atom] = []
    start = offset
    for length, spelling in split(word, own_words):
        inner = _atoms(spelling, own_words, start)
        start += length
        # Linking letters belong to the part before them.
        atoms += [*inner[:-1], _Atom(inner[-1].start, start, inner[-1].spelling)]
    return atoms or [_Atom(offset, offset + len(word), word)]


def _base_form(word: str, own_words: frozenset[str]) -> str:
    """The dictionary rarely has a compound in all its forms, but has those of its last part."""
    parts = () if known_lemma(word) else split(word, own_words)
    if not parts:
        return base_form(word)
    head = parts[-1][1]
    return fold(word[: -len(head)]) + base_form(head)


@lru_cache(maxsize=CACHED_WORDS)
def split(word: str, own_words: frozenset[str] = frozenset()) -> tuple[tuple[int, str], ...]:
    """The parts of a compound, or nothing: letters with those that link it to the next, and the word without them."""
    if not MIN_WORD <= len(word) <= MAX_WORD or not word.isalpha():
        return ()
    best: list[tuple[tuple[int, int], tuple[tuple[int, str], ...]] | None] = [None] * (len(word) + 1)
    best[0] = ((0, 0), ())
    for end in range(3, len(word) + 1):
        for start in range(end - 2):
            before = best[start]
            if before is None or (start == 0 and end == len(word)) or len(before[1]) >= MAX_PARTS:
                continue
            part = _part(word[start:end], is_last=end == len(word), own_words=own_words, is_first=start == 0)
            if part:
                # Fewer parts first, then those that are longer: the squares of their lengths.
                cost = (before[0][0] + 1, before[0][1] - (end - start) ** 2)
                here = best[end]
                if here is None or cost < here[0]:
                    best[end] = (cost, (*before[1], (end - start, part)))
    found = best[len(word)]
    return found[1] if found and len(found[1]) > 1 else ()


def _part(piece: str, *, is_last: bool, own_words: frozenset[str], is_first: bool = False) -> str:
    """The word that `piece` stands for inside a compound, or nothing."""
    if is_last:
        return piece if _is_noun(piece, own_words) else ""
    for stem in _without_links(piece):
        if _is_noun(stem, own_words):
            return stem
    if len(piece) >= MIN_PART and piece not in NO_PARTS:
        if any(_is_infinitive(piece + ending) for ending in ("n", "en")):
            return piece
        # "Sach|bearbeitung", "Sprach|kurs": the last letter is left out.
        if _is_noun(piece + "e", own_words):
            return piece + "e"
        if is_first and known_lemma(piece) == piece:
            return piece
    return ""


def _without_links(piece: str) -> Iterator[str]:
    for link in LINKS:
        if piece.endswith(link):
            yield piece[: len(piece) - len(link)] if link else piece


def _is_noun(word: str, own_words: frozenset[str]) -> bool:
    if word in NO_PARTS or (len(word) < MIN_PART and word not in SHORT_PARTS):
        return False
    if word in own_words or word in SHORT_PARTS:
        return True
    found = known_lemma(word)
    return found is not None and found[:1].isupper()


def _is_infinitive(word: str) -> bool:
    return dictionary().get(word) == word
