"""What of the dashboard somebody wants to see: a period and a department, as they stand in the URL."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from governance import clock
from governance.models import Department

EVERYTHING = "all"
FIRST_YEAR = 2000
_PERIOD = re.compile(r"([0-9]{4})(?:-q([1-4]))?")


@dataclass(frozen=True, order=True)
class Period:
    """All years, one year, or a quarter of one."""

    year: int = 0
    quarter: int = 0

    @classmethod
    def read(cls, text: str) -> Period:
        """What is unknown, or has not begun, is this year."""
        this_year = cls(clock.today().year)
        if text == EVERYTHING:
            return cls()
        found = _PERIOD.fullmatch(text)
        if found is None:
            return this_year
        period = cls(int(found[1]), int(found[2] or 0))
        return period if period.year >= FIRST_YEAR and period.begins <= clock.today() else this_year

    @property
    def key(self) -> str:
        if not self.year:
            return EVERYTHING
        return f"{self.year}-q{self.quarter}" if self.quarter else str(self.year)

    @property
    def label(self) -> str:
        if not self.year:
            return _("alle Jahre")
        return _("%(n)d. Quartal %(year)d") % {"n": self.quarter, "year": self.year} if self.quarter else str(self.year)

    @property
    def short_label(self) -> str:
        """Below a column of a plot, where the year is known."""
        return _("%(n)d. Q.") % {"n": self.quarter} if self.quarter else self.label

    @property
    def begins(self) -> dt.date:
        return dt.date(self.year or FIRST_YEAR, self.quarter * 3 - 2 if self.quarter else 1, 1)

    @property
    def ends(self) -> dt.date:
        """The first day that belongs to it no longer."""
        if not self.year:
            return dt.date.max
        return clock.add_months(self.begins, 3 if self.quarter else 12)

    @property
    def is_running(self) -> bool:
        return self.begins <= clock.today() < self.ends

    def holds(self, quarter: dt.date) -> bool:
        """Whether the quarter that begins on that day is in it."""
        return not self.year or (quarter.year == self.year and self.quarter in (0, quarter.month // 3 + 1))

    def parts(self, first_year: int) -> list[Period]:
        """What its course is told in, the oldest first: years, or those quarters of its year that have begun."""
        today = clock.today()
        if not self.year:
            return [Period(year) for year in range(min(first_year, today.year), today.year + 1)]
        quarters = [Period(self.year, quarter) for quarter in (1, 2, 3, 4)]
        return [quarter for quarter in quarters if quarter.begins <= today]

    def part_of(self, quarter: dt.date) -> Period:
        """The part that a quarter is in; of a quarter's course, its neighbours are parts, too."""
        return Period(quarter.year, quarter.month // 3 + 1) if self.year else Period(quarter.year)


@dataclass(frozen=True)
class Selection:
    """`is_alone`: the department without those below it. An unknown department means all."""

    period: Period
    department: Department | None = None
    is_alone: bool = False
    # The keys that count; None: all.
    keys: frozenset[int] | None = None

    @classmethod
    def read(cls, data: QueryDict, departments: Sequence[Department]) -> Selection:
        slug = data.get("department", "")
        department = next((one for one in departments if one.slug == slug), None)
        period = Period.read(data.get("period", ""))
        if department is None:
            return cls(period)
        is_alone = data.get("alone") == "1"
        keys = frozenset({department.pk}) if is_alone else with_all_below(department, departments)
        return cls(period, department, is_alone, keys)

    def includes(self, department: int | None) -> bool:
        return self.keys is None or department in self.keys

    def url_query(self, *, period: Period | None = None, only: Department | None = None) -> str:
        """The query string of this selection; with another period, or narrowed to one department alone."""
        wanted = replace(self, period=period or self.period)
        query = QueryDict(mutable=True)
        query["period"] = wanted.period.key
        if department := only or self.department:
            query["department"] = department.slug
        if only or self.is_alone:
            query["alone"] = "1"
        return query.urlencode()

    @property
    def with_all_below(self) -> str:
        """The query string of the same with all departments below."""
        return replace(self, is_alone=False).url_query()

    @property
    def label(self) -> str:
        """In words, for headings, the page on paper, and files."""
        if self.department is None:
            return _("%(period)s, alle Bereiche") % {"period": self.period.label}
        named: Mapping[str, str] = {"period": self.period.label, "department": self.department.name}
        if self.is_alone:
            return _("%(period)s, %(department)s ohne die Bereiche darunter") % named
        if self.keys is not None and len(self.keys) > 1:
            return _("%(period)s, %(department)s mit allen Bereichen darunter") % named
        return _("%(period)s, %(department)s") % named


def with_all_below(top: Department, departments: Sequence[Department]) -> frozenset[int]:
    """The keys of a department and everything below it, without a query of its own."""
    found, size = {top.pk}, 0
    while len(found) > size:
        size = len(found)
        found |= {one.pk for one in departments if one.parent_id in found}
    return frozenset(found)
