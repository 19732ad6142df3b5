"""The portal's own slide template: made anew from python-pptx's, with our layouts, colours and typeface.

Kept as code and not as a file, so that a change of it can be read. Arial is on every office PC, and its metric twin
Liberation Sans wherever LibreOffice is.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches

WIDTH, HEIGHT = 13.333, 7.5
INK, MUTED, ACCENT, TINT, PALE, WARM = "1A2233", "4A5468", "003B7A", "EAF1F9", "9AA9BF", "F2B705"
_COLOURS = {
    "dk1": INK,
    "lt1": "FFFFFF",
    "dk2": ACCENT,
    "lt2": TINT,
    "accent1": ACCENT,
    "accent2": PALE,
    "accent3": "0B7A75",
    "accent4": "B35900",
    "accent5": "6B4E9B",
    "accent6": WARM,
    "hlink": ACCENT,
    "folHlink": "6B4E9B",
}
_FONT = "Arial"
_LEFT, _RIGHT = 0.75, 12.583
_COLUMN = 5.7
# Of the field that shows the slide's number.
_NUMBER = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"


@dataclass(frozen=True)
class _Place:
    """A placeholder of a layout, in inches. `style` is what its first level sets beyond the master."""

    kind: str
    idx: int
    name: str
    left: float
    top: float
    width: float
    height: float
    body: str = ""
    style: str = ""
    prompt: str = ""


_HEAD = _Place("title", 0, "Titel", _LEFT, 0.55, _RIGHT - _LEFT, 0.98, 'anchor="ctr"', prompt="Titel")
_GREY = f'<a:srgbClr val="{MUTED}"/>'


def _foot(colour: str = _GREY) -> tuple[_Place, _Place]:
    def style(align: str) -> str:
        return (
            f'<a:lvl1pPr algn="{align}"><a:defRPr sz="1100"><a:solidFill>{colour}</a:solidFill></a:defRPr></a:lvl1pPr>'
        )

    return (
        _Place("ftr", 11, "Fußzeile", _LEFT, 6.98, 9.6, 0.34, 'anchor="ctr"', style("l")),
        _Place("sldNum", 12, "Foliennummer", 11.4, 6.98, 1.183, 0.34, 'anchor="ctr"', style("r")),
    )


@lru_cache(maxsize=1)
def blank() -> bytes:
    """The template as .pptx without slides; made once, the same bytes in every process are not promised."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for layout in list(deck.slide_layouts)[4:]:
        deck.slide_layouts.remove(layout)
    _drop_strangers(deck)
    _colour(deck)
    _draw_master(deck.slide_master)
    for layout, draw in zip(deck.slide_layouts, (_title, _content, _two, _title_only), strict=True):
        draw(layout)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _drop_strangers(deck: Any) -> None:
    """What python-pptx's file brings along: somebody's printer, a picture of another template."""
    package = deck.part.package
    for rels in (deck.part.rels, package._rels):
        for key, relation in list(rels.items()):
            if relation.reltype.endswith(("/printerSettings", "/thumbnail")):
                rels.pop(key)


