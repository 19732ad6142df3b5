"""Whose records a person looks after: a team its own, the committee all, or those of one department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from governance import queries
from governance.errors import NotAllowed
from governance.models import Department
from governance.rules import Standing


def may_look(standing: Standing) -> bool:
    """The lists of upkeep are for those who can do something about them."""
    return standing.is_committee or standing.is_change_team_member


@dataclass(frozen=True)
class Scope:
    """Published records to look after. Empty limits mean: all."""

    teams: Sequence[int] | None = None
    # With all departments below the chosen one.
    departments: Sequence[int] | None = None
    # What can be chosen, and what is: the name in the address.
    offered: Sequence[tuple[Department, int]] = ()
    department: str = ""

    def of(self, path: str = "") -> Q:
        """The condition for catalogue rows, or for what leads to one by `path` ("entry__")."""
        limits = Q()
        if self.teams is not None:
            limits &= Q(**{f"{path}owner_id__in": list(self.teams)})
        if self.departments is not None:
            limits &= Q(**{f"{path}department_id__in": list(self.departments)})
        return limits

    @property
    def is_everything(self) -> bool:
        return self.teams is None and self.departments is None


def scope_for(standing: Standing, department: str = "") -> Scope:
    """What this person looks after; the committee may narrow it by a department's slug. An unknown one is left out."""
    if not may_look(standing):
        raise NotAllowed
    if not standing.is_committee:
        return Scope(teams=standing.team_ids)
    tree = queries.department_tree()
    chosen = next((one for one, _depth in tree if one.slug == department), None)
    if chosen is None:
        return Scope(offered=tree)
    below = {chosen.pk}
    # In the order of the tree what is above comes first.
    for one, _depth in tree:
        if one.parent_id in below:
            below.add(one.pk)
    return Scope(departments=sorted(below), offered=tree, department=chosen.slug)
