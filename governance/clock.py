"""The one source of "now", so that the demo municipality and tests can play a story in its own time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_moment: ContextVar[dt.datetime | None] = ContextVar("moment", default=None)


def now() -> dt.datetime:
    """The present moment, aware; or the one set by `at`."""
    return _moment.get() or timezone.now()


def today() -> dt.date:
    """The present day in the town's time zone."""
    return timezone.localdate(now())


def midnight() -> dt.datetime:
    """The moment at which the present day began in the town's time zone."""
    return local(now()).replace(hour=0, minute=0, second=0, microsecond=0)


def local(moment: dt.datetime) -> dt.datetime:
    """`moment` by the town's clock."""
    return timezone.localtime(moment)


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let `now` answer `moment` inside the block (demo and tests only)."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def add_working_days(start: dt.date, days: int) -> dt.date:
    """The day `days` working days (Monday to Friday, holidays not counted out) after `start`."""
    day = start
    while days > 0:
        day += dt.timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day


def add_months(start: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the last day of that month when it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first_of_next = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(start.day, last))
