"""A learning as slides, for one audience, as .pptx with real placeholders.

A draft has six slides always: where the text has nothing yet, the slide says what is still open. A published
text has at most six, for its empty fields are never shown to readers.

Long text is cut at a sentence so that it never leaves the slide; the whole of it stands in the notes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from governance.text.markdown import to_plain, to_sentences
from learnings.schemas import Figure

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN = Inches(0.8)
BLUE, GREY, RED = RGBColor(0x1F, 0x3F, 0xA8), RGBColor(0x55, 0x5B, 0x6E), RGBColor(0xA3, 0x1D, 0x1D)
# What fits on a slide at 20 points, measured with the default font's average width; more bullets nobody reads.
MAX_CHARACTERS, MAX_LINES, LINE = 620, 9, 78
MAX_BULLETS, BULLETS_BESIDE_FIGURES = 7, 4
MAX_FIGURES = 5
# Of the table of figures: width and the characters at 14 points that stay on one line.
COLUMNS = ((Inches(5.0), 48), (Inches(2.6), 24), (Inches(4.133), 40))
TITLE, TITLE_ONLY, CONTENT = 0, 5, 1
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass
class Slide:
    """One slide before it is drawn: a title, lines, perhaps figures; the notes hold the full text."""

    title: str
    lines: list[str] = field(default_factory=list)
    figures: Sequence[Figure] = ()
    notes: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.figures)


def make(
    values: Mapping[str, Any],
    *,
    audience: str,
    draft: bool,
    short_number: str,
    address: str,
    contact: str,
    team: str,
    published: dt.datetime | None,
) -> bytes:
    """The slides of a text (fields of learnings.models.Learning) as a file.

    The audience's message leads where there is one. `published` is the moment of approval; a draft is
    marked as one on every slide.
    """
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title = _clean(values["title"])[:200]
    deck.core_properties.author = _clean(team)
    deck.core_properties.language = "de-DE"
    mark = _("ENTWURF – nicht freigegeben") if draft else ""
    footer = f"{short_number} · {team}"
    _draw_title(deck, values, audience, mark, footer)
    for slide in _slides(values, draft):
        _draw(deck, slide, mark, footer)
    if published:
        stand = _("Freigegeben am %(day)s vom Data Steering Committee") % {
            "day": date_format(timezone.localtime(published), "j. F Y")
        }
    else:
        stand = mark
    last = Slide(_("Fragen und Kontakt"), [team, contact, f"{short_number}: {address}", stand])
    _draw(deck, last, mark, footer)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _slides(values: Mapping[str, Any], draft: bool) -> list[Slide]:
    """The four slides between the first and the last. Empty ones are left out, in a draft they ask."""
    figures = [Figure.read(row) for row in values["figures"]]
    candidates = [
        _slide(_("Ausgangslage und Vorgehen"), values, "occasion", "what_was_done"),
        _slide(_("Was dabei herauskam"), values, "results"),
        _slide(_("Nutzen im Arbeitsalltag"), values, "everyday_benefit"),
        _slide(
            _("Empfehlung und nächster Schritt"),
            values,
            "recommendation",
            "next_step",
            *(["difficulties"] if values["share_difficulties"] else []),
        ),
    ]
    candidates[1].figures = figures[:MAX_FIGURES]
    if draft:
        for slide, question in zip(candidates, _open_questions(), strict=True):
            if slide.is_empty:
                slide.lines = [_("Noch offen: %(question)s") % {"question": question}]
    return [slide for slide in candidates if not slide.is_empty]


def _open_questions() -> tuple[str, str, str, str]:
    return (
        _("Warum haben Sie angefangen, und was wurde Schritt für Schritt gemacht?"),
        _("Was ist dabei herausgekommen? Eine Zahl mit Quelle überzeugt."),
        _("Was ist morgen früh für eine Kollegin oder einen Kollegen anders?"),
        _("Was sollte jemand tun, der vor derselben Aufgabe steht?"),
    )


def _slide(title: str, values: Mapping[str, Any], *names: str) -> Slide:
    written = [values[name] for name in names if values[name]]
    texts = [text for whole in written if (text := _clean(to_sentences(whole)))]
    share, parts = MAX_CHARACTERS, max(len(texts), 1)
    lines = [
        line for text in texts for line in _shorten(text, share // parts, MAX_LINES // parts, MAX_BULLETS // parts)
    ]
    if written and not lines:
        lines = [_("Tabellen und Bilder dazu stehen auf der Seite des Learnings.")]
    return Slide(title, lines, notes="\n\n".join(_clean(to_plain(whole)) for whole in written))


def _shorten(text: str, characters: int, rows: int, bullets: int) -> list[str]:
    """The first lines of `text` that fit, `bullets` at most; a line that is cut ends with an ellipsis."""
    kept: list[str] = []
    for line in text.splitlines()[:bullets]:
        room = min(characters, rows * LINE)
        if len(line) > room:
            cut = _cut(line, room)
            return [*kept, cut] if cut else kept
        kept.append(line)
        characters -= len(line)
        rows -= -(-len(line) // LINE)
        if characters <= 0 or rows <= 0:
            break
    return kept


def _cut(line: str, room: int) -> str:
    """`line` up to the last whole sentence within `room`, else up to the last whole word."""
    if room < 40:
        return ""
    piece = line[: room - 2]
    sentence = max(piece.rfind(". "), piece.rfind("! "), piece.rfind("? "))
    if sentence > room // 2:
        return piece[: sentence + 1] + " …"
    return piece[: max(piece.rfind(" "), room // 2)] + " …"


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)


# -- drawing ---------------------------------------------------------------------------------------


def _draw_title(deck: Any, values: Mapping[str, Any], audience: str, mark: str, footer: str) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE])
    message = next((r["text"] for r in values["messages"] if r["audience"] == audience), "")
    lead = _clean(to_plain(message or values["answer"]))
    _place(slide.shapes.title, MARGIN, Inches(1.2), WIDTH - 2 * MARGIN, Inches(2))
    _write(slide.shapes.title, [_cut_to(values["title"], 140)], Pt(38), BLUE, bold=True)
    subtitle = slide.placeholders[1]
    _place(subtitle, MARGIN, Inches(3.4), WIDTH - 2 * MARGIN, Inches(2.8))
    question = _clean(values["guiding_question"])
    lines = [line for line in (_cut_to(question, 180), *_shorten(lead, 480, 6, 4)) if line]
    _write(subtitle, lines, Pt(22), GREY)
    slide.notes_slide.notes_text_frame.text = _clean(
        "\n\n".join(part for part in (question, to_plain(values["answer"]), lead) if part)
    )
    _stamp(slide, mark, footer)


def _cut_to(text: str, room: int) -> str:
    text = _clean(text)
    return text if len(text) <= room else _cut(text, room)


def _draw(deck: Any, slide: Slide, mark: str, footer: str) -> None:
    layout = CONTENT if slide.lines else TITLE_ONLY
    page = deck.slides.add_slide(deck.slide_layouts[layout])
    _place(page.shapes.title, MARGIN, Inches(0.5), WIDTH - 2 * MARGIN, Inches(1.1))
    _write(page.shapes.title, [slide.title], Pt(32), BLUE, bold=True)
    top: int = Inches(1.8)
    body = WIDTH - 2 * MARGIN
    if slide.lines:
        lines = slide.lines
        height = Inches(4.6)
        if slide.figures:
            lines, height = _shorten("\n".join(lines), MAX_CHARACTERS // 2, 4, BULLETS_BESIDE_FIGURES), Inches(2.1)
        _place(page.placeholders[1], MARGIN, top, body, height)
        _write(page.placeholders[1], lines, Pt(20), None)
        top += height + Inches(0.1)
    if slide.figures:
        _draw_figures(page, slide.figures, top)
    if slide.notes:
        page.notes_slide.notes_text_frame.text = slide.notes
    _stamp(page, mark, footer)


def _draw_figures(page: Any, figures: Sequence[Figure], top: int) -> None:
    frame = page.shapes.add_table(
        len(figures) + 1, 3, MARGIN, top, WIDTH - 2 * MARGIN, Inches(0.42) * (len(figures) + 1)
    )
    rows = [(_("Beleg"), _("Wert"), _("Zeitraum und Quelle"))]
    for figure in figures:
        origin = ", ".join(part for part in (figure.period, figure.source) if part)
        rows.append((figure.label, figure.shown, origin))
    for column, (width, room) in enumerate(COLUMNS):
        frame.table.columns[column].width = width
        for at, row in enumerate(rows):
            cell = frame.table.cell(at, column)
            cell.text = Truncator(_clean(row[column])).chars(room)
            cell.text_frame.paragraphs[0].font.size = Pt(14)


def _place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _write(shape: Any, lines: Sequence[str], size: Any, colour: RGBColor | None, *, bold: bool = False) -> None:
    frame = shape.text_frame
    frame.word_wrap = True
    frame.text = _clean("\n".join(lines))
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.font.size = size
        paragraph.font.bold = bold
        if colour is not None:
            paragraph.font.color.rgb = colour


def _stamp(page: Any, mark: str, footer: str) -> None:
    """The line at the foot of every slide, and the draft's mark at its top."""
    foot = page.shapes.add_textbox(MARGIN, HEIGHT - Inches(0.6), WIDTH - 2 * MARGIN, Inches(0.4))
    _write(foot, [footer], Pt(12), GREY)
    if mark:
        head = page.shapes.add_textbox(MARGIN, Inches(0.1), WIDTH - 2 * MARGIN, Inches(0.4))
        _write(head, [mark], Pt(14), RED, bold=True)
