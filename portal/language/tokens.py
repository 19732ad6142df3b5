"""Words of a text with their places: hyphens, paragraph signs, spellings with a colon for all genders."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

CACHED_WORDS = 100_000
# Longer ones are no words (base64, addresses); they would only fill the vocabulary.
MAX_WORD = 45
_HYPHENS = "-‐‑\xad"
_WORD = re.compile(
    r"§{1,2}\s*\d+[a-z]?\b"  # § 16, §16a
    rf"|\w+(?:[{_HYPHENS}/&:*·'’]\w+)*",
    re.UNICODE,
)
_ALL_GENDERS = re.compile(r"[:*·_/](?=(?:in|innen)\b)", re.IGNORECASE)
# "eAkte" is written "E-Akte" as well.
_ELECTRONIC = re.compile(r"^e(?=[A-ZÄÖÜ])")
_SEPARATORS = re.compile(rf"[{_HYPHENS}/&:*·'’_]+")


class Token(NamedTuple):
    """A word as it stands in a text. `pieces` are its parts at hyphens, lower-case; one for a plain word."""

    start: int
    end: int
    pieces: tuple[str, ...]
    is_paragraph: bool = False


def tokens(text: str) -> list[Token]:
    """The words of `text` in their order; anything else in it is passed over."""
    return [
        Token(*match.span(), pieces, match.group().startswith("§"))
        for match in _WORD.finditer(text)
        if (pieces := _pieces(match.group()))
    ]


def spans(text: str) -> list[tuple[int, int]]:
    """Where the tokens of `text` stand, for one who needs not know what they are."""
    return [match.span() for match in _WORD.finditer(text) if _pieces(match.group())]


@lru_cache(maxsize=CACHED_WORDS)
def _pieces(word: str) -> tuple[str, ...]:
    if word.startswith("§"):
        return ("".join(word.lstrip("§").split()).lower(),)
    # Not a hyphen: a slash or colon parts words, "Bürger:innen" is one.
    plain = _ALL_GENDERS.sub("", normal(_ELECTRONIC.sub("e-", word)))
    return tuple(piece[:MAX_WORD] for piece in _SEPARATORS.split(plain) if piece)


def normal(word: str) -> str:
    """One form of a word whatever the case and the way its letters are put together; soft hyphens go."""
    return unicodedata.normalize("NFKC", word).lower().replace("\xad", "")
