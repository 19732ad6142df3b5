"""What becomes of a text that was put forward when the text moves on, by whichever path."""

from __future__ import annotations

from django.db.models import QuerySet

from governance import clock
from governance.models import Countersigning, Record
from governance.rules import Standing

Status = Countersigning.Status


def settle(record: Record, standing: Standing, *, signed: bool) -> None:
    """Close what is open; the caller holds the record's lock."""
    close(Countersigning.objects.filter(record=record), standing, Status.SIGNED if signed else Status.LAPSED)


def close(rows: QuerySet[Countersigning], standing: Standing, status: str, answer: str = "") -> None:
    """Those of `rows` that are open end like this."""
    rows.filter(status=Status.OPEN).update(status=status, answer=answer, closed_by=standing.user, closed_at=clock.now())
