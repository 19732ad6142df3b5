"""Word files that leave the portal: one look, made of Word's own styles so that a house's template can take over."""

from __future__ import annotations

import re
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

ACCENT = RGBColor(0x00, 0x3B, 0x7A)
FONT, SIZE, TITLE = "Arial", 11.0, 14.0
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What must not stand in XML; fields refuse it, titles of old texts may still hold it.
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    return _ILLEGAL.sub("", text)


def empty_document() -> Any:
    """A4, German, in the typeface and with the headings of all that is handed on as Word file."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    _style(document.styles["Normal"], SIZE, None, before=0, after=3)
    _style(document.styles["Heading 1"], TITLE, ACCENT, before=0, after=2)
    for level in ("Heading 2", "Heading 3"):
        _style(document.styles[level], SIZE, ACCENT, before=5, after=1)
    return document


def _style(style: Any, size: float, colour: RGBColor | None, *, before: float, after: float) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for name in list(fonts.attrib):
        # What the theme says would win over the typeface.
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for name in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "de-DE")
    properties.append(language)
    if colour is not None:
        style.font.color.rgb, style.font.bold = colour, True
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), 1.0
    layout.keep_with_next = layout.keep_together = True
