"""Hidden characters, over-long and broken input in every field of every form: a word at the field, nothing lost."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client

from governance import rows
from governance.models import DraftBuffer, Record
from governance.writing.notes import UploadForm
from governance.writing.rows import LinkForm
from learnings.forms.figures import FigureForm
from learnings.forms.quick import QuickForm
from learnings.forms.text import LearningForm
from learnings.writing import LEARNING_WRITING
from tests.factories import Cast, make_draft
from tests.learnings.pages import address, client_of, fields_of, send

pytestmark = pytest.mark.django_db
BAD: dict[str, bytes] = {
    "NUL": b"vor\x00nach",
    "control character": b"vor\x0bnach",
    "bidi override": "vor\u202enach".encode(),
    "over-long": b"x" * 20_001,
    # What a browser cannot send, but anybody else can: half of a pair, which is not UTF-8.
    "lone surrogate": b"vor\xed\xa0\x80nach",
}
# Boxes and pickers, in which there is no text to be wrong; their forged values are tested on their own.
NO_TEXT = {"share_difficulties", "audiences", "team", "DELETE"}


def names_of(form: Any, prefix: str = "") -> list[str]:
    return [f"{prefix}{name}" for name in form.fields if name not in NO_TEXT and name != "file"]


ALL = [
    *names_of(LearningForm(names=LEARNING_WRITING.all_names())),
    *names_of(FigureForm(), "figures-0-"),
    *names_of(LinkForm(), "links-0-"),
    *names_of(UploadForm(), "upload-"),
    "note",
]


def post_raw(client: Client, path: str, fields: dict[str, Any], name: str, raw: bytes) -> Any:
    """Post these fields with these bytes in the one called `name`."""
    pairs = [f"{key}={quote_from_bytes(str(value).encode())}" for key, value in fields.items() if key != name]
    body = "&".join([*pairs, f"{name}={quote_from_bytes(raw)}"])
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


def error_at(answer: Any, name: str) -> bool:
    return f'id="id_{name}_error"' in answer.content.decode()


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("name", ALL)
def test_bad_input_gets_an_error_at_its_field_and_loses_nothing_else(cast: Cast, name: str, kind: str) -> None:
    record = make_draft(cast)
    other = "results" if name != "results" else "occasion"
    fields = {
        "opened_on": record.current_version_id,
        "title": "Titel",
        other: "Das bleibt.",
        "figures-TOTAL_FORMS": 1,
        "figures-INITIAL_FORMS": 0,
        "links-TOTAL_FORMS": 1,
        "links-INITIAL_FORMS": 0,
        "links-0-title": "Auch das.",
        "links-0-url": "https://a.example/",
    }
    answer = post_raw(client_of(cast, "author"), address(record, "edit/all/"), fields, name, BAD[kind])
    assert answer.status_code == 422
    assert error_at(answer, name), f"{name}: {kind}"
    assert 'data-outcome="invalid"' in answer.content.decode()
    shown = fields_of(answer)
    assert shown[other] == ["Das bleibt."]
    assert name == "links-0-title" or shown["links-0-title"] == ["Auch das."]
    data = DraftBuffer.objects.get(record=record).data
    assert data[other] == "Das bleibt."
    assert name.startswith("links-") or data["links"][0]["title"] == "Auch das."


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("name", ["title", "answer"])
def test_bad_input_in_a_quick_note_gets_an_error_at_its_field(cast: Cast, name: str, kind: str) -> None:
    fields = {"title": "Mein Titel", "answer": "Mein Satz.", "team": cast.team.pk}
    answer = post_raw(client_of(cast, "author"), "/learnings/new/", fields, name, BAD[kind])
    assert answer.status_code == 422
    assert error_at(answer, name)
    other = "answer" if name == "title" else "title"
    assert fields_of(answer)[other] == [fields[other]]
    assert not Record.objects.exists()


def test_every_form_is_among_the_tested() -> None:
    assert {"title", "figures-0-number", "links-0-retrieved_on", "upload-description", "note"} <= set(ALL)
    assert set(names_of(QuickForm(teams={1: "A"}))) == {"title", "answer"}


@pytest.mark.parametrize("value", ["alle\x00", "everybody", "\u202e"])
def test_a_forged_audience_gets_an_error_and_loses_nothing_else(cast: Cast, value: str) -> None:
    record = make_draft(cast)
    answer = send(client_of(cast, "author"), address(record, "edit/"), audiences=[value], title="Bleibt")
    assert answer.status_code == 422
    assert fields_of(answer)["title"] == ["Bleibt"]


@pytest.mark.parametrize("value", ["9" * 5_000, "9" * 30, "9" * 18, "0", "-1", "x", "\x00", ""])
def test_a_forged_version_to_open_on_is_refused_with_a_word(cast: Cast, value: str) -> None:
    record = make_draft(cast)
    answer = send(client_of(cast, "author"), address(record, "edit/"), opened_on=value, title="Bleibt", go="save")
    assert answer.status_code == 422
    assert "kam beschädigt an" in answer.content.decode()
    assert fields_of(answer)["title"] == ["Bleibt"]
    assert fields_of(answer)["opened_on"] == [str(record.current_version_id)]


def test_the_version_of_another_record_is_not_one_to_open_on(cast: Cast) -> None:
    record, other = make_draft(cast), make_draft(cast, title="Anderes")
    path = address(record, "edit/")
    answer = send(client_of(cast, "author"), path, opened_on=str(other.current_version_id), go="save")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/x",
        "https://kim:geheim@a.example/x",
        "https://kim@a.example/x",
        "kim@a.example/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "https://a.example/\u202egnp.exe",
        "https://",
        "nicht so",
        "//a.example",
    ],
)
def test_an_address_that_is_none_is_refused_at_the_field(cast: Cast, url: str) -> None:
    record = make_draft(cast)
    answer = send(client_of(cast, "author"), address(record, "edit/3/"), links__0__url=url, next_step="Bleibt.")
    assert answer.status_code == 422
    assert error_at(answer, "links-0-url")
    assert fields_of(answer)["next_step"] == ["Bleibt."]


@pytest.mark.parametrize(
    "url", ["https://a.example/x?y=1", "http://a.example", "a.example/leitfaden", "a.example:8000"]
)
def test_an_address_on_the_web_is_taken(cast: Cast, url: str) -> None:
    rows.check_address(rows.full_address(url))


@pytest.mark.parametrize(
    "number", ["1,1234567", "0.00000001", "viele", "1e400", "1e-1000000000", "NaN", "9" * 16, "12 %", ""]
)
def test_a_number_that_cannot_be_saved_is_refused_at_the_field(cast: Cast, number: str) -> None:
    record = make_draft(cast)
    answer = send(
        client_of(cast, "author"),
        address(record, "edit/2/"),
        figures__0__label="Anteil",
        figures__0__number=number,
        results="Bleibt.",
    )
    assert answer.status_code == 422
    assert error_at(answer, "figures-0-number")
    assert fields_of(answer)["figures-0-label"] == ["Anteil"]
    assert fields_of(answer)["results"] == ["Bleibt."]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"figures-TOTAL_FORMS": "x", "figures-INITIAL_FORMS": "\x00"},
        {"figures-TOTAL_FORMS": "0", "figures-INITIAL_FORMS": "0"},
    ],
)
def test_rows_without_a_fitting_management_form_are_shown_again_with_a_word(cast: Cast, sent: dict[str, str]) -> None:
    record = make_draft(cast, figures=[{"label": "Alt", "number": "1"}])
    data = {
        "opened_on": record.current_version_id,
        "everyday_benefit": "Bleibt.",
        "figures-0-label": "Anteil",
        "figures-0-number": "72,5",
        "go": "save",
        **sent,
    }
    answer = client_of(cast, "author").post(address(record, "edit/2/"), data)
    assert answer.status_code == 422
    assert "kam unvollständig an" in answer.content.decode()
    fields = fields_of(answer)
    assert (fields["figures-0-label"], fields["everyday_benefit"]) == (["Anteil"], ["Bleibt."])
    again = send(client_of(cast, "author"), address(record, "edit/2/"), answer, go="save")
    assert again.status_code == 302


def test_too_many_rows_are_refused_with_a_word(cast: Cast) -> None:
    record = make_draft(cast)
    rows = {f"figures__{at}__{key}": "1" for at in range(31) for key in ("label", "number")}
    answer = send(client_of(cast, "author"), address(record, "edit/2/"), figures__TOTAL_FORMS="31", **rows)
    assert answer.status_code == 422
    assert "Höchstens 30 Zeilen" in answer.content.decode()
    assert fields_of(answer)["figures-30-label"] == ["1"]


def test_a_forged_number_of_rows_makes_no_huge_page(cast: Cast) -> None:
    record = make_draft(cast)
    answer = send(client_of(cast, "author"), address(record, "edit/2/"), figures__TOTAL_FORMS="100000")
    assert answer.status_code == 422
    assert "Höchstens 30 Zeilen" in answer.content.decode()
    assert len(answer.content) < 400_000


def test_a_wrong_row_does_not_take_the_saved_one_away(cast: Cast) -> None:
    record = make_draft(cast, figures=[{"label": "Alt", "number": "1"}, {"label": "Zweite", "number": "2"}])
    send(client_of(cast, "author"), address(record, "edit/2/"), figures__0__number="viele", figures__1__number="3")
    kept = DraftBuffer.objects.get(record=record).data["figures"]
    assert [(row["label"], row["number"]) for row in kept] == [("Alt", "1"), ("Zweite", "3")]


def test_the_same_form_sent_twice_keeps_its_new_row(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    page = author.get(address(record, "edit/2/"))
    for _time in range(2):
        changes = {"figures__0__label": "Anteil", "figures__0__number": "1"}
        assert send(author, address(record, "edit/2/"), page, go="stay", **changes).status_code == 302
    assert DraftBuffer.objects.get(record=record).data["figures"][0]["label"] == "Anteil"
