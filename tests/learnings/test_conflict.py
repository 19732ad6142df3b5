"""Two and three savers: both texts side by side, each field chosen or edited, no word lost."""

from __future__ import annotations

from typing import Any

import pytest

from governance import versions, workflow
from governance.models import DraftBuffer, Record
from tests.factories import Cast, make_draft, reload, save, submit
from tests.learnings.pages import address, client_of, fields_of, send

pytestmark = pytest.mark.django_db


def meet(cast: Cast, record: Record, path: str = "edit/2/", theirs: dict[str, Any] | None = None, **mine: Any) -> Any:
    """The author's form is open while the member saves `theirs`; then the author saves `mine`."""
    author = client_of(cast, "author")
    page = author.get(address(record, path))
    save(cast, record, by="member", **(theirs or {"what_was_done": "Ihre Worte."}))
    return send(author, address(record, path), page, go="save", **mine)


def resolve(cast: Cast, record: Record, page: Any, **changes: Any) -> Any:
    return send(client_of(cast, "author"), address(record, "edit/conflict/"), page, go="save", **changes)


def text_of(record: Record) -> Any:
    return versions.content_of(reload(record))


def test_a_save_in_between_shows_both_texts_with_409(cast: Cast) -> None:
    answer = meet(cast, make_draft(cast), what_was_done="Meine Worte.")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in html
    assert "Ihre Worte." in html
    assert fields_of(answer)["what_was_done"] == ["Meine Worte."]


def test_only_the_fields_that_differ_are_asked(cast: Cast) -> None:
    answer = meet(cast, make_draft(cast), what_was_done="Meine Worte.")
    assert fields_of(answer)["shown"] == ["what_was_done"]
    assert "everyday_benefit" not in fields_of(answer)


def test_my_text_can_be_edited_there_and_saved(cast: Cast) -> None:
    record = make_draft(cast)
    answer = meet(cast, record, what_was_done="Meine Worte.")
    assert resolve(cast, record, answer, what_was_done="Beides: Ihre und meine Worte.").status_code == 302
    assert text_of(record).what_was_done == "Beides: Ihre und meine Worte."
    assert not DraftBuffer.objects.filter(record=record).exists()


def test_what_i_did_not_touch_is_proposed_as_the_others_saved_it(cast: Cast) -> None:
    record = make_draft(cast)
    send(client_of(cast, "author"), address(record, "edit/2/"), results="Meine Ergebnisse.", go="stay")
    theirs = {"title": "Ihr Titel", "what_was_done": "Ihre Worte."}
    answer = meet(cast, record, theirs=theirs, what_was_done="Meine Worte.")
    fields = fields_of(answer)
    assert (fields["take-title"], fields["take-what_was_done"]) == (["theirs"], ["mine"])
    assert resolve(cast, record, answer).status_code == 302
    assert (text_of(record).title, text_of(record).what_was_done) == ("Ihr Titel", "Meine Worte.")


def test_their_text_can_be_chosen(cast: Cast) -> None:
    record = make_draft(cast)
    answer = meet(cast, record, what_was_done="Meine Worte.", results="Meine Ergebnisse.")
    assert resolve(cast, record, answer, take__what_was_done="theirs").status_code == 302
    assert (text_of(record).what_was_done, text_of(record).results) == ("Ihre Worte.", "Meine Ergebnisse.")


def test_who_edits_a_text_and_chooses_the_other_is_asked_once_more(cast: Cast) -> None:
    record = make_draft(cast)
    answer = meet(cast, record, what_was_done="Meine Worte.")
    choice = {"take__what_was_done": "theirs"}
    again = resolve(cast, record, answer, what_was_done="Meine besseren Worte.", **choice)
    assert again.status_code == 422
    assert 'data-outcome="invalid"' in again.content.decode()
    assert fields_of(again)["what_was_done"] == ["Meine besseren Worte."]
    assert resolve(cast, record, again, **choice).status_code == 302
    assert text_of(record).what_was_done == "Ihre Worte."


