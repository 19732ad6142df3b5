"""Names of teams and departments on rows of the catalogue: written anew at once, or by the task queue when many."""

from __future__ import annotations

from functools import partial

from django.db import connection, transaction
from django_tasks import task

from governance import catalogue, versions
from governance.models import CatalogueEntry, Department, Record, Team

# So many rows are written within the step itself; the words of each are looked at for the search.
AT_ONCE = 250

_STALE = """
SELECT entry.record_id FROM governance_catalogueentry entry
JOIN governance_record record ON record.id = entry.record_id JOIN governance_team team ON team.id = record.owner_id
JOIN governance_department department ON department.id = team.department_id
WHERE entry.record_id > %s AND (entry.owner_id, entry.owner_name, entry.department_id, entry.department_name)
    IS DISTINCT FROM (team.id, team.name, department.id, department.name)
ORDER BY entry.record_id LIMIT %s
"""


@transaction.atomic
def refresh_names(*, team: Team | None = None, department: Department | None = None) -> None:
    """Have the catalogue written anew after a team or department was renamed or moved, in the same transaction.

    Looks at unpublished records too: one may be published at this moment, still with the old name. Where there are
    many, the task does it after the commit; what it misses, `run_due` finds.
    """
    records = Record.objects.filter(owner=team) if team else Record.objects.filter(owner__department=department)
    keys = list(records.values_list("pk", flat=True))
    if CatalogueEntry.objects.filter(pk__in=keys).count() > AT_ONCE:
        transaction.on_commit(partial(refresh_later.enqueue), robust=True)
        return
    versions.lock_all(keys)
    catalogue.refresh_owners(keys)


@task()
def refresh_later() -> None:
    """Write all rows anew that show another name than the one of today."""
    refresh_stale()


def refresh_stale() -> int:
    """As `refresh_later`; returns the number of rows. Each batch is a transaction of its own, and nobody waits long."""
    total, last = 0, 0
    while keys := _stale(last):
        with transaction.atomic():
            versions.lock_all(keys)
            catalogue.refresh_owners(keys)
        total, last = total + len(keys), keys[-1]
    return total


def _stale(after: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_STALE, [after, catalogue.BATCH])
        return [key for (key,) in cursor.fetchall()]
