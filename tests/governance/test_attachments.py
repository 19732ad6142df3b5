"""The limit for all files of a record together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from governance import attachments, versions
from governance.models import Attachment, Record
from tests import factories
from tests.factories import Cast, make_draft, reload, save
from tests.racing import Second

pytestmark = pytest.mark.django_db
SIZE = 1000


@pytest.fixture(autouse=True)
def room_for_two(settings: Settings) -> None:
    settings.RECORD_ATTACHMENTS_MAX_BYTES = 2 * SIZE + SIZE // 2


def pdf(words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.pdf", b"%PDF-1.7 " + words.encode())


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


def test_bytes_that_are_missing_make_no_error(cast: Cast) -> None:
    kept, _info = attachments.store(pdf("weg"), "plan.pdf", None)
    kept.file.storage.delete(kept.file.name)
    assert attachments.respond(kept.sha256, "plan.pdf") is None


def test_a_storage_that_takes_nothing_is_told_at_the_field(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = str(tmp_path / "file")
    with pytest.raises(ValidationError, match="später noch einmal"):
        attachments.store(pdf("neu"), "plan.pdf", None)
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_file_from_two_people_at_once_is_kept_once() -> None:
    cast = factories.make_cast()
    first, second = make_draft(cast), make_draft(cast, by="outsider")
    people = [Second(lambda r=r: attachments.store(pdf("gleich"), "plan.pdf", r)) for r in (first, second)]  # type: ignore[misc]
    for person in people:
        person.start()
    for person in people:
        person.join(10)
        assert not isinstance(person.result, Exception)
    assert Attachment.objects.count() == 1
