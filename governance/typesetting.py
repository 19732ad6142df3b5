"""PDF (and pictures of its pages, to look at) by typst, from a template of ours and plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "fira-sans-print"


def compiled(
    template: Path,
    values: Mapping[str, Any],
    *,
    printed_at: datetime,
    kind: Literal["pdf", "png"] = "pdf",
    ppi: float = 72,
    strict: bool = False,
) -> list[bytes]:
    """A PDF/UA-1, or one picture for each page. The same values at the same moment give the same bytes.

    Whatever people wrote reaches typst as data (`sys.inputs.values`), never as markup. `strict` sets an input by which
    the template may refuse what does not fit.
    """
    made = typst.compile(
        template,
        format=kind,
        ppi=ppi,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"values": json.dumps(values)} | ({"strict": "yes"} if strict else {}),
        pdf_standards=["ua-1"] if kind == "pdf" else [],
        timestamp=int(printed_at.timestamp()),
    )
    assert made is not None
    return list(made) if isinstance(made, list) else [made]
