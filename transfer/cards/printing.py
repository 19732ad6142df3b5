"""Cards as PDF/UA."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import clock
from governance.text.glyphs import printable
from governance.typesetting import compiled
from processmodels.poster.blocks import qr_code
from transfer.published import Told

_TEMPLATE = Path(__file__).with_name("cards.typ")
ON_A_SHEET = 4


def make(cards: Sequence[Told], *, sheet: bool) -> bytes:
    """One card on A6 each; or, on a sheet of A4 to be cut, four: a single one four times, else each once."""
    return _compiled(cards, sheet, "pdf")[0]


def pictures(cards: Sequence[Told], *, sheet: bool, ppi: float = 72) -> list[bytes]:
    """The pages as PNG, to look at."""
    return _compiled(cards, sheet, "png", ppi)


def _compiled(cards: Sequence[Told], sheet: bool, kind: Literal["pdf", "png"], ppi: float = 72) -> list[bytes]:
    shown = list(cards) * ON_A_SHEET if sheet and len(cards) == 1 else list(cards)
    values = {
        "title": _("Karten: %s") % ", ".join(card.short_number for card in cards),
        "author": printable(cards[0].entry.owner_name),
        "sheet": sheet,
        "cards": [_card(card) for card in shown],
        "words": {"qr": _("QR-Code zur Seite im Wissensportal")},
    }
    return compiled(_TEMPLATE, values, printed_at=timezone.localtime(clock.now()), kind=kind, ppi=ppi)


def _card(card: Told) -> dict[str, Any]:
    return {
        "title": printable(card.title),
        "sentences": [printable(sentence) for sentence in card.texts.card],
        "number": card.short_number,
        "kind": printable(str(card.kind.label)),
        "address": printable(card.address),
        "department": printable(card.entry.department_name),
        "qr": qr_code(card.address),
    }