def _colour(deck: Any) -> None:
    part = deck.slide_master.part.part_related_by(RT.THEME)
    theme = etree.fromstring(part.blob)
    space = {"a": theme.nsmap["a"]}
    theme.set("name", "Wissensportal")
    for name, colour in _COLOURS.items():
        [slot] = theme.findall(f".//a:clrScheme/a:{name}", space)
        slot[:] = [etree.fromstring(f'<a:srgbClr xmlns:a="{space["a"]}" val="{colour}"/>')]
    for font in theme.findall(".//a:fontScheme/*/a:latin", space):
        font.set("typeface", _FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


# -- master and layouts ----------------------------------------------------------------------------


def _draw_master(master: Any) -> None:
    body = _Place("body", 1, "Text", _LEFT, 1.85, _RIGHT - _LEFT, 4.85, prompt="Text")
    _fill(master, (_HEAD, body, *_foot()), [])
    root = master._element
    old = root.find(f"{{{root.nsmap['p']}}}txStyles")
    root.replace(old, parse_xml(_TEXT_STYLES))


def _title(layout: Any) -> None:
    """White on blue; the line stands between title and message."""
    places = (
        _Place("ctrTitle", 0, "Titel", _LEFT, 1.0, 11.0, 2.2, 'anchor="b"', _run(38, "bg1", bold=True), "Titel"),
        _Place("subTitle", 1, "Untertitel", _LEFT, 3.65, 11.0, 2.75, 'anchor="t"', _run(22, "bg2"), "Kernaussage"),
        *_foot('<a:schemeClr val="bg2"/>'),
    )
    _name(layout, "Titelfolie", "title")
    _background(layout, "tx2")
    _fill(layout, places, [_bar(_LEFT + 0.1, 3.38, 1.6, 0.06, "accent6")])


def _content(layout: Any) -> None:
    _name(layout, "Titel und Inhalt", "obj")
    body = _Place("", 1, "Inhalt", _LEFT, 1.85, _RIGHT - _LEFT, 4.85, prompt="Inhalt")
    _fill(layout, (_HEAD, body, *_foot()), _lines())


def _two(layout: Any) -> None:
    _name(layout, "Zwei Inhalte", "twoObj")
    left = _Place("", 1, "Inhalt links", _LEFT, 1.85, _COLUMN, 4.85, prompt="Inhalt")
    right = _Place("", 2, "Inhalt rechts", _RIGHT - _COLUMN, 1.85, _COLUMN, 4.85, prompt="Inhalt")
    _fill(layout, (_HEAD, left, right, *_foot()), _lines())


def _title_only(layout: Any) -> None:
    _name(layout, "Nur Titel", "titleOnly")
    _fill(layout, (_HEAD, *_foot()), _lines())


def _name(layout: Any, name: str, kind: str) -> None:
    layout._element.cSld.set("name", name)
    layout._element.set("type", kind)


def _background(layout: Any, colour: str) -> None:
    background = f"<p:bg {nsdecls('p', 'a')}><p:bgPr>{_filled(colour)}<a:effectLst/></p:bgPr></p:bg>"
    layout._element.cSld.insert(0, parse_xml(background))


def _lines() -> list[str]:
    """What makes a slide ours: a bar beside the title, a fine line above the foot."""
    return [_bar(0, 0.64, 0.18, 0.8, "accent1"), _bar(_LEFT + 0.1, 6.88, _RIGHT - _LEFT - 0.1, 0.01, "accent2")]


def _fill(page: Any, places: Sequence[_Place], drawn: Sequence[str]) -> None:
    """Replace all shapes of a master or layout: what is drawn lies behind."""
    tree = page.shapes._spTree
    for shape in list(tree)[2:]:
        tree.remove(shape)
    for at, xml in enumerate([*drawn, *map(_placeholder, places)], start=2):
        shape = parse_xml(xml)
        shape.nvSpPr.cNvPr.set("id", str(at))
        tree.append(shape)


def _emu(inches: float) -> int:
    return int(Inches(inches))


def _frame(left: float, top: float, width: float, height: float) -> str:
    return f'<a:xfrm><a:off x="{_emu(left)}" y="{_emu(top)}"/><a:ext cx="{_emu(width)}" cy="{_emu(height)}"/></a:xfrm>'


def _bar(left: float, top: float, width: float, height: float, colour: str) -> str:
    return (
        f"<p:sp {nsdecls('p', 'a')}>"
        '<p:nvSpPr><p:cNvPr id="0" name="Linie"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr>{_frame(left, top, width, height)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="de-DE"/></a:p></p:txBody></p:sp>'
    )


def _filled(colour: str) -> str:
    return f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'


def _run(size: int, colour: str, *, bold: bool = False) -> str:
    run = f'<a:defRPr sz="{size * 100}" b="{int(bold)}">{_filled(colour)}</a:defRPr>'
    return f'<a:lvl1pPr marL="0" indent="0"><a:buNone/>{run}</a:lvl1pPr>'


def _placeholder(place: _Place) -> str:
    kind = f' type="{place.kind}"' if place.kind else ""
    idx = f' idx="{place.idx}"' if place.idx else ""
    text = f'<a:r><a:rPr lang="de-DE"/><a:t>{place.prompt}</a:t></a:r>' if place.prompt else ""
    if place.kind == "sldNum":
        text = f'<a:fld id="{_NUMBER}" type="slidenum"><a:rPr lang="de-DE"/><a:t>‹Nr.›</a:t></a:fld>'
    frame = _frame(place.left, place.top, place.width, place.height)
    return (
        f"<p:sp {nsdecls('p', 'a')}>"
        f'<p:nvSpPr><p:cNvPr id="0" name="{place.name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f"<p:nvPr><p:ph{kind}{idx}/></p:nvPr></p:nvSpPr>"
        f'<p:spPr>{frame}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f"<p:txBody><a:bodyPr {place.body}><a:normAutofit/></a:bodyPr><a:lstStyle>{place.style}</a:lstStyle>"
        f'<a:p>{text}<a:endParaRPr lang="de-DE"/></a:p></p:txBody></p:sp>'
    )


_FLOW = 'algn="l" defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1"'


def _face(kind: str) -> str:
    """The typefaces of the theme for headings (mj) or text (mn)."""
    return f'<a:latin typeface="+{kind}-lt"/><a:ea typeface="+{kind}-ea"/><a:cs typeface="+{kind}-cs"/>'


def _level(number: int) -> str:
    size = (20, 18, 16)[min(number, 3) - 1]
    left = 228_600 * number
    return (
        f'<a:lvl{number}pPr marL="{left}" indent="-228600" {_FLOW}>'
        '<a:lnSpc><a:spcPct val="100000"/></a:lnSpc><a:spcBef><a:spcPts val="600"/></a:spcBef>'
        '<a:buClr><a:schemeClr val="accent1"/></a:buClr><a:buFont typeface="Arial"/><a:buChar char="•"/>'
        f'<a:defRPr sz="{size * 100}" kern="1200"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
        f"{_face('mn')}</a:defRPr>"
        f"</a:lvl{number}pPr>"
    )


_TEXT_STYLES = (
    f"<p:txStyles {nsdecls('p', 'a')}>"
    f"<p:titleStyle><a:lvl1pPr {_FLOW}>"
    '<a:lnSpc><a:spcPct val="95000"/></a:lnSpc><a:spcBef><a:spcPct val="0"/></a:spcBef><a:buNone/>'
    '<a:defRPr sz="2800" b="1" kern="1200"><a:solidFill><a:schemeClr val="tx2"/></a:solidFill>'
    f"{_face('mj')}</a:defRPr></a:lvl1pPr></p:titleStyle>"
    f"<p:bodyStyle>{''.join(map(_level, range(1, 10)))}</p:bodyStyle>"
    f'<p:otherStyle><a:lvl1pPr marL="0" {_FLOW}>'
    '<a:defRPr sz="1800" kern="1200"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
    f"{_face('mn')}</a:defRPr></a:lvl1pPr></p:otherStyle>"
    "</p:txStyles>"
)
