"""What the start page offers for browsing: all that is published, counted along each way to narrow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.search import label_of

TAGS_SHOWN = 16
# facet, value, label, count, key of a department
Row = tuple[str, str, str, int, int | None]
# The names of the search's filters, which each value leads to.
LABELS: dict[str, Promise] = {
    "department": _("Bereiche"),
    "tag": _("Schlagwörter"),
    "kind": _("Arten"),
    "audience": _("Zielgruppen"),
    "year": _("Jahre"),
}
# A department counts what is below it, as the search does.
_STATEMENT = """
WITH RECURSIVE below (top, id) AS (
    SELECT id, id FROM governance_department
    UNION ALL SELECT below.top, child.id FROM below JOIN governance_department child ON child.parent_id = below.id
), counted AS MATERIALIZED (
    SELECT kind, department_id, year, audiences, count(*) AS n FROM governance_catalogueentry
    GROUP BY kind, department_id, year, audiences
)
SELECT 'department' AS facet, top.slug AS value, top.name AS label, coalesce(sum(n), 0) AS n, top.id AS id
    FROM governance_department top JOIN below ON below.top = top.id
    LEFT JOIN counted ON counted.department_id = below.id
    WHERE top.dissolved_on IS NULL GROUP BY top.id
UNION ALL SELECT 'kind', kind, '', sum(n), NULL FROM counted GROUP BY kind
UNION ALL SELECT 'year', year::text, '', sum(n), NULL FROM counted GROUP BY year
UNION ALL SELECT 'audience', audience, '', sum(n), NULL FROM counted, unnest(audiences) AS audience GROUP BY audience
UNION ALL (SELECT 'tag', tag.slug, tag.name, count(*), NULL FROM governance_taggedentry tagged
    JOIN governance_tag tag ON tag.id = tagged.tag_id GROUP BY tag.id ORDER BY count(*) DESC, tag.name LIMIT %(tags)s)
"""


@dataclass(frozen=True)
class Way:
    """One value: its name, how much is published under it, and the search that shows it."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    ways: Sequence[Way]


@dataclass(frozen=True)
class Browse:
    """The facets that have something to show, and the slug and name of one's own department."""

    facets: Sequence[Facet]
    own_department: tuple[str, str] | None


def _count() -> list[Row]:
    """Everything in one statement. It reads the whole catalogue, so its answer is kept for a short while."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"tags": TAGS_SHOWN})
        return cursor.fetchall()


def load(department_id: int | None) -> Browse:
    """All that is published, counted; `department_id` is the person's own."""
    rows = cache.get_or_set("portal.browsing", _count, settings.BROWSING_SECONDS) or []
    found: dict[str, list[Way]] = {name: [] for name in LABELS}
    for name, value, label, count, _id in rows:
        if count:
            url = f"{reverse('search')}?{urlencode({name: value})}"
            found[name].append(Way(label_of(name, value, label), int(count), url))
    for name, ways in found.items():
        ways.sort(key=lambda way: way.label.casefold(), reverse=name == "year")
    facets = [Facet(name, str(LABELS[name]), ways) for name, ways in found.items() if ways]
    own = next(((slug, label) for _f, slug, label, _n, pk in rows if pk is not None and pk == department_id), None)
    return Browse(facets, own)
