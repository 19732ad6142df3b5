"""Which issues a person sees, and what an issue could still take up."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.http import Http404

from governance import clock
from governance import queries as records
from governance.models import CatalogueEntry
from governance.rules import Standing
from transfer.models import ExchangeFormat, NewsletterIssue, NewsletterPiece

# How far back the first issue of a newsletter looks.
FIRST_DAYS = 31


def visible_to(standing: Standing) -> QuerySet[NewsletterIssue]:
    """Released issues, and those in preparation of the person's own teams; agrees with `rules.may_see_issue`."""
    own = Q(format__team_id__in=list(standing.teams))
    return NewsletterIssue.objects.filter(own | ~Q(released_at=None)).select_related("format__team", "department")


def fetch(standing: Standing, pk: int) -> NewsletterIssue:
    """An issue that exists for this person; raises Http404."""
    found = visible_to(standing).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def fetch_piece(standing: Standing, pk: int) -> NewsletterPiece:
    """A piece of an issue that exists for this person; raises Http404."""
    found = NewsletterPiece.objects.select_related("issue__format__team", "record").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.issue = fetch(standing, found.issue_id)
    return found


def released(exchange_format: ExchangeFormat) -> QuerySet[NewsletterIssue]:
    return exchange_format.issues.released().select_related("department")


def in_preparation(exchange_format: ExchangeFormat) -> QuerySet[NewsletterIssue]:
    return exchange_format.issues.filter(released_at=None).select_related("department")


def that_take(standing: Standing, record: int) -> QuerySet[NewsletterIssue]:
    """Issues that the person's teams prepare and that have not got the record yet."""
    own = NewsletterIssue.objects.filter(released_at=None, format__team_id__in=list(standing.teams))
    return own.exclude(pieces__record=record).select_related("format__team")


def since(issue: NewsletterIssue) -> dt.datetime:
    """When the last issue for the same readers came out."""
    last = released(issue.format).filter(department=issue.department).first()
    if last is None or last.released_at is None:
        return clock.midnight() - dt.timedelta(days=FIRST_DAYS)
    return last.released_at


def suggested(issue: NewsletterIssue) -> QuerySet[CatalogueEntry]:
    """What was published, or published anew, since the last issue and is not in this one, the newest first."""
    found = records.catalogue().filter(published_at__gt=since(issue))
    if issue.department is not None:
        found = found.filter(department_id__in=records.with_subtree(issue.department))
    taken = issue.pieces.exclude(record=None).values("record_id")
    return found.exclude(pk__in=taken).order_by("-published_at", "-record_id")
