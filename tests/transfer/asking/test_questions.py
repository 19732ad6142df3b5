"""Asking a team back: who sees it, answering, publishing without the asker's name, taking back, deleting."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from governance import clock, workflow
from governance.errors import Gone, NotAllowed, WrongState
from governance.models import AuditEvent, Record
from tests import kept
from tests.factories import Cast, make_draft, make_published, reload
from tests.pages import ROLES, client_of, main_of, page_for, queries_of
from tests.transfer.adoption.factories import told
from tests.transfer.asking.factories import answer, ask, hint, publish
from transfer.asking import queries, rules, services
from transfer.errors import Changed
from transfer.models import Question

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.once
def record(cast: Cast) -> Record:
    """A learning of the Steueramt."""
    return make_published(cast)


def post(cast: Cast, role: str, url: str, **data: Any) -> Any:
    return client_of(cast, role).post(url, data)


def test_a_question_goes_to_the_team_and_its_answer_to_who_asked(cast: Cast, record: Record) -> None:
    told()
    named = f"{record.short_number} Hundesteuer online anmelden"
    assert "Rückfrage an das Team" in page_for(cast, "staff", f"/{record.short_number}")
    url = f"/transfer/records/{record.short_number}/ask/"
    assert "Change-Management-Team Steueramt" in page_for(cast, "staff", url)
    assert post(cast, "staff", url, text="Gilt das auch für Katzen?")["Location"] == "/transfer/questions/"
    question = Question.objects.get()
    subject = f"Rückfrage an Ihr Team: {named}"
    assert told() == [("author", subject), ("member", subject), ("lead", subject)]
    assert "Katzen" in page_for(cast, "author", "/tasks/")
    assert "1 offene Rückfrage<" in page_for(cast, "author", f"/{record.short_number}")
    page = page_for(cast, "author", question.get_absolute_url())
    assert cast.staff.full_name in main_of(page)
    answered = post(cast, "author", f"{question.get_absolute_url()}answer/", text="Nein.", opened_on=1)
    assert answered.status_code == 302
    assert told() == [("staff", f"Beantwortet: Ihre Rückfrage zu {named}")]
    page = page_for(cast, "staff", question.get_absolute_url())
    assert "Nein." in page
    assert "Antworten" not in main_of(page)
    assert "Katzen" not in main_of(page_for(cast, "author", "/tasks/"))
    # Of who asked, the trail that the committee reads knows nothing.
    assert AuditEvent.objects.get(verb="ask_team").actor is None
    assert AuditEvent.objects.get(verb="answer_question").actor == cast.author


def test_only_who_asked_and_the_team_see_a_question(cast: Cast, record: Record) -> None:
    question = ask(cast, record)
    for role in ROLES:
        code = 200 if role in ("author", "lead", "staff") else 404
        assert client_of(cast, role).get(question.get_absolute_url()).status_code == code, role
        assert ("Katzen" in page_for(cast, role, "/transfer/questions/")) == (code == 200), role
        page = page_for(cast, role, f"/{record.short_number}")
        assert "Katzen" not in page, role
        assert ("offene Rückfrage" in main_of(page)) == (role in ("author", "lead")), role
    with pytest.raises(NotAllowed):
        answer(cast, question, by="staff")
    Question.objects.update(escalated_on=clock.today())
    assert "Katzen" in page_for(cast, "committee", question.get_absolute_url())


def test_rules_and_queries_agree_on_who_reads_what(cast: Cast, record: Record) -> None:
    late = ask(cast, record, by="outsider", text="Später?")
    Question.objects.filter(pk=late.pk).update(escalated_on=clock.today())
    asked = [late, ask(cast, record), hint(cast), hint(cast, by="admin"), hint(cast, by="author")]
    for role in ROLES:
        standing = cast.standing(role)
        for one in asked:
            found = type(one).objects.get(pk=one.pk)
            may = rules.may_read(standing, found, queries.addressee_ids(found))
            assert queries.visible(standing, type(one)).filter(pk=one.pk).exists() == may, (role, one)


def test_readers_see_what_the_team_publishes_in_its_words_and_without_a_name(cast: Cast, record: Record) -> None:
    question = ask(cast, record, text="Ich, Person Muster, frage: Gilt das für Katzen?")
    url = f"/{record.short_number}"
    answer(cast, question, text="Liebe Person Muster: nein.")
    told()
    page = page_for(cast, "author", f"{question.get_absolute_url()}publish/")
    assert "Liebe Person Muster" in page
    words = {"shown_question": "Gilt das für Katzen?", "shown_answer": "Nein, siehe https://stadt.example/hunde"}
    assert post(cast, "author", f"{question.get_absolute_url()}publish/", opened_on=2, **words).status_code == 302
    assert [to for to, _subject in told()] == ["staff"]
    page = page_for(cast, "committee", url)
    assert "Gilt das für Katzen?" in page
    assert 'href="https://stadt.example/hunde"' in page
    assert "Muster" not in page and cast.staff.full_name not in page
    # Other words later tell nobody anew; taken back, it is gone for readers and stays for the team.
    publish(cast, question, shown_answer="Nein, niemals.")
    assert told() == []
    assert "niemals" in page_for(cast, "outsider", url)
    assert post(cast, "outsider", question.get_absolute_url()).status_code == 404
    assert post(cast, "staff", question.get_absolute_url()).status_code == 403
    assert post(cast, "author", question.get_absolute_url(), do="take_back").status_code == 302
    assert "niemals" not in page_for(cast, "outsider", url)
    assert "niemals" in page_for(cast, "author", f"{question.get_absolute_url()}publish/")
    services.take_back(standing=cast.standing("author"), question=question)
    assert AuditEvent.objects.filter(verb="take_back_question").count() == 1


def test_hostile_words_stay_words(cast: Cast, record: Record) -> None:
    evil = "<script>alert(1)</script> javascript:alert(2) [x](javascript:alert(3))"
    question = ask(cast, record, text=evil)
    answer(cast, question, text=evil)
    publish(cast, question, shown_question=evil, shown_answer=evil)
    for url in (f"/{record.short_number}", question.get_absolute_url(), "/transfer/questions/", "/tasks/"):
        page = page_for(cast, "author", url)
        assert "<script>alert" not in page
        assert 'href="javascript' not in page


def test_what_cannot_be_published(cast: Cast, record: Record) -> None:
    question = ask(cast, record)
    with pytest.raises(WrongState, match="zuerst"):
        publish(cast, question)
    answer(cast, question)
    with pytest.raises(NotAllowed):
        publish(cast, question, by="committee")
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(published_at=clock.now())


def test_bad_input_is_told_at_the_field_and_stays_typed(cast: Cast, record: Record) -> None:
    url = f"/transfer/records/{record.short_number}/ask/"
    for text, words in (
        ("", 'aria-invalid="true"'),
        ("x" * 1001, "höchstens 1000 sind"),
        ("a\u202eb", "Schreibrichtung"),
    ):
        refused = post(cast, "staff", url, text=text)
        assert refused.status_code == 422
        page = refused.content.decode()
        assert words in page, text[:5]
    assert "a\u202eb" in page
    assert not Question.objects.exists()


def test_asked_twice_is_one_question_and_a_day_has_its_limit(cast: Cast, record: Record) -> None:
    first = ask(cast, record)
    assert ask(cast, record) == first
    for number in range(services.A_DAY - 1):
        ask(cast, record, text=f"Frage {number}")
    refused = post(cast, "staff", f"/transfer/records/{record.short_number}/ask/", text="Noch eine Frage")
    assert refused.status_code == 422
    assert "Morgen geht es weiter" in refused.content.decode()
    assert "Noch eine Frage" in refused.content.decode()
    assert ask(cast, record, by="outsider").asked_by == cast.outsider


def test_of_what_is_not_published_nobody_can_ask(cast: Cast, record: Record) -> None:
    draft = make_draft(cast, title="Nur ein Entwurf")
    for role in ("staff", "author"):
        assert client_of(cast, role).get(f"/transfer/records/{draft.short_number}/ask/").status_code == 404
    with pytest.raises(Http404):
        ask(cast, draft)
    question = ask(cast, record)
    answer(cast, question)
    publish(cast, question)
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt.")
    with pytest.raises(Gone):
        ask(cast, record)
    assert client_of(cast, "staff").get(f"/transfer/records/{record.short_number}/ask/").status_code == 410
    # Asker and team go on reading it; nothing more can be put under the record.
    for role in ("staff", "author"):
        page = main_of(page_for(cast, role, question.get_absolute_url()))
        assert "zurzeit nicht veröffentlicht" in page
    services.take_back(standing=cast.standing("author"), question=question)
    with pytest.raises(WrongState, match="nicht veröffentlicht"):
        publish(cast, question)


def test_who_answers_second_reads_the_first_answer_and_keeps_every_word(cast: Cast, record: Record) -> None:
    question = ask(cast, record)
    answer(cast, question, by="member", text="Schon beantwortet.")
    refused = post(cast, "author", f"{question.get_absolute_url()}answer/", text="Meine Antwort.", opened_on=1)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Schon beantwortet." in page and "Meine Antwort." in page
    assert 'name="opened_on" value="2"' in page
    told()
    again = post(cast, "author", f"{question.get_absolute_url()}answer/", text="Meine Antwort.", opened_on=2)
    assert again.status_code == 302
    assert [subject[:16] for _to, subject in told()] == ["Antwort geändert"]
    assert answer(cast, question, text="Meine Antwort.").version == 3
    assert told() == []


def test_the_lead_deletes_with_a_reason_and_no_word_is_left(cast: Cast, record: Record) -> None:
    question = ask(cast, record, text="Beleidigung")
    answer(cast, question, text="Beleidigung?")
    publish(cast, question, shown_question="Beleidigung!")
    url = f"{question.get_absolute_url()}delete/"
    assert client_of(cast, "author").get(url).status_code == 403
    told()
    assert post(cast, "lead", url, reason="", opened_on=3).status_code == 422
    assert post(cast, "lead", url, reason="Unsachlich.", opened_on=2).status_code == 409
    assert post(cast, "lead", url, reason="Unsachlich.", opened_on=3).status_code == 302
    assert [to for to, subject in told() if subject.startswith("Gelöscht")] == ["staff"]
    row = Question.objects.values().get()
    assert "Beleidigung" not in str(row)
    assert row["reason"] == "Unsachlich."
    assert "Unsachlich." in page_for(cast, "staff", question.get_absolute_url())
    assert "Beleidigung" not in page_for(cast, "outsider", f"/{record.short_number}")
    assert AuditEvent.objects.get(verb="delete_question").data == {"question": question.pk}
    with pytest.raises(WrongState, match="gelöscht"):
        answer(cast, question)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.update(text="Beleidigung")


def test_the_page_of_a_record_costs_no_query_more_for_its_questions(cast: Cast, record: Record) -> None:
    client = client_of(cast, "staff")
    client.get(f"/{record.short_number}", follow=True)
    url = f"/learnings/{record.number}-hundesteuer-online-anmelden/"
    none = queries_of(client, url)
    for number in range(3):
        question = ask(cast, record, text=f"Frage {number}")
        answer(cast, question)
        publish(cast, question)
    assert queries_of(client, url) == none
    one = queries_of(client, "/transfer/questions/")
    hint(cast)
    hint(cast, title="Zweiter")
    assert queries_of(client, "/transfer/questions/") == one


def test_a_stale_publication_is_a_conflict(cast: Cast, record: Record) -> None:
    question = ask(cast, record)
    answer(cast, question)
    publish(cast, question)
    with pytest.raises(Changed) as refused:
        services.publish(
            standing=cast.standing("lead"), question=question, opened_on=2, shown_question="A?", shown_answer="B."
        )
    assert isinstance(refused.value, ValidationError)
    data = {"shown_question": "A?", "shown_answer": "B.", "opened_on": 2}
    page = post(cast, "lead", f"{question.get_absolute_url()}publish/", **data).content.decode()
    assert "Auch für Katzen?" in page and "A?" in page
