"""The brief (Kurzinformation): half a page for decision makers as .docx, to be pasted into a Vorlage or Vermerk."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx.enum.text import WD_BREAK
from docx.shared import Pt, RGBColor

from governance import clock
from governance.text import blocks
from governance.text.blocks import ELLIPSIS, Block, Kind
from governance.word import SIZE, TITLE, empty_document
from learnings.models import Audience
from learnings.presentation.measuring import Room
from learnings.story import Source, Story, tell
from learnings.story.data import Chapter
from learnings.story.figures import Plot

_MUTED, _RED = RGBColor(0x4A, 0x54, 0x68), RGBColor(0xA3, 0x12, 0x2A)
_SMALL = 9.0
_WIDTH = 453.0  # between margins of 2,5 cm
_ON_A_PAGE = 2
# Lines of each part; with title, headings and the line of approval they are half a page (a test measures it).
_LINES = {"facts": 4, "benefit": 4, "effort": 2, "advice": 4}


def make(sources: Sequence[Source]) -> bytes:
    """The briefs of one or several texts in one file, two on a page."""
    document = empty_document()
    for at, source in enumerate(sources):
        if at and at % _ON_A_PAGE == 0:
            document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        _write(document, tell(source, Audience.DECISION_MAKERS), is_second=at % _ON_A_PAGE == 1)
    _describe(document, sources)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write(document: Any, story: Story, *, is_second: bool) -> None:
    """One brief; it stays together on its page."""
    first = document.add_heading(Room(_WIDTH, 0).fit_line(story.title or _("Ohne Titel"), TITLE, 2, bold=True), 1)
    if is_second:
        first.paragraph_format.space_before = Pt(24)
    source = story.source
    line = [_("Kurzinformation %(number)s") % {"number": source.short_number}, source.approval_words(), source.team]
    _small(document, " · ".join(line), _RED if story.is_draft else _MUTED)
    for title, text, lines in _parts(story):
        document.add_heading(title, 2)
        document.add_paragraph(_fitted(text, lines))
    last = _small(document, _("Ausführlich: %(address)s") % {"address": source.address}, _MUTED)
    last.paragraph_format.keep_with_next = False


def _parts(story: Story) -> Iterable[tuple[str, str, int]]:
    chapters = {chapter.key: chapter for chapter in story.chapters}
    benefit = chapters.get("everyday_benefit")
    nothing = _("Dazu steht im Eintrag nichts.")
    facts = [story.lead or story.answer, *_outcome(story.chapters)]
    # The effort stands beside the benefit, or alone where no benefit is named.
    effort = _joined(benefit.beside) if benefit else ""
    if "effort" in chapters:
        effort = _joined(chapters["effort"].blocks)
    advice = chapters.get("advice")
    return (
        (_("Sachverhalt"), " ".join(filter(None, facts)), _LINES["facts"]),
        (_("Nutzen"), (_joined(benefit.blocks) if benefit else "") or nothing, _LINES["benefit"]),
        (_("Aufwand"), effort or nothing, _LINES["effort"]),
        (_("Empfehlung"), (_joined(advice.blocks) if advice else "") or nothing, _LINES["advice"]),
    )


def _outcome(chapters: Sequence[Chapter]) -> list[str]:
    outcome = next((one for one in chapters if one.key in ("results", "what_was_done", "occasion")), None)
    if outcome is None:
        return []
    numbers = [*map(_in_words, outcome.plots[:1]), *(f"{one.label}: {one.value}." for one in outcome.evidence[:1])]
    return [*numbers, _joined(outcome.blocks)]


def _in_words(plot: Plot) -> str:
    return f"{plot.title}: {'; '.join(f'{bar.label}: {bar.value}' for bar in plot.bars)}."


def _joined(told: Sequence[Block]) -> str:
    """Blocks as running text; points are told apart by semicolons where they are no sentences."""
    parts = [block.text for block in told if block.kind != Kind.HEADING]
    return " ".join(f"{part};" if part[-1] not in ".!?:;…" and part is not parts[-1] else part for part in parts)


def _fitted(text: str, lines: int) -> str:
    """`text` on so many lines at most, if possible cut behind a sentence."""
    room = Room(_WIDTH, 0)
    for longest in range(100 * lines, 0, -40):
        shown = blocks.cut(text, longest)
        if len(room.wrap(shown, SIZE)) <= lines:
            # A brief never says all: whole sentences need no mark that there is more.
            return shown.removesuffix(ELLIPSIS) if shown.endswith(f".{ELLIPSIS}") else shown
    return room.fit_line(text, SIZE, lines)


# -- the document ----------------------------------------------------------------------------------


def _small(document: Any, text: str, colour: RGBColor) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(blocks.clean(text))
    run.font.size, run.font.color.rgb = Pt(_SMALL), colour
    return paragraph


def _describe(document: Any, sources: Sequence[Source]) -> None:
    properties = document.core_properties
    numbers = ", ".join(source.short_number for source in sources)
    properties.title = (_("Kurzinformation %(number)s") % {"number": numbers})[:200]
    properties.author = properties.last_modified_by = (sources[0].team if sources else "")[:200]
    properties.language, properties.comments = "de-DE", ""
    properties.created = properties.modified = timezone.localtime(clock.now()).replace(tzinfo=None)
