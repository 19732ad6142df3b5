"""Who may do what with a trial: see docs/decisions/0019-proof-of-concept.md."""

from __future__ import annotations

from governance.models import Record
from governance.rules import Standing, leads_owner, may_edit
from transfer.models import Trial

# To plan, start, note, finish and decide, and to read the notes: every member of the owning team. No approval.
may_run = may_edit


def may_announce(standing: Standing, record: Record) -> bool:
    """What staff see without a review is released by the owning team's lead."""
    return leads_owner(standing, record)


def may_carry_over(standing: Standing, trial: Trial) -> bool:
    """To make a draft of what was found out, once it has ended."""
    return trial.has_ended and may_run(standing, trial.record)
