"""The central overview: all published process models by department and life cycle, with sums that hold.

Every list starts here; pages of constant size, a fixed number of statements whatever their number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import clock
from processmodels.figures import DAYS, Measure
from processmodels.models import LifeCycle, PublishedFigure, PublishedProcess

PAGE_SIZE = 48
VIEWS = {"map": gettext_lazy("Landkarte"), "table": gettext_lazy("Tabelle"), "tiles": gettext_lazy("Kacheln")}
GAPS = {
    "no-to-be": gettext_lazy("noch kein Nachher"),
    "no-figure": gettext_lazy("keine gemessene Kennzahl"),
    "overdue": gettext_lazy("Wiedervorlage überfällig"),
}
SORTS = {
    "title": ("entry__title",),
    "department": ("entry__department_name", "entry__title"),
    "life_cycle": ("life_cycle", "entry__title"),
    "newest": ("-entry__published_at", "-entry__record_id"),
    "cases": (F("cases_a_year").desc(nulls_last=True), "entry__title"),
}
# The levels of the OZG maturity model at which a service can be asked for online.
ONLINE = ("3", "4")


@dataclass(frozen=True)
class Filter:
    """The landscape as it stands in the URL; unknown values fall back to "all"."""

    view: str = "map"
    life_cycle: str = ""
    department: str = ""
    gap: str = ""
    sort: str = "title"

    @classmethod
    def read(cls, data: QueryDict) -> Filter:
        def among(name: str, known: Any, default: str = "") -> str:
            value = data.get(name, "")
            return value if value in known else default

        slug = data.get("department", "")
        return cls(
            view=among("view", VIEWS, "map"),
            life_cycle=among("life_cycle", LifeCycle.values),
            department=slug if slug.isascii() and slug.replace("-", "").isalnum() and len(slug) <= 60 else "",
            gap=among("gap", GAPS),
            sort=among("sort", SORTS, "title"),
        )

    def url_query(self, **changes: str) -> str:
        """The query string of this page with changes."""
        values = {**vars(self), **changes}
        query = QueryDict(mutable=True)
        query.update({k: v for k, v in values.items() if v and v != getattr(Filter, k)})
        return query.urlencode()


def published(wanted: Filter) -> QuerySet[PublishedProcess]:
    """The process models of the filter in its order, each with its catalogue entry."""
    rows = PublishedProcess.objects.select_related("entry").defer(
        "entry__text", "entry__folded", "entry__search", "entry__page"
    )
    if wanted.life_cycle:
        rows = rows.filter(life_cycle=wanted.life_cycle)
    if wanted.department:
        rows = rows.filter(entry__department__slug=wanted.department)
    return rows.filter(_gap(wanted.gap)).order_by(*SORTS[wanted.sort])


def _gap(name: str) -> Q:
    match name:
        case "no-to-be":
            return Q(has_to_be=False)
        case "no-figure":
            return Q(has_measured=False)
        case "overdue":
            return Q(entry__check_up_on__lt=clock.today())
    return Q()


# -- the map ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    life_cycle: str
    label: str
    processes: Sequence[PublishedProcess]


@dataclass(frozen=True)
class Line:
    """One department of the map with its processes by life cycle."""

    department: str
    slug: str
    cells: Sequence[Cell]


def columns() -> list[tuple[str, str]]:
    """The life cycles, with one for processes that do not say."""
    return [*((value, str(label)) for value, label in LifeCycle.choices), ("", str(_("ohne Angabe")))]


def lines(processes: Sequence[PublishedProcess], slugs: Mapping[int, str]) -> list[Line]:
    """The map: one line for each department, in alphabetical order."""
    by_department: dict[tuple[str, int], list[PublishedProcess]] = {}
    for process in processes:
        by_department.setdefault((process.entry.department_name, process.entry.department_id), []).append(process)
    return [
        Line(
            name,
            slugs.get(pk, ""),
            [Cell(value, label, [p for p in found if p.life_cycle == value]) for value, label in columns()],
        )
        for (name, pk), found in sorted(by_department.items())
    ]


# -- sums ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Totals:
    """Sums over all published process models. Hours of working time are never summed: they would read as
    posts. Days are those of one case each, not multiplied."""

    processes: int
    media_breaks: Decimal
    days: Decimal
    online: int
    gaps: Mapping[str, int]


def totals() -> Totals:
    """All sums of the page, in two statements."""
    counted = PublishedProcess.objects.aggregate(
        processes=Count("pk"),
        online=Count("pk", filter=Q(maturity__in=ONLINE)),
        **{name.replace("-", "_"): Count("pk", filter=_gap(name)) for name in GAPS},
    )
    gone = F("before") - F("after")
    summed = PublishedFigure.objects.filter(before__gt=F("after"), is_measured=True).aggregate(
        media_breaks=Sum(gone, filter=Q(measure=Measure.MEDIA_BREAKS)),
        days=Sum(gone, filter=Q(measure=Measure.LEAD_TIME, unit__in=DAYS)),
    )
    return Totals(
        processes=counted["processes"],
        media_breaks=summed["media_breaks"] or Decimal(0),
        days=summed["days"] or Decimal(0),
        online=counted["online"],
        gaps={name: counted[name.replace("-", "_")] for name in GAPS},
    )
