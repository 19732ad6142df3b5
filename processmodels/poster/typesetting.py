"""How much room German text takes at a size, and text made to fit it. Sizes are points on A3."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from processmodels.diagram.labels import breaks, wrap
from processmodels.diagram.widths import width_in_em

LEADING = 1.3
TITLE_LEADING = 1.1
# The semi-bold cut is this much wider than the regular one, for which widths are known.
SEMI_BOLD = 1.06
_SOFT_HYPHEN = "\u00ad"
# Words up to this many em have room in narrow columns, and in wide ones: they are not divided.
NARROW, WIDE = 4.5, 9.0
_ENDLESS = 8
_LONGEST = 80
_LEAST_REST = 4
# typst divides words behind these by itself.
_JOINTS = re.compile(r"(?<=-)(?=\w)")


def count_lines(text: str, size: float, width: float, *, bold: bool = False) -> int:
    """How many lines `text` needs at most. What sticks out of a line, which typst breaks, counts as more."""
    em = width / size / (SEMI_BOLD if bold else 1)
    return sum(max(1, math.ceil(width_in_em(line) / em - 0.001)) for line in wrap(text, em))


def height(text: str, size: float, width: float, *, bold: bool = False, leading: float = LEADING) -> float:
    return count_lines(text, size, width, bold=bold) * size * leading


def shorten(text: str, size: float, width: float, lines: int, *, bold: bool = False) -> str:
    """`text`, with an ellipsis for its end where it needs more than so many lines."""
    if lines < 1:
        return ""
    if count_lines(text, size, width, bold=bold) <= lines:
        return text
    words = text.split(" ")
    low, high = 0, len(words) - 1
    while low < high:
        middle = math.ceil((low + high) / 2)
        fits = count_lines(_ended(words[:middle]), size, width, bold=bold) <= lines
        low, high = (middle, high) if fits else (low, middle - 1)
    return _ended(words[:low]) if low else _ended([words[0][: max(3, int(width / size * lines))]])


def _ended(words: Sequence[str]) -> str:
    return " ".join(words).rstrip(" ,;:.–-" + _SOFT_HYPHEN) + " …"


def divisible(text: str, longest: float = NARROW) -> str:
    """`text` with soft hyphens in words of more than so many em, so that none is wider than its column."""
    return " ".join(_divisible_word(word, longest) for word in text.split(" "))


def _divisible_word(word: str, longest: float) -> str:
    return "".join(_divisible_part(part, longest) for part in _JOINTS.split(word))


def _divisible_part(word: str, longest: float) -> str:
    if _SOFT_HYPHEN in word or width_in_em(word) <= longest:
        return word
    places = {len(first) - 1 for first, rest in breaks(word[:_LONGEST]) if len(rest) >= _LEAST_REST}
    parts = [word[a:b] for a, b in pairwise([0, *sorted(places), len(word)])]
    return _SOFT_HYPHEN.join(piece for part in parts for piece in _endless(part))


def _endless(part: str) -> list[str]:
    """A stretch that no rule divides, divided somewhere."""
    if len(part) <= 2 * _ENDLESS:
        return [part]
    return [part[at : at + _ENDLESS] for at in range(0, len(part), _ENDLESS)]


def largest(text: str, sizes: Sequence[float], width: float, lines: int, *, bold: bool = False) -> float:
    """The first of `sizes` at which `text` needs no more than so many lines, else the last."""
    return next((size for size in sizes if count_lines(text, size, width, bold=bold) <= lines), sizes[-1])
