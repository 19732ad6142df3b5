"""Which characters the fonts of printed pages can draw. PDF/UA allows none that they cannot."""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import lru_cache

from governance.typesetting import FONTS

_UNKNOWN = "?"
_SOFT_HYPHEN = "\u00ad"
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=1)
def known_characters() -> frozenset[int]:
    """The code points that every font for paper has."""
    return frozenset.intersection(*(_code_points(font.read_bytes()) for font in sorted(FONTS.glob("*.ttf"))))


def _code_points(font: bytes) -> frozenset[int]:
    """What the Windows-Unicode table (format 4) of a TrueType font maps to a glyph."""
    number = struct.unpack_from(">H", font, 4)[0]
    tables = (struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(number))
    cmap = next(offset for tag, _sum, offset, _length in tables if tag == b"cmap")
    for at in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        offset = cmap + struct.unpack_from(">HHI", font, cmap + 4 + 8 * at)[2]
        if struct.unpack_from(">H", font, offset)[0] == 4:
            return _segments(font, offset)
    raise ValueError("The font has no character table of format 4.")


def _segments(font: bytes, offset: int) -> frozenset[int]:
    number = struct.unpack_from(">H", font, offset + 6)[0] // 2
    shape = f">{number}H"
    ends, starts, deltas, ranges = (
        struct.unpack_from(shape, font, offset + 14 + part * 2 * number + (2 if part else 0)) for part in range(4)
    )
    at_ranges = offset + 16 + 6 * number
    found = set()
    for at, (start, end, delta, distance) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if distance:
                glyph = struct.unpack_from(">H", font, at_ranges + 2 * at + distance + 2 * (code - start))[0]
            if glyph and (glyph + delta) % 0x10000:
                found.add(code)
    return frozenset(found)


@lru_cache(maxsize=5_000)
def printable(text: str) -> str:
    """`text` on one line, with nothing in it that the fonts lack: pictures go, letters become "?"."""
    return _SPACES.sub(" ", "".join(map(_drawn, unicodedata.normalize("NFC", text)))).strip()


@lru_cache(maxsize=5_000)
def _drawn(character: str) -> str:
    if character.isspace():
        return " "
    if character == _SOFT_HYPHEN or ord(character) in known_characters():
        return character
    plain = unicodedata.normalize("NFKD", character)
    if plain != character and all(ord(part) in known_characters() for part in plain):
        return plain
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return _UNKNOWN if category[0] in "LN" else ""
