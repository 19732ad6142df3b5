"""The files in which an issue leaves the portal, by the ending of their names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from transfer.newsletter import html, mail, printing, word
from transfer.newsletter.letter import Letter


@dataclass(frozen=True)
class Kind:
    label: Any
    media_type: str
    make: Callable[[Letter], bytes]


KINDS = {
    "docx": Kind(
        gettext_lazy("Word (.docx)"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        word.document,
    ),
    "pdf": Kind(gettext_lazy("PDF, barrierefrei"), "application/pdf", printing.make),
    "html": Kind(
        gettext_lazy("HTML-Datei"), "text/html; charset=utf-8", lambda letter: html.page(letter).encode("utf-8")
    ),
    "eml": Kind(gettext_lazy("E-Mail-Entwurf (.eml)"), "message/rfc822", mail.message),
}
