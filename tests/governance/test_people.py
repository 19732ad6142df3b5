"""Joining, leaving, being away, handing over, erasing; and the admin that uses the same services."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from governance import clock, mail, people, rules, workflow
from governance.errors import NotAllowed, WrongState
from governance.models import (
    AuditEvent,
    CatalogueEntry,
    Department,
    DraftBuffer,
    Membership,
    OutgoingMail,
    Record,
    Review,
    Team,
    User,
    Version,
)
from tests.factories import Cast, make_draft, make_published, reload, save, submit

pytestmark = pytest.mark.django_db
Role = Membership.Role


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user, ended_at=None)


def last_event() -> AuditEvent:
    return AuditEvent.objects.latest("pk")


# -- memberships -----------------------------------------------------------------------------------


def test_an_ended_membership_counts_at_once_even_on_its_first_day(cast: Cast) -> None:
    new = people.add_member(standing=cast.standing("lead"), team=cast.team, user=cast.staff)
    assert rules.load_standing(cast.staff).team_ids == [cast.team.pk]
    people.end_membership(standing=cast.standing("lead"), membership=new)
    assert rules.load_standing(cast.staff).team_ids == []
    assert cast.staff not in mail.recipients(cast.team)
    event = last_event()
    assert (event.verb, event.actor) == ("end_membership", cast.lead)
    assert event.data == {"team": cast.team.pk, "person": cast.staff.pk}
    with pytest.raises(WrongState):
        people.end_membership(standing=cast.standing("lead"), membership=new)
    people.add_member(standing=cast.standing("lead"), team=cast.team, user=cast.staff)


def test_a_membership_that_lies_ahead_can_be_ended(cast: Cast) -> None:
    ahead = people.add_member(
        standing=cast.standing("admin"),
        team=cast.team,
        user=cast.staff,
        starts_on=clock.today() + dt.timedelta(days=9),
    )
    people.end_membership(standing=cast.standing("admin"), membership=ahead)
    with clock.at(clock.now() + dt.timedelta(days=9)):
        assert rules.load_standing(cast.staff).team_ids == []


@pytest.mark.parametrize("who", ["author", "outsider", "committee", "chair", "head", "staff"])
def test_only_lead_and_administrator_keep_a_team(cast: Cast, who: str) -> None:
    standing = cast.standing(who)
    target = membership_of(cast.member)
    with pytest.raises(NotAllowed):
        people.add_member(standing=standing, team=cast.team, user=cast.staff)
    with pytest.raises(NotAllowed):
        people.change_role(standing=standing, membership=target, role=Role.LEAD)
    with pytest.raises(NotAllowed):
        people.end_membership(standing=standing, membership=target)
    with pytest.raises(NotAllowed):
        people.erase_person(standing=standing, user=cast.outsider)
    with pytest.raises(NotAllowed):
        people.leave(standing=standing, user=cast.outsider)
    with pytest.raises(NotAllowed):
        people.dissolve(standing=standing, team=cast.other_team)


def test_a_lead_gets_no_say_over_the_committee(cast: Cast) -> None:
    standing = cast.standing("lead")
    with pytest.raises(NotAllowed):
        people.add_member(standing=standing, team=cast.committee_team, user=cast.lead)
    with pytest.raises(ValidationError):
        people.change_role(standing=standing, membership=membership_of(cast.lead), role=Role.CHAIR)
    with pytest.raises(NotAllowed):
        people.add_member(standing=standing, team=cast.other_team, user=cast.lead)


def test_nobody_is_in_a_team_twice(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        people.add_member(standing=cast.standing("lead"), team=cast.team, user=cast.author)


def test_a_role_changes_and_is_recorded(cast: Cast) -> None:
    people.change_role(standing=cast.standing("lead"), membership=membership_of(cast.author), role=Role.LEAD)
    assert rules.load_standing(cast.author).led_team_ids == [cast.team.pk]
    assert last_event().data["before"] == "member"


def test_whoever_leaves_the_committee_lets_go_of_claims(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    workflow.claim(review=review, standing=cast.standing("committee"))
    people.end_membership(standing=cast.standing("admin"), membership=membership_of(cast.committee))
    assert Review.objects.get(pk=review.pk).claimed_by is None


def test_everybody_enters_the_own_absence(cast: Cast) -> None:
    today = clock.today()

    def be_away(who: str, **more: Any) -> None:
        people.set_absence(
            standing=cast.standing(who),
            membership=membership_of(cast.author),
            away_from=today,
            away_until=today,
            **more,
        )

    be_away("author", substitute=cast.member)
    assert cast.author not in mail.recipients(cast.team)
    be_away("lead")
    with pytest.raises(NotAllowed):
        be_away("member")
    for wrong in (cast.outsider, cast.author):
        with pytest.raises(ValidationError):
            be_away("author", substitute=wrong)


# -- teams -----------------------------------------------------------------------------------------


def test_handing_over_changes_the_owner_only(cast: Cast) -> None:
    published, waiting = make_published(cast), make_draft(cast, title="Wartet")
    review = submit(cast, waiting)
    before = Review.objects.values().get(pk=review.pk)
    assert people.hand_over(standing=cast.standing("admin"), team=cast.team, to=cast.other_team) == 2
    assert Review.objects.values().get(pk=review.pk) == before
    assert reload(waiting).state == Record.State.IN_REVIEW
    entry = CatalogueEntry.objects.get(pk=published.pk)
    assert (entry.owner, entry.department) == (cast.other_team, cast.other_team.department)
    assert not rules.may_edit(cast.standing("author"), reload(published))
    assert rules.may_edit(cast.standing("outsider"), reload(published))
    assert AuditEvent.objects.filter(verb="change_owner").count() == 2
    assert OutgoingMail.objects.filter(to=cast.outsider).exists()
    save(cast, published, by="outsider", title="Jetzt unser Text")


@pytest.mark.parametrize("to", ["team", "committee_team"])
def test_records_go_to_another_change_team(cast: Cast, to: str) -> None:
    with pytest.raises(WrongState):
        people.hand_over(standing=cast.standing("admin"), team=cast.team, to=getattr(cast, to))


def test_a_team_hands_over_before_it_is_dissolved(cast: Cast) -> None:
    make_draft(cast)
    admin_standing = cast.standing("admin")
    with pytest.raises(WrongState):
        people.dissolve(standing=admin_standing, team=cast.team)
    with pytest.raises(ValidationError):
        Team(pk=cast.team.pk, kind="change_team", dissolved_on=clock.today()).clean()
    department = cast.team.department
    assert department is not None
    department.dissolved_on = clock.today()
    with pytest.raises(ValidationError):
        department.clean()
    people.hand_over(standing=admin_standing, team=cast.team, to=cast.other_team)
    people.dissolve(standing=admin_standing, team=cast.team)
    assert rules.load_standing(cast.lead).teams == {}
    department.clean()


# -- erasing ---------------------------------------------------------------------------------------


def test_erasing_overwrites_the_person_and_keeps_the_work(cast: Cast) -> None:
    record = make_published(cast)
    version = Version.objects.get(record=record)
    DraftBuffer.objects.create(record=record, user=cast.author, opened_on=version)
    cast.author.set_password("ein langes Kennwort")
    cast.author.save()
    people.erase_person(standing=cast.standing("admin"), user=cast.author)
    user = User.objects.get(pk=cast.author.pk)
    assert (user.email, user.is_active, user.department) == ("", False, None)
    assert cast.author.full_name not in (user.full_name, user.username)
    assert not user.has_usable_password()
    assert rules.load_standing(user).teams == {}
    version.refresh_from_db()
    assert version.author_id == user.pk
    assert reload(record).contact == cast.lead
    assert CatalogueEntry.objects.get(pk=record.pk).contact == cast.lead
    assert not DraftBuffer.objects.exists()
    event = last_event()
    assert (event.verb, event.data) == ("erase_person", {"person": user.pk})
    with pytest.raises(WrongState):
        people.erase_person(standing=cast.standing("admin"), user=user)


def test_nobody_erases_themselves(cast: Cast) -> None:
    with pytest.raises(WrongState):
        people.erase_person(standing=cast.standing("admin"), user=cast.admin)


def test_an_erased_head_leaves_the_department_without_one(cast: Cast) -> None:
    people.erase_person(standing=cast.standing("admin"), user=cast.head)
    assert not Department.objects.filter(head=cast.head).exists()


def test_an_inactive_person_is_not_taken_in(cast: Cast) -> None:
    left = User.objects.create(username="left", is_active=False)
    with pytest.raises(WrongState):
        people.add_member(standing=cast.standing("lead"), team=cast.team, user=left)
