"""The one sanctioned path past `versions.write`: many published records at once.

For benchmarks and imports by commands. `tests/governance/test_bulk.py` loads the same records by this
and by the services and compares every row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from governance import catalogue, clock, kinds
from governance.hashing import content_hash
from governance.models import (
    AuditEvent,
    Publication,
    Record,
    Review,
    Tag,
    Team,
    User,
    Version,
)
from governance.rules import Standing, load_standing, may_create

State = Record.State


@dataclass(frozen=True)
class Published:
    """One record with all its versions, each of them submitted and approved in turn.

    `versions` holds the complete versioned fields of each text; `at` the moment of each version.
    """

    kind: str
    owner: Team
    contact: User
    author: User
    decider: User
    versions: Sequence[Mapping[str, Any]]
    at: Sequence[dt.datetime]
    note: str = ""


def load_published(items: Iterable[Published], *, batch: int = 200) -> int:
    """Write the records in batches, each in one transaction; returns their number.

    Raises ValueError when author and decider do not satisfy the rules of the workflow.
    """
    total = 0
    source = iter(items)
    standings: dict[int, Standing] = {}
    while chunk := list(islice(source, batch)):
        for item in chunk:
            _check(item, standings)
        with transaction.atomic():
            _load(chunk)
        total += len(chunk)
    return total


def _check(item: Published, standings: dict[int, Standing]) -> None:
    for user in (item.author, item.decider):
        if user.pk not in standings:
            standings[user.pk] = load_standing(user)
    if not may_create(standings[item.author.pk], item.owner):
        raise ValueError("the author must be a member of the owning change team")
    if item.author.pk == item.decider.pk or not standings[item.decider.pk].is_committee:
        raise ValueError("the decider must be another person, of the committee")
    if not item.versions or len(item.versions) != len(item.at):
        raise ValueError("each version needs its moment")


def _load(chunk: list[Published]) -> None:
    records = _records(chunk)
    versions, texts = _versions(chunk, records)
    reviews = Review.objects.bulk_create(
        Review(
            record=version.record,
            version=version,
            authors=[item.author.pk],
            status=Review.Status.APPROVED,
            note=item.note,
            submitted_by=item.author,
            submitted_at=version.created_at,
            due_on=clock.add_working_days(timezone.localdate(version.created_at), settings.REVIEW_DUE_WORKING_DAYS),
            decided_by=item.decider,
            decided_at=version.created_at,
            verdict=Review.Verdict.APPROVE,
        )
        for item, version in versions
    )
    publications = Publication.objects.bulk_create(_publications(versions, reviews))
    AuditEvent.objects.bulk_create(_events(versions, reviews, publications))
    _catalogue(publications, texts)


def _records(chunk: list[Published]) -> list[Record]:
    numbers = {kind: _numbers(chunk, kind) for kind in {item.kind for item in chunk}}
    return Record.objects.bulk_create(
        Record(
            kind=item.kind,
            number=next(numbers[item.kind]),
            owner=item.owner,
            contact=item.contact,
            state=State.SETTLED,
            state_since=item.at[-1],
            created_at=item.at[0],
            confirmed_at=item.at[-1],
            check_up_on=clock.add_months(timezone.localdate(item.at[-1]), settings.CHECK_UP_MONTHS),
        )
        for item in chunk
    )


def _numbers(chunk: list[Published], kind: str) -> Iterator[int]:
    """As many numbers as the chunk needs, taken from the kind's counter in one step."""
    needed = sum(item.kind == kind for item in chunk)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO governance_kindcounter (kind, last_number) VALUES (%s, %s) "
            "ON CONFLICT (kind) DO UPDATE "
            "SET last_number = governance_kindcounter.last_number + EXCLUDED.last_number "
            "RETURNING last_number",
            [kind, needed],
        )
        last = int(cursor.fetchone()[0])
    return iter(range(last - needed + 1, last + 1))


def _versions(chunk: list[Published], records: list[Record]) -> tuple[list[tuple[Published, Version]], dict[int, Any]]:
    """All versions with their history rows, and the content rows of the last ones."""
    pairs = [
        (item, values, _version(item, record, number, values, at))
        for item, record in zip(chunk, records, strict=True)
        for number, (values, at) in enumerate(zip(item.versions, item.at, strict=True), start=1)
    ]
    Version.objects.bulk_create(version for _item, _values, version in pairs)
    texts: dict[int, Any] = {}
    newest: dict[int, Any] = {}
    for item, values, version in pairs:
        model = kinds.get(item.kind).model
        content = model(record=version.record, kind=item.kind, **values)
        newest[version.record_id] = content
        version.record.current_version = version
        fields = {f.attname: getattr(content, f.attname) for f in model._meta.concrete_fields}
        texts[version.pk] = model.history.model(
            history_id=version.pk,
            history_date=version.created_at,
            history_user_id=item.author.pk,
            history_change_reason=version.note,
            history_type="+" if version.number == 1 else "~",
            **fields,
        )
    Record.objects.bulk_update(records, ["current_version"])
    for kind in {item.kind for item in chunk}:
        model = kinds.get(kind).model
        contents = [content for content in newest.values() if isinstance(content, model)]
        model._default_manager.all().sanctioned_bulk_create(contents, batch_size=500)
        rows = [row for row in texts.values() if row.kind == kind]
        model.history.model.objects.bulk_create(rows, batch_size=500)
    return [(item, version) for item, _values, version in pairs], texts


def _version(item: Published, record: Record, number: int, values: Mapping[str, Any], at: dt.datetime) -> Version:
    kind = kinds.get(item.kind)
    return Version(
        record=record,
        number=number,
        author=item.author,
        created_at=at,
        schema=kind.schema,
        content_hash=content_hash(values, kind.versioned),
        title=values["title"],
    )


def _publications(versions: list[tuple[Published, Version]], reviews: list[Review]) -> Iterator[Publication]:
    for (item, version), review in zip(versions, reviews, strict=True):
        last = version.number == len(item.versions)
        yield Publication(
            record=version.record,
            version=version,
            review=review,
            number=version.number,
            team=item.owner,
            from_at=version.created_at,
            until_at=None if last else item.at[version.number],
        )


def _events(
    versions: list[tuple[Published, Version]],
    reviews: list[Review],
    publications: list[Publication],
) -> Iterator[AuditEvent]:
    for (item, version), review, publication in zip(versions, reviews, publications, strict=True):
        first = version.number == 1
        for verb, actor, data in (
            ("create" if first else "save", item.author, {}),
            ("submit", item.author, {"review": review.pk}),
            (
                "approve",
                item.decider,
                {"review": review.pk, "publication": publication.number, "notes": 0},
            ),
        ):
            yield AuditEvent(
                at=version.created_at,
                actor=actor,
                verb=verb,
                record=version.record,
                version=version,
                data=data,
            )


def _catalogue(publications: list[Publication], texts: dict[int, Any]) -> None:
    issues: dict[int, list[Publication]] = {}
    for publication in publications:
        issues.setdefault(publication.record_id, []).append(publication)
    keys = {key for text in texts.values() for key in text.tag_ids}
    tags = Tag.objects.in_bulk(keys)
    catalogue.write(
        [
            catalogue.project(
                group[-1],
                texts[group[-1].version_id],
                [tags[key] for key in texts[group[-1].version_id].tag_ids],
                group,
            )
            for group in issues.values()
        ]
    )
