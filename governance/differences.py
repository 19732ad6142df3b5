"""Two versions of a record beside each other: which fields differ, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from governance import kinds, versions
from governance.comparison import ChangeAmount, FieldDiff, amount, compare_fields
from governance.models import Publication, Review, Version


@dataclass(frozen=True)
class Base:
    """What a review's version is compared with: the published version, else the one submitted last."""

    version: Version
    published: bool


def bases(reviews: Sequence[Review]) -> dict[int, Base]:
    """For each review, by its key, what readers or else the committee saw before it was opened."""
    records = [review.record_id for review in reviews]
    issues = Publication.objects.filter(record__in=records).select_related("version").order_by("number")
    earlier = Review.objects.filter(record__in=records).select_related("version").order_by("pk")
    found: dict[int, Base] = {}
    for review in reviews:
        seen = [one.version for one in earlier if one.record_id == review.record_id and one.pk < review.pk]
        published = [
            issue.version
            for issue in issues
            if issue.record_id == review.record_id and issue.from_at < review.submitted_at
        ]
        if published or seen:
            found[review.pk] = Base((published or seen)[-1], bool(published))
    return found


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


@dataclass(frozen=True)
class Amount:
    """How much a review's version changes; everything when nothing of the record was seen before."""

    changed: ChangeAmount
    is_new: bool


def amounts(reviews: Sequence[Review]) -> dict[int, Amount]:
    """How much each review's version changes what was seen before, by review key."""
    before, by_kind = bases(reviews), dict[str, list[Review]]()
    for review in reviews:
        review.version.record = review.record
        by_kind.setdefault(review.record.kind, []).append(review)
    found: dict[int, Amount] = {}
    for key, group in by_kind.items():
        kind = kinds.get(key)
        olds = {review.pk: before[review.pk].version for review in group if review.pk in before}
        for review in group:
            if old := olds.get(review.pk):
                old.record = review.record
        texts = versions.texts_of([review.version for review in group] + list(olds.values()))
        values = {pk: versions.values_of(text, kind) for pk, text in texts.items()}
        for review in group:
            old = olds.get(review.pk)
            changed = amount(kind.fields, values[old.pk] if old else {}, values[review.version_id])
            found[review.pk] = Amount(changed, is_new=old is None)
    return found
