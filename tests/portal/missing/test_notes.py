"""Asking for what is missing, noting it from searches, and what the committee says about it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from governance import clock, people, periodic
from governance.errors import NotAllowed, WrongState
from governance.models import CatalogueEntry, OutgoingMail
from portal.missing import services
from portal.missing.models import MissingNote
from tests.factories import Cast, make_draft, make_published, submit
from tests.pages import client_of, page_for
from tests.portal.missing.test_counting import typed_on

pytestmark = pytest.mark.django_db
NOT_COMMITTEE = ("author", "lead", "outsider", "head", "staff", "admin")


def asked(cast: Cast, text: str = "Wie melde ich ein Pferd an?") -> MissingNote:
    return services.ask(standing=cast.standing("staff"), text=text)


def decide(cast: Cast, note: MissingNote, status: str, **more: object) -> MissingNote:
    values = {"standing": cast.standing("committee"), "shown": "open", "status": status}
    return services.decide(note=note, **values | more)  # type: ignore[arg-type]


def entry_of(cast: Cast) -> CatalogueEntry:
    return CatalogueEntry.objects.select_related("record").get(pk=make_published(cast).pk)


# -- asking ----------------------------------------------------------------------------------------


def test_a_page_without_results_asks_what_is_missing_and_fills_the_question_in(cast: Cast) -> None:
    page = page_for(cast, "staff", "/search/?q=Pferd+anmelden")
    assert 'action="/search/missing/ask/?q=Pferd%20anmelden"' in page
    assert 'value="Pferd anmelden"' in page
    make_published(cast)
    assert "/search/missing/ask/" not in page_for(cast, "staff", "/search/?q=Hundesteuer")


def test_a_question_goes_to_the_committees_tasks_and_nobody_elses(cast: Cast) -> None:
    client = client_of(cast, "staff")
    answer = client.post("/search/missing/ask/?q=Pferd", {"text": "Wie melde ich ein Pferd an?"})
    assert (answer.status_code, answer["Location"]) == (302, "/search/?q=Pferd")
    assert 'data-outcome="ok"' in client.get(answer["Location"]).content.decode()
    note = MissingNote.objects.get()
    assert (note.asked_by, note.status, note.words) == (cast.staff, "open", None)
    for who in ("committee", "chair"):
        assert f'href="/search/missing/{note.pk}/"' in page_for(cast, who, "/tasks/")
    for who in NOT_COMMITTEE:
        assert "Pferd" not in page_for(cast, who, "/tasks/")
    # Below what teams wait for.
    submit(cast, make_draft(cast, title="Wartet auf Freigabe"))
    page = page_for(cast, "committee", "/tasks/")
    assert page.index("Wartet auf Freigabe") < page.index("Wie melde ich ein Pferd an?")


@pytest.mark.parametrize("text", ["", "   ", "x" * 301, "a\u202eb"])
def test_an_empty_or_endless_question_is_refused_and_what_was_typed_stays(cast: Cast, text: str) -> None:
    answer = client_of(cast, "staff").post("/search/missing/ask/", {"text": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-outcome="invalid"' in page
    assert text.strip() in page
    assert not MissingNote.objects.exists()


def test_a_post_without_the_token_of_the_page_is_refused(cast: Cast) -> None:
    client = client_of(cast, "staff")
    client.handler.enforce_csrf_checks = True
    assert client.post("/search/missing/ask/", {"text": "Pferd"}).status_code == 403
    assert not MissingNote.objects.exists()


def test_a_person_asks_five_times_a_day_and_again_the_next_day(cast: Cast) -> None:
    for number in range(services.ASKED_A_DAY):
        asked(cast, f"Frage {number}")
    with pytest.raises(WrongState):
        asked(cast, "Eine zu viel")
    answer = client_of(cast, "staff").post("/search/missing/ask/", {"text": "Eine zu viel"})
    assert answer.status_code == 422
    services.ask(standing=cast.standing("author"), text="Von jemand anderem")
    with clock.at(clock.now() + dt.timedelta(days=1)):
        asked(cast, "Morgen")


def test_the_same_question_twice_is_one_note(cast: Cast) -> None:
    assert asked(cast) == asked(cast)


# -- noting ----------------------------------------------------------------------------------------


def test_a_repeated_fruitless_search_becomes_a_note_once(cast: Cast) -> None:
    typed_on(5, "baumkataster", fruitless=1)
    client = client_of(cast, "committee")
    assert client.post("/search/missing/", {"words": "baumkataster"}).status_code == 302
    note = MissingNote.objects.get()
    assert (note.text, note.words, note.asked_by) == ("baumkataster", "baumkataster", None)
    page = client.get("/search/missing/").content.decode()
    assert 'data-outcome="ok"' in page
    assert 'name="words"' not in page
    client.post("/search/missing/", {"words": "baumkataster"})
    assert 'data-outcome="invalid"' in client.get("/search/missing/").content.decode()
    assert MissingNote.objects.count() == 1


def test_words_that_are_not_shown_cannot_be_noted(cast: Cast) -> None:
    typed_on(4, "privates", fruitless=9)
    for words in ("privates", "gibt es nicht", ""):
        with pytest.raises(WrongState):
            services.want(standing=cast.standing("committee"), words=words)


# -- deciding --------------------------------------------------------------------------------------


def test_only_the_committee_sees_notes_and_decides(cast: Cast) -> None:
    note = asked(cast)
    typed_on(5, "baumkataster", fruitless=1)
    for who in NOT_COMMITTEE:
        client, standing = client_of(cast, who), cast.standing(who)
        for address in ("/search/missing/", f"/search/missing/{note.pk}/"):
            assert client.get(address).status_code == 403
            assert client.post(address, {"words": "baumkataster"}).status_code == 403
        with pytest.raises(NotAllowed):
            services.decide(standing=standing, note=note, shown="open", status="taken")
        with pytest.raises(NotAllowed):
            services.want(standing=standing, words="baumkataster")


def test_an_answer_names_a_published_record_and_the_asker_gets_it_by_mail(cast: Cast) -> None:
    note, entry = asked(cast), entry_of(cast)
    data = {"status": "answered", "entry": entry.short_number.lower(), "answer": "Steht dort.", "shown": "open"}
    assert client_of(cast, "committee").post(f"/search/missing/{note.pk}/", data).status_code == 302
    note.refresh_from_db()
    assert (note.status, note.record, note.decided_by) == ("answered", entry.record, cast.committee)
    mail = OutgoingMail.objects.filter(to=cast.staff).get()
    assert mail.subject == "Beantwortet: Wie melde ich ein Pferd an?"
    assert "Steht dort." in mail.body
    assert entry.url in mail.body
    page = page_for(cast, "committee", f"/search/missing/{note.pk}/")
    assert entry.title in page
    assert 'name="status"' not in page


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"status": "answered"}, "entry"),
        ({"status": "answered", "entry": "L-999"}, "entry"),
        ({"status": "rejected"}, "answer"),
        ({"status": "anders"}, "status"),
        ({}, "status"),
    ],
)
def test_an_answer_needs_a_record_and_a_refusal_a_reason(cast: Cast, data: dict[str, str], field: str) -> None:
    note = asked(cast)
    answer = client_of(cast, "committee").post(f"/search/missing/{note.pk}/", data | {"shown": "open"})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert MissingNote.objects.get().status == "open"


def test_a_draft_is_no_answer(cast: Cast) -> None:
    note, draft = asked(cast), make_draft(cast)
    data = {"status": "answered", "entry": draft.short_number, "shown": "open"}
    assert client_of(cast, "committee").post(f"/search/missing/{note.pk}/", data).status_code == 422


def test_what_was_taken_is_answered_later_and_the_asker_hears_of_both(cast: Cast) -> None:
    note = decide(cast, asked(cast), "taken")
    page = page_for(cast, "committee", f"/search/missing/{note.pk}/")
    assert 'value="answered"' in page
    assert 'name="status" value="taken"' not in page
    decide(cast, note, "answered", shown="taken", entry=entry_of(cast))
    subjects = list(OutgoingMail.objects.filter(to=cast.staff).values_list("subject", flat=True))
    assert [subject.partition(":")[0] for subject in subjects] == ["Vorgemerkt", "Beantwortet"]


def test_of_two_members_who_decide_at_once_the_second_is_told(cast: Cast) -> None:
    note = asked(cast)
    decide(cast, note, "rejected", answer="Kein Thema für alle.")
    with pytest.raises(WrongState):
        decide(cast, note, "taken")
    with pytest.raises(WrongState):
        decide(cast, note, "taken", shown="rejected")
    other = asked(cast, "Noch etwas")
    decide(cast, other, "taken")
    client = client_of(cast, "chair")
    data = {"status": "rejected", "answer": "Nein.", "shown": "open"}
    page = client.post(f"/search/missing/{other.pk}/", data, follow=True).content.decode()
    assert 'data-outcome="conflict"' in page
    assert MissingNote.objects.get(pk=other.pk).status == "taken"
    assert OutgoingMail.objects.filter(to=cast.staff).count() == 2


def test_a_note_from_searches_tells_nobody(cast: Cast) -> None:
    typed_on(5, "baumkataster", fruitless=1)
    note = services.want(standing=cast.standing("committee"), words="baumkataster")
    before = OutgoingMail.objects.count()
    decide(cast, note, "taken")
    assert OutgoingMail.objects.count() == before


@pytest.mark.parametrize(
    "values",
    [
        {"status": "open", "answer": "Ja"},
        {"status": "taken"},
        {"status": "anders"},
        {"status": "rejected"},
        {"status": "answered"},
    ],
)
def test_the_database_refuses_half_decisions(cast: Cast, values: dict[str, str]) -> None:
    decided = {"decided_by": cast.committee, "decided_at": clock.now()} if values["status"] in _CLOSED else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        MissingNote.objects.create(text="x", **values, **decided)


_CLOSED = ("rejected", "answered")


# -- how long it is kept ---------------------------------------------------------------------------


def test_closed_notes_are_deleted_after_their_time_and_open_ones_stay(cast: Cast) -> None:
    with clock.at(clock.now() - dt.timedelta(days=366)):
        asked(cast, "offen")
        decide(cast, asked(cast, "vorgemerkt"), "taken")
        decide(cast, asked(cast, "abgelehnt"), "rejected", answer="Nein.")
    decide(cast, asked(cast, "gerade abgelehnt"), "rejected", answer="Nein.")
    assert periodic.run_due()["purge_missing_notes"]
    assert {note.text for note in MissingNote.objects.all()} == {"offen", "vorgemerkt", "gerade abgelehnt"}


def test_a_question_stays_without_the_person_who_is_erased(cast: Cast) -> None:
    note = asked(cast)
    people.erase_person(standing=cast.standing("admin"), user=cast.staff)
    note.refresh_from_db()
    assert (note.text, note.asked_by) == ("Wie melde ich ein Pferd an?", None)
    decide(cast, note, "taken")
