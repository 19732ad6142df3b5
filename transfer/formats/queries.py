"""What is seen of formats: the list with the next dates, what each carries, which sleep, what was never carried."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from governance import clock
from governance import queries as records
from governance.models import CatalogueEntry
from transfer.formats import rhythm
from transfer.models import AgendaItem, ExchangeFormat, FollowUp, NewsletterIssue, NewsletterPiece, Occurrence
from transfer.models.formats import WITHOUT_DATES

COUNTED_DAYS = 366
HELD = Q(occurrences__cancelled_at=None)


def with_next() -> QuerySet[ExchangeFormat]:
    """Formats with the next date and its key, and the last one."""
    coming = Occurrence.objects.coming().filter(format=OuterRef("pk"))
    past = Q(occurrences__starts_at__lt=clock.midnight()) & HELD
    return ExchangeFormat.objects.select_related("team").annotate(
        next_at=Subquery(coming.values("starts_at")[:1]),
        next_key=Subquery(coming.values("pk")[:1]),
        last_at=Max("occurrences__starts_at", filter=past),
    )


def by_next_date(formats: QuerySet[ExchangeFormat]) -> QuerySet[ExchangeFormat]:
    return formats.order_by(F("next_at").asc(nulls_last=True), "name", "pk")


def carried(formats: QuerySet[ExchangeFormat]) -> QuerySet[ExchangeFormat]:
    """Per format, of the last year: dates held or issues released, published records brought, items with an outcome,
    drafts made, follow-ups that are open."""
    since = clock.now() - dt.timedelta(days=COUNTED_DAYS)
    held = Occurrence.objects.held().filter(format=OuterRef("pk"), starts_at__gte=since, starts_at__lte=clock.now())
    items = AgendaItem.objects.filter(
        is_draft=False,
        occurrence__format=OuterRef("pk"),
        occurrence__cancelled_at=None,
        occurrence__starts_at__gte=since,
        occurrence__starts_at__lte=clock.now(),
    )
    noted = items.filter(~Q(notes="") | ~Q(decisions=""))
    to_do = FollowUp.objects.filter(done_at=None, item__is_draft=False, item__occurrence__format=OuterRef("pk"))
    out = NewsletterIssue.objects.filter(format=OuterRef("pk"), released_at__gte=since)
    told = NewsletterPiece.objects.filter(issue__format=OuterRef("pk"), issue__released_at__gte=since)
    return formats.annotate(
        # A format has either dates or issues.
        dates=Coalesce(_count(held), 0) + Coalesce(_count(out), 0),
        records=Coalesce(_count(items.exclude(record=None), "record"), 0)
        + Coalesce(_count(told.exclude(record=None), "record"), 0),
        outcomes=_count(noted),
        drafts=_count(items.exclude(learning=None)),
        to_do=_count(to_do),
    ).order_by("-records", "-dates", "name", "pk")


def _count(rows: QuerySet[Any], column: str = "pk") -> Coalesce:
    """How many different values `column` has in the rows of one format."""
    grouped = rows.order_by().annotate(_all=F("pk") * 0).values("_all")
    return Coalesce(Subquery(grouped.annotate(n=Count(column, distinct=True)).values("n")), 0)


def never_carried() -> QuerySet[CatalogueEntry]:
    """Published records that no occurrence, held or to come, had on its agenda and no newsletter told of, the oldest
    first."""
    brought = AgendaItem.objects.filter(record=OuterRef("pk"), is_draft=False, occurrence__cancelled_at=None)
    printed = NewsletterPiece.objects.filter(record=OuterRef("record")).exclude(issue__released_at=None)
    return records.catalogue().filter(~Exists(brought), ~Exists(printed)).order_by("first_published_at", "record_id")


def past_occurrences(exchange_format: ExchangeFormat) -> QuerySet[Occurrence]:
    """With how many records were on the agenda, and on how many items something was noted."""
    shown = Q(items__is_draft=False)
    noted = shown & (~Q(items__notes="") | ~Q(items__decisions=""))
    return (
        exchange_format.occurrences.passed()
        .select_related("format")
        .annotate(
            items_shown=Count("items", filter=shown, distinct=True),
            items_noted=Count("items", filter=noted, distinct=True),
            points=Count("reflections", distinct=True),
        )
        .order_by("-starts_at", "-pk")
    )


@dataclass(frozen=True)
class Sleeping:
    """A format without a date for longer than its rhythm."""

    format: ExchangeFormat
    last_on: dt.date | None
    days: int


def sleeping() -> list[Sleeping]:
    """Living formats with nothing to come, whose last date is longer ago than their rhythm (or three months)."""
    found = []
    formats = with_next().living().filter(next_at=None).exclude(kind__in=WITHOUT_DATES)  # type: ignore[attr-defined]
    for one in formats.order_by("pk"):
        last = clock.local(one.last_at).date() if one.last_at else None
        quiet = (clock.today() - (last or clock.local(one.created_at).date())).days
        if quiet > (rhythm.days_of(one.rhythm) or rhythm.USUAL_DAYS):
            found.append(Sleeping(one, last, quiet))
    return sorted(found, key=lambda row: -row.days)
