"""Who may: the committee keeps the factors, a process model's own team answers them, everybody reads."""

from __future__ import annotations

from governance.rules import Owned, Standing, may_edit
from processmodels.models import KIND


def may_keep_factors(standing: Standing) -> bool:
    return standing.is_committee


def can_be_assessed(record: Owned) -> bool:
    """Process models alone."""
    return record.kind == KIND


def may_assess(standing: Standing, record: Owned) -> bool:
    """The owning team: it is a self-assessment."""
    return can_be_assessed(record) and may_edit(standing, record)
