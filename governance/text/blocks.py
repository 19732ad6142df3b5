"""Markdown as a list of plain blocks: paragraphs, points and headings, for pages that are no web pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html.parser import HTMLParser
from itertools import groupby

from governance.text.markdown import render

# What a file of XML can hold, and what may not stand in one; surrogates come from pasted rubbish.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"“”»)]?\s+(?=[\"„»(]?[A-ZÄÖÜ0-9])")
# A point after these ends no sentence; nor does one after a number ("am 3. Mai") or a single letter ("z. B.").
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:\w|\d+|[Nn]r|Abs|Art|bzw|ca|Dr|evtl|ggf|inkl|max|min|Mio|Mrd|St|Str|usw|vgl|zzgl)\.$"
)
ELLIPSIS = " …"
_CELLS = ("td", "th")
_ENDS_LINE = ("p", "li", "tr", "pre", "blockquote", "h3", "h4", "h5", "h6")


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    POINT = "point"
    HEADING = "heading"


@dataclass(frozen=True)
class Block:
    """A piece of text on lines of its own. `level` is how deep a point stands, `number` that of a numbered one."""

    text: str
    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    number: int = 0


def clean(text: str) -> str:
    """`text` without what a file of XML cannot hold."""
    return _ILLEGAL.sub("", text)


@dataclass(frozen=True)
class Written:
    """What a text says: as blocks, without tables and pictures; and whole, as plain lines. `has_more`: of those."""

    blocks: Sequence[Block] = ()
    plain: str = ""
    has_more: bool = False


def of_markdown(text: str) -> Written:
    """`text` read once: rendering is what costs."""
    if not text:
        return Written()
    parser = _Blocks()
    parser.feed(clean(render(text, image_url=lambda place: f"/{place}")))
    parser.close()
    parser.end()
    lines = (" ".join(line.split()) for line in "".join(parser.plain).splitlines())
    return Written(parser.blocks, "\n".join(filter(None, lines)), parser.has_more)


class _Blocks(HTMLParser):
    """Collects blocks from the clean HTML of governance.text.markdown."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.lists: list[int | None] = []  # the last number of each open list; None where there are none
        self.words: list[str] = []
        self.next = Block("")
        self.skipped = 0
        self.plain: list[str] = []
        self.has_more = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.has_more = True
            self.plain.append(f" {dict(attrs).get('alt') or ''} ")
        elif tag == "table":
            self.end()
            self.skipped += 1
            self.has_more = True
        elif tag in ("ul", "ol"):
            self.end()
            start = str(dict(attrs).get("start") or 1)
            self.lists.append((int(start) if start.isdecimal() else 1) - 1 if tag == "ol" else None)
        elif tag == "li":
            self.end()
            self.next = self._point()
        elif re.fullmatch(r"h\d", tag):
            self.end()
            self.next = Block("", Kind.HEADING)
        elif tag in ("p", "pre", "blockquote", "hr"):
            self.end()
        elif tag == "br":
            self.words.append("\n")
            self.plain.append("\n")

    def _point(self) -> Block:
        number = 0
        if self.lists and self.lists[-1] is not None:
            number = self.lists[-1] = self.lists[-1] + 1
        return Block("", Kind.POINT, max(0, len(self.lists) - 1), number)

    def handle_endtag(self, tag: str) -> None:
        self.plain.append(" " if tag in _CELLS else "\n" if tag in _ENDS_LINE else "")
        if tag == "table":
            self.skipped -= 1
        elif tag in ("ul", "ol"):
            self.end()
            if self.lists:
                self.lists.pop()
        elif tag in ("p", "li", "pre", "blockquote") or re.fullmatch(r"h\d", tag):
            self.end()

    def handle_data(self, data: str) -> None:
        self.plain.append(data)
        if not self.skipped:
            self.words.append(data)

    def end(self) -> None:
        """Close the block that is being read; a line break within it makes a block of its own."""
        lines = [" ".join(line.split()) for line in "".join(self.words).splitlines()]
        self.words.clear()
        for line in filter(None, lines):
            self.blocks.append(replace(self.next, text=line))
            self.next = Block("", level=self.next.level)
        if any(lines):
            self.next = Block("")


def sentences(text: str) -> list[str]:
    """`text` cut behind its sentences, not behind abbreviations and dates."""
    found: list[str] = []
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        if not _ABBREVIATED.search(text[begin : end.start()]):
            found.append(text[begin : end.end()].strip())
            begin = end.end()
    return [*found, text[begin:].strip()] if text[begin:].strip() else found


def shorten(blocks: Sequence[Block], longest: int) -> tuple[list[Block], bool]:
    """The first blocks of together so many characters, cut behind a sentence; and whether something is left out."""
    kept: list[Block] = []
    room = longest
    for block in blocks:
        if len(block.text) <= room:
            kept.append(block)
            room -= len(block.text)
            continue
        if text := cut(block.text, room, least=60 if kept else 0):
            kept.append(replace(block, text=text))
        return _without_last_heading(kept), True
    return kept, False


def _without_last_heading(blocks: list[Block]) -> list[Block]:
    while blocks and blocks[-1].kind == Kind.HEADING:
        blocks.pop()
    return blocks


def cut(text: str, room: int, *, least: int = 0) -> str:
    """`text` within `room` characters: whole sentences, else whole words; nothing where that is under `least`."""
    if len(text) <= room:
        return text
    room -= len(ELLIPSIS)
    if room <= least:
        return ""
    whole = ""
    for sentence in sentences(text[: room + 200]):
        if len(whole) + len(sentence) + 1 > room:
            break
        whole = f"{whole} {sentence}".strip()
    if len(whole) > room // 2:
        return whole + ELLIPSIS
    piece = text[:room]
    return piece[: max(piece.rfind(" "), room // 2)].rstrip(" ,;:–-") + ELLIPSIS


def in_points(blocks: Iterable[Block]) -> list[Block]:
    """For slides, where nobody reads a paragraph: each sentence of one becomes a point."""
    found: list[Block] = []
    for block in blocks:
        parts = sentences(block.text) if block.kind == Kind.PARAGRAPH else [block.text]
        if len(parts) == 1:
            found.append(block)
        else:
            found += [Block(part, Kind.POINT, block.level) for part in parts]
    return found


def grouped(blocks: Iterable[Block]) -> list[tuple[Kind, int, list[str]]]:
    """Runs of one kind, as a page lists them: kind, number of the first where they are numbered, texts."""
    runs = groupby(blocks, key=lambda block: (block.kind, bool(block.number)))
    found = [(kind, list(run)) for (kind, _is_numbered), run in runs]
    return [(kind, run[0].number, [block.text for block in run]) for kind, run in found]
