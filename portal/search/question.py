"""What somebody asked, as concepts: each word that was typed with everything it may be found by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from portal.index.weighing import quoted
from portal.language.analysis import OwnWords, Word, words
from portal.language.base_forms import fold, known_lemma
from portal.language.compounds import Half, halves_of
from portal.language.tokens import normal, tokens
from portal.search.alternatives import Alternative, alternatives_of
from portal.search.synonyms import NO_SYNONYMS, Synonyms

MAX_WORDS = 24
MAX_LENGTH = 10_000
_PHRASE = re.compile(r'(-?)"([^"]*)"')
_MINUS = re.compile(r"(?<!\S)-(\w\S*)")


@dataclass(frozen=True)
class Concept:
    """A word that was typed; any of its alternatives is a match."""

    typed: str
    whole: str
    alternatives: tuple[Alternative, ...]
    # Whether a dictionary or the committee knows the word; one that nobody knows may be a typing error.
    is_known: bool = False
    is_last: bool = False
    # For a word that nobody knows: what it may be put together of, if one half is misspelt.
    halves: tuple[Half, ...] = ()

    @property
    def spelling(self) -> str:
        """As typed, without capitals and umlauts."""
        return fold(normal(self.typed))

    def also(self, more: Iterable[Alternative]) -> Concept:
        """With more ways to be found."""
        return replace(self, alternatives=(*self.alternatives, *more))


@dataclass(frozen=True)
class Question:
    """Concepts to find, phrases that must be there (as tsqueries), and terms that must not."""

    concepts: tuple[Concept, ...] = ()
    phrases: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    # Words as typed, with their synonyms as the committee wrote them.
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Something was typed, though nothing of it can be looked for.
    has_text: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.concepts or self.phrases or self.unwanted)


@dataclass
class _Reader:
    own_words: OwnWords
    concepts: dict[str, Concept] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, text: str, synonyms: Synonyms = NO_SYNONYMS) -> None:
        wholes = []
        for word in words(text, self.own_words):
            if word.whole in self.concepts or len(self.concepts) < MAX_WORDS:
                self.concepts.setdefault(word.whole, _concept(text[word.start : word.end], word, self.own_words))
                wholes.append(word.whole)
        for typed, alternatives in synonyms.of(wholes):
            self._add_synonym(typed, alternatives)

    def _add_synonym(self, typed: Iterable[str], alternatives: tuple[Alternative, ...]) -> None:
        """It stands for each of the words it is a synonym of."""
        concepts = [self.concepts[whole] for whole in typed]
        name = " ".join(concept.typed for concept in concepts)
        if alternatives[0].synonym not in self.also.get(name, ()):
            self.also[name] = (*self.also.get(name, ()), alternatives[0].synonym)
            for concept in concepts:
                self.concepts[concept.whole] = replace(concept.also(alternatives), is_known=True)


def read(text: str, own_words: OwnWords, synonyms: Synonyms = NO_SYNONYMS) -> Question:
    """Take a typed text apart; whatever it is. What stands in quotes is meant literally and has no synonyms."""
    text = text[:MAX_LENGTH]
    reader = _Reader(own_words)
    phrases, unwanted = [], []
    for minus, phrase in _PHRASE.findall(text):
        if minus:
            unwanted += [word.whole for word in words(phrase, own_words)]
        elif query := phrase_query(phrase, own_words):
            phrases.append(query)
            reader.add(phrase)
    rest = _PHRASE.sub(" ", text)
    for word in _MINUS.findall(rest):
        unwanted += [found.whole for found in words(word, own_words)]
    rest = _MINUS.sub(" ", rest)
    reader.add(rest, synonyms)
    concepts = list(reader.concepts.values())
    if concepts and rest.rstrip().endswith(concepts[-1].typed):
        concepts[-1] = replace(concepts[-1], is_last=True)
    return Question(tuple(concepts), tuple(phrases), tuple(unwanted[:MAX_WORDS]), reader.also, bool(text.strip()))


def _concept(typed: str, word: Word, own_words: OwnWords) -> Concept:
    pieces = [piece for token in tokens(typed) for piece in token.pieces]
    is_known = all(known_lemma(piece) for piece in pieces)
    halves = () if is_known or len(pieces) > 1 else tuple(halves_of(pieces[0], own_words))
    return Concept(typed, word.whole, alternatives_of(word), is_known=is_known, halves=halves)


def phrase_query(phrase: str, own_words: OwnWords) -> str:
    """A phrase as tsquery: its words at their distances, those in between may be any. Empty without words."""
    query, last = "", 0
    for word in list(words(phrase, own_words))[:MAX_WORDS]:
        lexeme = quoted(word.whole)
        query += f" <{word.place - last}> {lexeme}" if query else lexeme
        last = word.place
    return query
