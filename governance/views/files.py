"""Files of a version, for those who may read that version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from governance import attachments, kinds, versions
from governance.rows import AttachmentRow
from governance.views.history import readable


@require_safe
def file(request: HttpRequest, kind: str, number: int, slug: str, version: int, name: str) -> HttpResponseBase:
    """An attachment by its place ("1"), or what else the kind keeps with its texts by name ("nachher.svg")."""
    _record, (found,) = readable(request, kind, number, version)
    return answer(kinds.get(kind), versions.text_of(found), name)


def answer(kind: kinds.Kind, text: Any, name: str) -> HttpResponseBase:
    """The file of `text`, or Http404."""
    if name.isdecimal() and len(name) < 5:
        row = file_at(text.attachments, int(name))
        response: HttpResponseBase | None = attachments.respond(row.sha256, row.name) if row else None
    else:
        response = kind.named_file(text, name)
    if response is None:
        raise Http404
    return response


def file_at(rows: Sequence[Any], place: int) -> AttachmentRow | None:
    """The attachment at `place` of a text, counted from 1."""
    return AttachmentRow.read(rows[place - 1]) if 1 <= place <= len(rows) else None
