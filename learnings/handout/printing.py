"""From a story to a PDF of one page, or two: as large as it fits, and as much of it as fits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import clock
from governance.text import blocks
from governance.text.blocks import Block
from governance.text.glyphs import printable
from governance.typesetting import compiled
from learnings.models import Audience
from learnings.story import Source, Story, tell
from learnings.story.data import Chapter
from learnings.story.figures import Plot
from processmodels.poster.blocks import qr_code
from processmodels.poster.typesetting import divisible

_TEMPLATE = Path(__file__).with_name("handout.typ")
_PAGE = re.compile(rb"/Type\s*/Page\b")
# More than this is never on two pages: no need to try.
_MOST = 9_000
_LONGEST_POINT = 60
# Words wider than so many em may be divided, or they would leave the page.
_WIDEST = 22.0


@dataclass(frozen=True)
class _Fit:
    """How much of a story is printed, and how large: type in points, characters of a chapter, rows of figures, plots,
    height of a diagram in millimetres, characters of the message."""

    size: float
    longest: int
    rows: int = 12
    plots: int = 3
    picture: int = 55
    lead: int = 900


# Tried one after the other until the pages suffice. The last always does: a test prints the longest texts with it.
_FITS = (
    _Fit(10.5, 60_000),
    _Fit(10.0, 3_000),
    _Fit(10.0, 1_500, rows=10),
    _Fit(9.5, 900, rows=8, plots=2, picture=48),
    _Fit(9.5, 500, rows=6, plots=2, picture=42, lead=600),
    _Fit(9.0, 260, rows=4, plots=1, picture=34, lead=450),
    _Fit(9.0, 130, rows=3, plots=1, picture=26, lead=300),
)


def make(source: Source, audience: Audience) -> bytes:
    """The handout as PDF; for decision makers on one page, for all others on two at most."""
    return pages(source, audience, "pdf")[0]


def pages(source: Source, audience: Audience, kind: Any = "png", ppi: float = 72) -> list[bytes]:
    """The file, or a picture of each page."""
    story = tell(source, audience)
    most = 1 if audience == Audience.DECISION_MAKERS else 2
    values = _values(story, _fitting(story, most))
    return compiled(_TEMPLATE, values, printed_at=_now(), kind=kind, ppi=ppi)


def _now() -> datetime:
    return timezone.localtime(clock.now())


def _fitting(story: Story, most: int) -> _Fit:
    for fit in _FITS[:-1]:
        if _characters(story, fit) > _MOST * most / 2:
            continue
        [made] = compiled(_TEMPLATE, _values(story, fit), printed_at=_now())
        if len(_PAGE.findall(made)) <= most:
            return fit
    return _FITS[-1]


def _characters(story: Story, fit: _Fit) -> int:
    lengths = (sum(len(block.text) for block in chapter.blocks) for chapter in story.chapters)
    return sum(min(fit.longest, length) for length in lengths)


def _values(story: Story, fit: _Fit) -> dict[str, Any]:
    source = story.source
    labels = dict(Audience.choices)
    return {
        "title": _printed(story.title) or _("Ohne Titel"),
        "author": _printed(source.team),
        "size": fit.size,
        "picture": fit.picture,
        "draft": story.is_draft,
        "audience": _("Für: %(audience)s") % {"audience": labels[story.audience]},
        "lead": _printed(blocks.cut(story.lead, fit.lead)),
        "question": _printed(story.question),
        "answer": _printed(blocks.cut(story.answer, fit.lead)),
        "chapters": [_chapter(chapter, fit) for chapter in story.chapters],
        "contact": [_printed(line) for line in (source.contact, source.email) if line],
        "number": source.short_number,
        "address": _breakable(_printed(source.address)),
        "approval": source.approval_words(),
        "mark": _("Prüfzeichen %s") % source.check_mark if source.check_mark else "",
        "qr": qr_code(source.address),
        "words": {
            "draft": _("Entwurf"),
            "contact": _("Fragen und Kontakt"),
            "qr": _("QR-Code zur Seite im Wissensportal"),
            "more": _("Mehr dazu im Wissensportal: %(number)s") % {"number": source.short_number},
            "source": _("Quelle: "),
            "page": _("Seite"),
            "evidence": [_("Beleg"), _("Wert"), _("Zeitraum und Quelle")],
        },
    }


def _chapter(chapter: Chapter, fit: _Fit) -> dict[str, Any]:
    told, is_cut = _shortened(chapter.blocks, fit)
    beside, is_cut_too = _shortened(chapter.beside, fit)
    rows, plots = chapter.evidence[: fit.rows], chapter.plots[: fit.plots]
    has_more = len(rows) < len(chapter.evidence) or len(plots) < len(chapter.plots)
    return {
        "title": _printed(chapter.title),
        "blocks": _blocks(told),
        "beside": _blocks(beside),
        "plots": [_plot(plot) for plot in plots],
        "evidence": [[_printed(text) for text in (one.label, one.value, one.origin())] for one in rows],
        "svg": chapter.picture.svg if chapter.picture else "",
        "alt": _printed(chapter.picture.description) if chapter.picture else "",
        "more": chapter.is_cut or is_cut or is_cut_too or has_more,
    }


def _shortened(told: Sequence[Block], fit: _Fit) -> tuple[list[Block], bool]:
    """So many characters, and no more points than that would be lines."""
    most = max(2, fit.longest // _LONGEST_POINT)
    shown, is_cut = blocks.shorten(told[:most], fit.longest)
    return shown, is_cut or len(told) > most


def _blocks(told: Sequence[Block]) -> list[Mapping[str, Any]]:
    found = [replace(block, text=_printed(block.text)) for block in told]
    return [
        {"kind": str(block.kind), "text": block.text, "level": block.level, "number": block.number} for block in found
    ]


def _plot(plot: Plot) -> dict[str, Any]:
    longest = max((abs(bar.number) for bar in plot.bars), default=0) or 1
    return {
        "title": _printed(plot.title),
        "origin": _printed(plot.origin),
        "bars": [
            {
                "label": _printed(bar.label),
                "value": _printed(bar.value),
                "share": round(max(abs(bar.number) / longest, 0.005), 4),
                "strong": bar.is_strong,
            }
            for bar in plot.bars
        ],
    }


def _printed(text: str) -> str:
    """`text` with only such characters as the fonts have."""
    return divisible(printable(text), _WIDEST)


def _breakable(address: str) -> str:
    """No hyphen may come into an address where it is broken."""
    return re.sub(r"([/.\-_])", "\\1\u200b", address)
