"""Rules and queries agree, and no text is seen that was not approved: over random histories."""

from __future__ import annotations

import random

import pytest

from governance import queries, rules, versions, workflow
from governance.errors import Conflict
from governance.models import CatalogueEntry, Publication, Record, Review
from governance.workflow import Verb
from tests.factories import Cast, make_draft, reload

pytestmark = pytest.mark.django_db
ROLES = ["author", "outsider", "committee", "chair", "head", "staff", "admin"]


def play(cast: Cast, rng: random.Random, steps: int) -> Record:
    """A record after some random steps that the table allows."""
    record = make_draft(cast, title=f"Titel {rng.random()}")
    for step in range(steps):
        record = reload(record)
        review = Review.objects.filter(record=record, status="open").first()
        options: list[tuple[str, Verb]] = []
        for role in ("author", "lead", "committee"):
            for verb in workflow.allowed(cast.standing(role), record, review):
                options.append((role, verb))
        role, verb = rng.choice(sorted(options))
        standing = cast.standing(role)
        assert record.current_version_id is not None
        match verb:
            case Verb.SAVE:
                versions.write(
                    record=record,
                    standing=standing,
                    opened_on=record.current_version_id,
                    values={"title": f"Titel {step} {rng.random()}"},
                )
            case Verb.SUBMIT:
                workflow.submit(record=record, standing=standing, version_id=record.current_version_id)
            case Verb.WITHDRAW:
                workflow.withdraw(record=record, standing=standing)
            case Verb.REQUEST_CHANGES:
                assert review is not None
                workflow.request_changes(review=review, standing=standing, reason="Kürzer")
            case Verb.APPROVE:
                assert review is not None
                workflow.approve(review=review, standing=standing)
            case Verb.DISCARD:
                workflow.discard(record=record, standing=standing)
            case Verb.ROLL_BACK:
                old = rng.choice(list(record.versions.all()))
                workflow.roll_back(record=record, standing=standing, version=old, note="Zurück")
            case Verb.ARCHIVE:
                workflow.archive(record=record, standing=standing, reason="Alt")
            case Verb.REOPEN:
                workflow.reopen(record=record, standing=standing)
            case Verb.CONFIRM:
                workflow.confirm(record=record, standing=standing)
    return reload(record)


@pytest.mark.parametrize("seed", range(12))
def test_rules_and_queries_agree_and_readers_see_approved_text_alone(cast: Cast, seed: int) -> None:
    rng = random.Random(seed)
    records = [play(cast, rng, steps=rng.randrange(1, 14)) for _record in range(3)]
    for record in records:
        _invariants_hold(record)
        for role in ROLES:
            _rules_and_queries_agree(cast, role, record)


def _invariants_hold(record: Record) -> None:
    open_ones = Publication.objects.filter(record=record, until_at=None)
    assert open_ones.count() <= 1
    entry = CatalogueEntry.objects.filter(record=record).first()
    publication = open_ones.select_related("review", "version").first()
    assert (entry is None) == (publication is None)
    if publication and entry:
        assert publication.review.status == "approved"
        assert publication.review.version_id == publication.version_id == entry.version_id
        assert publication.review.decided_by_id not in publication.review.authors
        assert entry.title == publication.version.title
        assert entry.content_hash == publication.version.content_hash
    if record.state == Record.State.SETTLED:
        assert publication is not None and record.current_version is not None
        assert record.current_version.content_hash == publication.version.content_hash
    assert (record.state == Record.State.IN_REVIEW) == Review.objects.filter(
        record=record, status="open", version=record.current_version
    ).exists()
    for version in record.versions.all():
        assert versions.verify(version)


def _rules_and_queries_agree(cast: Cast, role: str, record: Record) -> None:
    standing = cast.standing(role)
    seen = set(queries.versions_visible_to(standing, record).values_list("pk", flat=True))
    for version in record.versions.all():
        version.record = record
        may = rules.may_see_version(
            standing,
            version,
            was_submitted=Review.objects.filter(version=version).exists(),
            was_published=Publication.objects.filter(version=version).exists(),
            is_record_published=Publication.objects.filter(record=record, until_at=None).exists(),
        )
        assert (version.pk in seen) == may
    submitted = Review.objects.filter(record=record).exists()
    may_open = rules.may_edit(standing, record) or (submitted and rules.may_see_submitted(standing, record))
    assert queries.records_visible_to(standing).filter(pk=record.pk).exists() == may_open
    assert queries.reviews_visible_to(standing).filter(record=record).exists() == (
        submitted and rules.may_see_submitted(standing, record)
    )
    decidable = queries.decidable_reviews(standing).filter(record=record)
    open_review = Review.objects.filter(record=record, status="open").first()
    may_decide = open_review is not None and rules.may_decide(standing, open_review)
    assert decidable.exists() == may_decide


def test_a_conflict_carries_no_text_to_those_who_may_not_see_it(cast: Cast) -> None:
    record = make_draft(cast)
    with pytest.raises(Exception) as refused:
        versions.write(record=record, standing=cast.standing("staff"), opened_on=0, values={"title": "x"})
    assert not isinstance(refused.value, Conflict)
