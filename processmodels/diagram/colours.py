"""The few colours of a diagram, and text that can be read on whatever colour the file brings."""

from __future__ import annotations

import re
from functools import lru_cache

INK = "#1a2233"
PAPER = "#ffffff"
BLACK = "#000000"
# Text behind an expanded sub-process or in a lane needs 4.5 : 1 (WCAG 2.2, 1.4.3).
READABLE = 4.5
VISIBLE = 3.0
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def known(colour: str, otherwise: str) -> str:
    """`colour` when it is "#rrggbb", else the other."""
    return colour.lower() if _HEX.fullmatch(colour) else otherwise


@lru_cache(maxsize=500)
def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG between two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=500)
def text_on(fill: str, wanted: str = INK) -> str:
    """`wanted` where it can be read on `fill`, else the first of ink, paper and black that can; one always can."""
    return next((colour for colour in (wanted, INK, PAPER) if contrast(colour, fill) >= READABLE), BLACK)
