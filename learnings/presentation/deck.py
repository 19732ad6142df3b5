"""Stories as slides."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import resvg_py
import segno
from django.utils import timezone
from django.utils.translation import gettext as _
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from governance import clock
from governance.text import blocks
from governance.text.blocks import Block, Kind
from governance.typesetting import FONTS
from learnings.models import Audience
from learnings.presentation.measuring import Room
from learnings.presentation.page import Page, emphasise, row_height
from learnings.presentation.template import Layout, Slot, Template
from learnings.story.data import Chapter, Source, Story
from learnings.story.figures import Evidence, Plot

_BODY_SIZES = (28.0, 26.0, 24.0, 22.0, 20.0, 18.0)
_ANSWER_SIZES = (36.0, 32.0, *_BODY_SIZES)
_LEAD_SIZES = (24.0, 22.0, 20.0, 18.0, 16.0, 14.0)
_NUMBER_SIZES = (54.0, 44.0, 36.0, 28.0, 22.0)
# A question of more characters is too long for a title.
_LONGEST_QUESTION = 130
_MOST_NUMBERS = 3
# Pixels of a diagram at most.
_PICTURE = (2_400, 1_200)
_VIEW_BOX = re.compile(r'viewBox="([-\d.]+ [-\d.]+ [\d.]+ [\d.]+)"')
_QR = Inches(2.6)
_SHARES = (0.4, 0.17, 0.18, 0.25)


def draw(stories: Sequence[Story], template: Template, title: str = "") -> bytes:
    """One file; with a `title` it begins with a slide that says what is in it."""
    deck = template.open()
    if title:
        _contents(deck, template, title, stories)
    for story in stories:
        _Teller(deck, template, story).tell()
    _describe(deck, stories, title)
    for slide in deck.slides:
        _speak_german(slide._element)
        if slide.has_notes_slide:
            _speak_german(slide.notes_slide._element)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _contents(deck: Any, template: Template, title: str, stories: Sequence[Story]) -> None:
    page = Page(deck, template, template.content)
    page.title(title)
    points = [Block(f"{story.title} ({story.source.short_number})", Kind.POINT) for story in stories]
    [slot] = template.content.slots
    shown, _rest = page.room(slot).share(points, _BODY_SIZES[-1])
    page.text(slot, shown, page.room(slot).largest(shown, _BODY_SIZES))
    page.close(footer="", draft_mark="", notes="\n".join(point.text for point in points))


def _describe(deck: Any, stories: Sequence[Story], title: str) -> None:
    """The properties of the file; nothing of whoever made the template stays in them."""
    properties, first = deck.core_properties, stories[0]
    properties.title = (title or first.title)[:200]
    properties.author = properties.last_modified_by = first.source.team[:200]
    properties.subject = f"{first.source.short_number}, {first.source.approval_words()}"[:200]
    properties.language = "de-DE"
    properties.created = properties.modified = timezone.localtime(clock.now()).replace(tzinfo=None)
    properties.comments = properties.keywords = properties.category = ""
    properties.revision = 1


def _speak_german(root: Any) -> None:
    """The language of every run, for spelling and for screen readers."""
    for run in root.iter(qn("a:r"), qn("a:fld")):
        run.get_or_add_rPr().set("lang", "de-DE") if run.tag == qn("a:r") else None
    for end in root.iter(qn("a:endParaRPr")):
        end.set("lang", "de-DE")


class _Teller:
    """Puts one story onto slides of the deck."""

    def __init__(self, deck: Any, template: Template, story: Story) -> None:
        self.deck, self.template, self.story = deck, template, story
        self.source: Source = story.source
        self.footer = f"{self.source.short_number} · {self.source.approval_words()}"
        self.mark = _("ENTWURF – nicht freigegeben") if story.is_draft else ""

    def tell(self) -> None:
        self._opening()
        self._answer()
        chapters = list(self.story.chapters)
        # Decision makers hear what is recommended and whom to ask on one slide.
        last = chapters.pop() if chapters and chapters[-1].key == "advice" else None
        for chapter in chapters:
            self._chapter(chapter)
        self._closing(last)

    def _page(self, layout: Layout, title: str) -> Page:
        page = Page(self.deck, self.template, layout)
        page.title(title)
        return page

    def _close(self, page: Page, notes: str = "") -> None:
        page.close(footer=self.footer, draft_mark=self.mark, notes=notes)

    # -- first and last ------------------------------------------------------------------------------

    def _opening(self) -> None:
        story = self.story
        page = self._page(self.template.opening, story.title or _("Ohne Titel"))
        [slot] = self.template.opening.slots
        lead = story.lead or story.question or story.answer
        team = Block(self.source.team)
        room = page.room(slot)
        sizes = [size for size in _LEAD_SIZES if size <= max(slot.size, _LEAD_SIZES[-1])]
        size = room.largest([Block(lead), team], sizes)
        for longest in (900, 600, 450, 300, 200, 120, 60):
            shown = [Block(blocks.cut(lead, longest)), team]
            if room.holds(shown, size):
                break
        page.text(slot, [block for block in shown if block.text], size)
        labels = dict(Audience.choices)
        audience = _("Für: %(audience)s") % {"audience": labels[story.audience]}
        self._close(page, "\n\n".join(part for part in (audience, lead, story.question, story.answer) if part))

    def _answer(self) -> None:
        """The question is the title where it is short enough; the answer stands large below it."""
        story = self.story
        if not (story.answer or story.question):
            return
        is_title = 0 < len(story.question) <= _LONGEST_QUESTION
        told = [] if is_title or not story.question else [Block(story.question, Kind.HEADING)]
        open_point = Block(_("Noch offen: Wie lautet die Antwort in ein bis zwei Sätzen?"))
        told.append(Block(story.answer) if story.answer else open_point)
        title = story.question if is_title else _("Die Erkenntnis")
        page = self._page(self.template.content, title)
        [slot] = self.template.content.slots
        size = page.room(slot).largest(told, _ANSWER_SIZES)
        page.text(slot, page.room(slot).share(told, size)[0], size)
        page.stand_out(slot)
        self._close(page, "\n\n".join(part for part in (story.question, story.answer) if part))

    def _closing(self, chapter: Chapter | None) -> None:
        """Whom to ask, and the way to the record; for decision makers beside what is recommended."""
        layout = self.template.two
        left, right = layout.slots
        contact = self._contact_blocks()
        page = self._page(layout, chapter.title if chapter else _("Fragen und Kontakt"))
        if chapter:
            told = blocks.in_points(chapter.blocks)
            self._text_of(page, left, told, chapter, is_last=True)
            lines, size = page.room(right), 16.0
            page.text(right, lines.share(contact, size)[0], size)
            self._code(page, right, below=lines.total(contact, size))
        else:
            room = page.room(left)
            size = room.largest(contact, (20.0, 18.0, 16.0, 14.0))
            page.text(left, room.share(contact, size)[0], size)
            page.picture(right, _qr_code(self.source.address), self._code_words())
        emphasise(self._first(page, right if chapter else left))
        self._close(page, chapter.notes if chapter else "")

    def _first(self, page: Page, slot: Slot) -> Any:
        return page.placeholder(slot).text_frame.paragraphs[0]

    def _contact_blocks(self) -> list[Block]:
        source = self.source
        lines = (source.team, source.contact, source.email, f"{source.short_number}: {source.address}")
        return [Block(line) for line in (*lines, source.approval_words()) if line]

    def _code_words(self) -> str:
        return _("QR-Code zur Seite %(number)s im Wissensportal") % {"number": self.source.short_number}

    def _code(self, page: Page, slot: Slot, below: float) -> None:
        """The QR code under the text of its slot."""
        top = min(int(Pt(below)) + Inches(0.25), slot.height - Inches(1.4))
        side = min(_QR, slot.height - top)
        png = io.BytesIO(_qr_code(self.source.address))
        inset = slot.insets[0]
        shape = page.slide.shapes.add_picture(png, slot.left + inset, slot.top + top, side, side)
        shape.name = "QR-Code"
        shape._element.nvPicPr.cNvPr.set("descr", self._code_words())

    # -- chapters ------------------------------------------------------------------------------------

    def _chapter(self, chapter: Chapter) -> None:
        if chapter.picture:
            self._picture(chapter)
        elif chapter.key == "figures":
            self._table(chapter)
        elif chapter.beside:
            self._beside(chapter)
        elif chapter.plots or chapter.evidence:
            self._results(chapter)
        else:
            self._texts(replace(chapter, blocks=blocks.in_points(chapter.blocks)), _BODY_SIZES)

    def _texts(self, chapter: Chapter, sizes: Sequence[float], *, first: int = 1, of: int = 0) -> None:
        """Text on as many slides as it needs, but no more than the chapter may have."""
        layout = self.template.content
        [slot] = layout.slots
        sample = Room(*slot.room, self.template.spread)
        most = max(1, chapter.most - first + 1)
        fewest = len(sample.pages(chapter.blocks, sizes[-1], most)[0])
        # The largest type that needs no more slides than the smallest.
        for size in sizes:
            pages, is_cut = sample.pages(chapter.blocks, size, fewest)
            if not is_cut:
                break
        total = max(of, len(pages) + first - 1)
        for at, told in enumerate(pages, first):
            page = self._page(layout, _numbered(chapter.title, at, total))
            is_last = at == total
            shown = replace(chapter, is_cut=chapter.is_cut or is_cut)
            self._text_of(page, slot, told, shown, is_last=is_last, size=size)
            self._close(page, chapter.notes if at == 1 else "")

    def _text_of(
        self, page: Page, slot: Slot, told: Sequence[Block], chapter: Chapter, *, is_last: bool, size: float = 0
    ) -> None:
        """Text that must fit into one slot; the last slide of a chapter says where there is more."""
        room = page.room(slot)
        size = size or room.largest(told, _BODY_SIZES)
        hint = _("Mehr dazu im Wissensportal: %(number)s") % {"number": self.source.short_number}
        shown, rest = room.share(told, size)
        if is_last and (rest or chapter.is_cut):
            less = Room(room.width, room.height - room.height_of(Block(hint), 14.0), room.spread)
            shown, rest = less.share(told, size)
            page.text(slot, shown, size, hint=hint)
        else:
            page.text(slot, shown, size)

    def _beside(self, chapter: Chapter) -> None:
        layout = self.template.two
        left, right = layout.slots
        page = self._page(layout, chapter.title)
        first, second = blocks.in_points(chapter.blocks), blocks.in_points(chapter.beside)
        size = min(page.room(slot).largest(told, _BODY_SIZES) for slot, told in ((left, first), (right, second)))
        self._text_of(page, left, first, chapter, is_last=True, size=size)
        self._text_of(page, right, second, replace(chapter, is_cut=False), is_last=True, size=size)
        for slot in layout.slots:
            emphasise(self._first(page, slot))
        self._close(page, chapter.notes)

    def _results(self, chapter: Chapter) -> None:
        """The text beside the first plot, or beside numbers set large; then what is left of the text, further plots."""
        layout = self.template.two
        left, right = layout.slots
        first, others = (chapter.plots[0], chapter.plots[1:]) if chapter.plots else (None, ())
        numbers = () if first else chapter.evidence[:_MOST_NUMBERS]
        more = [_said(one) for one in chapter.evidence[len(numbers) :]]
        if chapter.most == 1:
            more += [_said_of(plot) for plot in others]
            others = ()
        told = [*blocks.in_points(chapter.blocks), *more]
        if not told:
            self._plots(chapter, chapter.plots, numbers)
            return
        room = Room(*left.room, self.template.spread)
        size = room.largest(told, _BODY_SIZES)
        shown, rest = room.share(told, size) if chapter.most > 1 else (told, [])
        wide = Room(*self.template.content.slots[0].room, self.template.spread)
        further = len(wide.pages(rest, _BODY_SIZES[-1], chapter.most - 1)[0]) if rest else 0
        page = self._page(layout, _numbered(chapter.title, 1, 1 + further))
        self._text_of(page, left, shown, chapter, is_last=not further, size=size)
        if first is not None:
            page.plot(right, first, _origin(first))
        else:
            self._numbers(page, right, numbers)
        self._close(page, chapter.notes)
        if rest:
            self._texts(replace(chapter, blocks=rest, notes=""), _BODY_SIZES, first=2, of=1 + further)
        self._plots(chapter, others, [])

    def _plots(self, chapter: Chapter, plots: Sequence[Plot], numbers: Sequence[Evidence]) -> None:
        """Plots without text: two on a slide, the last one alone."""
        title = _("Ergebnis in Zahlen") if chapter.blocks else chapter.title
        if numbers:
            page = self._page(self.template.content, chapter.title)
            self._numbers(page, self.template.content.slots[0], numbers)
            self._close(page, chapter.notes)
        for at in range(0, len(plots), 2):
            pair = plots[at : at + 2]
            layout = self.template.two if len(pair) == 2 else self.template.content
            page = self._page(layout, title)
            for slot, plot in zip(layout.slots, pair, strict=True):
                page.plot(slot, plot, _origin(plot))
            self._close(page, chapter.notes if not chapter.blocks and at == 0 else "")

    def _numbers(self, page: Page, slot: Slot, numbers: Sequence[Evidence]) -> None:
        """Numbers that speak for themselves, each with what it counts."""
        room = page.room(slot)
        frame = page.placeholder(slot).text_frame
        share = Room(room.width, room.height / len(numbers), room.spread)
        for at, one in enumerate(numbers):
            size = next((size for size in _NUMBER_SIZES if len(share.wrap(one.value, size, bold=True)) == 1), 20.0)
            said = one.label if not one.origin() else f"{one.label} ({one.origin()})"
            left = share.height - size * 1.2 - 12
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            page._paragraph(paragraph, Block(share.fit_line(one.value, size, 1, bold=True)), size)
            emphasise(paragraph)
            below = frame.add_paragraph()
            page._paragraph(below, Block(share.fit_line(said, 16.0, max(1, int(left / 16 / 1.2)))), 16.0)
            below.space_before = Pt(0)

    def _picture(self, chapter: Chapter) -> None:
        picture = chapter.picture
        assert picture is not None
        page = self._page(self.template.content, chapter.title)
        [slot] = self.template.content.slots
        page.picture(slot, _png(picture.svg), picture.description)
        self._close(page, picture.description)

    def _table(self, chapter: Chapter) -> None:
        [slot] = self.template.content.slots
        head = (_("Beleg"), _("Wert"), _("Zeitraum"), _("Quelle"))
        rows = [(one.label, one.value, one.period, one.source) for one in chapter.evidence]
        pages = _rows_on_pages(slot, head, rows, self.template.spread)[: chapter.most]
        for at, shown in enumerate(pages, 1):
            page = self._page(self.template.content, _numbered(chapter.title, at, len(pages)))
            page.table(slot, [head, *shown], _SHARES)
            self._close(page, chapter.notes if at == 1 else "")


def _rows_on_pages(
    slot: Slot, head: Sequence[str], rows: Iterable[Sequence[str]], spread: float
) -> list[list[Sequence[str]]]:
    pages: list[list[Sequence[str]]] = [[]]
    room = slot.height - row_height(slot, head, _SHARES, spread)
    left = room
    for row in rows:
        height = row_height(slot, row, _SHARES, spread)
        if height > left and pages[-1]:
            pages.append([])
            left = room
        pages[-1].append(row)
        left -= height
    return pages


def _numbered(title: str, at: int, total: int) -> str:
    return f"{title} ({at}/{total})" if total > 1 else title


def _said(one: Evidence) -> Block:
    return Block(f"{one.label}: {one.value}", Kind.POINT)


def _said_of(plot: Plot) -> Block:
    values = "; ".join(f"{bar.label}: {bar.value}" for bar in plot.bars)
    return Block(f"{plot.title}: {values}", Kind.POINT)


def _origin(plot: Plot) -> str:
    return _("Quelle: %(source)s") % {"source": plot.origin} if plot.origin else ""


@lru_cache(maxsize=100)
def _qr_code(address: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=12, border=2, dark="#1a2233")
    return out.getvalue()


@lru_cache(maxsize=20)
def _png(svg: str) -> bytes:
    """The picture in our own typeface, large enough for a wall; a tall one is no larger than the slide."""
    box = [float(number) for number in found[1].split()] if (found := _VIEW_BOX.search(svg)) else [0, 0, 1, 1]
    scale = min(_PICTURE[0] / max(box[2], 1), _PICTURE[1] / max(box[3], 1))
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=max(1, round(box[2] * scale)),
        background="#ffffff",
        skip_system_fonts=True,
        font_dirs=[str(FONTS)],
    )
    return bytes(drawn)
