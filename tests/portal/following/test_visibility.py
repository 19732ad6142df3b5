"""No feed, no digest and no list tells a word that was not approved, over random histories."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from pytest_django import Settings

from governance import clock, versions
from governance.models import Publication, Record, Tag, User
from portal.following import digest, services
from portal.following.models import Digest
from tests.factories import Cast, make_published
from tests.governance.test_visibility import WORD, _words_of, _words_of_all, play, words
from tests.pages import client_of

pytestmark = pytest.mark.django_db
ROLES = ("author", "outsider", "committee", "head", "staff", "admin")
DAY = dt.timedelta(days=1)


def follow_all(cast: Cast, role: str, records: list[Record]) -> None:
    """Everything this person may follow now, and searches for words that are not published as well."""
    standing = cast.standing(role)
    targets = [("record", record.pk) for record in records]
    targets += [("tag", pk) for pk in Tag.objects.values_list("pk", flat=True)]
    targets.append(("department", cast.team.department_id or 0))
    for what, key in targets:
        try:
            services.follow(standing=standing, what=what, key=key)
        except Http404:
            continue
    for number, query in enumerate(["", *(f"q={word}" for word in sorted(_words_of_all(records[0]))[:3])]):
        try:
            services.save_search(standing=standing, name=f"Suche {number}", query=query, rhythm="daily")
        except ValidationError:
            continue
    services.Subscription.objects.filter(user_id=standing.user_id).update(rhythm="daily")


def published_words(records: list[Record]) -> tuple[set[str], set[str]]:
    """The words of what is published now, and those of all issues so far of what is published now."""
    now: set[str] = set()
    ever: set[str] = set()
    for issue in Publication.objects.filter(record__in=records).select_related("version__record"):
        found = _words_of(versions.text_of(issue.version))
        ever |= found if Publication.objects.filter(record=issue.record_id, until_at=None).exists() else set()
        now |= found if issue.until_at is None else set()
    return now, ever


def feeds_of(user: User, records: list[Record]) -> Iterator[str]:
    yield from ("", "following/", "kind/learning/", "department/steueramt/")
    yield from (f"record/{record.short_number}/" for record in records)
    yield from (f"tag/{slug}/" for slug in Tag.objects.values_list("slug", flat=True))
    yield from (f"search/{pk}/" for pk in services.SavedSearch.objects.filter(user=user).values_list("pk", flat=True))


@pytest.mark.parametrize("seed", range(3))
def test_feeds_digests_and_lists_tell_no_word_that_is_not_published(cast: Cast, settings: Settings, seed: int) -> None:
    settings.FEED_REQUESTS_PER_MINUTE = 10_000
    rng = random.Random(500 + seed)
    start = clock.now() - 5 * DAY
    with clock.at(start):
        records = [play(cast, rng, steps=rng.randrange(2, 12)) for _record in range(3)]
        for role in ROLES:
            follow_all(cast, role, records)
    with clock.at(start + DAY / 2):
        records += [play(cast, rng, steps=rng.randrange(2, 14)) for _record in range(3)]
        sure = make_published(cast, **words(rng))
        records.append(sure)
    with clock.at(start + 2 * DAY):
        digest.send_due()
    # Between writing and sending something more happens.
    records.append(play(cast, rng, steps=rng.randrange(2, 14)))
    now, ever = published_words(records)
    for role in ROLES:
        user = getattr(cast, role)
        token = services.new_address(standing=cast.standing(role), replaces=None)
        for rest in feeds_of(user, records):
            answer = Client().get(f"/feeds/{token}/{rest}")
            assert answer.status_code in (200, 404)
            allowed = ever if rest.startswith("record/") else now
            # The name of a saved search is its owner's; none of these holds a word of a text.
            assert set(WORD.findall(answer.content.decode())) - _typed(rest, user) <= allowed, f"{role} {rest}"
        bodies = [digest.body_of(one.mail) for one in Digest.objects.filter(user=user).select_related("mail")]
        # Not empty: at least one was published after all this was followed.
        assert any(sure.short_number in body for body in bodies)
        assert set(WORD.findall(" ".join(bodies))) <= now
        page = client_of(cast, role).get("/following/").content.decode()
        assert set(WORD.findall(page)) - _typed("", user) <= now, role


def _typed(rest: str, user: User) -> set[str]:
    """What the person typed into a search stands in the address of its page."""
    queries = services.SavedSearch.objects.filter(user=user).values_list("query", flat=True)
    return set(WORD.findall(" ".join(queries))) if rest.startswith("search/") or not rest else set()
