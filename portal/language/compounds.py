"""Takes German compounds apart: "Hundesteueranmeldung" is Hund, Steuer, Anmeldung, and Hundesteuer.

A part is a noun of the dictionary or of the town hall's own words, a stem of a verb ("Melde|amt") or, in front, an
adjective ("Neu|antrag"), with the letters that link it to the next. The fewest parts win; each part is then taken
apart in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from portal.language.base_forms import CACHED_WORDS, base_form, dictionary, fold, known_lemma, with_umlauts
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
    parts = split(word, own_words)
    if not parts:
        return Compound(base_form(word))
    # The dictionary rarely has a compound in all its forms, but has those of its last part.
    whole = base_form(word) if known_lemma(word) else fold(word[: -len(parts[-1])]) + base_form(parts[-1])
    forms: dict[str, str] = {}
    for part in parts:
        smaller = take_apart(part, own_words)
        forms.update([(smaller.whole, part), *smaller.parts])
    forms.pop(whole, None)
    return Compound(whole, tuple(forms.items()))


@lru_cache(maxsize=CACHED_WORDS)
def split(word: str, own_words: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The parts of a compound without their linking letters, or nothing."""
    if not MIN_WORD <= len(word) <= MAX_WORD or not word.isalpha():
        return ()
    best: list[tuple[tuple[int, int], tuple[str, ...]] | None] = [None] * (len(word) + 1)
    best[0] = ((0, 0), ())
    for end in range(3, len(word) + 1):
        for start in range(0, end - 2):
            before = best[start]
            if before is None or (start == 0 and end == len(word)) or len(before[1]) >= MAX_PARTS:
                continue
            part = _part(word[start:end], is_first=start == 0, is_last=end == len(word), own_words=own_words)
            if part:
                # Fewer parts first, then those that are longer: the squares of their lengths.
                cost = (before[0][0] + 1, before[0][1] - (end - start) ** 2)
                here = best[end]
                if here is None or cost < here[0]:
                    best[end] = (cost, (*before[1], part))
    found = best[len(word)]
    return found[1] if found and len(found[1]) > 1 else ()


def _part(piece: str, *, is_first: bool, is_last: bool, own_words: frozenset[str]) -> str:
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
