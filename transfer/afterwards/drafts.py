"""What of a note goes into a draft: the words as they are, and the way back to where they were said."""

from __future__ import annotations

import re
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import clock
from governance.addresses import absolute
from learnings.models import KIND, Learning
from transfer.models import AgendaItem, Occurrence, ReflectionNote

__all__ = ["KIND", "values_of"]
TITLE_LENGTH = 100
_ANSWER_LENGTH = 600
_MARKS = re.compile(r"^[\s#>*\-–•]+")


def values_of(source: AgendaItem | ReflectionNote) -> dict[str, Any] | None:
    """Fields of a learning; None where nothing is noted."""
    if isinstance(source, ReflectionNote):
        text = "\n\n".join(filter(None, [source.text, source.became]))
        return _values(source.text, text, source.occurrence)
    text = source.notes or source.decisions
    if not text:
        return None
    values = _values(text, text, source.occurrence)
    if source.notes and source.decisions:
        values["recommendation"] = source.decisions
    if source.record_id and not source.is_draft:
        values["related"] = [source.record_id]
    return values


def _values(first: str, text: str, occurrence: Occurrence) -> dict[str, Any]:
    values = {
        "title": shortened(_MARKS.sub("", first.splitlines()[0]) or first, TITLE_LENGTH),
        "links": [_way_back(occurrence)],
    }
    if len(text) <= _ANSWER_LENGTH:
        return values | {"answer": text}
    # The answer is short; the whole of a long note stands where there is room for it.
    return values | {"answer": shortened(text, _ANSWER_LENGTH), "results": text}


def shortened(text: str, length: int) -> str:
    """At the end of a sentence if there is one in the second half, else after a word."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    if end > length // 2:
        return cut[: end + 1]
    return f"{cut.rpartition(' ')[0] or cut} …"[:length]


def _way_back(occurrence: Occurrence) -> dict[str, str]:
    day = clock.local(occurrence.starts_at)
    title = _("%(format)s am %(day)s") % {"format": occurrence.format.name, "day": date_format(day, "j. F Y")}
    return {
        "title": title[: Learning.title.field.max_length],
        "url": absolute(occurrence.get_absolute_url()),
        "repository": "",
        "retrieved_on": f"{clock.today():%Y-%m-%d}",
    }
