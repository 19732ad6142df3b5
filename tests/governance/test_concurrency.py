"""Two people at once, each on a database connection of their own.

Who comes first is fixed, see `tests/racing.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from governance import mail, people, versions, workflow
from governance.errors import Conflict, Decided, Locked, NotAllowed, WrongState
from governance.models import Membership, OutgoingMail, Publication, Record, Review, Version
from tests import factories, kept
from tests.factories import Cast, make_draft, make_published, reload, save, submit
from tests.racing import WAIT, Second, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
@kept.once
def cast() -> Cast:
    return factories.make_cast()


def saving(cast: Cast, by: str, record: Record, answer: str) -> Callable[[], Any]:
    opened, standing = record.current_version_id, cast.standing(by)
    assert opened is not None
    return lambda: versions.write(record=record, standing=standing, opened_on=opened, values={"answer": answer})


def deciding(cast: Cast, by: str, review: Review, verdict: str) -> Callable[[], Any]:
    standing = cast.standing(by)
    if verdict == "approve":
        return lambda: workflow.approve(review=review, standing=standing)
    return lambda: workflow.request_changes(review=review, standing=standing, reason="Bitte kürzen")


def test_the_second_of_two_savers_is_told_and_nothing_of_the_first_is_lost(cast: Cast) -> None:
    record = make_draft(cast)
    result = race(
        record,
        saving(cast, "author", record, "Vom Autor."),
        saving(cast, "member", record, "Vom Mitglied."),
    )
    assert isinstance(result, Conflict)
    assert result.current.author_id == cast.author.pk
    assert versions.content_of(record).answer == "Vom Autor."
    assert reload(record).versions.count() == 2


@pytest.mark.parametrize("second", ["approve", "request_changes"])
@pytest.mark.parametrize("first", ["approve", "request_changes"])
def test_of_two_deciders_one_counts(cast: Cast, first: str, second: str) -> None:
    record = make_draft(cast)
    review = submit(cast, record)
    before = OutgoingMail.objects.count()
    result = race(
        record,
        deciding(cast, "committee", review, first),
        deciding(cast, "chair", review, second),
    )
    assert isinstance(result, Decided)
    closed = Review.objects.get()
    assert closed.decided_by_id == cast.committee.pk
    assert Publication.objects.count() == (1 if first == "approve" else 0)
    told = OutgoingMail.objects.count() - before
    assert told == len(mail.recipients(cast.team))


def test_a_withdrawal_before_the_decision_wins(cast: Cast) -> None:
    record = make_draft(cast)
    review = submit(cast, record)
    standing = cast.standing("author")
    result = race(
        record,
        lambda: workflow.withdraw(record=record, standing=standing),
        deciding(cast, "committee", review, "approve"),
    )
    assert isinstance(result, Decided)
    assert Review.objects.get().status == "withdrawn"
    assert not Publication.objects.exists()


def test_a_decision_before_the_withdrawal_wins(cast: Cast) -> None:
    record = make_draft(cast)
    review = submit(cast, record)
    standing = cast.standing("author")
    result = race(
        record,
        deciding(cast, "committee", review, "approve"),
        lambda: workflow.withdraw(record=record, standing=standing),
    )
    assert isinstance(result, WrongState)
    assert reload(record).state == Record.State.SETTLED
    assert Publication.objects.count() == 1


def test_a_save_that_comes_after_the_submission_is_refused(cast: Cast) -> None:
    record = make_draft(cast)
    standing, opened = cast.standing("author"), record.current_version_id
    assert opened is not None
    result = race(
        record,
        lambda: workflow.submit(record=record, standing=standing, version_id=opened),
        saving(cast, "member", record, "Zu spät."),
    )
    assert isinstance(result, Locked)
    assert Review.objects.get().version_id == reload(record).current_version_id == opened


def test_a_submission_of_what_was_saved_over_is_a_conflict(cast: Cast) -> None:
    record = make_draft(cast)
    standing, opened = cast.standing("author"), record.current_version_id
    assert opened is not None
    result = race(
        record,
        saving(cast, "member", record, "Schneller."),
        lambda: workflow.submit(record=record, standing=standing, version_id=opened),
    )
    assert isinstance(result, Conflict)
    assert not Review.objects.exists()


def test_two_submissions_open_one_review(cast: Cast) -> None:
    record = make_draft(cast)
    opened = record.current_version_id
    assert opened is not None
    author, member = cast.standing("author"), cast.standing("member")
    result = race(
        record,
        lambda: workflow.submit(record=record, standing=author, version_id=opened),
        lambda: workflow.submit(record=record, standing=member, version_id=opened),
    )
    assert isinstance(result, WrongState)
    assert Review.objects.filter(status="open").count() == 1


def test_an_archive_and_a_save_end_in_one_of_both_not_in_a_mix(cast: Cast) -> None:
    record = make_published(cast)
    lead = cast.standing("lead")
    result = race(
        record,
        lambda: workflow.archive(record=record, standing=lead, reason="Überholt"),
        saving(cast, "author", record, "Zu spät."),
    )
    assert isinstance(result, WrongState)
    assert reload(record).state == Record.State.ARCHIVED


def test_a_save_that_waited_for_the_hand_over_is_refused_and_not_lost_in_an_error(cast: Cast) -> None:
    record = make_draft(cast)
    admin = cast.standing("admin")
    result = race(
        record,
        lambda: people.hand_over(standing=admin, team=cast.team, to=cast.other_team),
        saving(cast, "author", record, "Zu spät."),
    )
    assert isinstance(result, NotAllowed)
    assert reload(record).owner_id == cast.other_team.pk


@pytest.mark.parametrize("verb", ["approve", "request_changes"])
def test_a_decision_does_not_count_when_the_membership_ended_while_it_waited(cast: Cast, verb: str) -> None:
    record = make_draft(cast)
    review = submit(cast, record)
    membership = Membership.objects.get(user=cast.committee)
    admin = cast.standing("admin")
    result = race(
        record,
        lambda: people.end_membership(standing=admin, membership=membership),
        deciding(cast, "committee", review, verb),
    )
    assert isinstance(result, NotAllowed)
    assert Review.objects.get().status == "open"


def test_a_save_does_not_count_when_the_membership_ended_while_it_waited(cast: Cast) -> None:
    record = make_draft(cast)
    membership = Membership.objects.get(user=cast.author)
    lead = cast.standing("lead")
    result = race(
        record,
        lambda: people.end_membership(standing=lead, membership=membership),
        saving(cast, "author", record, "Zu spät."),
    )
    assert isinstance(result, NotAllowed)
    assert reload(record).versions.count() == 1


def test_numbers_of_records_made_at_once_are_different_and_without_gap(cast: Cast) -> None:
    others = [Second(lambda: make_draft(cast)) for _person in range(4)]
    for other in others:
        other.start()
    for other in others:
        other.join(WAIT)
        assert isinstance(other.result, Record)
    assert sorted(Record.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_an_interrupted_save_leaves_nothing_behind(cast: Cast) -> None:
    record = make_draft(cast)
    with pytest.raises(RuntimeError), transaction.atomic():
        save(cast, record, answer="Halb gespeichert.")
        raise RuntimeError("power cut")
    assert Version.objects.filter(record=record).count() == 1
    assert versions.content_of(record).answer != "Halb gespeichert."
