"""Counts by figure, department and quarter, in one statement, and what the dashboard shows of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import CharField, Count, DateField, F, QuerySet, Value
from django.db.models.functions import Cast, TruncQuarter

from governance import clock
from governance.models import Department
from portal.dashboard.figures import FIGURES, Figure, Number
from portal.dashboard.selection import Period, Selection

# Figure, key of the department (a team of the committee has none), first day of the quarter, how many.
Row = tuple[str, int | None, dt.date, int]


def departments() -> list[Department]:
    """All there ever were, by name: what was adopted by one that is dissolved now still counts."""
    return list(Department.objects.order_by("name", "pk"))


def tree(every: Sequence[Department]) -> list[tuple[Department, int]]:
    """The living ones as a tree, each with its depth, to choose from."""
    below: dict[int | None, list[Department]] = {}
    for one in every:
        if one.dissolved_on is None:
            below.setdefault(one.parent_id, []).append(one)
    found: list[tuple[Department, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for one in below.get(parent, ()):
            found.append((one, depth))
            walk(one.pk, depth + 1)

    walk(None, 0)
    return found


def _counted(figure: Figure) -> QuerySet[Any, Any]:
    quarter = Cast(TruncQuarter(figure.at), DateField())
    rows = figure.rows().order_by().annotate(figure=Value(figure.key, CharField()), of=F(figure.department))
    return rows.annotate(quarter=quarter).values_list("figure", "of", "quarter").annotate(n=Count("pk"))


def _count() -> list[Row]:
    first, *others = map(_counted, FIGURES.values())
    return list(first.union(*others, all=True))


def counts() -> list[Row]:
    """All that happened so far. It reads much, so the answer is kept as long as that of browsing."""
    return cache.get_or_set("portal.dashboard", _count, settings.BROWSING_SECONDS) or []


@dataclass(frozen=True)
class Line:
    """One row of a table: a part of the time, or a department; the numbers in the order of FIGURES."""

    label: str
    cells: Mapping[str, Number]
    # The query string of the lists behind its numbers.
    query: str
    period: Period | None = None
    is_dissolved: bool = False


@dataclass(frozen=True)
class Dashboard:
    selection: Selection
    totals: Mapping[str, Number]
    course: Sequence[Line]
    by_department: Sequence[Line]
    # How many departments of the selection have nothing of this in the period. They are not named.
    others: int
    # The quarter in which each figure began, in the whole house.
    since: Mapping[str, Period]
    # To choose from, the newest first.
    years: Sequence[int]

    @property
    def is_empty(self) -> bool:
        return not self.since

    @property
    def has_any(self) -> bool:
        return any(self.totals.values())


def dashboard(selection: Selection, every: Sequence[Department], rows: Sequence[Row]) -> Dashboard:
    """One pass over the counts; what is not public one by one is rounded at the very end, each number by itself."""
    totals: Counter[str] = Counter()
    course: Counter[tuple[str, Period]] = Counter()
    of: Counter[tuple[str, int | None]] = Counter()
    since: dict[str, dt.date] = {}
    ever: Counter[str] = Counter()
    for figure, department, quarter, n in rows:
        since[figure] = min(quarter, since.get(figure, quarter))
        ever[figure] += n
        if not selection.includes(department):
            continue
        course[figure, selection.period.part_of(quarter)] += n
        if selection.period.holds(quarter):
            totals[figure] += n
            of[figure, department] += n
    first_year = min((day.year for day in since.values()), default=clock.today().year)
    offered_from = min(first_year, selection.period.year or first_year)
    chosen = [one for one in every if selection.includes(one.pk)]
    lines = [_of_department(selection, one, of) for one in chosen]
    shown = [line for line in lines if any(line.cells.values())]
    silent = sum(1 for one, line in zip(chosen, lines, strict=True) if not one.dissolved_on and line not in shown)
    return Dashboard(
        selection=selection,
        totals={key: Number.of(figure, totals[key]) for key, figure in FIGURES.items()},
        course=[_of_part(selection, part, course) for part in selection.period.parts(first_year)],
        by_department=shown,
        others=silent,
        # Of a number that rounds to nothing it is not told, either, that there was one.
        since={
            key: Period(day.year, day.month // 3 + 1)
            for key, day in since.items()
            if Number.of(FIGURES[key], ever[key])
        },
        years=range(clock.today().year, offered_from - 1, -1),
    )


def _of_part(selection: Selection, part: Period, counted: Mapping[tuple[str, Period], int]) -> Line:
    cells = {key: Number.of(figure, counted[key, part]) for key, figure in FIGURES.items()}
    return Line(part.label, cells, selection.url_query(period=part), part)


def _of_department(selection: Selection, one: Department, counted: Mapping[tuple[str, int | None], int]) -> Line:
    cells = {key: Number.of(figure, counted[key, one.pk]) for key, figure in FIGURES.items()}
    return Line(one.name, cells, selection.url_query(only=one), is_dissolved=one.dissolved_on is not None)
