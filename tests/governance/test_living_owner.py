"""Every record has an owning change team of a living department: refused by PostgreSQL past all Python code."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from governance.models import Record
from tests import factories, kept
from tests.factories import Cast, make_draft
from tests.governance.test_integrity import refuses, run
from tests.racing import overtake

pytestmark = pytest.mark.django_db
DISSOLVE_TEAM = "UPDATE governance_team SET dissolved_on = now() WHERE id = %s"
DISSOLVE_DEPARTMENT = "UPDATE governance_department SET dissolved_on = now() WHERE id = %s"
GIVE = "UPDATE governance_record SET owner_id = %s WHERE id = %s"
MOVE = "UPDATE governance_team SET department_id = %s WHERE id = %s"


def test_a_team_with_records_is_not_dissolved_and_a_dissolved_one_gets_none(cast: Cast) -> None:
    record = make_draft(cast)
    refuses(DISSOLVE_TEAM, cast.team.pk)
    refuses(GIVE, cast.committee_team.pk, record.pk)
    run(DISSOLVE_TEAM, cast.other_team.pk)
    refuses(GIVE, cast.other_team.pk, record.pk)


def test_a_department_whose_team_has_records_is_not_dissolved(cast: Cast) -> None:
    record = make_draft(cast)
    refuses(DISSOLVE_DEPARTMENT, cast.team.department_id)
    run("UPDATE governance_department SET name = 'Neues Amt' WHERE id = %s", cast.team.department_id)
    run(GIVE, cast.other_team.pk, record.pk)
    run(DISSOLVE_DEPARTMENT, cast.team.department_id)
    refuses(GIVE, cast.team.pk, record.pk)


def test_a_department_may_be_dissolved_after_its_team(cast: Cast) -> None:
    run(DISSOLVE_TEAM, cast.other_team.pk)
    run(DISSOLVE_DEPARTMENT, cast.other_team.department_id)


def test_a_team_neither_moves_into_a_dissolved_department_nor_begins_or_revives_there(cast: Cast) -> None:
    gone = factories.DepartmentFactory(dissolved_on="2026-01-01")
    make_draft(cast)
    refuses(MOVE, gone.pk, cast.team.pk)
    with pytest.raises(IntegrityError):
        factories.TeamFactory(department=gone)


def test_a_team_of_a_dissolved_department_stays_dissolved(cast: Cast) -> None:
    run(DISSOLVE_TEAM, cast.other_team.pk)
    run(DISSOLVE_DEPARTMENT, cast.other_team.department_id)
    refuses("UPDATE governance_team SET dissolved_on = NULL WHERE id = %s", cast.other_team.pk)
    run("UPDATE governance_team SET name = 'Altes Team' WHERE id = %s", cast.other_team.pk)


# -- at once ---------------------------------------------------------------------------------------

at_once = pytest.mark.django_db(transaction=True)


@pytest.fixture
@kept.once
def played(transactional_db: None) -> Cast:
    return factories.make_cast()


@at_once
@pytest.mark.parametrize("what", ["team", "department"])
def test_creating_waits_for_dissolving_and_is_then_refused(played: Cast, what: str) -> None:
    statement, key = {
        "team": (DISSOLVE_TEAM, played.other_team.pk),
        "department": (DISSOLVE_DEPARTMENT, played.other_team.department_id),
    }[what]
    result = overtake(lambda: run(statement, key), lambda: make_draft(played, by="outsider"))
    assert isinstance(result, IntegrityError)
    assert not Record.objects.exists()


@at_once
@pytest.mark.parametrize("what", ["team", "department"])
def test_dissolving_waits_for_creating_and_is_then_refused(played: Cast, what: str) -> None:
    statement, key = {
        "team": (DISSOLVE_TEAM, played.other_team.pk),
        "department": (DISSOLVE_DEPARTMENT, played.other_team.department_id),
    }[what]
    result = overtake(lambda: make_draft(played, by="outsider"), lambda: run(statement, key))
    assert isinstance(result, IntegrityError)
    assert Record.objects.get().owner == played.other_team


@at_once
def test_a_team_that_moves_waits_for_the_department_that_is_being_dissolved(played: Cast) -> None:
    target = factories.DepartmentFactory()
    result = overtake(
        lambda: run(DISSOLVE_DEPARTMENT, target.pk),
        lambda: run(MOVE, target.pk, played.team.pk),
    )
    assert isinstance(result, IntegrityError)
