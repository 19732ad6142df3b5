"""The base form of a German word, spelt without umlauts: "Häuser", "Haeuser" and "Haus" are one.

A dictionary (simplemma, MIT) knows the base forms of irregular words; Snowball's German stemmer takes off the endings
that are left. Umlauts are kept apart from their vowels ("Förderung" is no "Forderung") and written as ae, oe, ue,
so that both spellings of a word meet.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Mapping
from functools import lru_cache

import snowballstemmer
from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory

from portal.language.tokens import CACHED_WORDS

_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SPELT_OUT = re.compile(r"ae|oe|ue|ss")
_UMLAUT = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
# "neue", "Bauer", "Quelle": no umlaut after these letters.
_NAIVE = re.compile(r"(?<![aeq])ue|ae|oe")
# Nouns that mean something else than the verb they look like.
NO_VERBS = frozenset({"bildung", "kleidung", "leistung", "rechnung", "wohnung", "zeitung"})
# More places than these are not tried.
_PLACES = 4

_own = threading.local()


@lru_cache(maxsize=1)
def dictionary() -> Mapping[str, str]:
    """Inflected form to base form, nouns capitalised: 1.1 million forms in 15 MB."""
    return StreamDictionaryFactory().get_dictionary("de")


def fold(word: str) -> str:
    """Umlauts and sharp s as two letters."""
    return word.translate(_FOLD)


@lru_cache(maxsize=CACHED_WORDS)
def known_lemma(word: str) -> str | None:
    """The base form that the dictionary has for a lower-case word, or None. A noun goes before a verb."""
    known = dictionary()
    return known.get(word[:1].upper() + word[1:]) or known.get(word)


@lru_cache(maxsize=CACHED_WORDS)
def with_umlauts(word: str) -> str:
    """The word with umlauts where "ae", "oe", "ue", "ss" stand for them, as far as can be told."""
    places = list(_SPELT_OUT.finditer(word))[:_PLACES]
    if not places or known_lemma(word):
        return word
    for chosen in itertools.product((True, False), repeat=len(places)):
        candidate, end = "", 0
        for place, is_umlaut in zip(places, chosen, strict=True):
            candidate += word[end : place.start()] + (_UMLAUT[place.group()] if is_umlaut else place.group())
            end = place.end()
        candidate += word[end:]
        if candidate != word and known_lemma(candidate):
            return candidate
    return _NAIVE.sub(lambda match: _UMLAUT[match.group()], word)


@lru_cache(maxsize=CACHED_WORDS)
def lemma(word: str) -> str:
    """The base form of a lower-case word, lower-case; a word that nobody knows is its own."""
    word = with_umlauts(word)
    found = (known_lemma(word) or word).lower()
    if found.endswith("ung") and found not in NO_VERBS:
        # "Prüfung" and "prüfen", "Änderung" and "ändern".
        return next((v for v in (found[:-3] + "en", found[:-3] + "n") if dictionary().get(v) == v), found)
    # "Bürgerin" and "Bürger" are looked for together.
    if found.endswith("in") and known_lemma(found[:-2]) and dictionary().get(found.capitalize() + "nen"):
        return found[:-2]
    return found


@lru_cache(maxsize=CACHED_WORDS)
def base_form(word: str) -> str:
    """What stands in the index for a lower-case word: its base form without endings and umlauts."""
    if any(letter.isdigit() for letter in word):
        return fold(word)
    return fold(_without_ending(lemma(word).replace("ß", "ss")))


def _without_ending(word: str) -> str:
    stemmed = _stemmer().stemWord(word)
    # The stemmer writes umlauts as vowels; only how much it takes off the end is wanted.
    return word[: len(stemmed)] if not _NAIVE.search(word) else stemmed


def _stemmer() -> snowballstemmer.stemmer:
    # One for each thread: it keeps the word it works on.
    if not hasattr(_own, "stemmer"):
        _own.stemmer = snowballstemmer.stemmer("german")
    return _own.stemmer
