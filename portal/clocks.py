"""Whether the clock may be trusted: jobs by the clock delete what is old, and a wrong clock makes everything old."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import PeriodicJob

MOST_SECONDS = 300.0


def offset(cursor: Any) -> float:
    """Our clock minus that of the database, in seconds."""
    cursor.execute("SELECT clock_timestamp()")
    return float((timezone.now() - cursor.fetchone()[0]).total_seconds())


def reason_not_to_run() -> str:
    """A sentence when the clocks of both machines disagree; empty when all is well."""
    with connection.cursor() as cursor:
        seconds = offset(cursor)
    if abs(seconds) <= MOST_SECONDS:
        return ""
    return _(
        "Die Uhr dieses Rechners geht gegenüber der Datenbank um %(minutes)d Minuten %(way)s. Es wurde nichts "
        "ausgeführt und nichts gelöscht. Bitte die Uhren stellen (timedatectl), der nächste Lauf holt alles nach."
    ) % {"minutes": round(abs(seconds) / 60), "way": _("vor") if seconds > 0 else _("nach")}


def was_set_back() -> bool:
    """Whether a job has run in what is now the future."""
    newest = PeriodicJob.objects.aggregate(at=Max("last_run_at"))["at"]
    return bool(newest and (newest - timezone.now()).total_seconds() > MOST_SECONDS)
