"""The sanctioned bulk path gives the very rows that the services give."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from governance import bulk, catalogue, clock, kinds, versions, workflow
from governance.models import (
    AuditEvent,
    CatalogueEntry,
    Publication,
    Record,
    Review,
    TaggedEntry,
    Version,
)
from learnings.models import Learning
from tests.factories import Cast, learning_values, tag

pytestmark = pytest.mark.django_db
MOMENTS = [timezone.make_aware(dt.datetime(2026, 3, day, 10)) for day in (2, 5)]


def texts(number: int) -> list[dict[str, Any]]:
    kind_fields = learning_values(title=f"Titel {number}", tag_ids=[tag().pk, tag("Steuern").pk])
    return [kind_fields, kind_fields | {"answer": "Zweite Fassung der Antwort."}]


def complete(values: dict[str, Any]) -> dict[str, Any]:
    kind = kinds.get("learning")
    return versions.values_of(Learning(kind="learning", **values), kind)


def by_services(cast: Cast, number: int) -> None:
    first, second = texts(number)
    with clock.at(MOMENTS[0]):
        version = versions.create(kind="learning", owner=cast.team, standing=cast.standing("author"), values=first)
        _publish(cast, version)
    with clock.at(MOMENTS[1]):
        changed = versions.write(
            record=version.record,
            standing=cast.standing("author"),
            opened_on=version.pk,
            values=second,
        )
        assert changed is not None
        _publish(cast, changed)


def _publish(cast: Cast, version: Version) -> None:
    review = workflow.submit(record=version.record, standing=cast.standing("author"), version_id=version.pk)
    workflow.approve(review=review, standing=cast.standing("committee"))


def by_bulk(cast: Cast, number: int) -> None:
    bulk.load_published(
        [
            bulk.Published(
                kind="learning",
                owner=cast.team,
                contact=cast.author,
                author=cast.author,
                decider=cast.committee,
                versions=[complete(values) for values in texts(number)],
                at=MOMENTS,
            )
        ]
    )


def rows(model: type, record: Record, field: str = "record") -> list[dict[str, Any]]:
    """The rows of one record with keys replaced by their place, so that two records compare."""
    result = []
    for row in model._default_manager.filter(**{field: record.pk}).order_by("pk"):  # type: ignore[attr-defined]
        values = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}  # type: ignore[attr-defined]
        result.append(values)
    return result


def picture(record: Record) -> dict[str, Any]:
    """Everything the database holds of `record`, with its own keys named by what they are."""
    record.refresh_from_db()
    pictures: dict[str, Any] = {}
    keys: dict[str, dict[Any, str]] = {"version": {}, "review": {}}
    for at, version in enumerate(Version.objects.filter(record=record).order_by("number")):
        keys["version"][version.pk] = f"v{at}"
    for at, review in enumerate(Review.objects.filter(record=record).order_by("pk")):
        keys["review"][review.pk] = f"r{at}"
    for model in (Record, Version, Review, Publication, AuditEvent, CatalogueEntry, Learning):
        field = "pk" if model is Record else "record"
        rows_here = rows(model, record, field)
        pictures[model.__name__] = [_named(row, keys, record) for row in rows_here]
    history = rows(Learning.history.model, record)
    pictures["history"] = [_named(row, keys, record) for row in history]
    pictures["tags"] = sorted(TaggedEntry.objects.filter(content_object=record.pk).values_list("tag__name", flat=True))
    return pictures


def _named(row: dict[str, Any], keys: dict[str, dict[Any, str]], record: Record) -> dict[str, Any]:
    row = dict(row)
    for name in ("version_id", "current_version_id", "history_id"):
        if name in row:
            row[name] = keys["version"].get(row[name], row[name])
    if "review_id" in row:
        row["review_id"] = keys["review"].get(row["review_id"], row["review_id"])
    if isinstance(row.get("data"), dict) and "review" in row["data"]:
        row["data"] = row["data"] | {"review": keys["review"][row["data"]["review"]]}
    if isinstance(row.get("page"), dict):
        text = str(row["page"])
        for pk, name in keys["version"].items():
            text = text.replace(f"'version': {pk}", f"'version': '{name}'")
        row["page"] = text.replace(record.short_number, "L-?")
    for name in ("id", "record_id", "number", "short_number", "slug", "history_date"):
        row.pop(name, None)
    return {k: str(v).replace(record.short_number.lower(), "l-?") for k, v in row.items()}


def test_bulk_and_services_write_the_same_rows(cast: Cast) -> None:
    by_services(cast, 1)
    by_bulk(cast, 1)
    served, loaded = Record.objects.order_by("pk")
    one, two = picture(served), picture(loaded)
    assert one == two
    assert all(versions.verify(version) for version in Version.objects.select_related("record"))


def test_rebuilding_the_catalogue_changes_nothing(cast: Cast) -> None:
    by_services(cast, 1)
    by_bulk(cast, 2)
    before = list(CatalogueEntry.objects.order_by("pk").values())
    steps: list[tuple[int, int]] = []
    assert catalogue.rebuild(lambda done, total: steps.append((done, total))) == 2
    assert list(CatalogueEntry.objects.order_by("pk").values()) == before
    assert steps[-1] == (2, 2)


def test_bulk_refuses_what_the_workflow_would_refuse(cast: Cast) -> None:
    def item(**changes: Any) -> bulk.Published:
        values = {
            "kind": "learning",
            "owner": cast.team,
            "contact": cast.author,
            "author": cast.author,
            "decider": cast.committee,
            "versions": [complete(texts(1)[0])],
            "at": MOMENTS[:1],
        } | changes
        return bulk.Published(**values)  # type: ignore[arg-type]

    for wrong in (
        {"author": cast.outsider},
        {"decider": cast.author},
        {"decider": cast.lead},
        {"at": []},
    ):
        with pytest.raises(ValueError, match="must" if "at" not in wrong else "moment"):
            bulk.load_published([item(**wrong)])
    assert not Record.objects.exists()
