"""What the committee's desk tells, by department and never by person. All numbers lead to the list behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from governance import clock
from governance import queries as records
from governance.models import CatalogueEntry, Department, Review, Tag, Team
from governance.views.reviews import SOON_WORKING_DAYS
from transfer.formats import queries as formats
from transfer.formats.queries import Sleeping
from transfer.models import Adoption
from transfer.models.proofs import KIND as PROOF_OF_CONCEPT

# A department that published nothing for so long may welcome a talk.
QUIET_DAYS = 182
# So long a measure has had time to be noticed by others.
UNADOPTED_DAYS = 365
TAGS_SHOWN = SEARCHES_SHOWN = FORMATS_SHOWN = 5


def living_departments() -> list[Department]:
    """In the order of their names, each with whether it has a change team."""
    team = Team.objects.filter(department=OuterRef("pk"), kind=Team.Kind.CHANGE_TEAM, dissolved_on=None)
    found = Department.objects.filter(dissolved_on=None).annotate(has_team=Exists(team))
    return list(found.order_by("name", "pk"))


# -- what waits ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """What waits for the committee from one department."""

    department: str
    slug: str
    number: int
    since: dt.datetime
    overdue: int
    claimed: int


@dataclass(frozen=True)
class Queue:
    """All that waits."""

    rows: Sequence[Waiting]
    # Of these, due within days, and taken care of by nobody.
    due: int
    free: int

    @property
    def number(self) -> int:
        return sum(row.number for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(row.overdue for row in self.rows)

    @property
    def claimed(self) -> int:
        return sum(row.claimed for row in self.rows)


def waiting() -> Queue:
    """By department, those with what waits longest first; one query."""
    today = clock.today()
    soon = clock.add_working_days(today, SOON_WORKING_DAYS)
    due = Q(due_on__gte=today, due_on__lte=soon)
    grouped = (
        Review.objects.filter(status=Review.Status.OPEN)
        .order_by()
        .values("record__owner__department__name", "record__owner__department__slug")
        .annotate(
            number=Count("pk"),
            since=Min("submitted_at"),
            overdue=Count("pk", filter=Q(due_on__lt=today)),
            claimed=Count("pk", filter=Q(claimed_by__isnull=False)),
            due=Count("pk", filter=due),
        )
        .order_by("since")
    )
    rows = list(grouped)
    told = [
        Waiting(
            department=row["record__owner__department__name"],
            slug=row["record__owner__department__slug"],
            **{name: row[name] for name in ("number", "since", "overdue", "claimed")},
        )
        for row in rows
    ]
    return Queue(told, sum(row["due"] for row in rows), sum(row["number"] - row["claimed"] for row in rows))


# -- decisions -------------------------------------------------------------------------------------

DECIDED = (Review.Status.APPROVED, Review.Status.CHANGES_REQUESTED)


def decisions(year: int) -> QuerySet[Review]:
    """All of one year by the town's clock, the newest first."""
    begins = clock.midnight().replace(year=year, month=1, day=1)
    return (
        Review.objects.filter(status__in=DECIDED, decided_at__gte=begins, decided_at__lt=begins.replace(year=year + 1))
        .select_related("record__owner__department", "version", "meeting")
        .order_by("-decided_at", "-pk")
    )


def numbers_of(year: int) -> dict[str, int]:
    """How many of each verdict."""
    counted = decisions(year).order_by().values_list("status").annotate(n=Count("pk"))
    return {str(status): 0 for status in DECIDED} | {str(status): number for status, number in counted}


def years() -> list[int]:
    """Years in which something was decided, and this one, the newest first."""
    known = Review.objects.filter(status__in=DECIDED).order_by().annotate(year=ExtractYear("decided_at"))
    return sorted({*known.values_list("year", flat=True).distinct(), clock.today().year}, reverse=True)


# -- vocabulary ------------------------------------------------------------------------------------


def new_tags() -> QuerySet[Tag]:
    """Words of the teams that the committee has not looked at yet."""
    return Tag.objects.filter(confirmed_at=None, merged_into=None).order_by("created_at", "pk")


# -- silence ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quiet:
    """A department of which nothing new was published for long, or ever."""

    department: Department
    last_at: dt.datetime | None

    @property
    def has_team(self) -> bool:
        return bool(vars(self.department)["has_team"])


def quiet_departments(departments: Sequence[Department]) -> list[Quiet]:
    """Those that published nothing for half a year; who never did comes first."""
    since = clock.now() - dt.timedelta(days=QUIET_DAYS)
    newest = CatalogueEntry.objects.order_by().values_list("department_id").annotate(last=Max("published_at"))
    last: Mapping[int, dt.datetime] = dict(newest)
    quiet = [Quiet(one, last.get(one.pk)) for one in departments if last.get(one.pk) is None or last[one.pk] < since]
    return sorted(quiet, key=lambda row: (row.last_at is not None, row.last_at or since, row.department.name))


def not_adopted() -> QuerySet[CatalogueEntry]:
    """Measures that have been published for a year, and that no other department has shown any interest in.

    Proofs of concept are trials, not measures. The oldest first.
    """
    before = clock.now() - dt.timedelta(days=UNADOPTED_DAYS)
    wanted = Adoption.objects.filter(record=OuterRef("pk")).exclude(state=Adoption.State.DROPPED)
    entries = records.catalogue().filter(~Exists(wanted), first_published_at__lt=before)
    return entries.exclude(kind=PROOF_OF_CONCEPT).order_by("first_published_at", "record_id")


def not_adopted_by_department() -> list[dict[str, Any]]:
    """How many of each department, most first."""
    grouped = not_adopted().order_by().values("department_name", "department__slug").annotate(n=Count("pk"))
    return list(grouped.order_by("-n", "department_name"))


@dataclass(frozen=True)
class Asleep:
    """A format without a date to come; `department` is empty for those of the committee."""

    row: Sleeping
    department: str


def sleeping(departments: Sequence[Department]) -> list[Asleep]:
    names = {one.pk: one.short_name for one in departments}
    return [Asleep(row, names.get(row.format.team.department_id or 0, "")) for row in formats.sleeping()]
