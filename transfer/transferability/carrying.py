"""An assessment as it travels in a package, and as it is read when it came from another municipality."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from transfer.models import Answer, Imported
from transfer.transferability import assessing

SCHEMA = 1


@dataclass(frozen=True)
class ForeignAnswer:
    """What the origin answered to one of its own factors."""

    name: str
    question: str
    answer: str
    evidence: str

    @property
    def answer_label(self) -> str:
        return str(dict(Answer.choices)[self.answer])


@dataclass(frozen=True)
class ForeignAssessment:
    """What the origin said of itself: kept as it came, never made one's own."""

    municipality: str
    made_on: dt.date
    answers: Sequence[ForeignAnswer]


def for_others(record: int) -> dict[str, Any] | None:
    """The last assessment of a record as plain data, with the words that were asked; None where there is none."""
    newest = assessing.newest_of(record)
    if newest is None:
        return None
    return {
        "schema": SCHEMA,
        "made_on": f"{timezone.localtime(newest.made_at):%Y-%m-%d}",
        "answers": [
            {
                "key": one.factor.key,
                "name": one.factor.name,
                "question": one.factor.question,
                "weight": one.factor.weight,
                "answer": one.answer,
                "evidence": one.evidence,
            }
            for one in assessing.answers_of(newest)
        ],
    }


def from_origin(record: int) -> ForeignAssessment | None:
    """What came with the record from where it was written; None where nothing did."""
    came = Imported.objects.filter(pk=record).exclude(assessment=None).first()
    return read(came.municipality, came.assessment) if came and came.assessment else None


def read(municipality: str, data: Mapping[str, Any]) -> ForeignAssessment:
    """Of data as `for_others` makes them; what comes in a package is checked there (transfer.packages.checking)."""
    return ForeignAssessment(
        municipality=municipality,
        made_on=dt.date.fromisoformat(data["made_on"]),
        answers=[
            ForeignAnswer(one["name"], one["question"], one["answer"], one["evidence"]) for one in data["answers"]
        ],
    )
