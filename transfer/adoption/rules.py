"""Who may do what with adoptions. Everybody who is signed in reads them: they name departments, no persons."""

from __future__ import annotations

from collections.abc import Collection

from governance.rules import Owned, Standing


def may_show_interest(standing: Standing, record: Owned, department_id: int | None) -> bool:
    """Whoever works in another department than the one that owns the record, for the own one."""
    return department_id is not None and department_id != record.department_id


def may_carry_on(standing: Standing, team_ids: Collection[int]) -> bool:
    """`team_ids` are the living change teams of the adopting department: their members; where there is none, the
    committee."""
    if team_ids:
        return not set(team_ids).isdisjoint(standing.team_ids)
    return standing.is_committee


def may_hand_over(standing: Standing, team_ids: Collection[int]) -> bool:
    """To another department, when the own one is dissolved."""
    return may_carry_on(standing, team_ids) or standing.is_committee
