"""Migrations go back and forward on filled data, in a copy of the test database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError

from governance import workflow
from governance.workflow import NewComment
from tests import factories
from tests.factories import approve, make_draft, make_published, reload, save, submit

APPS = ("governance", "learnings")
# Where the tables are as they were first, without what later migrations add to them.
FIRST = {"learnings": "0002", "governance": "0002"}


def fill() -> None:
    """A published record with a second text in review, a returned one, an archived one."""
    cast = factories.make_cast()
    record = make_published(cast)
    save(cast, record, answer="Neu.")
    submit(cast, record)
    returned = make_draft(cast, title="Kam zurück")
    workflow.request_changes(
        review=submit(cast, returned),
        standing=cast.standing("committee"),
        reason="Bitte kürzen",
        comments=[NewComment("answer", "Zu lang")],
    )
    gone = make_draft(cast, title="Archiviert")
    approve(cast, submit(cast, gone))
    workflow.archive(record=reload(gone), standing=cast.standing("lead"), reason="Überholt")


@pytest.fixture
def copy(transactional_db: None) -> Iterator[None]:
    """The connection leads to a copy of the filled test database."""
    fill()
    settings, original = connection.settings_dict, connection.settings_dict["NAME"]
    name = f"{original}_copy"
    connection.close()
    with connection._nodb_cursor() as cursor:
        # A connection that a thread of another test has left open would be in the way of the copy.
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [original])
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    settings["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = original
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def migrate(*where: str) -> None:
    call_command("migrate", *where, verbosity=0, interactive=False)


# Of the catalogue, made again by `rebuild_catalogue`, and not the same before and after.
DERIVED = ("search", "text", "weighted", "facets")


def rows() -> dict[str, list[dict[str, Any]]]:
    """Everything in the tables of the two apps, row by row, by the name of the column."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(APPS):
                cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY t::text")
                found[table] = [json.loads(row) for (row,) in cursor.fetchall()]
    for row in found.get("governance_catalogueentry", ()):
        for name in DERIVED:
            row.pop(name, None)
    return found


def by_key(table: list[dict[str, Any]], columns: Iterable[str]) -> list[str]:
    return sorted(json.dumps({name: row[name] for name in sorted(columns)}) for row in table)


def assert_same_in_what_is_there(before: dict[str, list[dict[str, Any]]]) -> None:
    """Each row is as it was, in the tables and columns that this state of the schema has."""
    now = rows()
    assert now.keys() <= before.keys()
    for name, table in now.items():
        columns = table[0] if table else ()
        assert by_key(table, columns) == by_key(before[name], columns)


def schema() -> dict[str, list[Any]]:
    """Triggers, functions, constraints and indexes, as PostgreSQL tells them."""
    queries = {
        "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
        "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'governance%' ORDER BY 1",
        "constraints": "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2",
        "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    }
    with connection.cursor() as cursor:
        found = {}
        for what, sql in queries.items():
            cursor.execute(sql)
            found[what] = cursor.fetchall()
    return found


def test_later_migrations_go_back_and_forward_and_leave_every_row_as_it_was(copy: None) -> None:
    before, shape = rows(), schema()
    assert before["governance_review"]
    assert before["learnings_historicallearning"]
    for app, first in FIRST.items():
        migrate(app, first)
    assert_same_in_what_is_there(before)
    assert schema()["triggers"] != shape["triggers"]
    migrate()
    assert rows() == before
    assert schema() == shape
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE learnings_learning SET answer = 'x' FROM governance_record r WHERE r.id = record_id")


def test_all_migrations_go_back_to_nothing_and_make_the_same_schema_again(copy: None) -> None:
    shape = schema()
    for app in ("learnings", "governance"):
        migrate(app, "zero")
    assert not rows()
    assert not schema()["functions"]
    migrate()
    assert schema() == shape
