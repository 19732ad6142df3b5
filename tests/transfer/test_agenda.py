"""Taking records along: who may, what is seen by whom, order, and what happens when something changes meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from governance import people, redaction, workflow
from governance.blanking import MARK
from governance.errors import NotAllowed, WrongState
from governance.models import AuditEvent, Record
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.pages import client_of, main_of, page_for
from tests.processmodels.factories import make_process, publish
from tests.transfer.factories import add_topic, make_format, make_occurrence, note, take
from transfer import rules
from transfer.afterwards import services as afterwards
from transfer.agenda import queries, services
from transfer.errors import Changed
from transfer.models import AgendaItem, Occurrence
from transfer.occurrences import services as occurrences

pytestmark = pytest.mark.django_db


def titles(occurrence: Occurrence) -> list[str]:
    return list(occurrence.items.order_by("position").values_list("title", flat=True))


def take_by_form(cast: Cast, role: str, record: Record, occurrence: Occurrence, **changes: Any) -> Any:
    """As from the page of the record, opened now."""
    fields = {"occurrence": occurrence.pk, "aim": "decide", "by_whom": "Sachgebiet", "minutes": "10"}
    listed = {"listed": f"{occurrence.pk}.{occurrence.version}"}
    return client_of(cast, role).post(f"/transfer/records/{record.short_number}/", fields | listed | changes)


def test_a_published_record_of_either_kind_is_taken_along_from_its_own_page(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    for record in (make_published(cast), publish(cast, make_process(cast))):
        url = f"/transfer/records/{record.short_number}/"
        assert f'href="{url}"' in main_of(page_for(cast, "author", f"/{record.short_number}"))
        assert "Jour fixe Steueramt, " in page_for(cast, "author", url)
        answer = take_by_form(cast, "author", record, occurrence)
        item = occurrence.items.get(record=record)
        assert answer["Location"] == f"/transfer/occurrences/{occurrence.pk}/#top-{item.pk}"
        assert (item.aim, item.by_whom, item.minutes, item.is_draft) == ("decide", "Sachgebiet", 10, False)
        assert item.title in page_for(cast, "staff", url.replace("records", "records"))
    page = page_for(cast, "staff", occurrence.get_absolute_url())
    assert "Hundesteuer online anmelden" in page
    assert AuditEvent.objects.filter(verb="put_on_agenda").count() == 2


def test_it_stands_once_on_an_agenda(cast: Cast) -> None:
    occurrence, record = make_occurrence(cast), make_published(cast)
    take(cast, occurrence, record)
    answer = take_by_form(cast, "author", record, occurrence, by_whom="Amtsleitung")
    assert answer.status_code == 422
    assert "steht schon auf dieser Tagesordnung" in answer.content.decode()
    assert 'value="Amtsleitung"' in answer.content.decode()


def test_who_may_take_what_where(cast: Cast) -> None:
    """The organising team: whatever is published. The owning team: its own, everywhere. Nobody else."""
    ours = make_occurrence(cast)
    theirs = make_occurrence(cast, make_format(cast, team=cast.other_team), by="outsider")
    record = make_published(cast)
    item = take(cast, theirs, record, by="author")
    assert item.brought_by == cast.team
    other = make_published(cast, "outsider", title="Bauakten")
    assert take(cast, ours, other).brought_by is None
    for role in ("committee", "head", "staff", "admin"):
        with pytest.raises(NotAllowed):
            take(cast, ours, make_published(cast), by=role)
    third = make_published(cast)
    with pytest.raises(NotAllowed):
        take(cast, ours, third, by="outsider")
    assert take_by_form(cast, "staff", third, ours).status_code == 403
    assert "Mitnehmen" not in main_of(page_for(cast, "staff", f"/transfer/records/{third.short_number}/"))
    assert "Wo es besprochen wurde" in page_for(cast, "staff", f"/{third.short_number}")


def test_rules_and_queries_agree_on_where_a_record_can_go(cast: Cast) -> None:
    formats = [make_format(cast, team=team) for team in (cast.team, cast.other_team, cast.committee_team)]
    by = ("author", "outsider", "committee")
    dates = [make_occurrence(cast, shown, by=who) for shown, who in zip(formats, by, strict=True)]
    published, draft = make_published(cast), make_draft(cast)
    for role in ("author", "outsider", "committee", "chair", "head", "staff", "admin"):
        standing = cast.standing(role)
        for record, out in ((published, True), (draft, False)):
            offered = set(queries.coming_for(standing, record, is_published=out))
            allowed = {one for one in dates if rules.may_take(standing, one.format, record, is_published=out)}
            assert offered == allowed, (role, out)


def test_a_draft_goes_into_its_own_teams_format_and_only_that_team_knows(cast: Cast) -> None:
    occurrence, draft = make_occurrence(cast), make_draft(cast, title="Noch geheim")
    item = take(cast, occurrence, draft)
    note(cast, item, "Geheimer Satz")
    own = page_for(cast, "member", occurrence.get_absolute_url())
    assert "Noch geheim" in own
    assert "Entwurf, nur für Ihr Team" in own
    for role in ("outsider", "committee", "chair", "head", "staff", "admin"):
        standing = cast.standing(role)
        assert not rules.may_see_item(standing, item)
        assert not queries.items_of(standing, occurrence).exists()
        page = page_for(cast, role, occurrence.get_absolute_url())
        assert "Noch geheim" not in page
        assert "Geheimer Satz" not in page
        for url in (f"/transfer/items/{item.pk}/", f"/transfer/items/{item.pk}/outcome/"):
            assert client_of(cast, role).get(url).status_code == 404
        assert client_of(cast, role).get(f"/transfer/records/{draft.short_number}/").status_code == 404
        assert "Noch geheim" not in page_for(cast, role, f"/transfer/formats/{occurrence.format.slug}/")
    theirs = make_occurrence(cast, make_format(cast, team=cast.other_team), by="outsider")
    with pytest.raises(NotAllowed):
        take(cast, theirs, draft)


def test_what_was_a_draft_stays_the_teams_when_it_is_published_and_goes_with_a_hand_over(cast: Cast) -> None:
    occurrence, draft = make_occurrence(cast), make_draft(cast, title="Alter Titel")
    take(cast, occurrence, draft)
    save(cast, draft, title="Neuer Titel")
    approve(cast, submit(cast, draft))
    assert "Alter Titel" not in page_for(cast, "staff", occurrence.get_absolute_url())
    people.hand_over(standing=cast.standing("admin"), team=cast.team, to=cast.other_team)
    assert "Alter Titel" not in page_for(cast, "author", occurrence.get_absolute_url())
    assert "Alter Titel" in page_for(cast, "outsider", occurrence.get_absolute_url())


def test_a_published_record_with_newer_work_is_taken_as_it_is_published(cast: Cast) -> None:
    occurrence, record = make_occurrence(cast), make_published(cast)
    save(cast, record, title="Noch nicht frei")
    item = take(cast, occurrence, record)
    assert (item.title, item.is_draft) == ("Hundesteuer online anmelden", False)


def test_an_archived_record_keeps_its_title_as_it_was(cast: Cast) -> None:
    occurrence, record = make_occurrence(cast), make_published(cast)
    take(cast, occurrence, record)
    save(cast, record, title="Späterer Titel")
    approve(cast, submit(cast, record))
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt")
    page = main_of(page_for(cast, "staff", occurrence.get_absolute_url()))
    assert "Hundesteuer online anmelden" in page
    assert "archiviert" in page
    assert "Späterer Titel" not in page
    assert client_of(cast, "staff").get(f"/transfer/records/{record.short_number}/").status_code == 410
    assert "Hundesteuer online anmelden" in page_for(cast, "staff", f"/transfer/occurrences/{occurrence.pk}/")


def test_a_redaction_reaches_titles_and_notes_on_agendas(cast: Cast) -> None:
    occurrence, record = make_occurrence(cast), make_published(cast, title="Antrag von Erika Muster")
    item = note(cast, take(cast, occurrence, record), "Erika Muster war zufrieden.")
    afterwards.add_follow_up(standing=cast.standing("author"), item=item, text="Erika Muster anrufen")
    proposed = redaction.propose(
        standing=cast.standing("admin"), record=record, reason="Name", passages=["Erika Muster"]
    )
    redaction.confirm(standing=cast.standing("chair"), redaction=proposed)
    item.refresh_from_db()
    assert item.title == f"Antrag von {MARK}"
    assert item.notes == f"{MARK} war zufrieden."
    assert "Erika" not in page_for(cast, "author", occurrence.get_absolute_url())


def test_who_prepares_a_moved_occurrence_is_told_and_keeps_the_words(cast: Cast) -> None:
    occurrence, record = make_occurrence(cast), make_published(cast)
    occurrences.change(
        standing=cast.standing("member"),
        occurrence=occurrence,
        opened_on=1,
        starts_at=occurrence.starts_at,
        place="Aula",
    )
    answer = take_by_form(cast, "author", record, occurrence)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Der Termin wurde inzwischen geändert" in page
    assert 'value="Sachgebiet"' in page
    assert f'name="listed" value="{occurrence.pk}.2"' in page
    occurrence.refresh_from_db()
    assert take_by_form(cast, "author", record, occurrence).status_code == 302
    url = f"/transfer/occurrences/{occurrence.pk}/new/"
    fields = {"title": "Eigenes Thema", "aim": "ask", "seen": "1"}
    answer = client_of(cast, "author").post(url, fields)
    assert answer.status_code == 409
    assert 'value="Eigenes Thema"' in answer.content.decode()
    assert client_of(cast, "author").post(url, fields | {"seen": "2"}).status_code == 302


def test_what_was_called_off_meanwhile_takes_nothing(cast: Cast) -> None:
    occurrence, record = make_occurrence(cast), make_published(cast)
    occurrences.cancel(standing=cast.standing("member"), occurrence=occurrence)
    answer = take_by_form(cast, "author", record, occurrence)
    assert answer.status_code == 422
    assert "Kein Termin, in den Sie das mitnehmen können" in answer.content.decode()
    url = f"/transfer/occurrences/{occurrence.pk}/new/"
    answer = client_of(cast, "author").post(url, {"title": "Eigenes Thema", "aim": "ask", "seen": "1"})
    assert answer.status_code == 409
    assert "abgesagt" in answer.content.decode()
    assert not AgendaItem.objects.exists()


def test_a_topic_or_a_short_number_is_added_on_the_page_of_the_occurrence(cast: Cast) -> None:
    occurrence, record = make_occurrence(cast), make_published(cast, "outsider")
    hidden = make_draft(cast, "outsider", title="Fremder Entwurf")
    url, client = f"/transfer/occurrences/{occurrence.pk}/new/", client_of(cast, "author")
    for typed, status in (
        ("Urlaubsplanung", 302),
        (record.short_number.lower(), 302),
        (hidden.short_number, 422),
        ("L-99999", 422),
        ("", 422),
        ("x" * 201, 422),
    ):
        answer = client.post(url, {"title": typed, "aim": "inform", "seen": "1"})
        assert answer.status_code == status, typed
        assert "Fremder Entwurf" not in answer.content.decode()
    assert titles(occurrence) == ["Urlaubsplanung", "Hundesteuer online anmelden"]


def test_the_order_is_changed_by_buttons(cast: Cast) -> None:
    occurrence = make_occurrence(cast)
    first, _second, third = (add_topic(cast, occurrence, title) for title in ("A", "B", "C"))
    client = client_of(cast, "author")
    client.post(f"/transfer/items/{third.pk}/", {"do": "up"})
    assert titles(occurrence) == ["A", "C", "B"]
    client.post(f"/transfer/items/{first.pk}/", {"do": "up"})
    client.post(f"/transfer/items/{first.pk}/", {"do": "down"})
    assert titles(occurrence) == ["C", "A", "B"]
    assert client_of(cast, "staff").post(f"/transfer/items/{first.pk}/", {"do": "up"}).status_code == 403


def test_the_order_passes_over_what_the_person_does_not_see(cast: Cast) -> None:
    shown = make_format(cast)
    occurrence = make_occurrence(cast, shown)
    add_topic(cast, occurrence, "A")
    take(cast, occurrence, make_draft(cast, title="Geheim"))
    last = add_topic(cast, occurrence, "B")
    shown.team = cast.other_team
    shown.save()
    services.move(standing=cast.standing("outsider"), item=last, way=services.UP)
    assert titles(occurrence) == ["B", "Geheim", "A"]


def test_two_who_edit_one_item_lose_nothing(cast: Cast) -> None:
    item = add_topic(cast, make_occurrence(cast))
    url = f"/transfer/items/{item.pk}/"
    fields = {"title": "Neues", "aim": "ask", "by_whom": "Leitung", "minutes": "5", "seen": "1", "opened_on": "1"}
    assert client_of(cast, "member").post(url, fields).status_code == 302
    answer = client_of(cast, "author").post(url, fields | {"title": "Anderes"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Anderes"' in page
    assert "Jetziger Stand" in page
    assert "fragen, Leitung, 5 Minuten" in page
    assert client_of(cast, "author").post(url, fields | {"title": "Anderes", "opened_on": "2"}).status_code == 302
    assert AgendaItem.objects.get().title == "Anderes"
    with pytest.raises(Changed):
        services.change(standing=cast.standing("author"), item=item, opened_on=2, title="Drittes")


def test_the_title_of_a_record_cannot_be_posted(cast: Cast) -> None:
    item = take(cast, make_occurrence(cast), make_published(cast))
    fields = {"title": "Untergeschoben", "aim": "ask", "seen": "1", "opened_on": "1"}
    assert client_of(cast, "author").post(f"/transfer/items/{item.pk}/", fields).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.aim) == ("Hundesteuer online anmelden", "ask")


def test_an_item_is_taken_off_as_long_as_nothing_is_noted(cast: Cast) -> None:
    theirs = make_occurrence(cast, make_format(cast, team=cast.other_team), by="outsider")
    item = take(cast, theirs, make_published(cast))
    # The team that brought it may also take it away.
    assert client_of(cast, "member").post(f"/transfer/items/{item.pk}/", {"do": "remove"}).status_code == 302
    assert not theirs.items.exists()
    noted = note(cast, add_topic(cast, make_occurrence(cast)))
    with pytest.raises(WrongState):
        services.take_off(standing=cast.standing("author"), item=noted)
    gone = add_topic(cast, noted.occurrence, "Weg")
    services.take_off(standing=cast.standing("author"), item=gone)
    with pytest.raises(WrongState, match="von der Tagesordnung genommen"):
        services.change(standing=cast.standing("author"), item=gone, opened_on=1)
