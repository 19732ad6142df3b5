"""A session of the committee: its list, several texts approved in one step, who did not take part, the minutes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from docx import Document

from governance import clock, workflow
from governance.errors import NotAllowed, WrongState
from governance.meetings import deciding, queries, services
from governance.meetings.errors import Changed, MinutesClosed, OffTheList
from governance.models import AuditEvent, Meeting, MeetingItem, Membership, OutgoingMail, Publication, Record, Review
from tests import factories, kept
from tests.factories import Cast, make_draft, reload, save, submit
from tests.pages import client_of, main_of, page_for, queries_of
from tests.racing import race

pytestmark = pytest.mark.django_db


def make_meeting(days: int = 0, **more: Any) -> Meeting:
    return Meeting.objects.create(title="15. Sitzung", held_on=clock.today() + dt.timedelta(days=days), **more)


def put(cast: Cast, meeting: Meeting, *reviews: Review) -> list[MeetingItem]:
    keys = [review.pk for review in reviews]
    return services.put_on(meeting=meeting, standing=cast.standing("committee"), reviews=keys)


@pytest.fixture
@kept.once
def listed(cast: Cast) -> tuple[Meeting, list[MeetingItem]]:
    """A session today with three texts on its list."""
    return made_list(cast)


def made_list(cast: Cast) -> tuple[Meeting, list[MeetingItem]]:
    meeting = make_meeting(present=sorted([cast.committee.pk, cast.committee2.pk, cast.chair.pk]))
    reviews = [submit(cast, make_draft(cast, title=f"Text {number}")) for number in (1, 2, 3)]
    return meeting, put(cast, meeting, *reviews)


def chosen(items: list[MeetingItem]) -> dict[int, int]:
    return {item.pk: item.review.version_id for item in items}


def approve(cast: Cast, meeting: Meeting, items: list[MeetingItem], by: str = "committee") -> list[str]:
    outcomes = deciding.approve_several(meeting=meeting, standing=cast.standing(by), chosen=chosen(items))
    return [outcome.refused for outcome in outcomes]


def note(cast: Cast, item: MeetingItem, by: str = "chair", words: str = "", **parts: str) -> MeetingItem:
    item = MeetingItem.objects.select_related("review").get(pk=item.pk)
    keys = {getattr(cast, name).pk: part for name, part in parts.items()}
    return services.note(item=item, standing=cast.standing(by), opened_on=item.version, note=words, parts=keys)


def states(items: list[MeetingItem]) -> list[str]:
    return [Review.objects.get(pk=item.review_id).status for item in items]


# -- the list --------------------------------------------------------------------------------------


def test_what_waits_is_put_on_the_list_once_and_taken_off_again(cast: Cast) -> None:
    meeting, review = make_meeting(), submit(cast, make_draft(cast))
    (item,) = put(cast, meeting, review)
    assert put(cast, meeting, review) == []
    assert [line.number for line in queries.lines(meeting)] == [1]
    services.take_off(item=item, standing=cast.standing("committee"))
    with pytest.raises(OffTheList):
        services.take_off(item=item, standing=cast.standing("committee"))
    assert list(queries.waiting_for(meeting)) == [review]
    assert AuditEvent.objects.filter(verb__in=["put_on_meeting", "take_off_meeting"]).count() == 2


def test_decided_or_withdrawn_texts_are_not_put_on(cast: Cast) -> None:
    meeting, review = make_meeting(), submit(cast, make_draft(cast))
    workflow.withdraw(record=review.record, standing=cast.standing("author"))
    assert put(cast, meeting, review) == []
    with pytest.raises(NotAllowed):
        services.put_on(meeting=meeting, standing=cast.standing("author"), reviews=[review.pk])


# -- several in one step ---------------------------------------------------------------------------


def test_several_are_approved_in_one_step_each_by_a_decision_of_its_own(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    meeting, items = listed
    assert approve(cast, meeting, items[:2]) == ["", ""]
    assert states(items) == ["approved", "approved", "open"]
    assert Publication.objects.count() == 2
    assert AuditEvent.objects.filter(verb="approve").count() == 2
    assert set(Review.objects.exclude(status="open").values_list("meeting", "decided_by")) == {
        (meeting.pk, cast.committee.pk)
    }


def test_one_that_fails_takes_none_of_the_others_back_and_each_line_is_told(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    meeting, items = listed
    workflow.withdraw(record=reload(items[1].review.record), standing=cast.standing("author"))
    answer = client_of(cast, "committee").post(
        f"/governance/meetings/{meeting.pk}/approve/",
        {"approve": [f"{item.pk}:{item.review.version_id}" for item in items]},
    )
    page = main_of(answer.content.decode())
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert 'data-outcome="ok"' in page
    assert "Nicht freigegeben: Diese Vorlage ist bereits abgeschlossen: zurückgezogen." in page
    assert states(items) == ["approved", "withdrawn", "approved"]


def test_an_author_never_decides_and_the_line_says_why(cast: Cast, listed: tuple[Meeting, list[MeetingItem]]) -> None:
    meeting, items = listed
    Membership.objects.create(user=cast.author, team=cast.committee_team, role="member", starts_on="2020-01-01")
    other = make_draft(cast, by="outsider", title="Von anderen")
    items += put(cast, meeting, submit(cast, other, by="outsider"))
    refused = approve(cast, meeting, items, by="author")
    assert refused[-1] == ""
    assert set(refused[:-1]) == {"Sie haben an diesem Text mitgeschrieben. Ein anderes Mitglied entscheidet."}
    assert states(items) == ["open", "open", "open", "approved"]
    page = main_of(page_for(cast, "author", f"/governance/meetings/{meeting.pk}/"))
    assert page.count("Sie entscheiden hier nicht mit: eigener Text") == 3


def test_what_was_shown_is_what_is_approved(cast: Cast, listed: tuple[Meeting, list[MeetingItem]]) -> None:
    meeting, items = listed
    record = reload(items[0].review.record)
    workflow.withdraw(record=record, standing=cast.standing("author"))
    save(cast, record, answer="Neu.")
    submit(cast, record)
    (refused,) = approve(cast, meeting, items[:1])
    assert "zurückgezogen" in refused
    outcomes = deciding.approve_several(
        meeting=meeting, standing=cast.standing("committee"), chosen={items[1].pk: items[0].review.version_id}
    )
    assert "andere Version" in outcomes[0].refused
    assert not Publication.objects.exists()


def test_items_of_another_session_and_made_up_ones_are_not_there(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    _meeting, items = listed
    other = make_meeting()
    assert approve(cast, other, items) == []
    client = client_of(cast, "committee")
    for wrong in ("x", "1", "1:x", "9" * 30 + ":1", "1:2:3"):
        url = f"/governance/meetings/{other.pk}/approve/"
        assert client.post(url, {"approve": wrong}).status_code == 404
    answer = client.post(f"/governance/meetings/{other.pk}/approve/", {}, follow=True)
    assert 'data-outcome="invalid"' in answer.content.decode()


def test_who_left_the_committee_while_the_page_was_open_decides_nothing(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    meeting, items = listed
    standing = cast.standing("committee")
    Membership.objects.filter(user=cast.committee).update(ends_on=clock.today() - dt.timedelta(days=1))
    outcomes = deciding.approve_several(meeting=meeting, standing=standing, chosen=chosen(items[:1]))
    assert outcomes[0].refused == "Sie gehören nicht mehr zum Gremium."


# -- who took part ---------------------------------------------------------------------------------


def test_who_is_biased_decides_on_no_page_and_the_database_refuses_it_too(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    meeting, items = listed
    review = items[0].review
    workflow.claim(review=review, standing=cast.standing("committee"))
    note(cast, items[0], committee="biased", committee2="abstained")
    review.refresh_from_db()
    assert (review.biased, review.claimed_by) == ([cast.committee.pk], None)
    assert "befangen" in approve(cast, meeting, items[:1])[0]
    with pytest.raises(NotAllowed):
        workflow.approve(review=review, standing=cast.standing("committee"))
    page = page_for(cast, "committee", f"/governance/reviews/{review.pk}/")
    assert "als befangen notiert" in page
    assert 'name="verdict"' not in page
    with pytest.raises(IntegrityError, match="biased_never_decide"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(
            status="approved", verdict="approve", decided_by=cast.committee, decided_at=clock.now()
        )
    assert "enthalten" in approve(cast, meeting, items[:1], by="committee2")[0]
    assert approve(cast, meeting, items[:1], by="chair") == [""]


def test_nobody_takes_back_the_own_bias_and_another_member_may(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    _meeting, items = listed
    note(cast, items[0], committee="biased")
    with pytest.raises(WrongState, match="nicht selbst"):
        note(cast, items[0], by="committee")
    note(cast, items[0], by="committee2")
    assert Review.objects.get(pk=items[0].review_id).biased == []


def test_bias_stays_with_the_text_when_it_is_taken_off_and_comes_to_a_later_session(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    _meeting, items = listed
    note(cast, items[0], committee="biased")
    services.take_off(item=items[0], standing=cast.standing("chair"))
    (again,) = put(cast, make_meeting(days=20), items[0].review)
    assert list(again.attendances.values_list("person", "part")) == [(cast.committee.pk, "biased")]


def test_bias_outlives_a_withdrawal_and_a_return_and_ends_with_the_publication(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    _meeting, items = listed
    note(cast, items[0], committee="biased")
    record = items[0].review.record
    workflow.withdraw(record=record, standing=cast.standing("author"))
    OutgoingMail.objects.all().delete()
    again = submit(cast, reload(record))
    assert not OutgoingMail.objects.filter(to=cast.committee).exists()
    with pytest.raises(NotAllowed):
        workflow.approve(review=again, standing=cast.standing("committee"))
    workflow.request_changes(review=again, standing=cast.standing("chair"), reason="Bitte kürzen.")
    again = submit(cast, reload(record))
    assert again.biased == [cast.committee.pk]
    workflow.approve(review=again, standing=cast.standing("chair"))
    save(cast, record, title="Ganz neu")
    assert submit(cast, reload(record)).biased == []


def test_bias_is_noted_on_the_lists_of_all_sessions_and_whoever_has_one_open_is_told(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    _meeting, items = listed
    (later,) = put(cast, make_meeting(days=20), items[0].review)
    note(cast, later, committee2="away")
    later.refresh_from_db()
    note(cast, items[0], committee="biased")
    with pytest.raises(Changed):
        services.note(item=later, standing=cast.standing("chair"), opened_on=later.version, note="", parts={})
    noted = set(later.attendances.values_list("person", "part"))
    assert noted == {(cast.committee.pk, "biased"), (cast.committee2.pk, "away")}
    note(cast, items[0], by="committee2")
    assert list(later.attendances.values_list("person", "part")) == [(cast.committee2.pk, "away")]


def test_who_took_no_part_decides_in_that_session_on_no_page_either(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    meeting, items = listed
    review = items[0].review
    note(cast, items[0], committee2="abstained")
    client = client_of(cast, "committee2")
    posted = {"verdict": "approve", "meeting": meeting.pk}
    answer = client.post(f"/governance/reviews/{review.pk}/decide/", posted)
    assert answer.status_code == 409
    assert "enthalten oder nicht anwesend notiert" in main_of(answer.content.decode())
    # A session whose minutes were closed while the page was open gets no decision, either.
    Meeting.objects.filter(pk=meeting.pk).update(closed_at=clock.now(), closed_by=cast.chair)
    with pytest.raises(MinutesClosed):
        workflow.approve(review=review, standing=cast.standing("committee"), meeting=meeting)
    assert states(items[:1]) == ["open"]


def test_who_has_decided_cannot_be_noted_as_biased_or_away_afterwards(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    meeting, items = listed
    approve(cast, meeting, items[:1])
    for part in ("biased", "abstained", "away"):
        with pytest.raises(WrongState, match="entschieden"):
            note(cast, items[0], committee=part)
    note(cast, items[0], committee2="abstained", words="Einstimmig.")
    assert items[0].attendances.get().part == "abstained"


# -- minutes ---------------------------------------------------------------------------------------


def words_of(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_minutes_tell_each_text_with_its_outcome_and_who_took_part(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    meeting, items = listed
    note(cast, items[0], committee2="abstained", words="Gut belegt.\nMit Dank.")
    note(cast, items[1], committee2="biased", committee="away")
    approve(cast, meeting, items[:1])
    workflow.request_changes(
        review=items[1].review, standing=cast.standing("chair"), reason="Bitte belegen", meeting=meeting
    )
    answer = client_of(cast, "committee").get(f"/governance/meetings/{meeting.pk}/minutes.docx")
    assert answer["Content-Disposition"].startswith("attachment")
    words = words_of(answer.content)
    for expected in (
        "Protokoll: 15. Sitzung",
        "Entwurf des Protokolls",
        "Anwesend: Gremiumsmitglied Eins, Gremiumsmitglied Zwei, Vorsitz des Gremiums",
        "L-1 Text 1, Version 1",
        "Ergebnis: freigegeben, festgehalten von Gremiumsmitglied Eins",
        "Enthalten: Gremiumsmitglied Zwei",
        "Gut belegt.",
        "Ergebnis: zurückgegeben, festgehalten von Vorsitz des Gremiums",
        "Begründung: Bitte belegen",
        "Mitgewirkt: Vorsitz des Gremiums",
        "Befangen, nicht beteiligt: Gremiumsmitglied Zwei",
        "Bei diesem Text nicht anwesend: Gremiumsmitglied Eins",
        "vertagt",
    ):
        assert expected in words


def test_what_was_decided_in_a_session_without_being_on_its_list_is_in_its_minutes(cast: Cast) -> None:
    meeting, review = make_meeting(), submit(cast, make_draft(cast))
    factories.approve(cast, review, meeting=meeting)
    (line,) = queries.lines(meeting)
    assert (line.item, line.state) == (None, "approved")


def test_closed_minutes_change_no_more_until_the_chair_opens_them(
    cast: Cast, listed: tuple[Meeting, list[MeetingItem]]
) -> None:
    meeting, items = listed
    later = make_meeting(days=3, present=[cast.chair.pk])
    for wrong in (later, make_meeting()):
        with pytest.raises(WrongState):
            services.close(meeting=wrong, standing=cast.standing("committee"), opened_on=1)
    services.close(meeting=meeting, standing=cast.standing("committee"), opened_on=1)
    other = submit(cast, make_draft(cast))
    for step in (
        lambda: put(cast, meeting, other),
        lambda: services.take_off(item=items[0], standing=cast.standing("chair")),
        lambda: note(cast, items[0], words="Später"),
        lambda: services.change(
            meeting=meeting, standing=cast.standing("chair"), opened_on=2, title="x", held_on=clock.today()
        ),
    ):
        with pytest.raises(MinutesClosed):
            step()
    assert "abgeschlossen" in approve(cast, meeting, items[:1])[0]
    factories.approve(cast, Review.objects.get(pk=items[0].review_id))
    meeting.refresh_from_db()
    assert {line.outcome for line in queries.lines(meeting)} == {"vertagt"}
    assert queries.next_meeting() != meeting
    page = page_for(cast, "chair", f"/governance/reviews/{items[0].review_id}/?meeting={meeting.pk}")
    assert f'value="{meeting.pk}"' not in main_of(page)
    with pytest.raises(NotAllowed):
        services.open_again(meeting=meeting, standing=cast.standing("committee"))
    change = f"/administration/governance/meeting/{meeting.pk}/change/"
    assert client_of(cast, "admin").post(change, {"title": "x", "held_on": "2026-01-01"}).status_code == 403
    services.open_again(meeting=meeting, standing=cast.standing("chair"))
    assert client_of(cast, "admin").post(change, {"title": "Neu", "held_on": "2026-01-01"}).status_code == 302
    assert (Meeting.objects.get(pk=meeting.pk).title, Meeting.objects.get(pk=meeting.pk).version) == ("Neu", 4)
    note(cast, items[0], words="Später")


# -- pages -----------------------------------------------------------------------------------------


def test_two_who_write_at_once_lose_no_word(cast: Cast, listed: tuple[Meeting, list[MeetingItem]]) -> None:
    meeting, items = listed
    url = f"/governance/meetings/{meeting.pk}/items/{items[0].pk}/"
    note(cast, items[0], words="Das andere Wort", committee2="abstained")
    answer = client_of(cast, "committee").post(url, {"note": "Mein Wort", "opened_on": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Mein Wort" in page
    assert "Das andere Wort" in page
    assert "Gremiumsmitglied Zwei (enthalten)" in page
    assert 'name="opened_on" value="2"' in page
    form = {"title": "Neu", "held_on": "2026-01-01", "opened_on": "1"}
    edit = f"/governance/meetings/{meeting.pk}/edit/"
    assert client_of(cast, "committee").post(edit, form | {"present": [cast.chair.pk]}).status_code == 302
    assert client_of(cast, "chair").post(edit, form | {"title": "Anders"}).status_code == 409
    meeting.refresh_from_db()
    assert (meeting.title, meeting.present) == ("Neu", [cast.chair.pk])
    with pytest.raises(Changed):
        services.close(meeting=meeting, standing=cast.standing("chair"), opened_on=1)


def test_strangers_to_the_committee_are_not_noted(cast: Cast, listed: tuple[Meeting, list[MeetingItem]]) -> None:
    meeting, items = listed
    url = f"/governance/meetings/{meeting.pk}/items/{items[0].pk}/"
    data = {"note": "", "opened_on": "1", f"part_{cast.staff.pk}": "biased", f"part_{cast.chair.pk}": "biased"}
    assert client_of(cast, "committee").post(url, data).status_code == 302
    assert Review.objects.get(pk=items[0].review_id).biased == [cast.chair.pk]
    wrong = client_of(cast, "committee").post(url, {"opened_on": "2", f"part_{cast.chair.pk}": "asleep"})
    assert wrong.status_code == 422
    edit = {"title": "Neu", "held_on": "2026-01-01", "opened_on": "1", "present": [cast.staff.pk]}
    assert client_of(cast, "committee").post(f"/governance/meetings/{meeting.pk}/edit/", edit).status_code == 422


def test_the_page_costs_the_same_for_a_long_list(cast: Cast, listed: tuple[Meeting, list[MeetingItem]]) -> None:
    meeting, _items = listed
    url, client = f"/governance/meetings/{meeting.pk}/", client_of(cast, "committee")
    few = queries_of(client, url)
    put(cast, meeting, *(submit(cast, make_draft(cast, title=f"Mehr {number}")) for number in range(4)))
    submit(cast, make_draft(cast, title="Wartet"))
    assert queries_of(client, url) == few


def test_a_new_session_leads_to_its_page_and_the_list_shows_all(cast: Cast) -> None:
    client = client_of(cast, "committee")
    answer = client.post(
        "/governance/reviews/meetings/", {"title": "Julisitzung", "held_on": "2026-07-07"}, follow=True
    )
    page = answer.content.decode()
    assert "Noch kein Text auf der Liste" in page
    assert "Julisitzung" in page_for(cast, "committee", "/governance/meetings/")


def test_a_redaction_reaches_what_was_said_in_a_session(cast: Cast) -> None:
    from governance import redaction

    meeting = make_meeting()
    (item,) = put(cast, meeting, submit(cast, make_draft(cast, title="Anruf von Quandt")))
    note(cast, item, words="Quandt war dabei")
    proposed = redaction.propose(
        standing=cast.standing("admin"), record=item.review.record, reason="Name", passages=["Quandt"]
    )
    redaction.confirm(standing=cast.standing("chair"), redaction=proposed)
    assert "Quandt" not in MeetingItem.objects.get().note


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def cast(self) -> Iterator[Cast]:
        yield factories.make_cast()

    def both(self, cast: Cast) -> tuple[Meeting, list[MeetingItem], Record]:
        meeting, items = made_list(cast)
        return meeting, items, reload(items[0].review.record)

    def test_two_who_approve_the_same_list_at_once_make_one_decision_each(self, cast: Cast) -> None:
        meeting, items, record = self.both(cast)
        second = cast.standing("committee2")
        result = race(
            record,
            lambda: approve(cast, meeting, items[:1]),
            lambda: deciding.approve_several(meeting=meeting, standing=second, chosen=chosen(items)),
        )
        assert [bool(outcome.refused) for outcome in result] == [True, False, False]
        assert Publication.objects.count() == 3

    def test_bias_noted_first_wins_over_a_decision_that_waited(self, cast: Cast) -> None:
        meeting, items, record = self.both(cast)
        standing = cast.standing("committee")
        result = race(
            record,
            lambda: note(cast, items[0], committee="biased"),
            lambda: workflow.approve(review=items[0].review, standing=standing, meeting=meeting),
        )
        assert isinstance(result, NotAllowed)
