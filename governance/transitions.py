"""The table of states: which verb leads a working text from where to where.

It is the one of the design; `tests/governance/test_workflow.py` walks it cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from governance.models import Record

State = Record.State


class Verb(StrEnum):
    SAVE = "save"
    DISCARD = "discard"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    CONFIRM = "confirm"
    ROLL_BACK = "roll_back"
    ARCHIVE = "archive"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Transition:
    """From which states a verb leads where; None keeps the state."""

    sources: frozenset[str]
    target: str | None


def _from(*states: str, to: str | None) -> Transition:
    return Transition(frozenset(states), to)


EDITABLE = (State.DRAFT, State.CHANGES_REQUESTED, State.SETTLED)
TABLE: dict[Verb, Transition] = {
    Verb.SAVE: _from(*EDITABLE, to=State.DRAFT),
    Verb.DISCARD: _from(State.DRAFT, State.CHANGES_REQUESTED, to=State.SETTLED),
    Verb.SUBMIT: _from(State.DRAFT, State.CHANGES_REQUESTED, to=State.IN_REVIEW),
    Verb.WITHDRAW: _from(State.IN_REVIEW, to=State.DRAFT),
    Verb.REQUEST_CHANGES: _from(State.IN_REVIEW, to=State.CHANGES_REQUESTED),
    Verb.APPROVE: _from(State.IN_REVIEW, to=State.SETTLED),
    Verb.CONFIRM: _from(*State.values, to=None),
    Verb.ROLL_BACK: _from(*EDITABLE, to=State.IN_REVIEW),
    Verb.ARCHIVE: _from(*EDITABLE, to=State.ARCHIVED),
    Verb.REOPEN: _from(State.ARCHIVED, to=State.DRAFT),
}
# These verbs need an open publication as well.
NEEDS_PUBLICATION = frozenset({Verb.DISCARD, Verb.CONFIRM})
