"""An issue as PDF/UA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import clock
from governance.text.blocks import Block
from governance.text.glyphs import printable
from governance.typesetting import compiled
from transfer.newsletter.letter import Letter, Piece

_TEMPLATE = Path(__file__).with_name("letter.typ")


def make(letter: Letter) -> bytes:
    return _compiled(letter, "pdf")[0]


def pictures(letter: Letter, ppi: float = 72) -> list[bytes]:
    """The pages as PNG, to look at."""
    return _compiled(letter, "png", ppi)


def _compiled(letter: Letter, kind: Literal["pdf", "png"], ppi: float = 72) -> list[bytes]:
    values = {
        "title": printable(letter.title) or _("Ohne Titel"),
        "newsletter": printable(letter.newsletter),
        "line": printable(letter.line),
        "author": printable(letter.team),
        "draft": not letter.is_released,
        "intro": _blocks(letter.intro_blocks),
        "pieces": [_piece(piece) for piece in letter.pieces],
        "foot": printable(letter.foot),
        "address": letter.address,
        "words": {"draft": _("Vorschau"), "page": _("Seite")},
    }
    return compiled(_TEMPLATE, values, printed_at=timezone.localtime(clock.now()), kind=kind, ppi=ppi)


def _piece(piece: Piece) -> Mapping[str, Any]:
    return {
        "title": printable(piece.heading) if piece.title else "",
        "blocks": _blocks(piece.blocks),
        "more": printable(piece.more),
        "address": piece.address,
    }


def _blocks(told: Sequence[Block]) -> list[Mapping[str, Any]]:
    words = [(block, printable(block.text)) for block in told]
    return [
        {"kind": str(block.kind), "text": text, "level": block.level, "number": block.number}
        for block, text in words
        if text
    ]
