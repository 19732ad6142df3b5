"""The agenda as text to paste into an invitation and as a Word file, with what came of it once it is noted."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx.shared import Cm

from governance import clock
from governance.word import clean as _clean
from governance.word import empty_document
from transfer.models import AgendaItem, FollowUp, Occurrence, ReflectionNote

_WIDTHS = (Cm(1.1), Cm(7.0), Cm(2.4), Cm(3.3), Cm(2.2))


def when(occurrence: Occurrence) -> str:
    """Such as: Dienstag, 3. März 2027, 9:00 bis 10:00 Uhr."""
    begins, ends = clock.local(occurrence.starts_at), clock.local(occurrence.ends_at)
    told = {"day": date_format(begins, "l, j. F Y"), "from": date_format(begins, "G:i")}
    told["until"] = date_format(ends, "G:i")
    if occurrence.length is None:
        return _("%(day)s, %(from)s Uhr") % told
    return _("%(day)s, %(from)s bis %(until)s Uhr") % told


def facts(occurrence: Occurrence) -> list[tuple[str, str]]:
    """When and where, for a form that was opened before this changed."""
    return [
        (_("Termin"), when(occurrence)),
        (_("Ort oder Link"), occurrence.place or occurrence.format.place),
    ]


def named(item: AgendaItem) -> str:
    """Short number and title as it was when the item was put on."""
    return _clean(f"{item.record.short_number} {item.title}" if item.record else item.title)


def details(item: AgendaItem) -> str:
    """What is wanted, by whom, how long."""
    minutes = ngettext("%d Minute", "%d Minuten", item.minutes) % item.minutes if item.minutes else ""
    return _clean(", ".join(filter(None, [str(item.get_aim_display()), item.by_whom, minutes])))


def agenda_text(occurrence: Occurrence, items: Sequence[AgendaItem]) -> str:
    """Plain text; nothing about drafts, for it leaves the portal."""
    lines = [occurrence.format.name, when(occurrence)]
    if place := occurrence.place or occurrence.format.place:
        lines.append(place)
    lines += ["", _("Tagesordnung")]
    lines += [f"{number}. {named(item)} ({details(item)})" for number, item in enumerate(items, start=1)]
    if not items:
        lines.append(_("Noch keine Punkte."))
    return _clean("\n".join(lines))


def agenda_document(
    occurrence: Occurrence,
    items: Sequence[AgendaItem],
    follow_ups: Sequence[FollowUp],
    points: Sequence[ReflectionNote] = (),
) -> bytes:
    """The agenda as .docx, made of Word's own styles so that a house's template can take it over.

    `points` are those of a reflection round.
    """
    document = empty_document()
    document.core_properties.title = _clean(f"{occurrence.format.name}, {when(occurrence)}")
    document.core_properties.author = _clean(occurrence.format.team.name)
    document.core_properties.language = "de-DE"
    document.add_heading(_clean(occurrence.format.name), level=1)
    document.add_paragraph(_clean(when(occurrence)))
    if place := occurrence.place or occurrence.format.place:
        document.add_paragraph(_clean(place))
    document.add_heading(_("Tagesordnung"), level=2)
    _table(document, items)
    _outcomes(document, items, follow_ups)
    _points(document, points)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _table(document: Any, items: Sequence[AgendaItem]) -> None:
    if not items:
        document.add_paragraph(_("Noch keine Punkte."))
        return
    heads = (_("Nr."), _("Thema"), _("Ziel"), _("Wer"), _("Minuten"))
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for number, item in enumerate(items, start=1):
        texts = (str(number), named(item), str(item.get_aim_display()), item.by_whom, str(item.minutes or ""))
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = _clean(text)
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        # Some programs read the width of the column, others that of each cell.
        column.width = width
        for cell in column.cells:
            cell.width = width


def _outcomes(document: Any, items: Sequence[AgendaItem], follow_ups: Sequence[FollowUp]) -> None:
    """What came of each item of which something is noted."""
    to_do: dict[int, list[FollowUp]] = {}
    for follow_up in follow_ups:
        to_do.setdefault(follow_up.item_id, []).append(follow_up)
    noted = [(number, item) for number, item in enumerate(items, start=1) if item.has_outcome or item.pk in to_do]
    if not noted:
        return
    document.add_heading(_("Was daraus wurde"), level=2)
    for number, item in noted:
        document.add_heading(f"{number}. {named(item)}", level=3)
        for label, text in ((_("Notizen"), item.notes), (_("Beschlossen"), item.decisions)):
            if text:
                document.add_paragraph().add_run(label).bold = True
                for line in filter(None, text.splitlines()):
                    document.add_paragraph(_clean(line))
        for follow_up in to_do.get(item.pk, ()):
            document.add_paragraph(_clean(in_words(follow_up)), style="List Bullet")


def _points(document: Any, points: Sequence[ReflectionNote]) -> None:
    """What a reflection round keeps, changes and tries."""
    for kind in ReflectionNote.Kind:
        texts = [point.text for point in points if point.kind == kind]
        if texts:
            document.add_heading(str(kind.label), level=2)
            for text in texts:
                document.add_paragraph(_clean(text), style="List Bullet")


def in_words(follow_up: FollowUp) -> str:
    """What is to be done, by whom and until when, and whether it is done."""
    due = _("bis %s") % date_format(follow_up.due_on, "j. F Y") if follow_up.due_on else ""
    done = _("erledigt") if follow_up.done_at else ""
    more = ", ".join(filter(None, [follow_up.role, due, done]))
    return f"{follow_up.text} ({more})" if more else follow_up.text