def test_a_third_save_in_between_leads_to_the_page_again_with_nothing_lost(cast: Cast) -> None:
    record = make_draft(cast)
    theirs = {"title": "Ihr Titel", "what_was_done": "Ihre Worte."}
    first = meet(cast, record, theirs=theirs, what_was_done="Meine Worte.", results="Meine Ergebnisse.")
    save(cast, record, by="lead", title="Titel der Leitung", results="Ergebnisse der Leitung.")
    second = resolve(cast, record, first, what_was_done="Meine zweiten Worte.")
    fields, html = fields_of(second), second.content.decode()
    assert second.status_code == 409
    assert fields["what_was_done"] == ["Meine zweiten Worte."]
    assert fields["results"] == ["Meine Ergebnisse."]
    assert "Titel der Leitung" in html and "Ergebnisse der Leitung." in html
    assert fields["take-title"] == ["theirs"]
    assert resolve(cast, record, second).status_code == 302
    text = text_of(record)
    assert (text.title, text.what_was_done) == ("Titel der Leitung", "Meine zweiten Worte.")
    assert text.results == "Meine Ergebnisse."
    assert Record.objects.get(pk=record.pk).versions.count() == 4


def test_rows_messages_and_tags_are_chosen_and_edited_too(cast: Cast) -> None:
    record = make_draft(cast)
    theirs = {
        "figures": [{"label": "Ihre Zahl", "number": "1"}],
        "audiences": ["team"],
        "messages": [{"audience": "team", "text": "Ihre Botschaft."}],
        "tag_ids": [],
        "share_difficulties": True,
    }
    changes = {"figures__0__label": "Meine Zahl", "figures__0__number": "2", "tags": "Posteingang"}
    changes |= {"message_decision_makers": "Meine Botschaft."}
    answer = meet(cast, record, "edit/all/", theirs=theirs, **changes)
    assert set(fields_of(answer)["shown"]) == {"audiences", "figures", "tags", "share_difficulties"}
    assert "Ihre Zahl" in answer.content.decode() and "Ihre Botschaft." in answer.content.decode()
    done = resolve(cast, record, answer, figures__0__number="3", take__audiences="theirs")
    assert done.status_code == 302
    text = text_of(record)
    assert (text.figures[0]["label"], text.figures[0]["number"]) == ("Meine Zahl", "3")
    assert text.messages[0]["text"] == "Ihre Botschaft."
    assert text.share_difficulties is True
    assert len(text.tag_ids) == 1


def test_an_error_on_the_conflict_page_stands_at_its_field_and_loses_nothing(cast: Cast) -> None:
    record = make_draft(cast)
    answer = meet(cast, record, what_was_done="Meine Worte.", results="Meine Ergebnisse.")
    wrong = resolve(cast, record, answer, what_was_done="Böse\u202e", results="Bessere Ergebnisse.")
    assert wrong.status_code == 422
    assert 'id="id_what_was_done_error"' in wrong.content.decode()
    assert fields_of(wrong)["results"] == ["Bessere Ergebnisse."]
    assert text_of(record).results == ""


def test_going_on_in_the_whole_form_keeps_what_was_chosen(cast: Cast) -> None:
    record = make_draft(cast)
    answer = meet(cast, record, what_was_done="Meine Worte.")
    gone = send(
        client_of(cast, "author"),
        address(record, "edit/conflict/"),
        answer,
        go="edit",
        what_was_done="Gemischte Worte.",
    )
    assert gone.url.endswith("/edit/all/")
    page = client_of(cast, "author").get(gone.url)
    assert fields_of(page)["what_was_done"] == ["Gemischte Worte."]
    assert send(client_of(cast, "author"), gone.url, page, go="save").url.endswith("/versions/")


def test_a_submission_while_the_conflict_is_open_keeps_the_words(cast: Cast) -> None:
    record = make_draft(cast)
    answer = meet(cast, record, what_was_done="Meine Worte.")
    submit(cast, record, by="member")
    locked = resolve(cast, record, answer, what_was_done="Meine letzten Worte.")
    assert locked.status_code == 409
    assert "Meine letzten Worte." in locked.content.decode()
    workflow.withdraw(record=reload(record), standing=cast.standing("member"))
    page = client_of(cast, "author").get(address(record, "edit/conflict/"))
    assert fields_of(page)["what_was_done"] == ["Meine letzten Worte."]


@pytest.mark.parametrize("number", ["9" * 5_000, "9" * 18, "x", "-1", ""])
def test_a_forged_version_on_the_conflict_page_saves_nothing(cast: Cast, number: str) -> None:
    record = make_draft(cast)
    answer = meet(cast, record, what_was_done="Meine Worte.")
    assert resolve(cast, record, answer, shown_version=number).status_code == 409
    assert resolve(cast, record, answer, opened_on=number).status_code == 422
    assert text_of(record).what_was_done == "Ihre Worte."
