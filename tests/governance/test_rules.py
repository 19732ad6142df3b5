"""A person's standing: what counts today, in one query, and at once when it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from governance import clock, people, rules
from governance.models import Membership
from tests.factories import Cast, make_draft, member

pytestmark = pytest.mark.django_db


def test_the_statement_agrees_with_memberships_in_force(cast: Cast) -> None:
    today, day = clock.today(), dt.timedelta(days=1)
    over = member(cast.team, username="over")
    Membership.objects.filter(user=over).update(ends_on=today - day)
    later = member(cast.team, username="later")
    Membership.objects.filter(user=later).update(starts_on=today + day)
    last_day = member(cast.team, username="last-day")
    Membership.objects.filter(user=last_day).update(ends_on=today)
    inactive = member(cast.team, username="inactive")
    inactive.is_active = False
    inactive.save()
    for user in (cast.author, cast.lead, cast.chair, cast.staff, over, later, last_day, inactive):
        in_force = Membership.objects.current().filter(user=user)
        assert rules.load_standing(user).teams == dict(in_force.values_list("team_id", "role"))


def test_a_standing_costs_one_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        standing = rules.load_standing(cast.head)
    assert len(queries) == 1
    assert standing.headed_department_ids == {cast.head.department_id}


def test_an_ended_membership_counts_no_more_in_an_open_session(cast: Cast) -> None:
    record = make_draft(cast)
    client = Client()
    client.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/learnings/{record.number}-x/edit/"
    assert client.get(address).status_code == 200
    membership = Membership.objects.get(user=cast.member, team=cast.team)
    people.end_membership(standing=cast.standing("lead"), membership=membership)
    assert client.get(address).status_code == 404


def test_a_deactivated_account_is_signed_out_with_the_next_click(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    cast.member.is_active = False
    cast.member.save()
    assert client.get("/").status_code == 302
