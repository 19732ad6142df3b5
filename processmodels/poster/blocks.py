"""The texts around the diagram: how large each is set and how much height it needs. Sizes are points on A3."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno
from django.utils.translation import gettext as _

from governance.text.glyphs import printable
from processmodels.diagram.widths import width_in_em
from processmodels.poster.data import PosterData
from processmodels.poster.typesetting import (
    LEADING,
    SEMI_BOLD,
    TITLE_LEADING,
    WIDE,
    count_lines,
    divisible,
    height,
    largest,
    shorten,
)

TITLE_SIZES = (84.0, 72.0, 66.0, 60.0)
RUNNING_TITLES = (40.0, 34.0, 28.0)
_LONG_RUNNING_TITLE = 26.0
PURPOSE = 28.0
TEXT = 18.0
HEADING = 20.0
BADGE_WIDTH = 220.0
GAP = 28.0
_CHANGES_SIZES = (20.0, TEXT)
_CHANGES_LINES = 7
_AFTER_SIZES = (30.0, 26.0, 22.0, TEXT)
_BEFORE_SIZES = (26.0, 22.0, TEXT)
_QR = 112.0
_COLUMN_GAP = 12.0
_NAMES_BESIDE = 360.0
_LONGEST_NUMBER = 10
_LEAST_WIDTHS = {"changes": 280.0, "figures": 290.0, "contact": 250.0}
_ROW_GAP = 14.0
_POINT_GAP = 4.0
_PADDING = 12.0
_HEADING_HEIGHT = HEADING * LEADING + 8
# Where an address may be broken.
_SOFT_BREAK = "\u200b"

Values = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """All texts of a poster, with only such characters as the fonts have, long words divisible."""

    title: str
    purpose: str
    caption: str
    changes: Sequence[str]
    figures: Sequence[Values]
    team: str
    person: str
    place: str
    number: str
    address: str
    link: str
    version: str
    printed: str
    is_draft: bool

    @classmethod
    def of(cls, data: PosterData) -> Words:
        def clean(text: str) -> str:
            return divisible(printable(text))

        figures = [
            {key: clean(getattr(figure, key)) for key in ("name", "before", "after", "change")}
            for figure in data.figures[:2]
        ]
        return cls(
            title=divisible(printable(data.title), WIDE) or _("Prozess ohne Titel"),
            purpose=divisible(printable(data.purpose), WIDE),
            caption=divisible(printable(data.caption), WIDE),
            changes=[divisible(point, WIDE) for line in data.changes.splitlines() if (point := printable(line))],
            figures=figures,
            team=clean(data.contact.team),
            person=clean(data.contact.person),
            place=printable(data.contact.place),
            number=printable(data.number)[:_LONGEST_NUMBER],
            address=printable(data.address.removeprefix("https://").removeprefix("http://")),
            link=data.address,
            version=printable(data.version_words()),
            printed=printable(data.printed_words()),
            is_draft=data.is_draft,
        )


# --- head and foot --------------------------------------------------------------------------------------------


def head(words: Words, width: float, *, zoom: float = 1, caption: str = "") -> Values:
    """Title, purpose and what the diagram shows. The title takes one line where it can, three at most."""
    width -= BADGE_WIDTH if words.is_draft else 0
    sizes = [size for size in TITLE_SIZES if size <= 66 or zoom > 1]
    size = largest(words.title, [*sizes, TITLE_SIZES[-1]], width, 1, bold=True)
    title = shorten(words.title, size, width, 3, bold=True)
    purpose_size = PURPOSE * (1.3 if zoom > 1 else 1)
    purpose = shorten(words.purpose, purpose_size, width, 3)
    caption = shorten(caption, HEADING, width, 1, bold=True) if caption else ""
    needed = height(title, size, width, bold=True, leading=TITLE_LEADING) + 16
    needed += height(purpose, purpose_size, width) + 14 + (_HEADING_HEIGHT if caption else 0)
    shown = {"title": title, "size": size, "purpose": purpose, "purpose_size": purpose_size, "caption": caption}
    return {**shown, "height": needed}


def running_head(words: Words, width: float) -> Values:
    """The title once more, on the sheets that follow."""
    width -= BADGE_WIDTH if words.is_draft else 0
    caption = shorten(words.caption, HEADING, width / 2, 1, bold=True) if words.caption else ""
    # The caption stands beside the title.
    width -= width_in_em(caption) * HEADING * SEMI_BOLD + 24
    fitting = (size for size in RUNNING_TITLES if count_lines(words.title, size, width, bold=True) == 1)
    size = next(fitting, _LONG_RUNNING_TITLE)
    title = shorten(words.title, size, width, 2, bold=True)
    height = RUNNING_TITLES[0] * TITLE_LEADING + 24
    return {"title": title, "size": size, "purpose": "", "caption": caption, "height": height}


def foot(words: Words, width: float) -> Values:
    """A line above one or two lines of text; on the right "Blatt 2 von 3"."""
    room = width - 170
    lines = [" · ".join(part for part in (words.number, words.version, words.printed) if part)]
    if count_lines(lines[0], TEXT, room) > 1:
        lines = [f"{words.number} · {words.version}" if words.version else words.number, words.printed]
    lines = [shorten(line, TEXT, room, 1) for line in lines]
    return {"lines": lines, "height": len(lines) * TEXT * LEADING + 22}


# --- blocks below the diagram -------------------------------------------------------------------------------


def names(words: Words) -> list[str]:
    """The blocks that have something to say, in reading order."""
    present = {"changes": bool(words.changes), "figures": bool(words.figures), "contact": True}
    return [name for name, is_there in present.items() if is_there]


def block(name: str, words: Words, width: float) -> Values:
    """A block with its width and the height it needs."""
    return {"changes": _changes, "figures": _figures, "contact": _contact}[name](words, width)


def _changes(words: Words, width: float) -> Values:
    # Longer lines are hard to read.
    measure = min(width, 800.0)
    has_bullets = len(words.changes) > 1

    def room(size: float) -> float:
        return measure - (size if has_bullets else 0)

    def lines(size: float) -> int:
        return sum(count_lines(point, size, room(size)) for point in words.changes)

    size = next((size for size in _CHANGES_SIZES if lines(size) <= 5), _CHANGES_SIZES[-1])
    points = _points(words.changes, size, room(size))
    needed = _HEADING_HEIGHT + _POINT_GAP * (len(points) - 1)
    needed += sum(height(point, size, room(size), leading=1.35) for point in points)
    shown: Values = {"points": points, "gap": _POINT_GAP, "has_bullets": has_bullets, "size": size, "measure": measure}
    return {"kind": "changes", "width": width, "height": needed, **shown}


def _points(points: Sequence[str], size: float, room: float) -> list[str]:
    """As many of `points` as there are lines for; an ellipsis stands for the rest."""
    taken: list[str] = []
    left = _CHANGES_LINES
    for point in points:
        if not left:
            taken[-1] = shorten(f"{taken[-1]} {point}", size, room, count_lines(taken[-1], size, room))
            break
        taken.append(shorten(point, size, room, left))
        left -= count_lines(taken[-1], size, room)
    return taken


def _figures(words: Words, width: float) -> Values:
    """A table: name, before, after, and under them the change in words. Where it is narrow, the name stands above."""
    room = width - 2 * _PADDING
    shares = (0.34, 0.31, 0.35) if width >= _NAMES_BESIDE else (0.48, 0.52)
    columns = [share * (room - _COLUMN_GAP * (len(shares) - 1)) for share in shares]
    rows = [_figure(figure, columns, room) for figure in words.figures]
    table = TEXT * LEADING + sum(one["height"] for one in rows) + 2 * _PADDING
    needed = _HEADING_HEIGHT + table
    return {
        "kind": "figures",
        "width": width,
        "height": needed,
        "columns": columns,
        "rows": rows,
        "padding": _PADDING,
        "gutter": _COLUMN_GAP,
    }


def _figure(figure: Values, columns: Sequence[float], room: float) -> Values:
    *beside, before_width, after_width = columns
    name_width = beside[0] if beside else room
    before_size = largest(figure["before"], _BEFORE_SIZES, before_width, 1)
    after_size = largest(figure["after"], _AFTER_SIZES, after_width, 1, bold=True)
    shown: Values = {
        "name": shorten(figure["name"], TEXT, name_width, 3 if beside else 2, bold=True),
        "before": shorten(figure["before"], before_size, before_width, 3),
        "after": shorten(figure["after"], after_size, after_width, 3, bold=True),
        "change": shorten(figure["change"], TEXT, room, 2),
        "before_size": before_size,
        "after_size": after_size,
    }
    cells = [
        height(shown["before"], before_size, before_width),
        height(shown["after"], after_size, after_width, bold=True, leading=1.2),
    ]
    name = height(shown["name"], TEXT, name_width, bold=True)
    needed = max(name, *cells) if beside else name + max(cells)
    return {**shown, "height": needed + height(shown["change"], TEXT, room) + _ROW_GAP}


def _contact(words: Words, width: float) -> Values:
    """Beside the QR code where it leads, below it whom to ask."""
    beside = width - _QR - 16
    has_room = count_lines(words.address, TEXT, beside) <= 3
    address = shorten(words.address, TEXT, beside if has_room else width, 3)
    team = shorten(words.team, TEXT, width, 2, bold=True)
    parts = [part for part in (words.person, words.place) if part]
    if parts and count_lines(" · ".join(parts), TEXT, width) == 1:
        parts = [" · ".join(parts)]
    lines = [shorten(part, TEXT, width, 2) for part in parts]
    texts = height(team, TEXT, width, bold=True) + sum(height(line, TEXT, width) for line in lines)
    needed = _HEADING_HEIGHT + _QR + 10 + texts + (0 if has_room else height(address, TEXT, width))
    return {
        "kind": "contact",
        "width": width,
        "height": needed,
        "team": team,
        "lines": [_breakable(line) for line in lines],
        "number": words.number,
        "address": _breakable(address),
        "is_address_beside": has_room,
        "qr": qr_code(words.link),
        "qr_size": _QR,
    }


def _breakable(address: str) -> str:
    """No hyphen may come into an address where it is broken."""
    return "".join(sign + _SOFT_BREAK if sign in "/.-_@" else sign for sign in address)


@lru_cache(maxsize=100)
def qr_code(address: str) -> str:
    """The QR code as SVG; error correction M, as paper on a wall gets scratched."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=0, dark="#1a2233")
    return drawn.getvalue().decode()


def row(chosen: Sequence[str], words: Words, width: float, *, zoom: float = 1) -> Values:
    """Blocks side by side, as high as the highest."""
    shares = {"changes": 0.31, "figures": 0.36, "contact": 0.33}
    room = width / zoom - GAP * (len(chosen) - 1)
    total = sum(shares[name] for name in chosen)
    blocks = [block(name, words, room * shares[name] / total) for name in chosen]
    return {"blocks": blocks, "zoom": zoom, "height": max(one["height"] for one in blocks) * zoom}


def is_wide_enough(row: Values) -> bool:
    """Whether its blocks are so wide that usual words have room on a line."""
    return all(one["width"] >= _LEAST_WIDTHS[one["kind"]] for one in row["blocks"])


def stacked(chosen: Sequence[str], words: Words, width: float, *, in_rows: bool, zoom: float = 1) -> list[Values]:
    """Blocks side by side, or, where the sheet is narrow, with the text of changes above the others."""
    if not chosen:
        return []
    if in_rows and len(chosen) == 3:
        return [row(chosen[:1], words, width, zoom=zoom), row(chosen[1:], words, width, zoom=zoom)]
    return [row(chosen, words, width, zoom=zoom)]
