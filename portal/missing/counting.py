"""Counts searches by day and words. The only thing that a GET writes here, and it knows no person."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from governance import clock
from portal.missing.models import SearchCount
from portal.missing.words import words_of
from portal.search import Results

logger = logging.getLogger(__name__)
# Different questions of one day; more are not kept, so that nobody can fill the table.
MOST_A_DAY = 2000

# One statement: with a bound, without names of the portal's people (whatever the order of their parts), and without
# waiting for the disk, since a crash may lose a few counts.
_COUNT = """
WITH fast AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO portal_searchcount AS known (day, words, fruitless, shown, opened)
SELECT %(day)s, %(words)s, %(fruitless)s, %(shown)s, %(opened)s FROM fast
WHERE (
    EXISTS (SELECT 1 FROM portal_searchcount WHERE day = %(day)s AND words = %(words)s)
    OR (SELECT count(*) FROM portal_searchcount WHERE day = %(day)s) < %(most)s
) AND NOT EXISTS (
    SELECT 1 FROM governance_user
    WHERE full_name <> '' AND string_to_array(lower(full_name), ' ') <@ %(each)s::text[]
)
ON CONFLICT (day, words) DO UPDATE SET fruitless = known.fruitless + excluded.fruitless,
    shown = known.shown + excluded.shown, opened = known.opened + excluded.opened
"""


def counted(request: HttpRequest, response: HttpResponse, results: Results) -> HttpResponse:
    """`response` with the results of a search, which is counted once the answer is sent: nobody waits for it.

    Only the first page without filters counts: a list narrowed down to nothing is nothing that is missing.
    """
    query = results.query
    is_first = request.method == "GET" and query.page == 1 and not query.filters and not query.sort
    words = words_of(query.text) if is_first and results.has_words else ""
    if words:
        found = bool(results.total)
        # What Django itself uses to clean up; called by `HttpResponse.close`, also when the reader is gone.
        response._resource_closers.append(lambda: _quietly(words, found))  # type: ignore[attr-defined]
    return response


def count_opened(text: str) -> None:
    """One of the results of this search was opened."""
    if words := words_of(text):
        _count(words, opened=1)


def _quietly(words: str, found: bool) -> None:
    """Count; what goes wrong concerns nobody who searches."""
    try:
        _count(words, fruitless=int(not found), shown=int(found))
    except Exception:
        logger.exception("a search was not counted")


def _count(words: str, *, fruitless: int = 0, shown: int = 0, opened: int = 0) -> None:
    values: dict[str, Any] = {"fruitless": fruitless, "shown": shown, "opened": opened}
    more = {"day": clock.today(), "words": words, "each": words.split(), "most": MOST_A_DAY}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values | more)


def purge() -> None:
    """Daily: delete counts when the time of the setting is over."""
    SearchCount.objects.filter(day__lt=clock.today() - dt.timedelta(days=settings.SEARCHES_KEPT_DAYS)).delete()
