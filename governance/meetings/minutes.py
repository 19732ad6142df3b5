"""The minutes of a session as a Word file: who was there, what was decided on each text, who did not take part."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt

from governance import clock
from governance.meetings import queries
from governance.meetings.queries import Line
from governance.models import Attendance, Meeting
from governance.word import clean, empty_document

Part = Attendance.Part
_WIDTHS = (Cm(1.1), Cm(7.2), Cm(4.0), Cm(3.7))


def file_name(meeting: Meeting) -> str:
    return f"{_('Protokoll')} {meeting.held_on:%Y-%m-%d}.docx"


def minutes(meeting: Meeting, committee: str) -> bytes:
    """The whole session as it is now; minutes that are not closed say so."""
    lines = queries.lines(meeting)
    document = empty_document()
    document.styles["Normal"].paragraph_format.keep_with_next = False
    for level in ("Heading 2", "Heading 3"):
        document.styles[level].paragraph_format.space_before = Pt(12)
    _describe(document, meeting, committee)
    document.add_heading(clean(_("Protokoll: %s") % meeting.title), level=1)
    names = ", ".join(queries.names_of(meeting.present).values())
    for text in (
        f"{committee}, {date_format(meeting.held_on, 'l, j. F Y')}",
        _standing_of(meeting),
        _("Anwesend: %s") % (names or _("noch nicht eingetragen")),
    ):
        document.add_paragraph(clean(text))
    document.add_heading(_("Ergebnisse"), level=2)
    _table(document, lines)
    _details(document, lines, list(queries.names_of(meeting.present).values()))
    if meeting.notes:
        document.add_heading(_("Sonstiges"), level=2)
        _paragraphs(document, meeting.notes)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _describe(document: Any, meeting: Meeting, committee: str) -> None:
    properties = document.core_properties
    properties.title = clean(_("Protokoll: %s") % meeting.title)[:200]
    properties.author = properties.last_modified_by = clean(committee)[:200]
    properties.language, properties.comments = "de-DE", ""
    properties.created = properties.modified = clock.local(clock.now()).replace(tzinfo=None)


def _standing_of(meeting: Meeting) -> str:
    if meeting.closed_at is not None:
        return _("Protokoll abgeschlossen am %s") % date_format(clock.local(meeting.closed_at), "j. F Y")
    return _("Entwurf des Protokolls, Stand %s Uhr") % date_format(clock.local(clock.now()), "j. F Y, H:i")


def _table(document: Any, lines: Sequence[Line]) -> None:
    if not lines:
        document.add_paragraph(_("Kein Text stand auf der Liste."))
        return
    heads = (_("Nr."), _("Text"), _("Team"), _("Ergebnis"))
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    # A long list goes on under the same heads on the next page.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for line in lines:
        texts = (str(line.number), _named(line), line.review.record.owner.name, _outcome(line))
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = clean(text)
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        # Some programs read the width of the column, others that of each cell.
        column.width = width
        for cell in column.cells:
            cell.width = width


def _named(line: Line) -> str:
    return f"{line.review.record.short_number} {line.review.version.title}, {line.review.version}"


def _outcome(line: Line) -> str:
    """A text that waits on when the session is over was put off."""
    return _("vertagt") if line.state in ("waiting", "put_off") else line.outcome


def _details(document: Any, lines: Sequence[Line], present: list[str]) -> None:
    """What was said about each text, and who took part."""
    for line in lines:
        document.add_heading(clean(f"{line.number}. {_named(line)}"), level=3)
        for text in _facts(line, present):
            document.add_paragraph(clean(text))
        if line.item is not None:
            _paragraphs(document, line.item.note)


def _facts(line: Line, present: list[str]) -> list[str]:
    review, facts = line.review, []
    if line.state in ("approved", "returned"):
        facts.append(
            _("Ergebnis: %(what)s, festgehalten von %(who)s") % {"what": line.outcome, "who": review.decided_by}
        )
        facts += [_("Begründung: %s") % review.reason] if review.reason else []
    else:
        facts.append(_("Ergebnis: %s") % _outcome(line))
    told = (
        # Only what differs from the line at the head is worth all the names again.
        (
            _("Mitgewirkt: %s"),
            [_("alle Anwesenden")] if line.took_part and line.took_part == present else line.took_part,
        ),
        (_("Enthalten: %s"), line.names.get(Part.ABSTAINED)),
        (_("Befangen, nicht beteiligt: %s"), line.names.get(Part.BIASED)),
        (_("Bei diesem Text nicht anwesend: %s"), line.names.get(Part.AWAY)),
    )
    return facts + [text % ", ".join(names) for text, names in told if names]


def _paragraphs(document: Any, text: str) -> None:
    for line in filter(None, text.splitlines()):
        document.add_paragraph(clean(line))
