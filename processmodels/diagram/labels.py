"""Text in boxes: broken into lines as German is written, made smaller only where it must, cut only at last.

Words are never cut in the middle of a syllable. Pyphen knows where German words may be divided, not where
two words are joined, so among the places it allows those behind a prefix of the next part ("Wohngeldan-trag")
come last.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import pyphen

from processmodels.diagram import svg
from processmodels.diagram.widths import width_in_em

FONT = "Fira Sans, Arial, sans-serif"
LINE = 1.2
# From the middle of a line of text to the baseline, as a multiple of the font size.
BASELINE = 0.35
INSIDE = (12.0, 11.0, 10.0, 9.0)
OUTSIDE = (11.0, 10.0)
_SOFT_HYPHEN = "\u00ad"
_ELLIPSIS = "…"
# Words may be parted behind these without a hyphen: "und/oder", "E-Akte", "antrag_pruefen".
_JOINTS = re.compile(r"(?<=[-/_.:,;@+&=|\\–])(?=[^\s\-/_.:,;@+&=|\\–])")
_PREFIXES = frozenset(
    {"ab", "an", "auf", "aus", "bei", "durch", "ein", "ent", "er", "ge", "her", "hin", "los", "mit", "nach", "un", "um"}
    | {"ver", "vor", "weg", "zer", "zu"}
)
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_REST = 3
# Beyond these only somebody who wants to keep us busy writes on.
_LONGEST_TEXT = 2_000
_LONGEST_WORD = 80
# So many characters are set in one picture: enough for 3 000 elements with names of 30 letters, and less than
# a second of work whatever the boxes. Of every name something is left.
_CHARACTERS = 100_000
_SHORTEST_TEXT = 8


@dataclass(frozen=True)
class Lettering:
    """The sizes at which names are tried, inside and outside of shapes, the largest first; and for tasks, how far
    names keep from the border, how close their lines are, and whether the icon of the task's kind takes room.
    `longest` is how many characters of a name are set at most."""

    inside: Sequence[float]
    outside: Sequence[float]
    padding: float = 5
    line: float = LINE
    has_icons: bool = True
    longest: int = _LONGEST_TEXT

    def within_budget(self, names: Iterable[str]) -> Lettering:
        """This lettering, for a picture with these names; where they are too much to set, the smallest size alone,
        and long names are cut."""
        lengths = sorted(min(len(name), self.longest) for name in names)
        left = _CHARACTERS
        for at, length in enumerate(lengths):
            share = left // (len(lengths) - at)
            if length > share:
                longest = max(share, _SHORTEST_TEXT)
                return replace(self, inside=self.inside[-1:], outside=self.outside[-1:], longest=longest)
            left -= length
        return self


SCREEN = Lettering(INSIDE, OUTSIDE)
# As large as the boxes allow: for paper that is read from two metres, where words are worth more than icons.
WALL = Lettering(
    (16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0), (14.0, 13.0, 12.0, 11.0, 10.0), 3, line=1.1, has_icons=False
)


@dataclass(frozen=True)
class Fitted:
    """Lines of a text at one size; `is_cut` says that something had to be left out."""

    lines: Sequence[str]
    size: float
    is_cut: bool = False
    line: float = LINE

    @property
    def width(self) -> float:
        return max((width_in_em(line) * self.size for line in self.lines), default=0)

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * self.line


@lru_cache(maxsize=1)
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="de_DE", left=2, right=_SHORTEST_REST)


@lru_cache(maxsize=20_000)
def breaks(word: str) -> Sequence[tuple[str, str]]:
    """Every way to divide `word` over two lines, the nicest first; the first part has its hyphen."""
    if _SOFT_HYPHEN in word:
        at = [place for place, character in enumerate(word) if character == _SOFT_HYPHEN]
        return [(_visible(word[:place]) + "-", word[place + 1 :]) for place in reversed(at)]
    joints = [match.start() for match in _JOINTS.finditer(word)]
    first = joints[0] if joints else len(word)
    at_joints = [(word[:place], word[place:]) for place in reversed(joints)]
    return [*at_joints, *((start, rest + word[first:]) for start, rest in _syllables(word[:first]))]


def _syllables(word: str) -> list[tuple[str, str]]:
    core = max(_LETTERS.finditer(word), key=lambda match: len(match[0]), default=None)
    if core is None:
        return []
    places = [core.start() + place for place in _dictionary().positions(core[0])]
    nice: list[tuple[str, str]] = []
    awkward: list[tuple[str, str]] = []
    for before, place in zip([0, *places], places, strict=False):
        is_prefix = before > 0 and word[before:place].lower() in _PREFIXES
        (awkward if is_prefix else nice).append((word[:place] + "-", word[place:]))
    return [*reversed(nice), *reversed(awkward)]


def _visible(word: str) -> str:
    return word.replace(_SOFT_HYPHEN, "")


def _fits(text: str, width: float) -> bool:
    return width_in_em(_visible(text)) <= width


def _divide(word: str, room: float) -> tuple[str, str] | None:
    head, tail = word[:_LONGEST_WORD], word[_LONGEST_WORD:]
    for first, rest in breaks(head):
        if _fits(first, room):
            return first, rest + tail
    return None


def _wrap_paragraph(words: list[str], width: float) -> Iterator[str]:
    """Lines of at most `width` em, as far as the words can be divided; longer ones where they cannot."""
    line = ""
    queue = list(reversed(words))
    while queue:
        word = queue.pop()
        longer = f"{line} {word}" if line else word
        if _fits(longer, width):
            line = longer
            continue
        if _fits(word, width):
            yield line
            line = word
            continue
        room = width - (width_in_em(_visible(line) + " ") if line else 0)
        if pair := _divide(word, room):
            yield f"{line} {pair[0]}" if line else pair[0]
            line = ""
            queue.append(pair[1])
        elif line:
            yield line
            line = ""
            queue.append(word)
        else:
            yield word
    if line:
        yield line


def wrap(text: str, width: float) -> tuple[str, ...]:
    """`text` in lines of at most `width` em; a word that cannot be divided may stick out."""
    return tuple(_lines(text, width))


def _lines(text: str, width: float) -> Iterator[str]:
    for paragraph in text.split("\n"):
        yield from map(_visible, _wrap_paragraph(paragraph.split(), width))


@lru_cache(maxsize=4_000)
def fit(
    text: str,
    width: float,
    height: float,
    sizes: Sequence[float] = INSIDE,
    line: float = LINE,
    longest: int = _LONGEST_TEXT,
) -> Fitted:
    """`text` at the largest of `sizes` at which it stays inside `width` and `height`, else cut at the last; of a
    text with more than `longest` characters the rest is left out."""
    is_cut = len(text) > longest
    text = text[:longest].rstrip() + _ELLIPSIS if is_cut else text
    for size in sizes:
        lines: list[str] = []
        # No further than the first line that shows that this size is too large.
        for words in _lines(text, width / size):
            lines.append(words)
            if len(lines) * size * line > height or not _fits(words, width / size):
                break
        else:
            return Fitted(lines, size, is_cut, line)
    return _cut(text, sizes[-1], width, height, line)


def _cut(text: str, size: float, width: float, height: float, step: float) -> Fitted:
    em, number = width / size, max(1, int(height / (size * step))) if height < math.inf else None
    lines = list(islice(_lines(text, em), number and number + 1))
    kept = [line if _fits(line, em) else _shorten(line, em) for line in lines[:number]]
    if len(lines) > len(kept):
        kept[-1] = _shorten(kept[-1], em)
    return Fitted([line for line in kept if line], size, is_cut=True, line=step)


def _shorten(line: str, width: float) -> str:
    """`line` with an ellipsis in place of its end; empty where not even that has room."""
    used, kept = width_in_em(_ELLIPSIS), ""
    for character in line.removesuffix(_ELLIPSIS):
        used += width_in_em(character)
        if used > width:
            break
        kept += character
    kept = kept.rstrip(" -")
    return kept + _ELLIPSIS if kept or _fits(_ELLIPSIS, width) else ""


def text_lines(
    fitted: Fitted,
    x: float,
    top: float,
    *,
    anchor: str = "middle",
    full: str = "",
    halo: str = "",
    fill: str = "",
    transform: str = "",
) -> str:
    """The lines as one text element whose first line begins at `top`. `full` is the text behind a cut one;
    `halo` a colour that keeps lines of the drawing away from the letters."""
    if not fitted.lines:
        return ""
    step = fitted.size * fitted.line
    first = top + step / 2 + fitted.size * BASELINE
    spans = [svg.element("tspan", svg.escape(line), x=x, y=first + at * step) for at, line in enumerate(fitted.lines)]
    title = [svg.element("title", svg.escape(full))] if full and fitted.is_cut else []
    drawn: dict[str, svg.Value] = {"font_size": fitted.size, "text_anchor": anchor, "transform": transform}
    if halo:
        drawn |= {"stroke": halo, "stroke_width": 3, "stroke_linejoin": "round", "paint_order": "stroke"}
    return svg.element("text", *title, *spans, **drawn, fill=fill)
