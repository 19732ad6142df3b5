"""Late answers, hand-over, erased and departed persons, blanked passages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from governance import clock, people, redaction
from governance.handover import departments, parts
from governance.models import Department, Record, Team, User
from tests import kept
from tests.factories import Cast, DepartmentFactory, TeamFactory, make_published, member, reload, save
from tests.pages import address, client_of, main_of, page_for
from tests.transfer.adoption.factories import told
from tests.transfer.asking.factories import answer, ask, hint, publish
from transfer.asking import helping, keeping, reminding, services
from transfer.models import Helped, HelpedMark, Hint, Question

pytestmark = pytest.mark.django_db
# A Monday; ten working days later is the Monday after next, and the reminder comes the day after.
MONDAY = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
@kept.once
def record(cast: Cast) -> Record:
    return make_published(cast)


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with clock.at(MONDAY + dt.timedelta(days=days)):
        yield


def test_after_ten_working_days_the_team_is_reminded_once_then_the_committee_sees_it(
    cast: Cast, record: Record
) -> None:
    with days_later(0):
        question, given = ask(cast, record), hint(cast)
        answered = ask(cast, record, text="Schon erledigt?")
        answer(cast, answered)
    assert question.due_on == dt.date(2026, 11, 16)
    told()
    for days in (14, 15, 16, 22):
        with days_later(days):
            reminding.remind()
            seen = sorted(told())
        if days == 15:
            assert [to for to, _subject in seen] == ["author", "lead", "member", "outsider"]
            assert seen[0][1].startswith("Wartet seit zehn Arbeitstagen auf Antwort: Rückfrage zu L-")
        else:
            assert seen == []
    assert client_of(cast, "committee").get(question.get_absolute_url()).status_code == 404
    with days_later(25):
        reminding.remind()
        assert {to for to, _subject in told()} == {"committee", "committee2", "chair"}
        reminding.remind()
        assert told() == []
        for asked in (question, given):
            assert "überfällig" in page_for(cast, "committee", asked.get_absolute_url())
        assert "überfällig" in page_for(cast, "committee", "/tasks/")
    answer(cast, question, by="committee", text="Nein.")
    assert [to for to, _subject in told()] == ["staff", "author", "member", "lead"]


def test_the_committees_own_hints_are_reminded_of_once(cast: Cast) -> None:
    with days_later(0):
        hint(cast, by="admin")
    told()
    seen = []
    for days in (15, 25, 40):
        with days_later(days):
            reminding.remind()
            seen.append(len(told()))
    assert seen == [3, 0, 0]
    assert Hint.objects.get().escalated_on is None


def test_questions_and_open_hints_go_along_when_a_team_hands_over(cast: Cast, record: Record) -> None:
    question, given = ask(cast, record), hint(cast, by="author")
    closed = hint(cast, by="author", title="Erledigt")
    answer(cast, closed, by="member")
    third = DepartmentFactory(name="Umweltamt")
    there: Team = TeamFactory(department=third)
    member(there, username="keeper")
    told()
    preview = parts.preview(cast.team, there)
    assert [part.going for part in preview.parts if part.key == "questions"] == [2]
    people.hand_over(standing=cast.standing("admin"), team=cast.team, to=there)
    subjects = [subject for to, subject in told() if to == "keeper"]
    assert "Mit der Übergabe warten 2 Rückfragen und Hinweise auf Ihr Team" in subjects
    keeper = client_of(cast, "staff")
    keeper.force_login(User.objects.get(username="keeper"), backend="django.contrib.auth.backends.ModelBackend")
    for asked in (question, given):
        assert keeper.get(asked.get_absolute_url()).status_code == 200
    assert client_of(cast, "lead").get(question.get_absolute_url()).status_code == 404
    assert keeper.get(closed.get_absolute_url()).status_code == 404
    assert client_of(cast, "staff").get(question.get_absolute_url()).status_code == 200


def test_another_team_of_the_department_keeps_its_hints(cast: Cast) -> None:
    given = hint(cast)
    second: Team = TeamFactory(department=cast.other_team.department)
    member(second, username="second")
    people.hand_over(standing=cast.standing("admin"), team=cast.other_team, to=cast.team)
    given.refresh_from_db()
    assert given.department == cast.other_team.department


def test_hints_of_a_merged_department_stay_with_the_team_that_goes_there(cast: Cast) -> None:
    given, closed = hint(cast), hint(cast, title="Erledigt")
    answer(cast, closed, by="outsider")
    into: Department = DepartmentFactory(name="Umweltamt")
    old = Department.objects.get(pk=cast.other_team.department_id)
    departments.merge(standing=cast.standing("admin"), department=old, into=into)
    for asked in (given, closed):
        assert client_of(cast, "outsider").get(asked.get_absolute_url()).status_code == 200
        assert client_of(cast, "committee").get(asked.get_absolute_url()).status_code == 404


def test_of_a_dissolved_team_the_committee_gets_the_hints(cast: Cast) -> None:
    given = hint(cast)
    people.dissolve(standing=cast.standing("admin"), team=cast.other_team)
    assert given.title in page_for(cast, "committee", "/tasks/")


def test_an_account_that_has_ended_gets_no_mail_and_the_team_is_told_so(cast: Cast, record: Record) -> None:
    question = ask(cast, record)
    User.objects.filter(pk=cast.staff.pk).update(is_active=False)
    told()
    answer(cast, question)
    assert told() == []
    assert "Das Konto gibt es nicht mehr" in page_for(cast, "author", question.get_absolute_url())


def test_an_erased_person_is_forgotten_and_the_counts_stay(cast: Cast, record: Record) -> None:
    question, given = ask(cast, record), hint(cast)
    helping.say_helped(standing=cast.standing("staff"), record=record)
    helping.say_helped(standing=cast.standing("head"), record=record)
    people.erase_person(standing=cast.standing("admin"), user=cast.staff)
    for asked in (question, given):
        asked.refresh_from_db()
        assert asked.asked_by is None
    assert [row.mark for row in HelpedMark.objects.all()] == [helping.mark(cast.head.pk, record.pk)]
    assert sum(Helped.objects.values_list("count", flat=True)) == 2
    assert answer(cast, question).state == "answered"


def test_who_asked_is_forgotten_a_year_after_the_answer(cast: Cast, record: Record) -> None:
    question, waiting = ask(cast, record), ask(cast, record, text="Noch offen?")
    answer(cast, question)
    publish(cast, question)
    with clock.at(clock.now() + dt.timedelta(days=366)):
        keeping.forget_askers()
    question.refresh_from_db()
    waiting.refresh_from_db()
    assert (question.asked_by, question.answered_by, waiting.asked_by) == (None, None, cast.staff)
    assert "nur für Hunde" in page_for(cast, "staff", address(record))


def test_blanked_passages_go_from_questions_and_from_the_hint_behind_a_learning(cast: Cast, record: Record) -> None:
    question = ask(cast, record, text="Was sagt Erika Muster dazu?")
    answer(cast, question, text="Erika Muster sagt nein.")
    publish(cast, question, shown_question="Was sagt Erika Muster?", shown_answer="Erika Muster: nein.")
    given = hint(cast, by="author", title="Von Erika Muster", text="Erika Muster sortiert.")
    made = Record.objects.get(pk=services.write_learning(standing=cast.standing("author"), hint=given))
    for one in (record, made):
        save(cast, one, answer="Erika Muster hat das erfunden.")
        proposal = redaction.propose(
            standing=cast.standing("admin"), record=reload(one), reason="Name", passages=["Erika Muster"]
        )
        redaction.confirm(standing=cast.standing("chair"), redaction=proposal)
    rows = str([*Question.objects.values(), *Hint.objects.values()])
    assert "Erika" not in rows
    assert "geschwärzt" in main_of(page_for(cast, "staff", address(record)))
