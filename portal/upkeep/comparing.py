"""Finds published records that are much alike: each text is compared once, in portions, by the hour."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q

from governance import clock
from governance.models import CatalogueEntry
from governance.periodic import Job, Period, register
from portal.search import similar
from portal.upkeep.models import Compared, LikePair

# `run_due` has other jobs too; what is left waits for the next hour.
AT_ONCE = 500
FOR_SO_LONG = dt.timedelta(minutes=2)


def compare() -> None:
    """Compare what was published since with all that is; a text that stayed the same is not compared again."""
    new = Q(compared=None) | ~Q(compared__content_hash=F("content_hash"))
    end = clock.now() + FOR_SO_LONG
    for key in list(CatalogueEntry.objects.filter(new).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        if clock.now() > end:
            return
        _compare(key)


@transaction.atomic
def _compare(key: int) -> None:
    # Nobody takes the record out while its pairs are written.
    entry = CatalogueEntry.objects.select_for_update(no_key=True).filter(pk=key).first()
    if entry is None:
        return
    pairs = {(min(key, other), max(key, other)) for other in similar.near_duplicates(entry)}
    old = LikePair.objects.filter(Q(first=key) | Q(second=key))
    # What somebody has told apart stays told apart, whatever is written there later.
    kept = {(pair.first_id, pair.second_id) for pair in old.exclude(told_apart_at=None)} | pairs
    for pair in old:
        if (pair.first_id, pair.second_id) not in kept:
            pair.delete()
    LikePair.objects.bulk_create(
        (LikePair(first_id=first, second_id=second) for first, second in sorted(pairs)), ignore_conflicts=True
    )
    Compared.objects.update_or_create(entry=entry, defaults={"content_hash": entry.content_hash})


def connect() -> None:
    """Called once from `apps.py`."""
    register(Job("compare_records", Period.HOUR, compare))
