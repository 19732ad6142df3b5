"""One slide: placeholders filled with text, pictures, charts and tables; what stands on every slide."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.shapes.placeholder import PicturePlaceholder, TablePlaceholder
from pptx.util import Emu, Inches, Pt

from governance.text.blocks import Block, Kind
from learnings.presentation import chart
from learnings.presentation.measuring import Room, hanging, indent_of, space_of
from learnings.presentation.template import Layout, Slot, Template
from learnings.story.figures import Plot

TITLE_SIZES = (36.0, 32.0, 28.0, 26.0, 24.0, 22.0, 20.0)
_RED = RGBColor(0xA3, 0x12, 0x2A)
_WHITE = RGBColor(0xFF, 0xFF, 0xFF)
_BAR = Inches(0.34)
_HINT = 14.0
_CELL, _CELL_SIDE, _CELL_TOP = 14.0, 7.2, 3.6
_CELL_LINES = 3
_STYLE = f"{qn('p:txBody')}/{qn('a:lstStyle')}"


class Page:
    """A slide on a layout of the template. What is not filled goes when the slide is closed."""

    def __init__(self, deck: Any, template: Template, layout: Layout) -> None:
        self.template, self.layout = template, layout
        self.slide = deck.slides.add_slide(deck.slide_layouts[layout.at])
        self.filled: set[int] = set()

    def room(self, slot: Slot) -> Room:
        return Room(*slot.room, self.template.spread)

    def placeholder(self, slot: Slot) -> Any:
        self.filled.add(slot.idx)
        return next(one for one in self.slide.placeholders if one.placeholder_format.idx == slot.idx)

    # -- text ----------------------------------------------------------------------------------------

    def title(self, text: str) -> None:
        slot = self.layout.title
        sizes = [size for size in (slot.size, *TITLE_SIZES) if size <= slot.size] or [slot.size]
        room = self.room(slot)
        height = slot.room[1]
        size = next((one for one in sizes if len(room.wrap(text, one, bold=True)) * one * 1.2 <= height), sizes[-1])
        lines = max(1, int(height / size / 1.2))
        frame = self.placeholder(slot).text_frame
        frame.text = room.fit_line(text, size, lines, bold=True)
        frame.paragraphs[0].runs[0].font.size = Pt(size)

    def text(self, slot: Slot, blocks: Sequence[Block], size: float, *, hint: str = "") -> None:
        """Blocks as paragraphs; `hint` is a small last line."""
        frame = self.placeholder(slot).text_frame
        for at, block in enumerate(blocks):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            self._paragraph(paragraph, block, size)
            if at == 0:
                paragraph.space_before = Pt(0)
        if hint:
            paragraph = frame.add_paragraph() if blocks else frame.paragraphs[0]
            self._paragraph(paragraph, Block(hint), _HINT)
            paragraph.runs[0].font.italic = True

    def stand_out(self, slot: Slot) -> None:
        """What the slot says is the point of it all: in the strong colour, in the middle of the slide."""
        frame = self.placeholder(slot).text_frame
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run.font.color.theme_color = MSO_THEME_COLOR.ACCENT_1

    def _paragraph(self, paragraph: Any, block: Block, size: float) -> None:
        run = paragraph.add_run()
        run.text = block.text
        run.font.size = Pt(size)
        if block.kind == Kind.HEADING:
            run.font.bold = True
        paragraph.space_before, paragraph.space_after, paragraph.line_spacing = Pt(space_of(block)), Pt(0), 1.0
        properties = paragraph._p.get_or_add_pPr()
        properties.set("marL", str(Pt(indent_of(block, size))))
        properties.set("indent", str(-Pt(hanging(block) * size)))
        for tag, attributes in _bullet(block):
            properties.append(etree.SubElement(properties, qn(tag), attributes))

    # -- pictures, charts, tables --------------------------------------------------------------------

    def picture(self, slot: Slot, png: bytes, description: str, *, top: int = 0) -> None:
        """A picture as large as the slot below `top` allows, uncut and in the middle of it."""
        holder = self.placeholder(slot)
        shape = PicturePlaceholder(holder._element, holder._parent).insert_picture(io.BytesIO(png))
        shape.crop_left = shape.crop_right = shape.crop_top = shape.crop_bottom = 0
        wide, high = shape.image.size
        room = slot.height - top
        scale = min(slot.width / wide, room / high)
        shape.width, shape.height = Emu(int(wide * scale)), Emu(int(high * scale))
        shape.left = Emu(slot.left + (slot.width - shape.width) // 2)
        shape.top = Emu(slot.top + top + (room - shape.height) // 2)
        shape._element.nvPicPr.cNvPr.set("descr", description)

    def plot(self, slot: Slot, plot: Plot, source: str) -> None:
        """A chart, and under it where the figures come from."""
        note = Inches(0.5) if source else 0
        frame = chart.insert(self.placeholder(slot), plot, self.room(slot))
        frame.left, frame.top, frame.width, frame.height = slot.left, slot.top, slot.width, slot.height - note
        if source:
            box = self.slide.shapes.add_textbox(slot.left, slot.top + slot.height - note, slot.width, note)
            box.name = "Quelle"
            text = box.text_frame
            text.word_wrap = True
            text.text = self.room(slot).fit_line(source, 12, 2)
            text.paragraphs[0].runs[0].font.size = Pt(12)

    def table(self, slot: Slot, rows: Sequence[Sequence[str]], shares: Sequence[float]) -> None:
        """A table whose first row is its head."""
        holder = self.placeholder(slot)
        frame = TablePlaceholder(holder._element, holder._parent).insert_table(len(rows), len(shares))
        frame.left, frame.top, frame.width = slot.left, slot.top, slot.width
        heights = [row_height(slot, row, shares, self.template.spread) for row in rows]
        frame.height = Emu(sum(heights))
        for at, share in enumerate(shares):
            frame.table.columns[at].width = Emu(int(slot.width * share))
        for at, row in enumerate(rows):
            frame.table.rows[at].height = Emu(heights[at])
            for column, text in enumerate(row):
                room = _cell_room(slot, shares[column], self.template.spread)
                cell = frame.table.cell(at, column)
                cell.text = room.fit_line(text, _CELL, _CELL_LINES, bold=at == 0)
                for paragraph in cell.text_frame.paragraphs:
                    paragraph.font.size = Pt(_CELL)

    # -- what every slide has ------------------------------------------------------------------------

    def close(self, *, footer: str, draft_mark: str, notes: str) -> None:
        """Footer and number, the draft's mark, the notes; empty placeholders go."""
        for shape in list(self.slide.placeholders):
            if shape.placeholder_format.idx not in self.filled:
                shape._element.getparent().remove(shape._element)
        self._foot(footer)
        if draft_mark:
            self._mark(draft_mark)
        if notes:
            self.slide.notes_slide.notes_text_frame.text = notes

    def _foot(self, footer: str) -> None:
        """python-pptx leaves the footers on the layout; PowerPoint copies them, and so do we."""
        for original in self.slide.slide_layout.placeholders:
            kind = original._element.ph.get("type")
            if kind not in ("ftr", "sldNum"):
                continue
            element = copy.deepcopy(original._element)
            element.spPr[:] = []
            _inherit_style(element, original)
            element.nvSpPr.cNvPr.set("id", str(self.slide.shapes._next_shape_id))
            self.slide.shapes._spTree.append(element)
            if kind == "ftr":
                [shape] = [one for one in self.slide.placeholders if one._element is element]
                slot = self.layout.footer
                shape.text_frame.text = self.room(slot).fit_line(footer, slot.size)

    def _mark(self, text: str) -> None:
        """Over the whole width at the top, where no template has anything that matters."""
        bar = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, self.template.width, _BAR)
        bar.name = "Entwurf"
        bar.fill.solid()
        bar.fill.fore_color.rgb = _RED
        bar.line.fill.background()
        bar.shadow.inherit = False
        frame = bar.text_frame
        frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        frame.text = text
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER
        font = paragraph.runs[0].font
        font.size, font.bold, font.color.rgb = Pt(14), True, _WHITE


