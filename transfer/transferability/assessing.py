"""Writing an assessment, and what it says: how much is there, what is missing next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from governance import versions
from governance.audit import record_event
from governance.errors import NotAllowed
from governance.models import Record
from governance.rules import Standing
from transfer.models import Answer, Assessment, FactorAnswer, TransferFactor
from transfer.transferability import factors, rules
from transfer.transferability.errors import ChangedAssessment, ChangedFactors

# How much of a factor is there. What nobody knows counts as missing, and is cheaper to mend than what is.
SHARE: Mapping[str, float] = {Answer.YES: 1.0, Answer.PARTLY: 0.5, Answer.NO: 0.0, Answer.UNKNOWN: 0.0}
# What costs the least comes first among factors that weigh alike.
_EFFORT: Mapping[str, int] = {Answer.PARTLY: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


@dataclass(frozen=True)
class Given:
    """What was answered to one factor: its key, and the edition that the person read."""

    key: str
    edition: int
    answer: str
    evidence: str


@transaction.atomic
def assess(*, standing: Standing, record: Record, opened_on: int, given: Sequence[Given]) -> Assessment:
    """Add an assessment. Raises NotAllowed, ChangedAssessment and ChangedFactors."""
    locked = versions.lock(record)
    if not rules.may_assess(standing, locked):
        raise NotAllowed
    newest = newest_of(locked)
    if (newest.number if newest else 0) != opened_on:
        assert newest is not None
        raise ChangedAssessment(newest)
    asked = {(factor.key, factor.edition): factor for factor in factors.hold()}
    if set(asked) != {(one.key, one.edition) for one in given}:
        raise ChangedFactors(list(asked.values()), {one.key: one.edition for one in given})
    made = Assessment.objects.create(record=locked, number=opened_on + 1, team=locked.owner)
    FactorAnswer.objects.bulk_create(
        FactorAnswer(assessment=made, factor=asked[one.key, one.edition], answer=one.answer, evidence=one.evidence)
        for one in given
    )
    record_event("assess", actor=standing.user, record=locked, assessment=made.pk)
    return made


def newest_of(record: Record | int) -> Assessment | None:
    """The last assessment of a record, with its team."""
    return Assessment.objects.filter(record=record).select_related("team").order_by("-number").first()


def answers_of(assessment: Assessment) -> list[FactorAnswer]:
    """In the order of the factors, as they were asked then."""
    return list(assessment.answers.select_related("factor").order_by("factor__position", "pk"))


def missing_next(answers: Sequence[FactorAnswer]) -> list[FactorAnswer]:
    """What is not there, the most useful first: by weight times what lacks, then what costs the least."""

    def order(one: FactorAnswer) -> tuple[float, int, int]:
        gain = one.factor.weight * (1 - SHARE[one.answer])
        return -gain, _EFFORT[one.answer], one.factor.position

    return sorted((one for one in answers if one.answer != Answer.YES), key=order)


def still_asked(answers: Sequence[FactorAnswer], living: Sequence[TransferFactor]) -> bool:
    """Whether these are the factors, in the words of today."""
    return {(one.factor.key, one.factor.edition) for one in answers} == {(one.key, one.edition) for one in living}
