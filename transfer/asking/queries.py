"""What is seen of questions and hints, and what waits for whom."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from governance.models import Department, Team
from governance.rules import Standing
from transfer.adoption.queries import teams_of
from transfer.asking.rules import Asked
from transfer.models import Hint, Question
from transfer.models.asking import State

LISTED = 50
Row = TypeVar("Row", Question, Hint)


def addressees(asked: Asked) -> list[Team]:
    """The change teams that are asked: the record's owner, or those of the department; none is the committee's."""
    if isinstance(asked, Question):
        return [asked.record.owner]
    return teams_of(asked.department_id) if asked.department_id else []


def addressee_ids(asked: Asked) -> list[int]:
    return [team.pk for team in addressees(asked)]


def _teams() -> QuerySet[Team]:
    return Team.objects.filter(kind=Team.Kind.CHANGE_TEAM, dissolved_on=None)


def _without_team() -> Any:
    """Hints that no change team is asked by."""
    return ~Exists(_teams().filter(department=OuterRef("department")))


def _asked_of(standing: Standing, model: type[Asked]) -> Q:
    """What this person may answer; agrees with `rules.may_answer`."""
    if model is Question:
        found = Q(record__owner__in=standing.team_ids)
    else:
        found = Q(department__in=_teams().filter(pk__in=standing.team_ids).values("department"))
        if standing.is_committee:
            found |= Q(_without_team())
    return found | Q(escalated_on__isnull=False) if standing.is_committee else found


def visible(standing: Standing, model: type[Row]) -> QuerySet[Row]:
    """What this person may read of questions or hints; agrees with `rules.may_read`."""
    rows = model._default_manager.filter(Q(asked_by=standing.user_id) | _asked_of(standing, model))
    names = ("record__owner",) if model is Question else ("department", "learning__owner")
    return rows.select_related("asked_by", *names)


def fetch(standing: Standing, model: type[Row], pk: int) -> Row:
    """One of them for those who may read it; raises Http404."""
    found = visible(standing, model).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def mine(standing: Standing, model: type[Row]) -> QuerySet[Row]:
    """What this person asked, the newest first."""
    return visible(standing, model).filter(asked_by=standing.user_id).order_by("-created_at", "-pk")


def asked_of(standing: Standing, model: type[Row]) -> QuerySet[Row]:
    """What was asked of this person's teams, deleted or not, the newest first."""
    return visible(standing, model).filter(_asked_of(standing, model)).order_by("-created_at", "-pk")


def waiting_questions(standing: Standing) -> QuerySet[Question] | None:
    """The work list: of the own teams; for the committee what is late."""
    return _waiting(standing, Question)


def waiting_hints(standing: Standing) -> QuerySet[Hint] | None:
    """The work list: of the own teams; for the committee what has no team, and what is late."""
    return _waiting(standing, Hint)


def _waiting(standing: Standing, model: type[Row]) -> QuerySet[Row] | None:
    if not standing.teams:
        return None
    rows = model._default_manager.filter(_asked_of(standing, model), state=State.OPEN).order_by("created_at", "pk")
    return rows.select_related("record" if model is Question else "department")


def departments_with_a_team() -> QuerySet[Department]:
    """Where a hint can be passed on to."""
    return Department.objects.filter(Exists(_teams().filter(department=OuterRef("pk"))), dissolved_on=None)
