"""From a story to a PDF of one page, or two: as large as it fits, and as much of it as fits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
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

_TEMPLATE = Path(__file__).with_name("handout.typ")
_PAGE = re.compile(rb"/Type\s*/Page\b")
# Size of the type in points and characters of a chapter, tried one after the other until the pages suffice. The last
# pair always does: what it leaves of the longest text is tested.
_TRIES = ((10.5, 60_000), (10.0, 3_000), (10.0, 1_500), (9.5, 900), (9.5, 500), (9.0, 260), (9.0, 130))
# More than this is never on two pages: no need to try.
_MOST = 9_000
_LONGEST_LEAD = 900
_MOST_ROWS = 10


def make(source: Source, audience: Audience) -> bytes:
    """The handout as PDF; for decision makers on one page, for all others on two at most."""
    return pages(source, audience, "pdf")[0]


def pages(source: Source, audience: Audience, kind: Any = "png", ppi: float = 72) -> list[bytes]:
    """The file, or a picture of each page."""
    story = tell(source, audience)
    most = 1 if audience == Audience.DECISION_MAKERS else 2
    size, longest = _fitting(story, most)
    values = _values(story, size, longest)
    return compiled(_TEMPLATE, values, printed_at=_now(), kind=kind, ppi=ppi)


def _now() -> Any:
    return timezone.localtime(clock.now())


def _fitting(story: Story, most: int) -> tuple[float, int]:
    for size, longest in _TRIES[:-1]:
        if _characters(story, longest) > _MOST * most / 2:
            continue
        [made] = compiled(_TEMPLATE, _values(story, size, longest), printed_at=_now())
        if len(_PAGE.findall(made)) <= most:
            return size, longest
    return _TRIES[-1]


def _characters(story: Story, longest: int) -> int:
    return sum(min(longest, sum(len(block.text) for block in chapter.blocks)) for chapter in story.chapters)


def _values(story: Story, size: float, longest: int) -> dict[str, Any]:
    source = story.source
    labels = dict(Audience.choices)
    return {
        "title": printable(story.title) or _("Ohne Titel"),
        "author": printable(source.team),
        "size": size,
        "draft": story.is_draft,
        "audience": _("Für: %(audience)s") % {"audience": labels[story.audience]},
        "lead": printable(blocks.cut(story.lead, _LONGEST_LEAD)),
        "question": printable(story.question),
        "answer": printable(story.answer),
        "chapters": [_chapter(chapter, longest) for chapter in story.chapters],
        "contact": [printable(line) for line in (source.contact, source.email) if line],
        "number": source.short_number,
        "address": _breakable(printable(source.address)),
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


def _chapter(chapter: Chapter, longest: int) -> dict[str, Any]:
    told, is_cut = blocks.shorten(chapter.blocks, longest)
    beside, is_cut_too = blocks.shorten(chapter.beside, longest)
    rows = chapter.evidence[:_MOST_ROWS]
    return {
        "title": printable(chapter.title),
        "blocks": _blocks(told),
        "beside": _blocks(beside),
        "plots": [_plot(plot) for plot in chapter.plots[:3]],
        "evidence": [[printable(text) for text in (one.label, one.value, one.origin())] for one in rows],
        "svg": chapter.picture.svg if chapter.picture else "",
        "alt": printable(chapter.picture.description) if chapter.picture else "",
        "more": chapter.is_cut or is_cut or is_cut_too or len(rows) < len(chapter.evidence),
    }


def _blocks(told: Sequence[Block]) -> list[Mapping[str, Any]]:
    found = [replace(block, text=printable(block.text)) for block in told]
    return [
        {"kind": str(block.kind), "text": block.text, "level": block.level, "number": block.number} for block in found
    ]


def _plot(plot: Plot) -> dict[str, Any]:
    longest = max((abs(bar.number) for bar in plot.bars), default=0) or 1
    return {
        "title": printable(plot.title),
        "origin": printable(plot.origin),
        "bars": [
            {
                "label": printable(bar.label),
                "value": printable(bar.value),
                "share": round(max(abs(bar.number) / longest, 0.005), 4),
                "strong": bar.is_strong,
            }
            for bar in plot.bars
        ],
    }


def _breakable(address: str) -> str:
    """No hyphen may come into an address where it is broken."""
    return re.sub(r"([/.\-_])", "\\1\u200b", address)
