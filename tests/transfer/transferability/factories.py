"""Assessments for tests."""

from __future__ import annotations

from governance.models import Record
from tests.factories import Cast, reload
from transfer.models import Assessment
from transfer.transferability import assessing, factors
from transfer.transferability.assessing import Given


def answer_all(answer: str, **evidence: str) -> list[Given]:
    return [Given(one.key, one.edition, answer, evidence.get(one.key, "")) for one in factors.living()]


def assess(cast: Cast, record: Record, given: list[Given], *, by: str = "author") -> Assessment:
    newest = assessing.newest_of(record)
    return assessing.assess(
        standing=cast.standing(by), record=reload(record), opened_on=newest.number if newest else 0, given=given
    )
