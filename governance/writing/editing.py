"""Working on a text: from the saved text or one's own work in progress, and back.

"Values" are the versioned fields as plain JSON, with `tags` as words instead of `tag_ids`: what the form
shows, what DraftBuffer keeps and what the conflict page compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance import attachments, files, tags, versions
from governance.comparison import FieldDiff, compare_fields
from governance.kinds import Kind
from governance.models import DraftBuffer, Record, Version
from governance.rows import AttachmentRow
from governance.rules import Standing
from governance.writing.writing import Writing

Values = dict[str, Any]


@dataclass
class Work:
    """What a person has on the desk: values, the version they were opened on, and whether unsaved.

    `note` says what is new in the version that will be made of it.
    """

    writing: Writing
    record: Record
    values: Values
    opened_on: int
    buffer: DraftBuffer | None
    note: str = ""

    @property
    def is_outdated(self) -> bool:
        return self.opened_on != self.record.current_version_id

    @property
    def is_locked(self) -> bool:
        """Whether the text can be kept but not saved now."""
        return self.record.state in (Record.State.IN_REVIEW, Record.State.ARCHIVED)


def values_of(text: Any, kind: Kind) -> Values:
    """The values of a content or history row."""
    values = versions.values_of(text, kind)
    values["tags"] = tags.names_of(values.pop("tag_ids"))[0]
    return values


def open_work(writing: Writing, record: Record, standing: Standing) -> Work:
    """The person's own work in progress, or the newest saved text."""
    buffer = versions.buffer_of(record=record, standing=standing)
    saved = values_of(versions.content_of(record), writing.kind)
    if buffer is not None:
        data = dict(buffer.data)
        note = data.pop("note", "")
        return Work(writing, record, saved | data, buffer.opened_on_id, buffer, note)
    assert record.current_version_id is not None
    return Work(writing, record, saved, record.current_version_id, None)


def text_of(work: Work) -> Any:
    """The text on the desk as an unsaved row, without its tags."""
    return work.writing.kind.model(**{name: value for name, value in work.values.items() if name != "tags"})


def keep(work: Work, standing: Standing, changes: Mapping[str, Any]) -> None:
    """Keep what was typed, at once, whatever the state of the record; makes no version."""
    after = work.values | dict(changes)
    work.values = after | dict(work.writing.follows(work.values, after))
    work.buffer = versions.save_buffer(
        record=work.record,
        standing=standing,
        data=work.values | {"note": work.note},
        opened_on=work.opened_on,
    )


def save(work: Work, standing: Standing) -> Version | None:
    """Make a version of what is on the desk; raises as `versions.write` does."""
    values = dict(work.values)
    values["tag_ids"] = tags.resolve_names(values.pop("tags"), standing)
    return versions.write(
        record=work.record, standing=standing, opened_on=work.opened_on, values=values, note=work.note
    )


def attach(work: Work, standing: Standing, upload: Any, description: str) -> str:
    """Add a file to the text on the desk and return its hash; raises a ValidationError that names the reason.

    The same file sent once more, as when a form is posted twice, is there once.
    """
    rows = [dict(row) for row in work.values["attachments"]]
    info = files.inspect(upload, upload.name, settings.ATTACHMENT_MAX_BYTES)
    known = next((row for row in rows if row["sha256"] == info.sha256), None)
    if known is not None:
        known["description"] = known["description"] or description
    elif len(rows) >= AttachmentRow.MAX_ROWS:
        raise ValidationError(_("Höchstens %(max)d Anlagen sind möglich."), params={"max": AttachmentRow.MAX_ROWS})
    else:
        attachments.store(upload, upload.name, work.record)
        words = {"name": info.name, "media_type": info.media_type, "description": description}
        rows.append({"sha256": info.sha256} | words)
    keep(work, standing, {"attachments": rows})
    return info.sha256


def detach(work: Work, standing: Standing, place: int) -> None:
    """Take the file at `place` (counted from 1) off the text on the desk; saved versions keep it.

    Raises a ValidationError that names the reason while the text shows it.
    """
    rows = list(work.values["attachments"])
    if not 1 <= place <= len(rows):
        return
    changes = work.writing.without_file(work.values, place)
    del rows[place - 1]
    keep(work, standing, {"attachments": rows} | dict(changes))


# -- showing ---------------------------------------------------------------------------------------


def compare(kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldDiff]:
    """The fields that differ, in words."""
    before, after = kind.in_words([{**values, "tag_ids": []} for values in (old, new)])
    diffs = compare_fields(kind.fields, {**before, "tag_ids": old["tags"]}, {**after, "tag_ids": new["tags"]})
    return [diff for diff in diffs if diff.changed]
