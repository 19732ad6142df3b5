"""Guided writing over HTTP: kept at each step, by whoever typed it, whatever happens meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from governance import reviewing, versions, workflow
from governance.models import DraftBuffer, Record, User
from governance.workflow import NewComment
from governance.writing.notes import NoteForm, UploadForm
from governance.writing.rows import LinkForm
from learnings import schemas
from learnings.forms.figures import FigureForm
from learnings.forms.quick import QuickForm
from learnings.forms.steps import STEPS
from learnings.forms.text import LearningForm
from learnings.writing import LEARNING_WRITING
from tests import factories
from tests.factories import Cast, make_draft, make_published, reload, save, submit
from tests.learnings.pages import address, client_of, fields_of, send
from tests.racing import Second

pytestmark = pytest.mark.django_db


def kept(cast: Cast, record: Record, name: str = "author") -> dict[str, object]:
    return DraftBuffer.objects.get(record=record, user=getattr(cast, name)).data


# -- steps and buffer ------------------------------------------------------------------------------


def test_leaving_at_step_2_and_coming_back_finds_every_word(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    send(author, address(record, "edit/"), title="Neuer Titel")
    answer = send(author, address(record, "edit/2/"), occasion="Zu viele Rückfragen.", go="stay")
    assert answer.url == address(record, "edit/2/")
    page = client_of(cast, "author").get(address(record, "edit/2/"))
    assert fields_of(page)["occasion"] == ["Zu viele Rückfragen."]
    assert fields_of(author.get(address(record, "edit/")))["title"] == ["Neuer Titel"]
    assert reload(record).current_version_id == record.current_version_id


def test_another_member_sees_that_and_since_when_somebody_writes_but_no_word(cast: Cast) -> None:
    record = make_draft(cast)
    send(client_of(cast, "author"), address(record, "edit/2/"), occasion="Geheime Notiz.", go="stay")
    page = client_of(cast, "member").get(address(record, "edit/2/")).content.decode()
    assert "Geheime Notiz" not in page
    started = DraftBuffer.objects.get(record=record).started_at
    assert f"{cast.author} arbeitet seit {started.day}." in page


def test_steps_lead_on_and_back_and_saving_makes_one_version(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    assert send(author, address(record, "edit/"), go="next").url.endswith("/edit/2/")
    assert send(author, address(record, "edit/2/"), results="Weniger Papier.", go="back").url.endswith("/edit/1/")
    answer = send(author, address(record, "edit/4/"), note="Ergebnisse ergänzt", go="save")
    assert answer.url.endswith("/versions/")
    version = reload(record).current_version
    assert version is not None and version.number == 2
    assert version.note == "Ergebnisse ergänzt"
    assert versions.text_of(version).results == "Weniger Papier."
    assert not DraftBuffer.objects.filter(record=record).exists()


@pytest.mark.parametrize(("go", "target"), [("step-1", "edit/1/"), ("step-4", "edit/4/"), ("all", "edit/all/")])
def test_leaving_by_a_step_of_the_progress_bar_keeps_what_was_typed(cast: Cast, go: str, target: str) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    page = author.get(address(record, "edit/2/"))
    assert f'value="{go}"' in page.content.decode()
    assert send(author, address(record, "edit/2/"), page, results="Weniger Papier.", go=go).url.endswith(target)
    assert kept(cast, record)["results"] == "Weniger Papier."


def test_a_step_is_not_left_while_something_on_it_is_wrong(cast: Cast) -> None:
    record = make_draft(cast)
    changes = {"figures__0__number": "viele", "results": "Gut."}
    answer = send(client_of(cast, "author"), address(record, "edit/2/"), go="step-4", **changes)
    assert answer.status_code == 422
    assert fields_of(answer)["figures-0-number"] == ["viele"]
    assert kept(cast, record)["results"] == "Gut."


def test_no_link_leads_from_the_form_to_another_step(cast: Cast) -> None:
    record = make_draft(cast)
    for rest in ("edit/2/", "edit/all/"):
        page = client_of(cast, "author").get(address(record, rest)).content.decode()
        assert f'href="{address(record, "edit/")}' not in page.replace("edit/drop/", "").replace("edit/files/", "")


@pytest.mark.parametrize("go", ["step-9", "step-x", "back", "fits-nobody", ""])
def test_a_forged_button_keeps_and_makes_no_version(cast: Cast, go: str) -> None:
    record = make_draft(cast)
    answer = send(client_of(cast, "author"), address(record, "edit/1/"), title="Neu", go=go)
    assert answer.status_code == 302
    assert kept(cast, record)["title"] == "Neu"


def test_the_note_on_the_version_is_kept_with_the_work_in_progress(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    send(author, address(record, "edit/4/"), note="Zahlen ergänzt", go="back")
    assert fields_of(author.get(address(record, "edit/4/")))["note"] == ["Zahlen ergänzt"]


def test_the_whole_form_on_one_page_saves_all_of_it(cast: Cast) -> None:
    record = make_draft(cast)
    answer = send(
        client_of(cast, "author"),
        address(record, "edit/all/"),
        prerequisites="Ein Beschluss.",
        figures__0__label="Anteil online",
        figures__0__number="72,5",
        links__0__url="www.beispiel.example/leitfaden",
        go="save",
    )
    assert answer.status_code == 302
    text = versions.content_of(reload(record))
    assert text.prerequisites == "Ein Beschluss."
    assert text.figures[0]["number"] == "72.5"
    assert text.links[0]["url"] == "https://www.beispiel.example/leitfaden"


def test_a_quick_note_is_a_draft_in_one_post(cast: Cast) -> None:
    author = client_of(cast, "author")
    answer = send(author, "/learnings/new/", title="Marken per Post", answer="Der Versand spart Wege.")
    record = Record.objects.get()
    assert answer.url == f"/learnings/{record.number}-marken-per-post/edit/"
    text = versions.content_of(record)
    assert (text.title, text.answer) == ("Marken per Post", "Der Versand spart Wege.")
    assert (record.owner, record.contact) == (cast.team, cast.author)


def test_a_quick_note_sent_twice_makes_one_record(cast: Cast) -> None:
    author = client_of(cast, "author")
    page = author.get("/learnings/new/")
    answers = [send(author, "/learnings/new/", page, title="Titel", answer="Satz.") for _time in range(2)]
    assert answers[0].url == answers[1].url
    assert Record.objects.count() == 1
    assert send(author, "/learnings/new/", title="Titel", answer="Satz.").url != answers[0].url


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_a_quick_note_makes_one_record() -> None:
    cast = factories.make_cast()
    author = client_of(cast, "author")
    page = author.get("/learnings/new/")
    other = Client()
    other.cookies = author.cookies
    second = Second(lambda: send(other, "/learnings/new/", page, title="Titel", answer="Satz."))
    with transaction.atomic():
        # Holds both where the first of them makes its record.
        User.objects.select_for_update(no_key=True).get(pk=cast.author.pk)
        second.start_and_wait_for_us()
        first = send(author, "/learnings/new/", page, title="Titel", answer="Satz.")
    second.join()
    assert second.result.url == first.url
    assert Record.objects.count() == 1


def test_a_quick_note_for_a_team_of_others_is_refused_with_every_word(cast: Cast) -> None:
    answer = send(
        client_of(cast, "author"), "/learnings/new/", title="Titel", answer="Satz.", team=str(cast.other_team.pk)
    )
    assert answer.status_code == 422
    assert fields_of(answer)["answer"] == ["Satz."]
    assert not Record.objects.exists()


# -- the text is locked meanwhile ------------------------------------------------------------------


def _submitted(cast: Cast, record: Record) -> None:
    submit(cast, record, by="member")


def _archived(cast: Cast, record: Record) -> None:
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Doppelt")


@pytest.mark.parametrize(("meanwhile", "goes_on"), [(_submitted, "zurückzieht"), (_archived, "wieder öffnen")])
def test_what_is_posted_into_a_locked_text_is_kept_and_shown(cast: Cast, meanwhile: object, goes_on: str) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    page = author.get(address(record, "edit/2/"))
    assert callable(meanwhile)
    meanwhile(cast, record)
    answer = send(author, address(record, "edit/2/"), page, occasion="Lange Worte.", go="save")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in html
    assert "Lange Worte." in html and goes_on in html
    assert kept(cast, record)["occasion"] == "Lange Worte."
    assert "Lange Worte." in author.get(address(record, "edit/")).content.decode()
    assert "Lange Worte." not in client_of(cast, "member").get(address(record, "edit/")).content.decode()


def test_a_text_taken_back_from_review_goes_on_with_the_kept_words(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    page = author.get(address(record, "edit/2/"))
    submit(cast, record, by="member")
    send(author, address(record, "edit/2/"), page, occasion="Lange Worte.", go="save")
    workflow.withdraw(record=reload(record), standing=cast.standing("member"))
    answer = send(author, address(record, "edit/2/"), go="save")
    assert answer.status_code == 302
    assert versions.content_of(reload(record)).occasion == "Lange Worte."


def test_a_locked_text_shows_also_what_could_not_be_kept(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    page = author.get(address(record, "edit/2/"))
    submit(cast, record, by="member")
    changes = {"figures__0__label": "Anteil", "figures__0__number": "viele", "occasion": "Gut."}
    answer = send(author, address(record, "edit/2/"), page, **changes)
    assert answer.status_code == 409
    assert "viele" in answer.content.decode()
    assert kept(cast, record)["occasion"] == "Gut."


def test_a_submission_in_the_middle_of_a_save_ends_on_the_locked_page(cast: Cast) -> None:
    record = make_draft(cast)

    waiting = ["member"]

    def submit_meanwhile(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if "INSERT INTO" in str(sql) and "draftbuffer" in str(sql) and waiting:
            submit(cast, record, by=waiting.pop())
        return done

    with connection.execute_wrapper(submit_meanwhile):
        answer = send(client_of(cast, "author"), address(record, "edit/2/"), occasion="Lange Worte.", go="save")
    assert answer.status_code == 409
    assert "Lange Worte." in answer.content.decode()
    assert kept(cast, record)["occasion"] == "Lange Worte."


# -- messages --------------------------------------------------------------------------------------


def test_a_message_for_an_audience_without_a_tick_ticks_it(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    send(author, address(record, "edit/"), message_decision_makers="Das spart Geld.", go="stay")
    fields = fields_of(author.get(address(record, "edit/")))
    assert fields["audiences"] == ["decision_makers"]
    assert fields["message_decision_makers"] == ["Das spart Geld."]


def test_taking_the_tick_away_takes_the_message_with_it(cast: Cast) -> None:
    message = {"audience": "team", "text": "Für uns.", "based_on": ""}
    record = make_draft(cast, audiences=["team"], messages=[message])
    send(client_of(cast, "author"), address(record, "edit/"), audiences=None, go="save")
    text = versions.content_of(reload(record))
    assert (text.audiences, text.messages) == ([], [])


def test_a_chosen_audience_without_a_message_gets_the_answer(cast: Cast) -> None:
    record = make_draft(cast, answer="Kurz gesagt.")
    send(client_of(cast, "author"), address(record, "edit/"), audiences=["team"], go="save")
    assert versions.content_of(reload(record)).messages[0]["text"] == "Kurz gesagt."


def chosen(text: str, based_on: str) -> dict[str, Any]:
    message = {"audience": "team", "text": text, "based_on": schemas.basis(based_on)}
    return {"audiences": ["team"], "messages": [message]}


def test_a_message_that_is_the_answer_follows_the_answer(cast: Cast) -> None:
    record = make_draft(cast, answer="Alt.", **chosen("Alt.", "Alt."))
    send(client_of(cast, "author"), address(record, "edit/"), answer="Neu.", go="save")
    assert versions.content_of(reload(record)).messages == chosen("Neu.", "Neu.")["messages"]


def test_a_message_of_its_own_stays_and_is_told_to_be_older_at_its_field_and_on_the_submit_page(cast: Cast) -> None:
    record = make_draft(cast, answer="Alt.", **chosen("Eigenes.", "Alt."))
    author = client_of(cast, "author")
    at_field = "Die Antwort ist neuer als diese Kernaussage"
    assert at_field not in author.get(address(record, "edit/")).content.decode()
    send(author, address(record, "edit/"), answer="Neu.", go="save")
    assert versions.content_of(reload(record)).messages[0]["text"] == "Eigenes."
    html = author.get(address(record, "edit/")).content.decode()
    holder = html.split('data-message-for="team"')[1].split("data-message-for")[0]
    assert at_field in holder
    assert html.count(at_field) == 1
    assert "neuer als die Kernaussage für: Eigenes Team" in author.get(address(record, "submit/")).content.decode()


def test_a_message_confirmed_to_fit_is_no_longer_older(cast: Cast) -> None:
    record = make_draft(cast, answer="Neu.", **chosen("Eigenes.", "Alt."))
    author = client_of(cast, "author")
    answer = send(author, address(record, "edit/"), go="fits-team", title="Bleibt")
    html = author.get(answer.url).content.decode()
    assert "neuer als diese Kernaussage" not in html
    assert fields_of(author.get(answer.url))["title"] == ["Bleibt"]
    send(author, address(record, "edit/"), go="save")
    assert versions.content_of(reload(record)).messages == chosen("Eigenes.", "Neu.")["messages"]


# -- the form itself -------------------------------------------------------------------------------


def test_every_field_helps_with_writing() -> None:
    forms = [
        LearningForm(names=LEARNING_WRITING.all_names()),
        FigureForm(),
        LinkForm(),
        UploadForm(),
        QuickForm(teams={1: "Team A", 2: "Team B"}),
        NoteForm(),
    ]
    silent = [
        f"{type(form).__name__}.{field.name}"
        for form in forms
        for field in form.visible_fields()
        if not field.help_text
    ]
    assert silent == []


def test_the_form_says_that_names_make_no_learning(cast: Cast) -> None:
    record = make_draft(cast)
    for path in (address(record, "edit/"), address(record, "edit/all/"), "/learnings/new/"):
        assert "Namen machen keine Erkenntnis" in client_of(cast, "author").get(path).content.decode()


def test_the_guiding_question_is_empty_until_somebody_writes_one(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    assert fields_of(author.get(address(record, "edit/")))["guiding_question"] == [""]
    assert versions.content_of(record).guiding_question == ""


def folds(html: str) -> dict[str, bool]:
    """The folded parts of the page, and whether they are open."""
    found = {}
    for piece in html.split('<details class="fold"')[1:]:
        found[piece.split("<summary>")[1].split("</summary>")[0]] = piece.startswith(" open")
    return found


@pytest.mark.parametrize("path", ["edit/2/", "edit/all/"])
def test_what_is_optional_is_folded_until_it_holds_something(cast: Cast, path: str) -> None:
    author = client_of(cast, "author")
    name = "Mehr dazu: Anlass, Vorgehen und Ergebnisse"
    empty = make_draft(cast, what_was_done="")
    assert folds(author.get(address(empty, path)).content.decode())[name] is False
    filled = make_draft(cast, what_was_done="", results="Weniger Papier.")
    assert folds(author.get(address(filled, path)).content.decode())[name] is True
    wrong = send(author, address(empty, path), figures__0__number="viele")
    assert wrong.status_code == 422
    assert folds(wrong.content.decode())[name] is True


def test_only_what_submission_requires_and_its_question_stand_open() -> None:
    open_names = {name for step in STEPS.values() for name in step.names}
    assert open_names == {"title", "guiding_question", "answer", "everyday_benefit", "tags", "note"}


def test_an_open_comment_stands_above_its_field_with_the_way_to_answer(cast: Cast) -> None:
    record = make_published(cast)
    save(cast, record, results="Neu.")
    review = submit(cast, record)
    remarks = [NewComment("results", "Woher?"), NewComment("tag_ids", "Zu viele"), NewComment("", "Insgesamt gut")]
    workflow.request_changes(review=review, standing=cast.standing("committee"), reason="Bitte", comments=remarks)
    results, tags, whole = reviewing.open_comments(record)
    author = client_of(cast, "author")
    html = author.get(address(record, "edit/2/")).content.decode()
    before_field = html.split('id="id_results"')[0].split('id="id_what_was_done"')[1]
    assert "Woher?" in before_field
    assert f"#kommentar-{results.pk}" in before_field
    assert html.count("Woher?") == 1
    assert "Insgesamt gut" in html and "Zu viele" in html
    assert "Zu viele" in author.get(address(record, "edit/4/")).content.decode().split('id="id_tags"')[0]
    assert whole.pk and tags.pk


def test_a_related_learning_that_was_archived_stays_in_the_text(cast: Cast) -> None:
    other = make_published(cast, title="Das andere")
    record = make_draft(cast, related=[other.pk])
    workflow.archive(record=other, standing=cast.standing("lead"), reason="Alt")
    author = client_of(cast, "author")
    assert fields_of(author.get(address(record, "edit/3/")))["related"] == [other.short_number]
    assert send(author, address(record, "edit/3/"), next_step="Anfangen.", go="save").status_code == 302
    assert versions.content_of(reload(record)).related == [other.pk]
    unrelated = make_draft(cast, title="Ein drittes")
    assert send(author, address(unrelated, "edit/3/"), related=other.short_number).status_code == 422


def test_the_presentation_of_a_draft_is_made_for_the_chosen_audience(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    answer = send(author, address(record, "edit/"), title="Neu benannt", go="presentation", audience="decision_makers")
    assert answer.url.endswith("/presentation/?text=draft&audience=decision_makers")
    assert kept(cast, record)["title"] == "Neu benannt"
    assert author.get(answer.url)["Content-Disposition"].endswith('Entwurf.pptx"')


def test_the_preview_is_what_readers_will_see(cast: Cast) -> None:
    record = make_draft(
        cast,
        results="Weniger **Papier**.",
        figures=[{"label": "Anteil", "number": "72.5", "unit": "%"}],
        effort_time="3 Monate",
        guiding_question="Was hilft?",
    )
    page = client_of(cast, "author").get(address(record, "edit/4/")).content.decode()
    preview = page.split("data-preview>")[1].split("</details>")[0]
    factories.approve(cast, submit(cast, record))
    reading = client_of(cast, "staff").get(address(record)).content.decode()
    article = reading.split('<article class="reading">')[1].split("</article>")[0]
    # After the title, and before what the reader's page shows beside the text, both are the same.
    read = article.split("</div>")[0].split()
    start = preview.index('<p class="muted">')
    assert preview[start:].split()[: len(read)] == read
    assert "<strong>Papier</strong>" in preview and "72,5 %" in preview and "3 Monate" in preview


def test_dropping_the_work_in_progress_is_asked_once_more_and_leaves_the_saved_text(cast: Cast) -> None:
    record = make_draft(cast)
    author = client_of(cast, "author")
    send(author, address(record, "edit/"), title="Verworfen", go="stay")
    asked = author.get(address(record, "edit/drop/")).content.decode()
    assert "Endgültig verwerfen" in asked
    assert kept(cast, record)["title"] == "Verworfen"
    answer = author.post(address(record, "edit/drop/"), follow=True)
    assert f"dropped={cast.author.pk}:{record.short_number}" in answer.content.decode()
    assert "Verworfen" not in author.get(address(record, "edit/")).content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[klick](javascript:alert(1))",
        "![x](https://boese.example/x.png)",
        "<img src=x onerror=alert(1)>",
        "\x00<b>\x0b</b>\u202e",
        "> " * 5_000,
        "[" * 20_000,
    ],
)
def test_the_preview_of_hostile_text_is_harmless(cast: Cast, text: str) -> None:
    answer = client_of(cast, "author").post("/learnings/preview/", {"text": text})
    html = answer.content.decode()
    assert answer.status_code == 200
    for dangerous in ("<script", 'href="javascript:', "<img", "<b>"):
        assert dangerous not in html
