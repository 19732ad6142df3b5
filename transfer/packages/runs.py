"""What both tasks share: one at a time takes a run, tells how far it is, and one that has died is begun again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q

from governance import clock
from transfer.models.packages import Run

MAX_ATTEMPTS = 3
# A run that has told nothing for so long has died.
SILENT = dt.timedelta(minutes=10)
# More often than this nobody looks.
EVERY = dt.timedelta(seconds=1)


def silent() -> Q:
    return Q(beat_at=None) | Q(beat_at__lt=clock.now() - SILENT)


@transaction.atomic
def claim(waiting: models.QuerySet[Any], pk: int, **changes: Any) -> Any:
    """The run of this key, taken by us; None when it is not waiting, or somebody else has it."""
    run = waiting.select_for_update(of=("self",), skip_locked=True).filter(silent(), pk=pk).first()
    if run is None:
        return None
    run.attempts += 1
    run.beat_at, run.done = clock.now(), 0
    for name, value in changes.items():
        setattr(run, name, value)
    run.save(update_fields=["attempts", "beat_at", "done", *changes])
    return run


class Progress:
    """Tells how far a run is, on a connection of its own: others see it while the work is one transaction."""

    def __init__(self, run: Run, total: int) -> None:
        self.run, self.total, self.done = run, total, 0
        self.told_at = clock.now()
        self.own = connection.copy()

    def step(self) -> None:
        """One more part is done."""
        self.done += 1
        if clock.now() - self.told_at >= EVERY:
            self.tell()

    def tell(self) -> None:
        self.told_at = clock.now()
        table = self.run._meta.db_table
        with self.own.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET done = %s, total = %s, beat_at = %s WHERE id = %s",  # noqa: S608 - our own name
                [self.done, self.total, self.told_at, self.run.pk],
            )

    def close(self) -> None:
        self.own.close()


@contextmanager
def progress_of(run: Run, total: int) -> Iterator[Progress]:
    """Progress from nothing on; its connection is closed in any case."""
    progress = Progress(run, total)
    try:
        progress.tell()
        yield progress
    finally:
        progress.close()


def forget_file(run: Run) -> None:
    """Delete the file of a run; the row stays."""
    if run.file:
        run.file.delete(save=False)
        run.file = ""
