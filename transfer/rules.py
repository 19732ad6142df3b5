"""Who may do what with exchange formats: see docs/decisions/0015-exchange-formats.md."""

from __future__ import annotations

from governance.models import Team
from governance.rules import Owned, Standing, may_edit
from transfer.models import AgendaItem, ExchangeFormat, NewsletterIssue


def organised_team_ids(standing: Standing) -> list[int]:
    """The teams whose formats this person founds, changes and ends: those led; the chair also the committee."""
    chaired = [standing.committee_id] if standing.is_chair and standing.committee_id else []
    return [*standing.led_team_ids, *chaired]


def may_organise_for(standing: Standing, team: Team) -> bool:
    """To found formats of a team."""
    return team.pk in organised_team_ids(standing)


def may_organise(standing: Standing, exchange_format: ExchangeFormat) -> bool:
    """To change and end a format, and to release issues of a newsletter."""
    return exchange_format.team_id in organised_team_ids(standing)


def may_prepare(standing: Standing, exchange_format: ExchangeFormat) -> bool:
    """Dates, agendas, outcomes and texts of issues: every member of the organising team."""
    return exchange_format.team_id in standing.teams


def may_take(standing: Standing, exchange_format: ExchangeFormat, record: Owned, *, is_published: bool) -> bool:
    """To put a record on an agenda.

    What is published: the organising team, and members of the owning team. A draft: its own team, in its own format.
    """
    owns = may_edit(standing, record)
    if not is_published:
        return owns and exchange_format.team_id == record.owner_id
    return owns or may_prepare(standing, exchange_format)


def may_take_somewhere(standing: Standing) -> bool:
    """Whether there can be any format into which this person takes something."""
    return bool(standing.teams)


def may_see_item(standing: Standing, item: AgendaItem) -> bool:
    """An item about a draft exists for the draft's team alone."""
    return not item.is_draft or (item.record is not None and may_edit(standing, item.record))


def may_change_item(standing: Standing, item: AgendaItem) -> bool:
    """Title, aim, role and minutes, and taking it off again: the organising team, and the team that brought it."""
    return may_prepare(standing, item.occurrence.format) or item.brought_by_id in standing.team_ids


def may_write_from_notes(standing: Standing, exchange_format: ExchangeFormat) -> bool:
    """To make a draft of a note: who prepares the format and is in a change team that can own it."""
    return may_prepare(standing, exchange_format) and standing.is_change_team_member


def owner_of_draft(standing: Standing, exchange_format: ExchangeFormat) -> int:
    """The team that gets the draft made of a note: the organising one, or the person's own."""
    own = standing.team_ids
    return exchange_format.team_id if exchange_format.team_id in own else own[0]


def may_see_issue(standing: Standing, issue: NewsletterIssue) -> bool:
    """An issue in preparation exists for the organising team alone."""
    return issue.is_released or may_prepare(standing, issue.format)