def _inherit_style(element: Any, original: Any) -> None:
    """What the layout leaves to the master, said on the slide: LibreOffice does not look there for footers."""
    style, base = element.find(_STYLE), original._base_placeholder
    if style is not None and len(style) == 0 and base is not None:
        found = base._element.find(_STYLE)
        style[:] = [] if found is None else copy.deepcopy(list(found))


def emphasise(paragraph: Any) -> None:
    """In the strong colour of the template."""
    for run in paragraph.runs:
        run.font.bold = True
        run.font.color.theme_color = MSO_THEME_COLOR.ACCENT_1


def _bullet(block: Block) -> list[tuple[str, dict[str, str]]]:
    if block.kind != Kind.POINT:
        return [("a:buNone", {})]
    font = ("a:buFont", {"typeface": "Arial"})
    if block.number:
        return [font, ("a:buAutoNum", {"type": "arabicPeriod", "startAt": str(min(block.number, 32_767))})]
    return [font, ("a:buChar", {"char": "•"})]


def _cell_room(slot: Slot, share: float, spread: float) -> Room:
    return Room(Emu(slot.width).pt * share - 2 * _CELL_SIDE, Emu(slot.height).pt, spread)


def row_height(slot: Slot, row: Sequence[str], shares: Sequence[float], spread: float) -> int:
    """How high a row of a table is (EMU)."""
    lines = [
        min(_CELL_LINES, len(_cell_room(slot, share, spread).wrap(text, _CELL, bold=True)))
        for text, share in zip(row, shares, strict=True)
    ]
    return int(Pt(max(lines) * _CELL * 1.2 + 2 * _CELL_TOP))
