"""Attachments over HTTP: what is refused and why, pictures in the text, files of a draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance import versions
from governance.errors import Incomplete
from governance.models import Attachment, DraftBuffer, Record
from tests.factories import Cast, make_draft, reload, submit
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


def test_a_picture_without_description_is_kept_and_the_description_asked_for_beside_it(cast: Cast) -> None:
    record = make_draft(cast)
    answer = upload(cast, record, PNG, "bild.png", next_step="Bleibt.")
    assert answer.status_code == 422
    [row] = rows(record)
    assert row["name"] == "bild.png"
    assert f'id="id_file-{row["sha256"]}_error"' in answer.content.decode()
    assert fields_of(answer)["next_step"] == ["Bleibt."]
    described = {f"file-{row['sha256']}": "Ein Antrag."}
    assert (
        send(client_of(cast, "author"), address(record, "edit/3/"), answer, go="save", **described).status_code == 302
    )
    assert versions.content_of(reload(record)).attachments == [row | {"description": "Ein Antrag."}]


def test_a_wrong_description_does_not_lose_the_file(cast: Cast) -> None:
    record = make_draft(cast)
    answer = upload(cast, record, PNG, "bild.png", "vor\u202enach")
    [row] = rows(record)
    assert answer.status_code == 422
    assert f'id="id_file-{row["sha256"]}_error"' in answer.content.decode()
    assert fields_of(answer)[f"file-{row['sha256']}"] == ["vor\u202enach"]


def test_a_text_with_an_undescribed_picture_is_saved_but_not_submitted(cast: Cast) -> None:
    record = make_draft(cast)
    upload(cast, record, PNG, "bild.png")
    author = client_of(cast, "author")
    answer = send(author, address(record, "edit/4/"), go="submit", tags="Steuern")
    page = author.get(answer.url).content.decode()
    assert "Bitte beschreiben Sie das Bild „bild.png“" in page
    with pytest.raises(Incomplete):
        submit(cast, record)
    assert "Bitte beschreiben Sie das Bild „bild.png“" in author.get(address(record, "edit/4/")).content.decode()


def test_a_page_opened_before_a_file_came_leaves_its_description(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    old = author.get(address(record, "edit/3/"))
    upload(cast, record, PNG, "bild.png", "Ein Antrag.")
    assert send(author, address(record, "edit/3/"), old, go="stay").status_code == 302
    assert rows(record)[0]["description"] == "Ein Antrag."


def test_a_form_with_a_file_posted_twice_attaches_it_once(cast: Cast) -> None:
    record = make_draft(cast)
    for _time in range(2):
        assert upload(cast, record, PDF, "plan.pdf", "Der Plan").status_code == 302
    assert [row["description"] for row in rows(record)] == ["Der Plan"]


def test_the_thirty_first_file_is_refused_at_the_field(cast: Cast) -> None:
    row = {"sha256": "", "name": "a.pdf", "media_type": "application/pdf", "description": ""}
    files = [row | {"sha256": f"{number:064x}"} for number in range(30)]
    record = make_draft(cast, attachments=files)
    answer = upload(cast, record, PDF, "plan.pdf")
    assert answer.status_code == 422
    assert 'id="id_upload-file_error"' in answer.content.decode()
    assert "Höchstens 30 Anlagen" in answer.content.decode()


def test_the_attached_pictures_are_there_for_the_toolbar_and_other_files_are_not(cast: Cast) -> None:
    record = draft_with_pictures(cast)
    upload(cast, record, PDF, "plan.pdf")
    page = client_of(cast, "author").get(address(record, "edit/2/")).content.decode()
    offered = page.split("<template data-pictures>")[1].split("</template>")[0]
    assert offered.count("data-picture=") == 3
    assert 'data-picture="2" data-description="Bild 2"' in offered


@pytest.mark.parametrize("place", [4, 9])
def test_a_picture_that_leads_nowhere_is_told_before_submission(cast: Cast, place: int) -> None:
    record = draft_with_pictures(cast, results=f"![Da](anlage:1) ![Weg](anlage:{place})")
    upload(cast, record, PDF, "plan.pdf")
    author = client_of(cast, "author")
    told = f"In „Was ist dabei herausgekommen?“ steht ein Bild, das es nicht gibt: „anlage:{place}“"
    for rest in ("edit/4/", "edit/all/"):
        page = author.get(address(record, rest)).content.decode()
        assert told in page
        assert "„anlage:1“" not in page
    send(author, address(record, "edit/4/"), go="submit")
    assert told in author.get(address(record, "submit/")).content.decode()


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
