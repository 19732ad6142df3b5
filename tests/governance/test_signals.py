"""What other apps are told of the catalogue: in the transaction of the step, whatever wrote or removed the rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from governance import catalogue, signals, workflow
from governance.models import CatalogueEntry
from tests.factories import Cast, approve, make_draft, make_published, reload, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[tuple[str, int]]]:
    """Each key that listeners hear of, with what became of its row."""
    heard: list[tuple[str, int]] = []

    def written(keys: list[int], **more: object) -> None:
        heard.extend(("written", key) for key in keys)
        assert CatalogueEntry.objects.filter(pk__in=keys).count() == len(keys)

    def removed(keys: list[int], **more: object) -> None:
        heard.extend(("removed", key) for key in keys)
        assert not CatalogueEntry.objects.filter(pk__in=keys).exists()

    signals.entries_written.connect(written)
    signals.entries_removed.connect(removed)
    yield heard
    signals.entries_written.disconnect(written)
    signals.entries_removed.disconnect(removed)


def test_listeners_are_told_of_rows_that_are_written_and_removed(cast: Cast, told: list[tuple[str, int]]) -> None:
    record = make_published(cast)
    workflow.confirm(record=record, standing=cast.standing("lead"))
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt")
    assert told == [("written", record.pk), ("written", record.pk), ("removed", record.pk)]


def test_listeners_are_told_of_each_row_that_a_rebuild_writes(cast: Cast, told: list[tuple[str, int]]) -> None:
    records = [make_published(cast), make_published(cast, title="Zweiter")]
    told.clear()
    catalogue.rebuild()
    assert told == [("written", record.pk) for record in records]


def test_a_listener_that_fails_takes_the_publication_back(cast: Cast) -> None:
    def fail(**more: object) -> None:
        raise RuntimeError

    review = submit(cast, make_draft(cast))
    signals.entries_written.connect(fail)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            approve(cast, review)
    finally:
        signals.entries_written.disconnect(fail)
    assert not CatalogueEntry.objects.exists()
    assert reload(review.record).state == "in_review"
