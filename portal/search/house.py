"""What a search knows of this house: its own words, as the live index was built with, and its synonyms.

Kept in the process until a look-up says that another index is live or that the committee changed a synonym.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.index.models import SearchIndex
from portal.language.analysis import NO_OWN_WORDS, OwnWords
from portal.search.synonyms import NO_SYNONYMS, Synonyms, read_groups


@dataclass(frozen=True)
class House:
    """`index` is the key of the live index, `stamp` differs whenever the synonyms do; both 0 while nothing was read."""

    index: int = 0
    own_words: OwnWords = NO_OWN_WORDS
    stamp: int = 0
    synonyms: Synonyms = NO_SYNONYMS


_kept = House()


def kept() -> House:
    """As read last."""
    return _kept


def read() -> House:
    """Read anew: two statements, after a start and after a change."""
    global _kept
    found = SearchIndex.objects.filter(state="live").values_list("pk", "own_words").first()
    index, own_words = (found[0], frozenset(found[1])) if found else (0, NO_OWN_WORDS)
    stamp, groups = read_groups()
    _kept = House(index, own_words, stamp, Synonyms(groups, own_words))
    return _kept
