"""Two people at once, each on a database connection of their own.

The first holds a lock until the second is seen waiting for it in pg_locks; so the order is fixed and
nothing sleeps for luck.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from governance import versions
from governance.models import Record

WAIT = 10.0


class Second(threading.Thread):
    """The other person: runs `action` on its own connection and keeps what came of it."""

    def __init__(self, action: Callable[[], Any]) -> None:
        super().__init__()
        self.action = action
        self.pid = 0
        self.ready = threading.Event()
        self.result: Any = None

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self.ready.set()
            self.result = self.action()
        except Exception as error:
            self.result = error
        finally:
            connection.close()

    def is_waiting(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted", [self.pid])
            return bool(cursor.fetchone()[0])

    def start_and_wait_for_us(self) -> None:
        self.start()
        assert self.ready.wait(WAIT)
        ticks = threading.Event()
        for _attempt in range(int(WAIT * 100)):
            if self.is_waiting() or not self.is_alive():
                break
            ticks.wait(0.01)
        assert self.is_waiting(), f"the second person did not wait for the first: {self.result!r}"

    def finish(self) -> Any:
        self.join(WAIT)
        assert not self.is_alive()
        return self.result


def race(record: Record, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Let `first` win: the result (or error) of `second`, which came while first held the record's lock."""
    other = Second(second)
    with transaction.atomic():
        versions.lock(record)
        other.start_and_wait_for_us()
        first()
    return other.finish()


def overtake(first: Callable[[], Any], second: Callable[[], Any], then: Callable[[], Any] = lambda: None) -> Any:
    """As `race`, but `second` comes when `first` is done and not yet committed; `then` is a later step of first."""
    other = Second(second)
    with transaction.atomic():
        first()
        other.start_and_wait_for_us()
        then()
    return other.finish()
