"""What the committee sees of counted searches, and its list of notes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet, Sum

from governance import clock
from governance.rules import Standing, may_answer_missing
from portal.missing.models import MissingNote, SearchCount

# What was typed on fewer days may be about one person or one case: nobody sees it.
FEWEST_DAYS = 5
LISTED = 100
CLOSED_SHOWN = 20


def repeated() -> QuerySet[Any, dict[str, Any]]:
    """By words: on how many of the kept days they were searched, and how that ended."""
    fruitless, shown = Q(fruitless__gt=0), Q(shown__gt=0)
    since = clock.today() - dt.timedelta(days=settings.SEARCHES_KEPT_DAYS)
    return (
        SearchCount.objects.filter(day__gte=since)
        .values("words")
        .annotate(
            days=Count("day", filter=fruitless | shown),
            times=Sum("fruitless") + Sum("shown"),
            times_opened=Sum("opened"),
            last_fruitless=Max("day", filter=fruitless),
            last_shown=Max("day", filter=shown),
        )
        .filter(days__gte=FEWEST_DAYS)
        .order_by("-days", "-times", "words")
    )


def fruitless() -> QuerySet[Any, dict[str, Any]]:
    """Searches that still find nothing and are not noted yet, those of most days first."""
    noted = MissingNote.objects.filter(words__isnull=False).values("words")
    still = Q(last_shown=None) | Q(last_fruitless__gt=F("last_shown"))
    return repeated().filter(still, last_fruitless__isnull=False).exclude(words__in=noted)


def unopened() -> QuerySet[Any, dict[str, Any]]:
    """Searches that find something, of which nobody opened anything."""
    now = Q(last_fruitless=None) | Q(last_fruitless__lte=F("last_shown"))
    return repeated().filter(now, last_shown__isnull=False, times_opened=0)


def notes() -> QuerySet[MissingNote]:
    return MissingNote.objects.select_related("asked_by", "record__entry")


def waiting(standing: Standing) -> QuerySet[MissingNote] | None:
    """The work list: notes on which the committee has not said anything."""
    return notes().filter(status=MissingNote.Status.OPEN) if may_answer_missing(standing) else None
