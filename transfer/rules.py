"""Who may do what with exchange formats: see docs/decisions/0014-exchange-formats.md."""

from __future__ import annotations

from governance.models import Team
from governance.rules import Standing
from transfer.models import ExchangeFormat


def may_organise_for(standing: Standing, team: Team) -> bool:
    """To found formats of a team: its lead; for the committee, its chair."""
    return team.pk in organised_team_ids(standing)


def organised_team_ids(standing: Standing) -> list[int]:
    """The teams whose formats this person founds, changes and ends."""
    chaired = [standing.committee_id] if standing.is_chair and standing.committee_id else []
    return [*standing.led_team_ids, *chaired]


def may_organise(standing: Standing, exchange_format: ExchangeFormat) -> bool:
    """To change and end a format, and to release issues of a newsletter."""
    return exchange_format.team_id in organised_team_ids(standing)


def may_prepare(standing: Standing, exchange_format: ExchangeFormat) -> bool:
    """Dates, agendas, outcomes and texts of issues: every member of the organising team."""
    return exchange_format.team_id in standing.teams
