"""Worlds that are built once and then put back: their rows are kept as PostgreSQL wrote them down.

Building the cast takes some 15 ms of work, a town of records three quarters of a second, and hundreds of tests begin
with one. So the services build it once in each process, and what they wrote is copied in for each further test. Tests
of one transaction and tests of many begin alike, in any order.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction
from django.test import TransactionTestCase

P = ParamSpec("P")
T = TypeVar("T")
# Made by migrating, the same for all tests; kept worlds point at the content types by their keys.
STAYS = {"django_content_type", "auth_permission", "django_migrations"}


@dataclass(frozen=True)
class World:
    pickled: bytes
    rows: dict[str, bytes]


_worlds: dict[str, World] = {}


def once(build: Callable[P, T]) -> Callable[P, T]:
    """For a fixture that fills the database: alone, or on top of what another kept one has left there, which its own
    rows then take the place of. Files are not kept: those that it stores must outlive the test."""
    name = f"{build.__module__}.{build.__qualname__}"

    @wraps(build)
    def put_back(*args: P.args, **kwargs: P.kwargs) -> T:
        return world(name, lambda: build(*args, **kwargs))

    return put_back


def world(name: str, build: Callable[[], T]) -> T:
    """What `build` returns, with all rows that were there when it had returned."""
    if name not in _worlds:
        built = build()
        if may_switch_triggers_off():
            _worlds[name] = World(pickle.dumps(built), _read_rows())
        return built
    found = _worlds[name]
    with _without_triggers() as cursor:
        _delete(cursor, found.rows)
        for table, rows in found.rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(rows)
    copied: T = pickle.loads(found.pickled)  # noqa: S301 - our own, of this process
    return copied


def _read_rows() -> dict[str, bytes]:
    with connection.cursor() as cursor:
        rows = {}
        for table in _filled():
            with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
                rows[table] = b"".join(bytes(part) for part in copy)
        return rows


@cache
def _tables() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return tuple(sorted(set(names) - STAYS))


def _filled() -> list[str]:
    query = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in _tables())
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [name for (name,) in cursor.fetchall()]


@cache
def may_switch_triggers_off() -> bool:
    """The embedded server's role may; with another one worlds are built and tables emptied as everywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


@contextmanager
def _without_triggers() -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


_truncate = TransactionTestCase._fixture_teardown


def empty(case: TransactionTestCase) -> None:
    """Empties the tables that were written to. To truncate all of them takes 90 ms of PostgreSQL's work, and as long
    again for Django to make the content types anew."""
    if not may_switch_triggers_off():
        _truncate(case)
        return
    every = ", ".join(f'"{name}"' for name in _tables())
    with _without_triggers() as cursor:
        cursor.execute(f"LOCK TABLE {every} IN EXCLUSIVE MODE")  # whoever still writes is waited for
        _delete(cursor, _filled())


def _delete(cursor: Any, tables: Iterable[str]) -> None:
    if statements := "; ".join(f'DELETE FROM "{table}"' for table in tables):
        cursor.execute(statements)
