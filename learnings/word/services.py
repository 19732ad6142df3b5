"""A chosen document becomes a draft, with its pictures as attachments; or a reason, and nothing is written."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from governance import attachments, versions
from governance.files import PICTURES
from governance.limits import Limits
from governance.models import Team, Version
from governance.rows import AttachmentRow
from governance.rules import Standing
from governance.text.clean import clean_line, clean_text
from learnings.fields import LABELS
from learnings.models import KIND
from learnings.word import sandbox, sorting, words
from learnings.word.markup import PICTURE
from learnings.word.reading import Unreadable

MAX_FIELD = 20_000
# As the sandbox counts: what its answer may hold, pictures included.
_ANSWER_CHARACTERS = 3_000_000
_REFERENCE = re.compile(rf"!\[([^\]]*)\]\({PICTURE}:(\d+)\)")


@dataclass(frozen=True)
class Taken:
    """The version that was made, the fields filled, how many pictures came along, and what could not be kept."""

    version: Version
    fields: list[str]
    pictures: int
    lost: list[str]


def read(upload: Any) -> dict[str, Any]:
    """The document as blocks, pictures and notes; raises a ValidationError that says what to do."""
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(
            _("Die Datei ist größer als %(max)d MB. Bitte verkleinern Sie die Bilder darin."),
            params={"max": settings.ATTACHMENT_MAX_BYTES // 2**20},
        )
    limits = Limits(settings.WORD_SECONDS, settings.WORD_MEMORY_BYTES, _ANSWER_CHARACTERS)
    try:
        return sandbox.read(upload, limits)
    except Unreadable as error:
        raise ValidationError(str(words.REASONS[error.reason])) from error


@transaction.atomic
def take(*, standing: Standing, owner: Team, document: dict[str, Any], name: str) -> Taken:
    """Make the draft of what `read` gave; raises a ValidationError, and then nothing is written."""
    done = sorting.sort(document["blocks"])
    _check_lengths(done)
    rows, places, refused = _pictures(document["pictures"])
    texts = {key: clean_text(_placed(text, places), MAX_FIELD) for key, text in done.texts.items()}
    title = clean_line(done.title or PurePath(name).stem.replace("_", " "), 10_000)[: sorting.MAX_TITLE].strip()
    values = texts | {"title": title or _("Aus Word übernommen"), "attachments": rows}
    version = versions.create(kind=KIND, owner=owner, standing=standing, values=values)
    moved = [
        _("„%(field)s“ war für das Feld zu lang und steht unter „%(rest)s“.")
        % {"field": LABELS[key], "rest": LABELS[sorting.REST]}
        for key in done.moved
    ]
    filled = [str(LABELS[key]) for key in LABELS if texts.get(key)]
    return Taken(version, filled, len(rows), [*moved, *refused, *words.lost(document["notes"])])


def _check_lengths(done: sorting.Sorted) -> None:
    for key, text in done.texts.items():
        if len(text) > MAX_FIELD:
            raise ValidationError(
                _(
                    "Der Text für „%(field)s“ hat %(length)d Zeichen; in ein Feld passen %(max)d. Bitte kürzen Sie das "
                    "Dokument auf das, was andere wissen müssen, und hängen Sie das Ganze danach als Anlage an."
                ),
                params={"field": LABELS[key], "length": len(text), "max": MAX_FIELD},
            )


def _pictures(found: list[dict[str, str]]) -> tuple[list[dict[str, str]], dict[int, tuple[int, str]], list[str]]:
    """The rows of the attachments, the place and words of each picture that is kept, and why others are not."""
    rows: list[dict[str, str]] = []
    places: dict[int, tuple[int, str]] = {}
    refused = 0
    endings = {media_type: ending for ending, media_type in PICTURES.items()}
    for number, picture in enumerate(found, start=1):
        ending = endings.get(picture["type"])
        row = _keep(picture, f"{_('bild')}-{number}.{ending}", len(rows)) if ending else None
        if row is None:
            refused += 1
            continue
        known = next((at for at, one in enumerate(rows, start=1) if one["sha256"] == row["sha256"]), 0)
        if not known:
            rows.append(row)
        places[number] = (known or len(rows), row["description"] or _("Bild %(n)d") % {"n": number})
    if not refused:
        return rows, places, []
    text = _("Bilder, die nicht übernommen werden konnten (Format, Größe oder Zahl): %(n)d.") % {"n": refused}
    return rows, places, [text]


def _keep(picture: dict[str, str], name: str, count: int) -> dict[str, str] | None:
    if count >= AttachmentRow.MAX_ROWS:
        return None
    try:
        data = base64.b64decode(picture["data"], validate=True)
        _row, info = attachments.store(ContentFile(data), name, None)
        description = clean_line(re.sub(r"[\[\]\\]", "", picture["alt"]), 10_000)[:300]
    except (ValidationError, binascii.Error):
        return None
    return {"sha256": info.sha256, "name": info.name, "media_type": info.media_type, "description": description}


def _placed(text: str, places: dict[int, tuple[int, str]]) -> str:
    """`text` with its pictures as attachments; those that were not kept are gone."""

    def place(found: re.Match[str]) -> str:
        known = places.get(int(found[2]))
        return f"![{known[1]}](anlage:{known[0]})" if known else ""

    return _REFERENCE.sub(place, text)
