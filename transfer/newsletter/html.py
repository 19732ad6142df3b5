"""An issue as one HTML file: self-contained, styled inline, so that mail programs show it as it is meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import html as lxml_html
from lxml.html.builder import E

from governance.addresses import absolute
from governance.text import blocks
from transfer.newsletter.letter import Letter, Piece

_FONT = "font-family:'Fira Sans',Calibri,Arial,sans-serif;"
# Mail programs drop style sheets, so each element carries its own.
_STYLES = {
    "body": f"margin:0;padding:0;background:#ffffff;color:#1a2233;{_FONT}font-size:16px;line-height:1.5;",
    "h1": "margin:0 0 4px;font-size:26px;line-height:1.25;color:#003b7a;",
    "h2": "margin:28px 0 6px;font-size:19px;line-height:1.3;color:#003b7a;",
    **dict.fromkeys(("h3", "h4", "h5", "h6"), "margin:20px 0 6px;font-size:17px;"),
    "p": "margin:0 0 12px;",
    "ul": "margin:0 0 12px;padding-left:22px;",
    "ol": "margin:0 0 12px;padding-left:22px;",
    "li": "margin:0 0 4px;",
    "a": "color:#0b5cab;",
    "blockquote": "margin:0 0 12px;padding-left:12px;border-left:3px solid #9aa9bf;",
    "table": "border-collapse:collapse;margin:0 0 12px;",
    "th": "border:1px solid #9aa9bf;padding:4px 8px;text-align:left;",
    "td": "border:1px solid #9aa9bf;padding:4px 8px;",
    "hr": "border:0;border-top:1px solid #9aa9bf;margin:24px 0 12px;",
}
_MUTED = "margin:0 0 16px;color:#4a5468;font-size:14px;"


def page(letter: Letter) -> str:
    """The whole file. Whatever people typed becomes text of an element, or was cleaned before."""
    body = E.body(
        E.div(
            E.p(_clean(letter.newsletter), style=_MUTED + "margin-bottom:4px;"),
            E.h1(_clean(letter.title)),
            E.p(_clean(letter.line), style=_MUTED),
            *_rendered(letter.intro_html),
            *(element for piece in letter.pieces for element in _piece(piece)),
            E.hr(),
            E.p(_clean(f"{letter.foot} "), E.a(letter.address, href=letter.address), style=_MUTED),
            style="max-width:640px;margin:0 auto;padding:24px 16px;",
        )
    )
    head = E.head(
        E.meta(charset="utf-8"),
        E.meta(name="viewport", content="width=device-width, initial-scale=1"),
        E.title(_clean(letter.title)),
    )
    document = E.html(head, body, lang="de")
    for element in document.iter(*_STYLES):
        element.set("style", element.get("style") or _STYLES[element.tag])
    return str(lxml_html.tostring(document, encoding="unicode", doctype="<!DOCTYPE html>"))


def _piece(piece: Piece) -> Iterable[Any]:
    if piece.title:
        yield E.h2(_clean(piece.heading))
    if piece.text:
        yield from _rendered(piece.html)
    for paragraph in piece.paragraphs:
        yield E.p(_clean(paragraph))
    if piece.short_number:
        yield E.p(_clean(f"{piece.more} "), E.a(piece.address, href=piece.address))


def _rendered(cleaned: str) -> list[Any]:
    """What governance.text has cleaned, as elements; links within the portal lead there from a mail, too."""
    if not cleaned:
        return []
    parts = lxml_html.fragments_fromstring(_clean(cleaned))
    elements = [part for part in parts if not isinstance(part, str)]
    for element in elements:
        for link in element.iter("a"):
            if link.get("href", "").startswith("/"):
                link.set("href", absolute(link.get("href")))
    return elements


def _clean(text: str) -> str:
    return blocks.clean(text)
