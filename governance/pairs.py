"""Two records that belong together because one names the other: a learning and the process model of its measure.

There is no model for the measure. Records of one team and of different kinds are a pair when the newest saved text
of one names the other. They may be submitted together and be decided on one page: still two reviews of one version
each, by the verbs of `workflow`, all of them in one transaction or none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from governance import kinds, queries, versions, workflow
from governance.models import Meeting, Record, Review
from governance.rules import Standing
from governance.workflow import NewComment

Item = TypeVar("Item")


@dataclass(frozen=True)
class Decision:
    """What the committee makes of one review; `verdict` is one of Review.Verdict."""

    review: Review
    verdict: str
    reason: str
    comments: Sequence[NewComment]
    meeting: Meeting | None = None


def partner_of(record: Record, related: Collection[int], states: Iterable[str]) -> Record | None:
    """The record in one of `states` that makes a pair with `record`, whose text names the records in `related`.

    Where a text is named by several, the oldest of them.
    """
    named = Q(pk__in=related)
    for kind in kinds.every():
        if kind.key != record.kind:
            model: Any = kind.model  # each kind's text has `related`
            texts = model.objects.filter(pk=OuterRef("pk"), related__contains=[record.pk])
            named |= Q(Exists(texts))
    found = Record.objects.filter(named, owner_id=record.owner_id, state__in=list(states)).exclude(kind=record.kind)
    return found.select_related("owner__department", "current_version").order_by("pk").first()


def partner_review(standing: Standing, review: Review, related: Collection[int]) -> Review | None:
    """The open review of the record that makes a pair with the one of `review`, whose text names `related`."""
    partner = partner_of(review.record, related, [Record.State.IN_REVIEW])
    if partner is None:
        return None
    found = queries.open_reviews(standing).filter(record=partner).first()
    if found is not None:
        found.version.record = found.record
    return found


@transaction.atomic
def submit(*, texts: Mapping[Record, int], standing: Standing, note: str = "") -> None:
    """Lay each record's version (by its key) before the committee, or none. Raises as `workflow.submit` does."""
    for record in _locked(texts, key=lambda one: one.pk):
        workflow.submit(record=record, standing=standing, version_id=texts[record], note=note)


@transaction.atomic
def decide(*, decisions: Iterable[Decision], standing: Standing) -> None:
    """Take all these decisions, or none. Raises as `workflow.approve` and `workflow.request_changes` do."""
    for one in _locked(decisions, key=lambda decision: decision.review.record_id):
        if one.verdict == Review.Verdict.APPROVE:
            workflow.approve(
                review=one.review, standing=standing, reason=one.reason, notes=one.comments, meeting=one.meeting
            )
        else:
            workflow.request_changes(
                review=one.review, standing=standing, reason=one.reason, comments=one.comments, meeting=one.meeting
            )


@transaction.atomic
def claim(*, reviews: Iterable[Review], standing: Standing, give_back: bool = False, take_over: bool = False) -> None:
    """Take care of all these reviews, or give them back. Raises as `workflow.claim` does."""
    for review in _locked(reviews, key=lambda one: one.record_id):
        workflow.claim(review=review, standing=standing, give_back=give_back, take_over=take_over)


def _locked(items: Iterable[Item], key: Callable[[Item], int]) -> list[Item]:
    """The items in the order of their records, all of which are locked first: tags are taken after records only."""
    ordered = sorted(items, key=key)
    for item in ordered:
        versions.lock(key(item))
    return ordered
