"""What is seen of texts that were put forward: by the lead who signs, and by the team that waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from governance import clock
from governance.models import Countersigning, Department, Membership, Record, User
from governance.rules import Standing
from governance.transitions import TABLE, Verb

Status = Countersigning.Status


def latest(record: Record) -> Countersigning | None:
    """The last putting forward of `record`, whatever became of it."""
    found = Countersigning.objects.filter(record=record).select_related("version", "put_by", "closed_by").first()
    if found is not None:
        found.record = found.version.record = record
    return found


def open_one(record: Record) -> Countersigning | None:
    """What waits for the lead."""
    found = latest(record)
    return found if found is not None and found.status == Status.OPEN else None


def with_last(records: QuerySet[Record]) -> QuerySet[Record]:
    """With what became of the last putting forward of each, and what the lead wrote: `last_put` and `last_answer`."""
    last = Countersigning.objects.filter(record=OuterRef("pk")).order_by("-pk")
    return records.annotate(
        last_put=Subquery(last.values("status")[:1]),
        last_answer=Subquery(last.values("answer")[:1]),
    )


@dataclass(frozen=True)
class Lead:
    """Who can sign. While a lead is away the substitute gets the mails, but no rights."""

    person: User
    away_until: dt.date | None = None


def leads_of(team_id: int) -> list[Lead]:
    """The leads of a team; `away_until` is set while they are away."""
    today = clock.today()
    members = Membership.objects.current().filter(team_id=team_id, role=Membership.Role.LEAD).select_related("user")
    return [
        Lead(member.user, member.away_until if member.is_away_on(today) else None) for member in members.order_by("pk")
    ]


def back_on(leads: Sequence[Lead]) -> dt.date | None:
    """The last day on which nobody can sign because all leads are away; None when somebody is there, or nobody is
    lead."""
    away = [lead.away_until for lead in leads if lead.away_until]
    return min(away) if away and len(away) == len(leads) else None


def waiting(standing: Standing) -> QuerySet[Countersigning] | None:
    """The work list: for the leads of teams whose department wants it, and for who stands in for one of them.

    None when none of the person's teams has countersigning, so that it costs nothing where it is off, and for members
    who neither lead nor stand in.
    """
    if not standing.countersigned_team_ids:
        return None
    today = clock.today()
    stood_in_for = Membership.objects.current().filter(
        role=Membership.Role.LEAD, substitute_id=standing.user_id, away_from__lte=today, away_until__gte=today
    )
    if not standing.countersigned_team_ids.intersection(standing.led_team_ids) and not stood_in_for.exists():
        return None  # an empty list would tell a member who has just put a text forward that there is none
    mine = Q(record__owner_id__in=standing.led_team_ids) | Q(record__owner__in=stood_in_for.values("team"))
    return (
        Countersigning.objects.filter(
            mine,
            status=Status.OPEN,
            record__owner_id__in=sorted(standing.countersigned_team_ids),
            record__state__in=sorted(TABLE[Verb.SUBMIT].sources),
        )
        .select_related("record__owner", "record__current_version", "put_by")
        .order_by("put_at", "pk")
    )


def may_set(standing: Standing, department: Department) -> bool:
    """To switch countersigning on or off: lead of a team of the department, its head, the administration."""
    if standing.is_admin or department.pk in standing.headed_department_ids:
        return True
    led = standing.led_team_ids
    return bool(led) and department.teams.filter(pk__in=led, dissolved_on=None).exists()
