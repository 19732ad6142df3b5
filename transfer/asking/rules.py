"""Who sees and does what with questions and hints: see docs/decisions/0020-asking.md.

`team_ids` are the living change teams that something is addressed to (`queries.addressees`); where there is none, it is
the committee's.
"""

from __future__ import annotations

from collections.abc import Collection

from governance.rules import Owned, Standing
from transfer.models import Hint, Question

Asked = Question | Hint


def is_addressed(standing: Standing, team_ids: Collection[int]) -> bool:
    """Members of the teams asked; the committee, where there is no team."""
    if team_ids:
        return not set(team_ids).isdisjoint(standing.team_ids)
    return standing.is_committee


def may_answer(standing: Standing, asked: Asked, team_ids: Collection[int]) -> bool:
    """Who is asked; the committee also what it was told of because nobody answered."""
    return is_addressed(standing, team_ids) or (standing.is_committee and asked.escalated_on is not None)


def may_read(standing: Standing, asked: Asked, team_ids: Collection[int]) -> bool:
    """Who asked, and who may answer. Agrees with `queries.visible`."""
    return asked.asked_by_id == standing.user_id or may_answer(standing, asked, team_ids)


def may_publish(standing: Standing, question: Question, team_ids: Collection[int]) -> bool:
    """Question and answer stand under the record by the will of its own team alone."""
    return is_addressed(standing, team_ids)


def may_delete(standing: Standing, asked: Asked, team_ids: Collection[int]) -> bool:
    """The lead; where the committee is asked, its chair."""
    if team_ids:
        return not set(team_ids).isdisjoint(standing.led_team_ids)
    return standing.is_chair


def may_draft(standing: Standing, hint: Hint, team_ids: Collection[int]) -> bool:
    """Who is asked and is in a change team that can own the draft."""
    return is_addressed(standing, team_ids) and standing.is_change_team_member


def may_pass_on(standing: Standing, hint: Hint, team_ids: Collection[int]) -> bool:
    """The committee gives what has no team to a department that has one."""
    return not team_ids and standing.is_committee


def may_say_helped(standing: Standing, record: Owned) -> bool:
    """Readers; the own team's praise would say nothing."""
    return record.owner_id not in standing.team_ids
