"""Two versions of a record beside each other: which fields differ, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from governance import kinds, versions
from governance.comparison import ChangeAmount, FieldDiff, amount, compare_fields
from governance.models import Publication, Review, Version


def published_before(review: Review) -> Version | None:
    """The version that readers saw when `review` was opened, or see now while it is open."""
    return (
        Version.objects.filter(publications__record=review.record_id, publications__from_at__lt=review.submitted_at)
        .order_by("-publications__number")
        .first()
    )


def between(old: Version | None, new: Version) -> list[FieldDiff]:
    """All fields of `new` against `old` (against nothing when there is no older one)."""
    kind = kinds.get(new.record.kind)
    pair = [version for version in (old, new) if version is not None]
    for version in pair:
        version.record = new.record
    texts = versions.texts_of(pair)
    worded = kind.in_words([versions.values_of(texts[version.pk], kind) for version in pair])
    before = worded[0] if old else {}
    return [d for d in compare_fields(kind.fields, before, worded[-1]) if d.changed or not d.is_empty]


def beyond_words(old: Version | None, new: Version) -> Sequence[Any]:
    """What changed that no words say, such as a diagram; shown by the kind's own template."""
    kind = kinds.get(new.record.kind)
    if old is None or not kind.changes_template:
        return ()
    old.record = new.record
    texts = versions.texts_of([old, new])
    return kind.changes(versions.values_of(texts[old.pk], kind), versions.values_of(texts[new.pk], kind))


def amounts(reviews: Sequence[Review]) -> dict[int, ChangeAmount]:
    """How much each review's version changes the published text, by review key."""
    by_kind: dict[str, list[Review]] = {}
    for review in reviews:
        review.version.record = review.record
        by_kind.setdefault(review.record.kind, []).append(review)
    found: dict[int, ChangeAmount] = {}
    for key, group in by_kind.items():
        open_ones = Publication.objects.filter(
            record__in=[review.record_id for review in group], until_at=None
        ).select_related("version__record")
        published = {publication.record_id: publication.version for publication in open_ones}
        texts = versions.texts_of([r.version for r in group] + list(published.values()))
        kind = kinds.get(key)
        for review in group:
            old = published.get(review.record_id)
            before = versions.values_of(texts[old.pk], kind) if old else {}
            after = versions.values_of(texts[review.version_id], kind)
            found[review.pk] = amount(kind.fields, before, after)
    return found
