"""A text in review or archived is locked, by any path; refused by PostgreSQL past all Python code."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from governance import kinds, versions, workflow
from governance.models import Record
from tests import factories, kept
from tests.factories import Cast, make_draft, make_published, reload, save, submit
from tests.governance.test_integrity import refuses, run
from tests.racing import overtake

pytestmark = pytest.mark.django_db
WRITE = "UPDATE learnings_learning SET answer = 'Daneben geschrieben.' WHERE record_id = %s"


def test_in_review_no_column_of_the_text_changes_by_any_path(cast: Cast) -> None:
    record = make_draft(cast)
    submit(cast, record)
    content = versions.content_of(record)
    refuses(WRITE, record.pk)
    for field in content._meta.concrete_fields:
        refuses(f"UPDATE learnings_learning SET {field.column} = {field.column} WHERE record_id = %s", record.pk)
    with pytest.raises(IntegrityError):
        QuerySet(type(content)).filter(pk=record.pk).update(tag_ids=[])


def test_what_is_published_is_the_text_that_was_submitted_after_a_try_to_change_it(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    refuses(WRITE, review.record_id)
    factories.approve(cast, review)
    assert versions.content_of(review.record).answer == versions.text_of(review.version).answer


def test_an_archived_text_is_locked_until_it_is_reopened(cast: Cast) -> None:
    record, lead = make_published(cast), cast.standing("lead")
    workflow.archive(record=record, standing=lead, reason="Überholt")
    refuses(WRITE, record.pk)
    workflow.reopen(record=reload(record), standing=lead)
    assert save(cast, record, answer="Wieder aufgenommen.") is not None


def test_the_table_of_each_kind_is_under_the_lock() -> None:
    with connection.cursor() as cursor:
        for kind in kinds.every():
            table = kind.model._meta.db_table
            cursor.execute(
                "SELECT count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
                "WHERE tgrelid = %s::regclass AND proname = 'governance_text_locked' AND tgenabled = 'O'",
                [table],
            )
            assert cursor.fetchone()[0] == 1, f"{table}: its migration lacks integrity.kind_operations"


@pytest.fixture
@kept.once
def played(transactional_db: None) -> Cast:
    return factories.make_cast()


@pytest.mark.django_db(transaction=True)
def test_a_write_past_the_portal_waits_for_the_submission_and_is_then_refused(played: Cast) -> None:
    record: Record = make_draft(played)
    result = overtake(lambda: submit(played, record), lambda: run(WRITE, record.pk))
    assert isinstance(result, IntegrityError)
    assert versions.content_of(record).answer != "Daneben geschrieben."
