"""An issue as .docx, made of Word's own styles so that a house's template can take it over."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from governance import clock
from governance.text import blocks
from governance.text.blocks import Block, Kind
from transfer.newsletter.letter import Letter, Piece

_LINK_COLOUR = "0B5CAB"
# How long a title of Word may be.
_LONGEST_TITLE = 255


def document(letter: Letter) -> bytes:
    """The issue with links that work."""
    made = Document()
    _describe(made, letter)
    made.add_paragraph(_clean(letter.newsletter), style="Subtitle")
    made.add_heading(_clean(letter.title), level=1)
    made.add_paragraph(_clean(letter.line), style="Caption")
    _write(made, letter.intro_blocks, level=2)
    for piece in letter.pieces:
        _piece(made, piece)
    _linked(made, f"{letter.foot} ", letter.address)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _piece(made: Any, piece: Piece) -> None:
    if piece.title:
        made.add_heading(_clean(piece.heading), level=2)
    _write(made, piece.blocks, level=3 if piece.title else 2)
    if piece.short_number:
        _linked(made, f"{piece.more} ", piece.address)


def _write(made: Any, told: Sequence[Block], *, level: int) -> None:
    for block in told:
        if block.kind == Kind.HEADING:
            made.add_heading(block.text, level=level)
        elif block.kind == Kind.POINT and not block.number:
            made.add_paragraph(block.text, style="List Bullet")
        else:
            # Word would go on counting from one list to the next.
            made.add_paragraph(f"{block.number}. {block.text}" if block.number else block.text)


def _linked(made: Any, words: str, address: str) -> None:
    """A paragraph that ends with a link; python-docx has no word for one."""
    paragraph = made.add_paragraph(_clean(words))
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    run = paragraph.add_run(_clean(address))
    colour = OxmlElement("w:color")
    colour.set(qn("w:val"), _LINK_COLOUR)
    run._r.get_or_add_rPr().append(colour)
    run.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _describe(made: Any, letter: Letter) -> None:
    properties = made.core_properties
    properties.title = _clean(letter.title)[:_LONGEST_TITLE]
    properties.author = properties.last_modified_by = _clean(letter.team)[:_LONGEST_TITLE]
    properties.language, properties.comments = "de-DE", ""
    properties.created = properties.modified = timezone.localtime(clock.now()).replace(tzinfo=None)


def _clean(text: str) -> str:
    return blocks.clean(text)
