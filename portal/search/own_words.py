"""The town hall's own words, as the live index was built with; kept in the process as long as that index lives."""

from __future__ import annotations

from portal.language.analysis import NO_OWN_WORDS, OwnWords

_kept: tuple[int, OwnWords] = (0, NO_OWN_WORDS)


def kept() -> tuple[int, OwnWords]:
    """Key of the index they belong to, and the words; 0 while none was read yet."""
    return _kept


def keep(index: int, words: OwnWords) -> None:
    """Remember the words of another index."""
    global _kept
    _kept = (index, words)
