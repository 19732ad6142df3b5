"""The central overview: all published process models by department and life cycle, with sums that hold.

Every list starts here. A page takes three statements whatever the number of process models: the departments,
the sums with all counts, and the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Func,
    IntegerField,
    OrderBy,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Lower, NullIf, RowNumber
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import clock
from governance.models import Department
from processmodels.figures import DAYS, Measure
from processmodels.models import KIND, Classification, LifeCycle, PublishedProcess

PAGE_SIZE = 48
# The map names every process while there are no more than a page of them, beyond that so many in each cell.
IN_CELL = 3
VIEWS = {"map": gettext_lazy("Landkarte"), "table": gettext_lazy("Tabelle"), "tiles": gettext_lazy("Kacheln")}
# In the URL: no life cycle is given.
NONE = "none"
LIFE_CYCLES = {**dict(LifeCycle.choices), NONE: gettext_lazy("ohne Angabe")}
GAPS = {
    "no-to-be": gettext_lazy("noch kein Nachher"),
    "no-figure": gettext_lazy("keine gemessene Kennzahl"),
    "overdue": gettext_lazy("Wiedervorlage überfällig"),
}
# The levels of the OZG maturity model at which a service can be asked for online.
ONLINE = ("3", "4")
# Processes of the house itself: nobody outside waits for them.
INTERNAL = (Classification.STEERING, Classification.SUPPORT)


def _spelt(name: str) -> Func:
    """Sorted as in a German register: Ä beside A, whatever the case."""
    return Lower(Func(F(name), function="unaccent"))


# What the table can be sorted by; with "-" before it, the other way round.
SORTS: Mapping[str, Any] = {
    "number": F("entry__number"),
    "title": _spelt("entry__title"),
    "department": _spelt("entry__department_name"),
    "life_cycle": Case(
        *(When(life_cycle=value, then=Value(place)) for place, value in enumerate(LifeCycle.values)),
        output_field=IntegerField(),
    ),
    "cases": F("cases_a_year"),
    "media_breaks": F("media_breaks"),
    "days": F("days"),
    "uses": F("entry__used_by__len"),
    "published": F("entry__published_at"),
}


# -- departments -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Branch:
    """A department with what lies below it; `processes` counts the published ones of all of these."""

    slug: str
    name: str
    depth: int
    own: int
    below: Sequence[int]
    processes: int

    @property
    def indent(self) -> str:
        """Before the name in a list to choose from, which has no other way to show the tree."""
        return "\u2013 " * self.depth


def branches() -> list[Branch]:
    """Departments with published process models in them or below, in the order of the tree; one statement."""
    counted = Count("entries", filter=Q(entries__kind=KIND))
    rows = list(Department.objects.annotate(processes=counted).order_by(_spelt("name")))
    children: dict[int | None, list[Any]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)

    def walk(row: Any, depth: int) -> list[Branch]:
        below = [branch for child in children.get(row.pk, ()) for branch in walk(child, depth + 1)]
        inner = [branch for branch in below if branch.depth == depth + 1]
        total = row.processes + sum(branch.processes for branch in inner)
        keys = [row.pk, *(branch.own for branch in below)]
        return [Branch(row.slug, row.name, depth, row.pk, keys, total), *below] if total else []

    return [branch for root in children.get(None, ()) for branch in walk(root, 0)]


# -- filter ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """The landscape as it stands in the URL; unknown values fall back to "all"."""

    view: str = "map"
    life_cycle: str = ""
    classification: str = ""
    department: str = ""
    # "1": without what lies below the department
    alone: str = ""
    gap: str = ""
    # "1": only what other departments have taken over and use
    used: str = ""
    sort: str = "title"

    @classmethod
    def read(cls, data: QueryDict, departments: Sequence[Branch]) -> Filter:
        def among(name: str, known: Any, default: str = "") -> str:
            value = data.get(name, "")
            return value if value in known else default

        department = among("department", {branch.slug for branch in departments})
        return cls(
            view=among("view", VIEWS, "map"),
            life_cycle=among("life_cycle", LIFE_CYCLES),
            classification=among("classification", Classification.values),
            department=department,
            alone=among("alone", ("1",)) if department else "",
            gap=among("gap", GAPS),
            used=among("used", ("1",)),
            sort=among("sort", {*SORTS, *(f"-{name}" for name in SORTS)}, "title"),
        )

    @property
    def narrows(self) -> bool:
        return bool(self.life_cycle or self.classification or self.department or self.gap or self.used)

    def url_query(self, **changes: str) -> str:
        """The query string of this page with changes."""
        values = {**vars(self), **changes}
        query = QueryDict(mutable=True)
        query.update({k: v for k, v in values.items() if v and v != getattr(Filter, k)})
        return query.urlencode()


def scope(wanted: Filter, departments: Sequence[Branch]) -> QuerySet[PublishedProcess]:
    """The process models that the filter means, gaps aside: what sums and counts are about."""
    rows = PublishedProcess.objects.all()
    if wanted.life_cycle:
        rows = rows.filter(life_cycle="" if wanted.life_cycle == NONE else wanted.life_cycle)
    if wanted.classification:
        rows = rows.filter(classification=wanted.classification)
    if wanted.used:
        rows = rows.filter(entry__used_by__len__gt=0)
    for branch in departments:
        if branch.slug == wanted.department:
            rows = rows.filter(entry__department__in=[branch.own] if wanted.alone else branch.below)
    return rows


def listed(wanted: Filter, departments: Sequence[Branch]) -> QuerySet[PublishedProcess]:
    """The process models of the filter in its order, each with its catalogue entry and what it adds to the sums."""
    rows = _with_entry(scope(wanted, departments).filter(_gap(wanted.gap)))
    first = SORTS[wanted.sort.removeprefix("-")]
    ordered = OrderBy(first, descending=wanted.sort.startswith("-"), nulls_last=True)
    return rows.annotate(media_breaks=_media_breaks(), days=_days()).order_by(ordered, SORTS["title"], "pk")


def _with_entry(rows: QuerySet[PublishedProcess]) -> QuerySet[PublishedProcess]:
    return rows.select_related("entry").defer("entry__weighted", "entry__facets", "entry__folded", "entry__page")


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
    """The processes of one department at one point of the life cycle; `more` are not named."""

    label: str
    processes: Sequence[PublishedProcess]
    more: int
    query: str


@dataclass(frozen=True)
class Line:
    """One department of the map with its processes by life cycle."""

    department: str
    slug: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Map:
    columns: Sequence[str]
    lines: Sequence[Line]


def draw_map(wanted: Filter, departments: Sequence[Branch], total: int) -> Map:
    """One line for each department, in alphabetical order; its size does not grow with `total`."""
    cell = [F("entry__department_id"), F("life_cycle")]
    rows = _with_entry(scope(wanted, departments).filter(_gap(wanted.gap))).annotate(
        place=Window(RowNumber(), partition_by=cell, order_by=[SORTS["title"], F("pk")]),
        in_cell=Window(Count("pk"), partition_by=cell),
    )
    found: dict[int, dict[str, list[Any]]] = {}
    limit = PAGE_SIZE if total <= PAGE_SIZE else IN_CELL
    for row in rows.filter(place__lte=limit).order_by(SORTS["department"], SORTS["title"], "pk"):
        found.setdefault(row.entry.department_id, {}).setdefault(row.life_cycle or NONE, []).append(row)
    named = {name for cells in found.values() for name in cells}
    shown = [name for name in LIFE_CYCLES if name in named or (name != NONE and not wanted.life_cycle)]
    slugs = {branch.own: branch.slug for branch in departments}
    return Map(
        [str(LIFE_CYCLES[name]) for name in shown],
        [_line(wanted, slugs[department], cells, shown) for department, cells in found.items()],
    )


def _line(wanted: Filter, slug: str, cells: Mapping[str, list[Any]], shown: Sequence[str]) -> Line:
    some = next(iter(cells.values()))[0]
    return Line(
        some.entry.department_name,
        slug,
        [
            Cell(
                str(LIFE_CYCLES[name]),
                rows := cells.get(name, []),
                rows[0].in_cell - len(rows) if rows else 0,
                wanted.url_query(view="table", department=slug, alone="1", life_cycle=name),
            )
            for name in shown
        ],
    )


# -- sums ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Totals:
    """Sums over the published process models of a scope.

    Hours of working time are never summed: they would read as posts. Days are those of one case each, not
    multiplied. Only what was measured before and after counts, for better or worse.
    """

    processes: int
    media_breaks: Decimal
    days: Decimal
    online: int
    gaps: Mapping[str, int]

    def listed(self, wanted: Filter) -> int:
        """How many process models the filter lists."""
        return self.gaps[wanted.gap] if wanted.gap else self.processes


def totals(rows: QuerySet[PublishedProcess]) -> Totals:
    """All sums and counts of the page, in one statement."""
    # Two models of one service are one service online.
    service = Coalesce(NullIf("service_key", Value("")), Cast("pk", CharField()))
    found = rows.aggregate(
        processes=Count("pk", distinct=True),
        online=Count(service, distinct=True, filter=Q(maturity__in=ONLINE)),
        media_breaks=_media_breaks(),
        days=_days(),
        **{name.replace("-", "_"): Count("pk", distinct=True, filter=_gap(name)) for name in GAPS},
    )
    return Totals(
        processes=found["processes"],
        media_breaks=found["media_breaks"] or Decimal(0),
        days=found["days"] or Decimal(0),
        online=found["online"],
        gaps={name: found[name.replace("-", "_")] for name in GAPS},
    )


def _media_breaks() -> Sum:
    return _removed(Q(figures__measure=Measure.MEDIA_BREAKS))


def _days() -> Sum:
    """Days that applicants wait less."""
    return _removed(Q(figures__measure=Measure.LEAD_TIME, figures__unit__in=DAYS) & ~Q(classification__in=INTERNAL))


def _removed(which: Q) -> Sum:
    return Sum(F("figures__before") - F("figures__after"), filter=which & Q(figures__is_measured=True))


# -- the table -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """A column by which the table can be sorted. `sorted` is the value of aria-sort, empty if it is another one."""

    label: str
    query: str
    sorted: str
    is_number: bool


def headings(wanted: Filter) -> list[Heading]:
    """The columns of the table; the one it is sorted by turns the order round, numbers begin with the greatest."""
    labels = {
        "number": _("Nr."),
        "title": _("Titel"),
        "department": _("Bereich"),
        "life_cycle": _("Stand"),
        "cases": _("Fälle im Jahr"),
        "media_breaks": _("Medienbrüche weniger"),
        "days": _("Tage Wartezeit weniger"),
        "uses": _("nachgenutzt von"),
        "published": _("freigegeben"),
    }
    return [_heading(wanted, name, label) for name, label in labels.items()]


def _heading(wanted: Filter, name: str, label: str) -> Heading:
    is_number = name in ("cases", "media_breaks", "days", "uses")
    usual = f"-{name}" if is_number or name == "published" else name
    turned = name if usual.startswith("-") else f"-{name}"
    order = ""
    if wanted.sort.removeprefix("-") == name:
        order = "descending" if wanted.sort.startswith("-") else "ascending"
    return Heading(label, wanted.url_query(sort=turned if wanted.sort == usual else usual), order, is_number)
