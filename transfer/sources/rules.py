"""Who may do what with the list of external sources; everybody reads it."""

from __future__ import annotations

from governance.rules import Standing


def may_keep(standing: Standing) -> bool:
    return standing.is_committee


def may_write_from_find(standing: Standing) -> bool:
    """To begin a learning with something found elsewhere."""
    return standing.is_change_team_member
