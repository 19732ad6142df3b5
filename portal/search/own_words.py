"""The town hall's own words, as the live index was built with; kept in the process as long as that index lives."""

from __future__ import annotations

from portal.index.models import SearchIndex
from portal.language.analysis import NO_OWN_WORDS, OwnWords

_kept: tuple[int, OwnWords] = (0, NO_OWN_WORDS)


def kept() -> tuple[int, OwnWords]:
    """Key of the index they belong to, and the words; 0 while none was read yet."""
    return _kept


def read() -> OwnWords:
    """Read them anew from the live index."""
    global _kept
    found = SearchIndex.objects.filter(state="live").values_list("pk", "own_words").first()
    _kept = (found[0], frozenset(found[1])) if found else (0, NO_OWN_WORDS)
    return _kept[1]
