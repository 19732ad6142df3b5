"""What a person follows, and what was published of it. Everything read here is published: the catalogue alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from governance import catalogue, queries
from governance.models import CatalogueEntry, Department, Tag, TaggedEntry
from portal.asked import Query
from portal.following.models import Subscription
from portal.search import search

# Of one saved search; a page of results holds fewer, so it is read page by page.
SEARCH_PAGES = 10
# Plain SQL: it runs with the pages that are read most, as a part of the statement that counts the tasks.
_FOLLOWED = """
SELECT coalesce('tag:' || tag_id, 'department:' || department_id, 'record:' || record_id)
FROM portal_subscription WHERE user_id = %s AND saved_search_id IS NULL
"""


def keys_followed(user_id: int) -> tuple[str, list[Any]]:
    """The query, with its parameters, for what this person follows: one column such as "tag:7"."""
    return _FOLLOWED, [user_id]


def read_followed(user_id: int) -> list[str]:
    """What this person follows, such as "tag:7"."""
    with connection.cursor() as cursor:
        cursor.execute(*keys_followed(user_id))
        return [key for (key,) in cursor.fetchall()]


@dataclass(frozen=True)
class Followed:
    """One subscription with its name as its reader may know it, and which entries it means."""

    subscription: Subscription
    label: str
    url: str
    # None: nothing of it is published now.
    tag_key: int | None = None
    departments: frozenset[int] = frozenset()
    record_key: int | None = None

    def is_found_in(self, entry: CatalogueEntry) -> bool:
        """Whether it means this entry; what a search finds is found by searching only."""
        return self.tag_key in entry.tag_keys or entry.department_id in self.departments or entry.pk == self.record_key

    @property
    def condition(self) -> Q | None:
        """The same for the catalogue; None when it means no entry, or is a search."""
        if self.tag_key is not None:
            return Q(tag_keys__contains=[self.tag_key])
        if self.departments:
            return Q(department_id__in=self.departments)
        if self.record_key is not None:
            return Q(pk=self.record_key)
        return None


@dataclass
class News:
    """One published entry and why the person is told of it."""

    entry: CatalogueEntry
    because: list[Followed] = field(default_factory=list)


def followed_by(user_id: int, *keys: int) -> list[Followed]:
    """What a person follows, the newest first; `keys` of subscriptions narrow it. At most five queries."""
    found = Subscription.objects.filter(user_id=user_id).select_related("saved_search", "department", "record")
    subscriptions = list(found.filter(pk__in=keys) if keys else found)
    records = [s.record_id for s in subscriptions if s.record_id is not None]
    known = Known(
        tags=_living_tags(subscriptions),
        below=_trees({s.department_id for s in subscriptions if s.department_id is not None}),
        entries={entry.pk: entry for entry in queries.catalogue().filter(pk__in=records)} if records else {},
    )
    return [_followed(subscription, known) for subscription in subscriptions]


@dataclass(frozen=True)
class Known:
    """What the subscriptions of a person point at, read for all at once."""

    tags: dict[int, Tag]
    below: dict[int, frozenset[int]]
    entries: dict[int, CatalogueEntry]


def _followed(subscription: Subscription, known: Known) -> Followed:
    if search := subscription.saved_search:
        return Followed(subscription, search.name, search.get_absolute_url())
    if department := subscription.department:
        url = department.get_absolute_url()
        return Followed(subscription, department.name, url, departments=known.below[department.pk])
    if subscription.tag_id is not None:
        if word := known.tags.get(subscription.tag_id):
            return Followed(subscription, word.name, word.get_absolute_url(), tag_key=word.pk)
        # A word that nothing published carries is for its team and the committee.
        return Followed(subscription, _("Schlagwort, das zurzeit kein Eintrag trägt"), "")
    assert subscription.record is not None
    if entry := known.entries.get(subscription.record.pk):
        return Followed(subscription, str(entry), entry.url, record_key=entry.pk)
    return Followed(subscription, _("%s, zurzeit nicht veröffentlicht") % subscription.record.short_number, "")


def _living_tags(subscriptions: Iterable[Subscription]) -> dict[int, Tag]:
    """By the key that is followed: the word that it was merged into, or itself, if an entry carries it."""
    wanted = {s.tag_id for s in subscriptions if s.tag_id is not None}
    if not wanted:
        return {}
    behind = catalogue.tags_behind(wanted)
    living = {key: tag for key in wanted for tag in catalogue.living_tags([key], behind)}
    used = set(TaggedEntry.objects.filter(tag__in={tag.pk for tag in living.values()}).values_list("tag_id", flat=True))
    return {key: tag for key, tag in living.items() if tag.pk in used}


def _trees(departments: set[int]) -> dict[int, frozenset[int]]:
    """Each of these with everything below it."""
    if not departments:
        return {}
    children: dict[int | None, list[int]] = {}
    for pk, parent in Department.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)

    def below(top: int) -> set[int]:
        return {top}.union(*(below(child) for child in children.get(top, ())))

    return {top: frozenset(below(top)) for top in departments}


# -- what was published of it ----------------------------------------------------------------------


def news(pairs: Sequence[tuple[Followed, dt.datetime | None]], limit: int) -> list[News]:
    """What was published after the moment beside each subscription (None: ever), each entry once, newest first."""
    found: dict[int, News] = {}
    for entry in _listed(pairs, limit):
        found[entry.pk] = News(entry)
    for followed, since in pairs:
        if followed.subscription.saved_search is not None:
            for entry in _searched(followed, since, limit):
                found.setdefault(entry.pk, News(entry)).because.append(followed)
    for one in found.values():
        one.because += [f for f, since in pairs if f.is_found_in(one.entry) and _is_after(one.entry, since)]
    newest = sorted(found.values(), key=lambda one: (one.entry.published_at, one.entry.pk), reverse=True)
    return newest[:limit]


def _is_after(entry: CatalogueEntry, since: dt.datetime | None) -> bool:
    return since is None or entry.published_at > since


def _listed(pairs: Sequence[tuple[Followed, dt.datetime | None]], limit: int) -> Sequence[CatalogueEntry]:
    """What tags, departments and records mean, in one query."""
    wanted, moments = Q(), []
    for followed, since in pairs:
        if (condition := followed.condition) is not None:
            wanted |= condition if since is None else condition & Q(published_at__gt=since)
            moments.append(since)
    if not moments:
        return []
    entries = queries.catalogue().filter(wanted)
    earliest = None if None in moments else min(moment for moment in moments if moment)
    # Also said once for all, so that only the newest rows are looked at.
    return list((entries.filter(published_at__gt=earliest) if earliest else entries)[:limit])


def _searched(followed: Followed, since: dt.datetime | None, limit: int) -> list[CatalogueEntry]:
    """What a saved search finds, as its page shows it."""
    saved = followed.subscription.saved_search
    assert saved is not None
    found: list[CatalogueEntry] = []
    for number in range(1, SEARCH_PAGES + 1):
        results = search(Query.read(saved.data(sort="newest", page=str(number))))
        new = [hit for hit in results.hits if _is_after(hit.entry, since)]
        # News are what has all words; the page shows more, for whoever looks through it.
        found += [hit.entry for hit in new if hit.has_all]
        if len(new) < len(results.hits) or len(found) >= min(limit, results.total):
            break
    return found[:limit]
