"""From a plan to a file, by typst."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from django.utils.translation import gettext as _

from governance.text.glyphs import printable
from governance.typesetting import compiled
from processmodels.poster.data import Paper, PosterData
from processmodels.poster.plan import A3, MARGIN, Plan, plan

_TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "poster.typ"
_SCALES = {Paper.A3: 1.0, Paper.A4: 2**-0.5}


def make(data: PosterData, paper: Paper = Paper.A3) -> bytes:
    """The poster as PDF/UA-1. The same data give the same bytes."""
    return _compiled(data, plan(data), paper, "pdf")[0]


def pictures(data: PosterData, paper: Paper = Paper.A3, ppi: float = 72, *, strict: bool = False) -> list[bytes]:
    """Every sheet as PNG, to look at. `strict` raises TypstError where a text needs more height than reckoned."""
    return _compiled(data, plan(data), paper, "png", ppi, strict=strict)


def _compiled(
    data: PosterData,
    planned: Plan,
    paper: Paper,
    kind: Literal["pdf", "png"],
    ppi: float = 72,
    *,
    strict: bool = False,
) -> list[bytes]:
    values = {
        "title": printable(data.title) or _("Prozess ohne Titel"),
        "author": printable(data.contact.team),
        "draft": data.is_draft,
        "scale": _SCALES[paper],
        "page": A3[::-1] if planned.page.is_portrait else A3,
        "margin": MARGIN,
        "sheets": planned.sheets,
        "words": {
            "draft": _("Entwurf"),
            "changes": _("Was sich für uns ändert"),
            "figures": _("Vorher und nachher"),
            "measure": _("Kennzahl"),
            "before": _("vorher"),
            "after": _("nachher"),
            "contact": _("Fragen und Ideen"),
            "qr": _("QR-Code zur Seite im Wissensportal"),
            "steps": _("So läuft es ab"),
        },
    }
    return compiled(_TEMPLATE, values, printed_at=data.printed_at, kind=kind, ppi=ppi, strict=strict)
