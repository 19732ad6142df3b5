"""Choosing the learning of the week for each department, once a week by the clock.

The rule: not shown to this department yet, or longest ago; first what came out lately; then what carries words that the
department's own records carry, but was written elsewhere; then the newest. The same catalogue gives the same choice.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet, Subquery

from governance import clock
from governance import queries as records
from governance.models import CatalogueEntry, Department
from governance.periodic import Job, Period, register
from learnings.models import KIND
from transfer.models import LearningOfTheWeek

# What is new: so many days from its first publication. Of older ones the newest so many are looked at.
NEW_DAYS, LOOKED_AT = 90, 1000
_NEVER = dt.date.min


def this_week() -> dt.date:
    """The Monday."""
    today = clock.today()
    return today - dt.timedelta(days=today.weekday())


@transaction.atomic
def choose() -> int:
    """Choose for every department that has none yet in this week; how many were chosen."""
    week = this_week()
    entries = list(
        CatalogueEntry.objects.filter(kind=KIND)
        .only("record_id", "department_id", "tag_keys", "first_published_at")
        .order_by("-first_published_at", "-record_id")[:LOOKED_AT]
    )
    if not entries:
        return 0
    words = _words_of_departments()
    shown = _shown()
    has_one = set(LearningOfTheWeek.objects.filter(week=week).values_list("department_id", flat=True))
    departments = [None, *Department.objects.filter(dissolved_on=None).order_by("pk").values_list("pk", flat=True)]
    made = LearningOfTheWeek.objects.bulk_create(
        [
            LearningOfTheWeek(
                week=week,
                department_id=department,
                record_id=_best(entries, department, words[department], shown[department]).record_id,
            )
            for department in departments
            if department not in has_one
        ],
        ignore_conflicts=True,
    )
    return len(made)


def _best(
    entries: Sequence[CatalogueEntry], department: int | None, words: frozenset[int], shown: Mapping[int, dt.date]
) -> CatalogueEntry:
    new_from = clock.now() - dt.timedelta(days=NEW_DAYS)

    def rank(entry: CatalogueEntry) -> tuple[dt.date, bool, bool, int]:
        # Entries come the newest first, and of equals the first one counts.
        return (
            shown.get(entry.record_id, _NEVER),
            entry.first_published_at < new_from,
            entry.department_id == department,
            -len(words.intersection(entry.tag_keys)),
        )

    return min(entries, key=rank)


def _words_of_departments() -> defaultdict[int | None, frozenset[int]]:
    """The tags that the published records of each department carry."""
    found: defaultdict[int | None, frozenset[int]] = defaultdict(frozenset)
    for department, tags in CatalogueEntry.objects.values_list("department_id", "tag_keys"):
        found[department] |= set(tags)
    return found


def _shown() -> defaultdict[int | None, dict[int, dt.date]]:
    """When each department was last shown which record."""
    found: defaultdict[int | None, dict[int, dt.date]] = defaultdict(dict)
    rows = LearningOfTheWeek.objects.order_by("week").values_list("department_id", "record_id", "week")
    for department, record, week in rows:
        found[department][record] = week
    return found


def entry_for(department: int | None) -> QuerySet[CatalogueEntry]:
    """The newest choice for a department that is still published: where the clock is late, that of last week."""
    chosen = LearningOfTheWeek.objects.filter(Q(department_id=department), week__lte=this_week())
    newest = chosen.filter(record__entry__isnull=False).order_by("-week").values("record_id")[:1]
    return records.catalogue().filter(pk=Subquery(newest))


def register_job() -> None:
    """Called once from `apps.py`. Each day: a department that is new gets its choice, too."""
    register(Job("learning_of_the_week", Period.DAY, choose))
