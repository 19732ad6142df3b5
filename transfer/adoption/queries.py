"""What is seen of adoptions: who uses a record, the overview with its filters, what waits for a team."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy

from governance import kinds
from governance.models import CatalogueEntry, Department, Team
from governance.rules import Standing
from transfer.models import Adoption

State = Adoption.State
LISTED = 50
# After a hand-over a department may own what it adopts: such an adoption rests, and counts as no use by others.
RESTS = Q(record__owner__department=F("department"))


def teams_of(department_id: int) -> list[Team]:
    """The living change teams of a department."""
    return list(Team.objects.filter(department=department_id, dissolved_on=None).order_by("pk"))


def home_of(standing: Standing) -> int | None:
    """The department for which a person clicks: the one of the own change team, else the own one."""
    if standing.team_ids:
        return Team.objects.filter(pk=standing.team_ids[0]).values_list("department_id", flat=True).first()
    return standing.department_id


def used_by(keys: Collection[int]) -> dict[int, list[int]]:
    """For `governance.uses`: the departments that work that way, by record."""
    found: dict[int, list[int]] = {}
    rows = Adoption.objects.filter(record__in=keys, state=State.DONE).exclude(RESTS).order_by("department")
    for record, department in rows.values_list("record", "department"):
        found.setdefault(record, []).append(department)
    return found


def fetch(pk: int) -> Adoption:
    """One adoption with what its page shows; raises Http404."""
    found = _with_names(Adoption.objects.all()).select_related("record__owner", "learning__owner").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _with_names(rows: QuerySet[Adoption]) -> QuerySet[Adoption]:
    """With the department, and the source's kind, number and published slug (None when it is not published)."""
    slug = CatalogueEntry.objects.filter(pk=OuterRef("record")).values("slug")
    source = CatalogueEntry.objects.filter(pk=OuterRef("record")).values("department_name")
    return rows.select_related("department", "record").annotate(
        source_slug=Subquery(slug), source_department=Subquery(source)
    )


def source_url(adoption: Adoption) -> str:
    """The page of the record; where it is archived, what is said of it there."""
    slug = vars(adoption).get("source_slug") or "x"
    return kinds.get(adoption.record.kind).record_url(adoption.record.number, slug)


# -- the overview ----------------------------------------------------------------------------------

# In the URL: all that is neither in use nor dropped.
OPEN = "open"
STATES: Mapping[str, Any] = {OPEN: gettext_lazy("auf dem Weg"), **dict(State.choices)}


@dataclass(frozen=True)
class Filter:
    """The overview as it stands in the URL; unknown values mean all."""

    state: str = ""
    department: str = ""
    source: str = ""
    kind: str = ""

    @classmethod
    def read(cls, data: QueryDict, departments: Sequence[Department]) -> Filter:
        slugs = {department.slug for department in departments}
        known = {"state": set(STATES), "department": slugs, "source": slugs, "kind": {k.key for k in kinds.every()}}
        wanted = {name: data.get(name, "") for name in known}
        return cls(**{name: value for name, value in wanted.items() if value in known[name]})

    @property
    def narrows(self) -> bool:
        return any(vars(self).values())

    def url_query(self, **changes: str) -> str:
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in {**vars(self), **changes}.items() if value})
        return query.urlencode()

    def rows(self) -> QuerySet[Adoption]:
        """What the filter means, the state aside."""
        rows = Adoption.objects.all()
        if self.department:
            rows = rows.filter(department__slug=self.department)
        if self.source:
            rows = rows.filter(record__owner__department__slug=self.source)
        if self.kind:
            rows = rows.filter(record__kind=self.kind)
        return rows

    def of_state(self) -> Q:
        if self.state == OPEN:
            return ~Q(state__in=[State.DONE, State.DROPPED])
        return Q(state=self.state) if self.state else Q()


def listed(wanted: Filter) -> QuerySet[Adoption]:
    """The newest first, each with what a line of the table shows."""
    return (
        _with_names(wanted.rows().filter(wanted.of_state())).order_by("-since", "-pk").defer("plan", "fit", "figures")
    )


def counts(wanted: Filter) -> dict[str, int]:
    """How many there are in each state under the other filters, in one statement; "" for all."""
    rows = wanted.rows().order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    found = {str(state): int(n) for state, n in rows}
    result = {state: found.get(state, 0) for state in State.values}
    result[OPEN] = sum(result[state] for state in (State.INTERESTED, State.PLANNED, State.UNDER_WAY))
    result[""] = sum(found.values())
    return result


def departments() -> list[Department]:
    """All that can be filtered by: living ones, and dissolved ones that something is left of."""
    left = Exists(Adoption.objects.filter(department=OuterRef("pk")))
    return list(Department.objects.filter(Q(dissolved_on=None) | left).order_by("name"))


# -- what waits ------------------------------------------------------------------------------------


def waiting_for(standing: Standing) -> QuerySet[Adoption] | None:
    """Interest that nobody has answered yet: for the department's team; for the committee, where there is none."""
    if not standing.teams:
        return None
    living = Team.objects.filter(kind=Team.Kind.CHANGE_TEAM, dissolved_on=None)
    mine: Any = Q(department__in=living.filter(pk__in=standing.team_ids).values("department"))
    if standing.is_committee:
        mine |= ~Exists(living.filter(department=OuterRef("department")))
    rows = Adoption.objects.filter(mine, state=State.INTERESTED, is_archived=False).exclude(RESTS)
    return rows.select_related("department", "record").order_by("since", "pk")
