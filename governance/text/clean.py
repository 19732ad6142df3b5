"""What people type, cleaned and checked at the field: one form of each character, nothing hidden in it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

SLUG_LENGTH = 80
# Marks that turn the direction of the text and can make it read as something else than it is.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
# Control characters without tab and line feed, and the code points the search uses as sentinels.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000\ue001\ufffe\uffff\ud800-\udfff]")
# Something to see: not only blanks, joiners and soft hyphens.
_VISIBLE = re.compile("[^\\s\u00ad\u200b-\u200d\u2060\ufeff\u3164\u115f\u1160]")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"})


def clean_text(value: str, max_length: int) -> str:
    """`value` in NFC with LF line ends and no blanks around; raises a ValidationError that says what is
    wrong when it holds hidden characters or is longer than `max_length` characters."""
    lines = re.sub("\r\n|[\r\u2028\u2029]", "\n", value)
    text = unicodedata.normalize("NFC", lines)
    if _CONTROL.search(text):
        raise ValidationError(
            _("Der Text enthält ein unsichtbares Steuerzeichen. Bitte fügen Sie ihn ohne Formatierung ein."),
            code="control",
        )
    if _BIDI.search(text):
        raise ValidationError(
            _("Der Text enthält ein Zeichen, das die Schreibrichtung umkehrt. Bitte entfernen Sie es."),
            code="bidi",
        )
    text = text.strip()
    if not _VISIBLE.search(text):
        return ""
    if len(text) > max_length:
        raise ValidationError(
            _("Der Text hat %(length)d Zeichen, höchstens %(max)d sind möglich."),
            params={"length": len(text), "max": max_length},
            code="max_length",
        )
    return text


def clean_line(value: str, max_length: int) -> str:
    """As `clean_text`, for one line: line breaks and tabs become a blank."""
    return clean_text(re.sub("[ \t\r\n\u2028\u2029]+", " ", value), max_length)


class LineField(forms.CharField):
    """One line of text."""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        self.limit = max_length
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_line(str(value), self.limit) if value not in self.empty_values else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "maxlength": str(self.limit)}


class MarkdownField(forms.CharField):
    """Several lines of text, written in Markdown."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 20_000, rows: int = 6, **kwargs: Any) -> None:
        self.limit, self.rows = max_length, rows
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_text(str(value), self.limit) if value not in self.empty_values else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "rows": str(self.rows)}


def slugify_de(text: str) -> str:
    """For addresses: lower case, German letters written out, at most 80 characters, never empty."""
    slug = slugify(text.translate(_GERMAN))
    if len(slug) > SLUG_LENGTH:
        slug = slug[:SLUG_LENGTH].rsplit("-", 1)[0] or slug[:SLUG_LENGTH]
    return slug or "eintrag"
