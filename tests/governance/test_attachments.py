"""The limit for all files of a record together."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from governance import attachments, versions
from governance.models import Attachment, Record
from tests.factories import Cast, make_draft, reload, save

pytestmark = pytest.mark.django_db
SIZE = 1000


@pytest.fixture(autouse=True)
def room_for_two(settings: Settings) -> None:
    settings.RECORD_ATTACHMENTS_MAX_BYTES = 2 * SIZE + SIZE // 2


def upload(record: Record, letter: str) -> dict[str, Any]:
    """Store a file of its own content; the row that names it in a text."""
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 " + letter.encode() * (SIZE - 9))
    kept, info = attachments.store(file, "plan.pdf", record)
    return {"sha256": kept.sha256, "name": info.name, "media_type": info.media_type, "description": ""}


def keep(cast: Cast, record: Record, by: str, *rows: dict[str, Any]) -> None:
    """Name these files in the person's work in progress, and no others."""
    current = reload(record).current_version_id
    assert current is not None
    versions.save_buffer(record=record, standing=cast.standing(by), data={"attachments": list(rows)}, opened_on=current)


def refused(record: Record) -> bool:
    stored = Attachment.objects.count()
    with pytest.raises(ValidationError, match="Alle Anlagen zusammen"):
        upload(record, "x")
    return Attachment.objects.count() == stored


def test_files_of_the_work_in_progress_count_together(cast: Cast) -> None:
    record = make_draft(cast)
    keep(cast, record, "author", upload(record, "a"))
    keep(cast, record, "member", upload(record, "b"))
    assert refused(record)


def test_taking_a_file_off_the_text_makes_no_room_because_older_versions_keep_it(cast: Cast) -> None:
    record = make_draft(cast)
    for letter in "ab":
        save(cast, record, attachments=[upload(record, letter)])
        save(cast, record, attachments=[])
    assert refused(record)


def test_the_same_file_counts_once_and_other_records_do_not_count(cast: Cast) -> None:
    record, other = make_draft(cast), make_draft(cast, title="Ein anderer")
    save(cast, other, attachments=[upload(other, "c"), upload(other, "d")])
    for letter in "aab":
        save(cast, record, attachments=[upload(record, letter)])
    assert refused(record)
