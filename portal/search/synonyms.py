"""Other words for what was typed, from the groups that the committee keeps; taken at query time, one step far.

A group says: who types one of `words` also finds the others, or, one-way, what `leads_to` names. A word may be several
("mobiles Arbeiten"): typed, they must stand side by side; found, a record must have all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor

from django.db import connection

from portal.language.analysis import OwnWords, Word, words
from portal.search.alternatives import Alternative, atoms_of

# What a synonym counts beside the word that was typed.
WEIGHT = 0.8
# Tells every state of the groups from every other: versions only go up, keys are never used again.
STAMP = "SELECT coalesce(bit_xor(hashint8extended(id, version)), 0) FROM portal_synonymgroup WHERE removed_at IS NULL"
_GROUPS = """
SELECT words, leads_to, hashint8extended(id, version) FROM portal_synonymgroup WHERE removed_at IS NULL ORDER BY id
"""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """One-way when it leads to other words, two-way when it does not."""

    words: Sequence[str]
    leads_to: Sequence[str] = ()

    def rules(self) -> Iterator[tuple[str, str]]:
        """Each typed word with each that is also looked for."""
        for typed in self.words:
            for other in self.leads_to or self.words:
                if other != typed:
                    yield typed, other


def key_of(text: str, own_words: OwnWords) -> Key:
    """The base forms of a word or of several; empty when nothing of it can be searched."""
    return tuple(word.whole for word in words(text, own_words))


class Synonyms:
    """The groups, ready to be asked."""

    def __init__(self, groups: Iterable[Group], own_words: OwnWords) -> None:
        self._also: dict[Key, dict[Key, tuple[Alternative, ...]]] = {}
        for group in groups:
            for typed, other in group.rules():
                self._add(key_of(typed, own_words), other, list(words(other, own_words)))
        self._longest = max(map(len, self._also), default=0)

    def _add(self, typed: Key, name: str, found: Sequence[Word]) -> None:
        other = tuple(word.whole for word in found)
        if typed and other and typed != other:
            self._also.setdefault(typed, {}).setdefault(other, _alternatives(name, found))

    def of(self, typed: Sequence[str]) -> Iterator[tuple[Key, tuple[Alternative, ...]]]:
        """Base forms that stand in `typed` side by side, with what a synonym of them is found by."""
        for start in range(len(typed)):
            for end in range(start + 1, min(start + self._longest, len(typed)) + 1):
                key = tuple(typed[start:end])
                for alternatives in self._also.get(key, {}).values():
                    yield key, alternatives


NO_SYNONYMS = Synonyms((), frozenset())


def _alternatives(name: str, found: Sequence[Word]) -> tuple[Alternative, ...]:
    """The words of a synonym, and, as another way to say it, the smallest parts of them."""
    share = 1 / len(found)
    result = [Alternative(word.whole, WEIGHT * share, share, name) for word in found]
    if any(word.parts for word in found):
        for word in found:
            terms = [(atom.term, atom.share) for atom in atoms_of(word)] or [(word.whole, 1.0)]
            result += [
                Alternative(term, WEIGHT * share * weight, share / len(terms), name, in_parts=True)
                for term, weight in terms
            ]
    return tuple(result)


def read_groups() -> tuple[int, list[Group]]:
    """The groups in force, and their stamp."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS)
        rows = cursor.fetchall()
    return reduce(xor, (stamp for *_words, stamp in rows), 0), [Group(words, leads) for words, leads, _stamp in rows]
