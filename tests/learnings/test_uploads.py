"""Attachments over HTTP: what is refused and why, pictures in the text, files of a draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance import versions
from governance.models import Attachment, DraftBuffer, Record
from tests.factories import Cast, make_draft, reload
from tests.learnings.pages import address, client_of, fields_of, send

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(cast: Cast, record: Record, data: bytes, name: str, description: str = "", **more: Any) -> Any:
    return send(
        client_of(cast, "author"),
        address(record, "edit/3/"),
        upload__file=SimpleUploadedFile(name, data),
        upload__description=description,
        go=more.pop("go", "stay"),
        **more,
    )


def rows(record: Record) -> list[dict[str, str]]:
    found: list[dict[str, str]] = DraftBuffer.objects.get(record=record).data["attachments"]
    return found


def draft_with_pictures(cast: Cast, **values: Any) -> Record:
    record = make_draft(cast, **values)
    for number in (1, 2, 3):
        upload(cast, record, PNG + bytes([number]), f"bild{number}.png", f"Bild {number}")
    return record


def test_a_file_is_kept_with_the_draft_and_saved_with_it(cast: Cast) -> None:
    record = make_draft(cast)
    assert upload(cast, record, PDF, "plan.pdf").status_code == 302
    assert rows(record)[0]["name"] == "plan.pdf"
    send(client_of(cast, "author"), address(record, "edit/3/"), go="save")
    assert versions.content_of(reload(record)).attachments[0]["name"] == "plan.pdf"


def test_a_file_too_big_is_refused_at_the_field(cast: Cast, settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 20
    record = make_draft(cast)
    answer = upload(cast, record, PDF, "plan.pdf", next_step="Bleibt.")
    assert answer.status_code == 422
    assert 'id="id_upload-file_error"' in answer.content.decode()
    assert fields_of(answer)["next_step"] == ["Bleibt."]
    assert not Attachment.objects.exists()


def test_all_files_together_have_a_limit(cast: Cast, settings: Any) -> None:
    record = make_draft(cast)
    upload(cast, record, PDF, "eins.pdf")
    settings.RECORD_ATTACHMENTS_MAX_BYTES = len(PDF) + 5
    answer = upload(cast, record, PDF + b"x", "zwei.pdf")
    assert answer.status_code == 422
    assert "Alle Anlagen zusammen" in answer.content.decode()
    assert len(rows(record)) == 1


def test_a_picture_without_description_is_refused_before_anything_is_stored(cast: Cast) -> None:
    record = make_draft(cast)
    answer = upload(cast, record, PNG, "bild.png", next_step="Bleibt.")
    assert answer.status_code == 422
    assert 'id="id_upload-description_error"' in answer.content.decode()
    assert fields_of(answer)["next_step"] == ["Bleibt."]
    assert not Attachment.objects.exists()
    assert rows(record) == []


@pytest.mark.parametrize("name", ["skript.exe", "bild.png.html", "ohne", "..pdf", "plan.svg"])
def test_a_file_of_another_kind_is_refused(cast: Cast, name: str) -> None:
    record = make_draft(cast)
    assert upload(cast, record, PDF, name).status_code == 422
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/plan.pdf", "plan.pdf"),
        ("C:\\Büro\\Plan Süd.pdf", "Plan Süd.pdf"),
        ("plan\u202efdp.pdf", "planfdp.pdf"),
        ("<b>plan</b>.pdf", "b>.pdf"),
        ("p" * 300 + ".pdf", "p" * 116 + ".pdf"),
    ],
)
def test_odd_names_are_cleaned(cast: Cast, name: str, kept: str) -> None:
    record = make_draft(cast)
    assert upload(cast, record, PDF, name).status_code == 302
    assert rows(record)[0]["name"] == kept


def test_a_file_is_kept_also_when_another_field_is_wrong(cast: Cast) -> None:
    record = make_draft(cast)
    answer = upload(cast, record, PDF, "plan.pdf", related="L-999")
    assert answer.status_code == 422
    assert rows(record)[0]["name"] == "plan.pdf"
    assert "plan.pdf" in answer.content.decode()


def test_removing_a_file_keeps_what_was_typed_on_the_page(cast: Cast) -> None:
    record = make_draft(cast)
    upload(cast, record, PDF, "plan.pdf")
    author = client_of(cast, "author")
    page = author.get(address(record, "edit/3/"))
    changes = {"next_step": "Neu getippt.", "links__0__url": "https://a.example/"}
    answer = send(author, address(record, "edit/3/"), page, go="remove-1", **changes)
    assert answer.url == address(record, "edit/3/")
    fields = fields_of(author.get(answer.url))
    assert (fields["next_step"], fields["links-0-url"]) == (["Neu getippt."], ["https://a.example/"])
    assert rows(record) == []


def test_pictures_after_the_removed_file_keep_their_place_in_the_text(cast: Cast) -> None:
    record = draft_with_pictures(
        cast,
        results="![Zwei](anlage:2) und anlage:2 im Satz",
        recommendation='![Drei](anlage:3 "Titel")\n\n[x]: anlage:2',
    )
    author = client_of(cast, "author")
    assert send(author, address(record, "edit/3/"), go="remove-1").status_code == 302
    data = DraftBuffer.objects.get(record=record).data
    assert data["results"] == "![Zwei](anlage:1) und anlage:2 im Satz"
    assert data["recommendation"] == '![Drei](anlage:2 "Titel")\n\n[x]: anlage:1'
    assert [row["name"] for row in data["attachments"]] == ["bild2.png", "bild3.png"]


def test_a_picture_that_the_text_shows_is_not_removed(cast: Cast) -> None:
    record = draft_with_pictures(cast, results="![Zwei](anlage:2)")
    answer = send(client_of(cast, "author"), address(record, "edit/3/"), go="remove-2", next_step="Bleibt.")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "steht als Bild noch im Text" in html and "Was ist dabei herausgekommen?" in html
    assert fields_of(answer)["next_step"] == ["Bleibt."]
    assert len(rows(record)) == 3


@pytest.mark.parametrize("place", ["9", "0", "x", "9" * 5_000, "²"])
def test_removing_a_file_that_is_not_there_changes_nothing(cast: Cast, place: str) -> None:
    record = draft_with_pictures(cast)
    assert send(client_of(cast, "author"), address(record, "edit/3/"), go=f"remove-{place}").status_code == 302
    assert len(rows(record)) == 3


def test_a_file_of_a_draft_is_there_for_its_writer_alone(cast: Cast) -> None:
    record = make_draft(cast)
    upload(cast, record, PDF, "plan.pdf")
    path = address(record, "edit/files/1/")
    answer = client_of(cast, "author").get(path)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["X-Content-Type-Options"] == "nosniff"
    for name in ("member", "outsider", "staff", "committee"):
        assert client_of(cast, name).get(path).status_code == 404, name
