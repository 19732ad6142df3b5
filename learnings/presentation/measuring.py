"""How much room text takes on a slide, and text put onto as many slides as it needs. Points everywhere. Pure.

Measured with the advance widths of Fira Sans, which is wider than Arial, Calibri and their like in almost every
word; a template with another typeface says by `spread` how much more it may need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from governance.text.blocks import ELLIPSIS, Block, Kind
from processmodels.diagram.widths import width_in_em

LEADING = 1.2
BOLD = 1.08
SPACE = 8.0
# Before a heading that is not the first on its page, and so before every heading.
HEADING_SPACE = 16.0
# Of points and of numbered points, as multiples of the size; deeper ones stand so much further in.
INDENT, NUMBER_INDENT = 1.2, 1.7
# Wider than any line: no more of an endless word is measured at once.
_LONGEST_WORD = 400


class Room:
    """An area for text in one typeface."""

    def __init__(self, width: float, height: float, spread: float = 1.0) -> None:
        self.width, self.height, self.spread = width, height, spread

    def wrap(self, text: str, size: float, *, bold: bool = False, indent: float = 0) -> list[str]:
        """The lines on which `text` stands at this size."""
        em = max(2.0, (self.width - indent) / size / self.spread / (BOLD if bold else 1))
        return _wrap(text, em)

    def height_of(self, block: Block, size: float) -> float:
        lines = self.wrap(block.text, size, bold=block.kind == Kind.HEADING, indent=indent_of(block, size))
        return len(lines) * size * LEADING + space_of(block)

    def total(self, blocks: Iterable[Block], size: float) -> float:
        return sum(self.height_of(block, size) for block in blocks)

    def holds(self, blocks: Sequence[Block], size: float) -> bool:
        return self.total(blocks, size) <= self.height

    def largest(self, blocks: Sequence[Block], sizes: Sequence[float]) -> float:
        """The first of `sizes` at which all fits, else the last."""
        return next((size for size in sizes if self.holds(blocks, size)), sizes[-1])

    def fit_line(self, text: str, size: float, lines: int = 1, *, bold: bool = False) -> str:
        """`text`, with an ellipsis for its end where it needs more than so many lines."""
        if len(self.wrap(text, size, bold=bold)) <= lines:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            fits = len(self.wrap(text[:middle] + ELLIPSIS, size, bold=bold)) <= lines
            low, high = (middle, high) if fits else (low, middle - 1)
        kept = text[:low]
        at_word = kept.rpartition(" ")[0]
        return (at_word if len(at_word) > low // 2 else kept).rstrip(" ,;:–-") + ELLIPSIS

    def share(self, blocks: Sequence[Block], size: float) -> tuple[list[Block], list[Block]]:
        """What fits, and what is left over; a block that needs more than the whole room is divided."""
        taken: list[Block] = []
        left = self.height
        for at, block in enumerate(blocks):
            needed = self.height_of(block, size)
            if needed <= left:
                taken.append(block)
                left -= needed
                continue
            rest = list(blocks[at:])
            if not taken or needed > self.height:
                first, second = self._divide(block, size, left)
                taken += first
                rest = [*second, *rest[1:]]
            while len(taken) > 1 and taken[-1].kind == Kind.HEADING:
                rest.insert(0, taken.pop())
            return taken, rest
        return taken, []

    def _divide(self, block: Block, size: float, height: float) -> tuple[list[Block], list[Block]]:
        lines = self.wrap(block.text, size, bold=block.kind == Kind.HEADING, indent=indent_of(block, size))
        fitting = max(1 if height == self.height else 0, int((height - space_of(block)) / (size * LEADING)))
        if fitting >= len(lines):
            return [block], []
        first = replace(block, text=" ".join(lines[:fitting]))
        rest = replace(block, text=" ".join(lines[fitting:]), kind=Kind.PARAGRAPH, number=0)
        return ([first] if fitting else []), [rest]

    def pages(self, blocks: Sequence[Block], size: float, most: int) -> tuple[list[list[Block]], bool]:
        """`blocks` on pages that are filled alike, at most so many; and whether something is left out."""
        pages, is_cut = self._filled(blocks, size, most)
        if is_cut or len(pages) < 2:
            return pages, is_cut
        for tenth in range(5, 10):
            lower = Room(self.width, self.height * tenth / 10, self.spread)
            even, too_many = lower._filled(blocks, size, len(pages))
            if not too_many:
                return even, False
        return pages, False

    def _filled(self, blocks: Sequence[Block], size: float, most: int) -> tuple[list[list[Block]], bool]:
        pages: list[list[Block]] = []
        rest = list(blocks)
        while rest and len(pages) < most:
            page, rest = self.share(rest, size)
            pages.append(page)
        return pages, bool(rest)


def space_of(block: Block) -> float:
    return HEADING_SPACE if block.kind == Kind.HEADING else SPACE


def indent_of(block: Block, size: float) -> float:
    """How far the text of a block stands in."""
    return hanging(block) * size * (block.level + 1)


def hanging(block: Block) -> float:
    """How much room its bullet or number takes, as a multiple of the size."""
    if block.kind != Kind.POINT:
        return 0
    return NUMBER_INDENT if block.number else INDENT


@lru_cache(maxsize=4_000)
def _wrap(text: str, em: float) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    blank = width_in_em(" ")
    for word in _pieces(text, em):
        width = width_in_em(word)
        if line and used + blank + width > em:
            lines.append(line)
            line, used = word, width
        else:
            used += (blank if line else 0) + width
            line = f"{line} {word}" if line else word
    return [*lines, line] if line or not lines else lines


def _pieces(text: str, em: float) -> Iterable[str]:
    """The words of `text`; what is wider than a line comes in parts."""
    for word in text.split():
        while width_in_em(word[:_LONGEST_WORD]) > em:
            low, high = 1, min(len(word), _LONGEST_WORD)
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if width_in_em(word[:middle]) <= em else (low, middle - 1)
            yield word[:low]
            word = word[low:]
        if word:
            yield word
