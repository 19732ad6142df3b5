"""What came of an item: notes, follow-ups until they are done, and the draft made of a note."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from governance import clock, redaction, versions
from governance.blanking import MARK
from governance.errors import NotAllowed, WrongState
from governance.models import Record
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.learnings.pages import fields_of
from tests.pages import client_of, main_of, page_for, queries_of
from tests.transfer.factories import add_topic, make_format, make_occurrence, note, take
from transfer.afterwards import drafts, services
from transfer.models import AgendaItem, FollowUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(cast: Cast) -> AgendaItem:
    return take(cast, make_occurrence(cast, days=-1), make_published(cast))


def post(cast: Cast, role: str, item: AgendaItem, **fields: Any) -> Any:
    return client_of(cast, role).post(f"/transfer/items/{item.pk}/outcome/", fields)


def test_notes_and_decisions_are_read_by_all_staff(cast: Cast, item: AgendaItem) -> None:
    answer = post(cast, "author", item, notes="Geht <b>auch</b> so.", decisions="Machen wir.", opened_on=1)
    assert answer.status_code == 302
    page = main_of(page_for(cast, "staff", item.occurrence.get_absolute_url()))
    assert "Geht &lt;b&gt;auch&lt;/b&gt; so." in page
    assert "Machen wir." in page
    assert "Machen wir." in page_for(cast, "staff", "/transfer/records/L-1/")
    for role in ("outsider", "staff", "committee"):
        assert post(cast, role, item, notes="x", opened_on=2).status_code == 403


def test_two_who_note_at_once_see_both_texts(cast: Cast, item: AgendaItem) -> None:
    post(cast, "member", item, notes="Ihre Worte.", opened_on=1)
    answer = post(cast, "author", item, notes="Meine Worte.", opened_on=1)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ihre Worte." in page
    assert fields_of(answer)["notes"] == ["Meine Worte."]
    assert fields_of(answer)["opened_on"] == ["2"]
    assert "data-backup-hold" in page
    item.refresh_from_db()
    assert item.notes == "Ihre Worte."
    assert post(cast, "author", item, notes="Beide.", opened_on=2).status_code == 302


def test_too_long_or_unreadable_notes_are_told_and_kept(cast: Cast, item: AgendaItem) -> None:
    answer = post(cast, "author", item, notes="x" * 5001, opened_on=1)
    assert answer.status_code == 422
    assert "höchstens 5000 sind möglich" in answer.content.decode()
    assert len(fields_of(answer)["notes"][0]) == 5001


# -- follow-ups ------------------------------------------------------------------------------------


def test_a_follow_up_stands_in_the_tasks_of_the_organising_team_until_it_is_done(cast: Cast, item: AgendaItem) -> None:
    fields = {"todo-text": "Formular löschen", "todo-role": "IT", "todo-due_on": "2026-01-15", "do": "follow_up"}
    for _twice in range(2):
        assert post(cast, "author", item, **fields).status_code == 302
    follow_up = FollowUp.objects.get()
    assert (follow_up.role, follow_up.due_on) == ("IT", dt.date(2026, 1, 15))
    page = page_for(cast, "lead", "/tasks/")
    assert "Formular löschen" in page
    assert page.index("Entwürfe Ihres Teams") < page.index("Folgeaufgaben")
    assert "IT · Jour fixe Steueramt" in page
    for role in ("outsider", "staff", "committee"):
        assert "Formular löschen" not in page_for(cast, role, "/tasks/")
    assert "überfällig" in page_for(cast, "staff", item.occurrence.get_absolute_url())
    assert post(cast, "member", item, do=f"done-{follow_up.pk}").status_code == 302
    assert "Formular löschen" not in page_for(cast, "lead", "/tasks/")
    assert "erledigt am" in page_for(cast, "staff", item.occurrence.get_absolute_url())
    post(cast, "member", item, do=f"open-{follow_up.pk}")
    assert "Formular löschen" in page_for(cast, "lead", "/tasks/")
    assert post(cast, "member", item, do="done-999").status_code == 404
    with pytest.raises(NotAllowed):
        services.tick(standing=cast.standing("outsider"), follow_up=follow_up, done=True)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("todo-text", ""), ("todo-text", "x" * 401), ("todo-due_on", "bald"), ("todo-due_on", "0900-01-01")],
)
def test_a_follow_up_that_cannot_be_is_told_at_its_place(cast: Cast, item: AgendaItem, field: str, typed: str) -> None:
    fields = {"todo-text": "Tun", "todo-role": "Leitung", "todo-due_on": "", "do": "follow_up"} | {field: typed}
    answer = post(cast, "author", item, **fields)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert 'value="Leitung"' in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_follow_ups_of_a_draft_are_tasks_of_those_who_see_it(cast: Cast) -> None:
    shown = make_format(cast)
    item = take(cast, make_occurrence(cast, shown), make_draft(cast))
    services.add_follow_up(standing=cast.standing("author"), item=item, text="Geheim tun")
    assert "Geheim tun" in page_for(cast, "author", "/tasks/")
    shown.team = cast.other_team
    shown.save()
    assert "Geheim tun" not in page_for(cast, "outsider", "/tasks/")


def test_the_next_date_is_asked_for_when_the_last_one_has_passed(cast: Cast) -> None:
    shown = make_format(cast)
    assert "Wann ist der nächste Termin?" not in page_for(cast, "author", "/tasks/")
    coming = make_occurrence(cast, shown, days=1)
    assert "Wann ist der nächste Termin?" not in page_for(cast, "author", "/tasks/")
    with clock.at(coming.starts_at + dt.timedelta(days=1)):
        page = page_for(cast, "author", "/tasks/")
        assert "Wann ist der nächste Termin?" in page
        assert f'href="/transfer/formats/{shown.slug}/new/"' in page
        assert "Wann ist der nächste Termin?" not in page_for(cast, "outsider", "/tasks/")
        make_occurrence(cast, shown, days=30)
        assert "Wann ist der nächste Termin?" not in page_for(cast, "author", "/tasks/")


def test_work_lists_and_the_page_of_a_record_cost_the_same_for_one_and_for_many(cast: Cast) -> None:
    record, client = make_published(cast), client_of(cast, "author")

    def grow(times: int) -> None:
        for _time in range(times):
            item = take(cast, make_occurrence(cast), record)
            services.add_follow_up(standing=cast.standing("author"), item=item, text="Tun")

    grow(1)
    urls = ["/tasks/", f"/transfer/records/{record.short_number}/"]
    client.get("/")
    before = [queries_of(client, url) for url in urls]
    grow(3)
    assert [queries_of(client, url) for url in urls] == before


# -- a draft of a note -----------------------------------------------------------------------------


def made_of(item: AgendaItem) -> tuple[Record, Any]:
    item.refresh_from_db()
    assert item.learning is not None
    record = reload(item.learning)
    return record, versions.content_of(record)


def test_a_note_becomes_a_draft_of_the_team_with_one_click(cast: Cast, item: AgendaItem) -> None:
    note(cast, item, "Das Bürgerbüro fragt nur noch zweimal nach. Vorher war es jedes Mal.", "Wir behalten das bei.")
    answer = post(cast, "author", item, do="learning")
    record, text = made_of(item)
    assert answer["Location"].startswith(f"/learnings/{record.number}-")
    assert client_of(cast, "author").get(answer["Location"]).status_code == 200
    assert (record.owner, record.state) == (cast.team, Record.State.DRAFT)
    assert text.answer == "Das Bürgerbüro fragt nur noch zweimal nach. Vorher war es jedes Mal."
    assert text.title == "Das Bürgerbüro fragt nur noch zweimal nach. Vorher war es jedes Mal."
    assert text.recommendation == "Wir behalten das bei."
    assert text.related == [item.record_id]
    assert text.links[0]["title"].startswith("Jour fixe Steueramt am ")
    assert text.links[0]["url"].endswith(item.occurrence.get_absolute_url())
    # Asked twice, it is one.
    assert post(cast, "member", item, do="learning")["Location"] == answer["Location"]
    page = item.occurrence.get_absolute_url()
    assert f"/{record.short_number}" in page_for(cast, "member", page)
    assert f"/{record.short_number}" not in page_for(cast, "staff", page)
    save(cast, record, everyday_benefit="Weniger Nachfragen.", tag_ids=versions.content_of(reload(item.record)).tag_ids)
    approve(cast, submit(cast, record))
    assert f"/{record.short_number}" in page_for(cast, "staff", page)


def test_a_long_note_loses_nothing(cast: Cast, item: AgendaItem) -> None:
    long = "\n\n".join(f"Absatz {number} sagt etwas mit mehreren Worten." for number in range(60))
    services.write_from_note(standing=cast.standing("author"), source=note(cast, item, long))
    _record, text = made_of(item)
    assert text.results == long
    assert len(text.answer) <= 600
    assert len(text.title) <= drafts.TITLE_LENGTH


def test_without_words_nothing_is_made(cast: Cast, item: AgendaItem) -> None:
    with pytest.raises(WrongState):
        services.write_from_note(standing=cast.standing("author"), source=item)
    assert "Learning-Entwurf" not in page_for(cast, "author", item.occurrence.get_absolute_url())


def test_the_committee_has_no_drafts_of_its_own(cast: Cast) -> None:
    shown = make_format(cast, team=cast.committee_team)
    occurrence = make_occurrence(cast, shown, by="committee")
    item = take(cast, occurrence, make_published(cast), by="committee")
    services.note(standing=cast.standing("committee"), item=item, opened_on=1, notes="Gut.", decisions="")
    with pytest.raises(NotAllowed):
        services.write_from_note(standing=cast.standing("committee"), source=item)
    assert "Learning-Entwurf" not in page_for(cast, "committee", occurrence.get_absolute_url())


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("Kurz.", 100, "Kurz."),
        ("Erster Satz ist lang genug. Zweiter Satz", 30, "Erster Satz ist lang genug."),
        ("Ein Satz ohne Ende und ohne Punkt", 20, "Ein Satz ohne Ende …"),
        ("Donaudampfschifffahrt", 10, "Donaudamp …"[:10]),
    ],
)
def test_a_text_is_shortened_at_a_sentence_or_a_word(text: str, length: int, short: str) -> None:
    assert drafts.shortened(text, length) == short
    assert len(short) <= length


def test_a_redaction_of_the_draft_reaches_the_note_that_it_was_made_of(cast: Cast) -> None:
    item = note(cast, add_topic(cast, make_occurrence(cast)), "Erika Muster hat es vorgeschlagen.")
    services.write_from_note(standing=cast.standing("author"), source=item)
    record, _text = made_of(item)
    proposed = redaction.propose(
        standing=cast.standing("admin"), record=record, reason="Name", passages=["Erika Muster"]
    )
    redaction.confirm(standing=cast.standing("chair"), redaction=proposed)
    item.refresh_from_db()
    assert item.notes == f"{MARK} hat es vorgeschlagen."


def test_a_topic_without_a_record_becomes_a_draft_too(cast: Cast) -> None:
    item = note(cast, add_topic(cast, make_occurrence(cast)), "- Der erste Punkt\n- Der zweite")
    services.write_from_note(standing=cast.standing("author"), source=item)
    _record, text = made_of(item)
    assert text.title == "Der erste Punkt"
    assert text.related == []
