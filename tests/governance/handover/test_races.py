"""Handing over while somebody else works: two connections, the first holds what the second waits for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from governance import people, versions, workflow
from governance.errors import WrongState
from governance.handover import departments, moving, parts, services
from governance.models import CatalogueEntry, Department, Record, Team
from tests import factories, kept
from tests.factories import Cast, learning_values, make_draft, reload, submit
from tests.racing import overtake, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
@kept.once
def cast() -> Cast:
    return factories.make_cast()


def handing(cast: Cast, team: Team, to: Team, seen: str = "") -> Callable[[], int]:
    admin = cast.standing("admin")
    return lambda: moving.hand_over(standing=admin, team=team, to=to, seen=seen)


def test_an_approval_that_waited_for_the_hand_over_publishes_for_the_new_team(cast: Cast) -> None:
    record = make_draft(cast)
    review, committee = submit(cast, record), cast.standing("committee")
    publication = race(
        record,
        handing(cast, cast.team, cast.other_team),
        lambda: workflow.approve(review=review, standing=committee),
    )
    assert publication.team == cast.other_team
    entry = CatalogueEntry.objects.get(pk=record.pk)
    assert (entry.owner, entry.owner_name) == (cast.other_team, cast.other_team.name)


def test_of_two_hand_overs_at_once_the_second_is_told_what_has_changed(cast: Cast) -> None:
    record, third = make_draft(cast), factories.TeamFactory(slug="drittes")
    seen = parts.preview(cast.team, third).seen
    late = overtake(handing(cast, cast.team, cast.other_team), handing(cast, cast.team, third, seen))
    assert isinstance(late, moving.Changed)
    assert reload(record).owner == cast.other_team


def test_two_teams_that_hand_over_to_each_other_wait_and_do_not_block(cast: Cast) -> None:
    records = {make_draft(cast).pk, make_draft(cast, "outsider").pk}
    back = overtake(handing(cast, cast.team, cast.other_team), handing(cast, cast.other_team, cast.team))
    assert back == 2
    assert set(Record.objects.filter(owner=cast.team).values_list("pk", flat=True)) == records


def test_a_text_begun_while_its_team_hands_over_and_ends_is_refused(cast: Cast) -> None:
    admin, author, values = cast.standing("admin"), cast.standing("author"), learning_values()
    seen = parts.preview(cast.team, cast.other_team).seen
    late = overtake(
        lambda: services.hand_over(standing=admin, team=cast.team, to=cast.other_team, seen=seen, then_dissolve=True),
        lambda: versions.create(kind="learning", owner=cast.team, standing=author, values=values),
    )
    assert isinstance(late, Exception)
    assert not Record.objects.exists()


def test_two_departments_moved_below_each_other_at_once_make_no_circle(cast: Cast) -> None:
    one, other, admin = cast.team.department, cast.other_team.department, cast.standing("admin")
    assert one is not None
    assert other is not None
    late = overtake(
        lambda: departments.move(standing=admin, department=one, parent=other),
        lambda: departments.move(standing=admin, department=other, parent=one),
    )
    assert "eigenen Unterbereich" in str(late)
    assert list(Department.objects.filter(parent=None)) == [other]


def test_a_hand_over_that_waited_for_a_merging_goes_to_the_team_where_it_is_now(cast: Cast) -> None:
    record = make_draft(cast)
    old, new, admin = cast.other_team.department, factories.DepartmentFactory(name="Neu"), cast.standing("admin")
    assert old is not None
    moved = overtake(
        lambda: departments.merge(standing=admin, department=old, into=new),
        handing(cast, cast.team, cast.other_team),
    )
    assert moved == 1
    assert reload(record).owner.department == new


def test_whoever_is_taken_access_twice_at_once_loses_it_once(cast: Cast) -> None:
    admin = cast.standing("admin")
    late = overtake(
        lambda: people.leave(standing=admin, user=cast.author), lambda: people.leave(standing=admin, user=cast.author)
    )
    assert isinstance(late, WrongState)
