"""What PostgreSQL refuses, tried with plain SQL past all Python code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from governance import kinds, versions, workflow
from governance.audit import record_event
from governance.models import (
    Attachment,
    AuditEvent,
    CatalogueEntry,
    Comment,
    DraftBuffer,
    Membership,
    Publication,
    Record,
    Review,
    Tag,
    Version,
)
from governance.models.records import UnguardedWrite
from governance.workflow import NewComment
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit

pytestmark = pytest.mark.django_db


def run(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def refuses(sql: str, *values: Any) -> None:
    with pytest.raises(IntegrityError):
        run(sql, *values)


def history_table() -> str:
    model: Any = kinds.get("learning").model
    return str(model.history.model._meta.db_table)


def content_table() -> str:
    return kinds.get("learning").model._meta.db_table


def attachment() -> Attachment:
    return Attachment.objects.create(sha256="a" * 64, size=1, media_type="x/y", file="attachments/a")


# -- append-only -----------------------------------------------------------------------------------


def rows_that_stay(cast: Cast) -> dict[str, tuple[models.Model, str]]:
    """One row of every append-only table, with a column that somebody might want to change."""
    record = make_published(cast)
    return {
        "version": (record.versions.get(), "note"),
        "event": (AuditEvent.objects.filter(record=record).latest("pk"), "verb"),
        "closed review": (record.reviews.get(), "reason"),
        "attachment": (attachment(), "media_type"),
    }


@pytest.mark.parametrize("what", ["version", "event", "closed review", "attachment"])
def test_append_only_rows_refuse_update_and_delete(cast: Cast, what: str) -> None:
    row, column = rows_that_stay(cast)[what]
    table = row._meta.db_table
    refuses(f"UPDATE {table} SET {column} = 'anders' WHERE id = %s", row.pk)
    refuses(f"DELETE FROM {table} WHERE id = %s", row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**{column: "anders"})


def test_history_refuses_update_and_delete(cast: Cast) -> None:
    version = make_draft(cast).current_version
    assert version is not None
    refuses(f"UPDATE {history_table()} SET title = 'anders' WHERE history_id = %s", version.pk)
    refuses(f"DELETE FROM {history_table()} WHERE history_id = %s", version.pk)


@pytest.mark.parametrize("table", ["governance_record", "governance_user", "governance_tag"])
def test_what_others_point_at_is_never_deleted(cast: Cast, table: str) -> None:
    make_published(cast)
    refuses(f"DELETE FROM {table}")


def test_content_is_never_deleted_nor_saved_directly(cast: Cast) -> None:
    record = make_draft(cast)
    refuses(f"DELETE FROM {content_table()} WHERE record_id = %s", record.pk)
    content = versions.content_of(record)
    manager = type(content)._default_manager
    for write in (
        content.save,
        content.delete,
        manager.all().delete,
        lambda: manager.update(title="x"),
        lambda: manager.bulk_create([content]),
        lambda: manager.bulk_update([content], ["title"]),
    ):
        with pytest.raises(UnguardedWrite):
            write()


def test_a_person_is_never_deleted_by_the_model(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        cast.staff.delete()


# -- frozen columns --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("authors", "{999}"),
        ("note", "anders"),
        ("submitted_at", "2001-01-01"),
        ("submitted_by_id", 999),
        ("version_id", 999),
    ],
)
def test_an_open_review_keeps_what_was_submitted(cast: Cast, column: str, value: Any) -> None:
    review = submit(cast, make_draft(cast))
    refuses(f"UPDATE governance_review SET {column} = %s WHERE id = %s", value, review.pk)
    refuses("DELETE FROM governance_review WHERE id = %s", review.pk)
    run(
        "UPDATE governance_review SET claimed_by_id = %s WHERE id = %s",
        cast.committee.pk,
        review.pk,
    )


def test_a_record_keeps_kind_and_number(cast: Cast) -> None:
    record = make_draft(cast)
    refuses("UPDATE governance_record SET number = number + 1 WHERE id = %s", record.pk)
    refuses("UPDATE governance_record SET kind = 'anders' WHERE id = %s", record.pk)


def test_a_publication_only_ever_ends(cast: Cast) -> None:
    publication = make_published(cast).publications.get()
    where = "WHERE id = %s"
    refuses(f"UPDATE governance_publication SET number = 7 {where}", publication.pk)
    refuses(f"UPDATE governance_publication SET from_at = now() {where}", publication.pk)
    refuses(f"DELETE FROM governance_publication {where}", publication.pk)
    run(f"UPDATE governance_publication SET until_at = clock_timestamp() {where}", publication.pk)
    refuses(f"UPDATE governance_publication SET until_at = NULL {where}", publication.pk)


def test_a_comment_keeps_its_words_and_may_be_opened_again(cast: Cast) -> None:
    record = make_draft(cast)
    workflow.request_changes(
        review=submit(cast, record),
        standing=cast.standing("committee"),
        reason="Bitte Zahlen nennen",
        comments=[NewComment("title", "Zu lang")],
    )
    comment = Comment.objects.get()
    where = "WHERE id = %s"
    for change in ("text = 'x'", "field = 'x'", "author_id = author_id + 1"):
        refuses(f"UPDATE governance_comment SET {change} {where}", comment.pk)
    refuses(f"DELETE FROM governance_comment {where}", comment.pk)
    comment.resolved_by, comment.resolved_in = cast.author, reload(record).current_version
    comment.save()
    comment.resolved_by = comment.resolved_in = None
    comment.save()


# -- what belongs together -------------------------------------------------------------------------


def two_records(cast: Cast) -> tuple[Record, Record]:
    return make_draft(cast), make_draft(cast, title="Ein anderer Eintrag")


def test_the_current_version_is_one_of_the_record(cast: Cast) -> None:
    one, other = two_records(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.filter(pk=one.pk).update(current_version=other.current_version)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_review_is_about_a_version_of_its_record(cast: Cast) -> None:
    one, other = two_records(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            record=one,
            version=other.versions.get(),
            authors=[cast.author.pk],
            submitted_by=cast.author,
            due_on="2030-01-01",
        )


def test_only_what_was_judged_and_approved_is_published(cast: Cast) -> None:
    record = make_draft(cast)
    first = record.versions.get()
    review = submit(cast, record)

    def publish(version: Version, **fields: Any) -> None:
        with transaction.atomic():
            Publication.objects.create(
                record=record, version=version, review=review, number=1, team=cast.team, **fields
            )

    with pytest.raises(IntegrityError, match="publication_judged"):
        publish(first)
    with pytest.raises(IntegrityError, match="publication_was_approved"):
        publish(first, review_status="open")
    workflow.withdraw(record=record, standing=cast.standing("author"))
    with pytest.raises(IntegrityError, match="publication_judged"):
        publish(first)
    second = save(cast, record, title="Neuer Titel")
    review = submit(cast, record)
    approve(cast, review)
    review.refresh_from_db()
    with pytest.raises(IntegrityError):
        publish(first)
    assert record.publications.get().version == second


def test_buffer_catalogue_and_events_name_versions_of_their_record(cast: Cast) -> None:
    one, other = make_published(cast), make_draft(cast)
    version = other.versions.get()
    for write in (
        lambda: DraftBuffer.objects.create(record=one, user=cast.member, opened_on=version),
        lambda: CatalogueEntry.objects.filter(pk=one.pk).update(version=version),
        lambda: record_event("save", actor=cast.author, record=one, version=version),
        lambda: Version.objects.create(record=one, number=9, author=cast.author, schema=1, copied_from=version),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_content_and_history_belong_to_record_kind_and_version(cast: Cast) -> None:
    one, other = two_records(cast)
    refuses(f"UPDATE {content_table()} SET kind = 'anders' WHERE record_id = %s", one.pk)
    columns = columns_of(history_table())
    picked = ", ".join("%s" if name == "history_id" else name for name in columns)
    copy = f"INSERT INTO {history_table()} ({', '.join(columns)}) SELECT {picked} "
    copy += f"FROM {history_table()} WHERE record_id = %s"
    assert one.current_version_id and other.current_version_id
    refuses(copy, 987654321, one.pk)
    empty = Version.objects.create(record=other, number=2, author=cast.author, schema=1, content_hash="", title="")
    refuses(copy, empty.pk, one.pk)


def columns_of(table: str) -> Sequence[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in found]


# -- checks ----------------------------------------------------------------------------------------


def test_nobody_decides_on_an_own_text(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    decide = (
        "UPDATE governance_review SET status = 'approved', verdict = 'approve', "
        "decided_by_id = %s, decided_at = now() WHERE id = %s"
    )
    refuses(decide, cast.author.pk, review.pk)
    run(decide, cast.committee.pk, review.pk)


def test_one_open_review_and_one_open_publication(cast: Cast) -> None:
    record = make_published(cast)
    published = record.publications.get()
    save(cast, record, title="Zweite Fassung")
    review = submit(cast, record)
    for row in (review, published):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_on": "2019-01-01"},
        {"away_from": "2026-01-01"},
        {"away_from": "2026-02-01", "away_until": "2026-01-01"},
    ],
)
def test_memberships_have_sound_dates(cast: Cast, fields: dict[str, str]) -> None:
    membership = Membership.objects.filter(user=cast.author)
    with pytest.raises(IntegrityError), transaction.atomic():
        membership.update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        membership.update(substitute=cast.author)


def test_one_committee_and_a_department_for_each_change_team(cast: Cast) -> None:
    refuses("UPDATE governance_team SET department_id = NULL WHERE id = %s", cast.team.pk)
    refuses(
        "UPDATE governance_team SET kind = 'steering_committee', department_id = NULL WHERE id = %s",
        cast.team.pk,
    )


def test_tags_are_one_word_whatever_case(cast: Cast) -> None:
    Tag.objects.create(name="Haushalt", slug="haushalt")
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name="HAUSHALT", slug="haushalt-2")


# -- the one exception -----------------------------------------------------------------------------


def blank_note(version: Version, event_id: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.redaction', %s, true)", [str(event_id)])
        cursor.execute("UPDATE governance_version SET note = '[geschwärzt]' WHERE id = %s", [version.pk])


def test_a_setting_alone_opens_no_trigger(cast: Cast) -> None:
    record = make_draft(cast)
    version = reload(record).current_version
    assert version is not None
    other_verb = record_event("save", actor=cast.admin, record=record)
    other_record = record_event("redact", actor=cast.admin, record=make_draft(cast))
    for event_id in ("", "x", "0", 987654321, other_verb.pk, other_record.pk):
        with pytest.raises(IntegrityError):
            blank_note(version, event_id)


def test_even_a_redaction_keeps_who_and_when(cast: Cast) -> None:
    record = make_draft(cast)
    version = reload(record).current_version
    assert version is not None
    event = record_event("redact", actor=cast.admin, record=record)
    blank_note(version, event.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.redaction', %s, true)", [str(event.pk)])
    for change in ("number = 9", "created_at = now()", "author_id = author_id + 1"):
        refuses(f"UPDATE governance_version SET {change} WHERE id = %s", version.pk)
    refuses("DELETE FROM governance_version WHERE id = %s", version.pk)


@pytest.mark.django_db(transaction=True)
def test_the_event_of_an_earlier_transaction_opens_no_trigger(cast: Cast) -> None:
    record = make_draft(cast)
    version = reload(record).current_version
    assert version is not None
    event = record_event("redact", actor=cast.admin, record=record)
    with pytest.raises(IntegrityError):
        blank_note(version, event.pk)


def test_a_redaction_reaches_the_words_of_a_closed_review_and_nothing_else(cast: Cast) -> None:
    review = make_published(cast).reviews.get()
    event = record_event("redact", actor=cast.admin, record=review.record)
    for field in Review._meta.concrete_fields:
        if field.name in ("note", "reason"):
            continue
        other = "NULL" if getattr(review, field.attname) is not None else "now()"
        if field.is_relation and other != "NULL":
            other = "1"
        with pytest.raises(IntegrityError, match="append-only"):
            under_redaction(event.pk, f"UPDATE governance_review SET {field.column} = {other} WHERE id = %s", review.pk)
    under_redaction(event.pk, "UPDATE governance_review SET note = 'x', reason = 'x' WHERE id = %s", review.pk)


def under_redaction(event_id: int, sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.redaction', %s, true)", [str(event_id)])
        cursor.execute(sql, values)
        cursor.execute("SELECT set_config('portal.redaction', '', true)")


def test_a_redaction_reaches_words_of_its_own_record_alone(cast: Cast) -> None:
    def commented(record: Record) -> Comment:
        review = submit(cast, record)
        approve(cast, review, notes=[NewComment("title", "Zu lang")])
        return review.comments.get()

    mine, other = commented(make_draft(cast)), commented(make_draft(cast, title="Ein anderer"))
    waiting = submit(cast, make_draft(cast, title="Liegt vor"))
    event = record_event("redact", actor=cast.admin, record=mine.review.record)
    comment = "UPDATE governance_comment SET text = 'x' WHERE id = %s"
    review = "UPDATE governance_review SET note = 'x' WHERE id = %s"
    under_redaction(event.pk, comment, mine.pk)
    under_redaction(event.pk, review, mine.review_id)
    for statement, key in ((comment, other.pk), (review, other.review_id), (review, waiting.pk)):
        with pytest.raises(IntegrityError):
            under_redaction(event.pk, statement, key)
    with pytest.raises(IntegrityError):
        under_redaction(event.pk, "UPDATE governance_comment SET field = 'x' WHERE id = %s", mine.pk)
    for statement, key in ((comment, mine.pk), (review, mine.review_id)):
        refuses(statement.replace("'x'", "'y'"), key)
