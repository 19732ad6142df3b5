"""Search and all that lives by it tell no word that their reader may not see: over random histories.

Results, counts, excerpts, filters, near words, "Meinten Sie", suggestions, neighbours, "Gibt es das schon?", feeds,
digests and what a person follows, all of the same history. What does not depend on who asks is asked by one of the
persons, drawn anew for each question; every way to ask is used by everyone.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from pytest_django import Settings

from governance import clock, versions, workflow
from governance.models import CatalogueEntry, Publication, Record, Tag
from portal.following import digest, services
from portal.following.models import Digest, SavedSearch, Subscription
from portal.index.models import SearchTerm
from portal.search.question import MAX_WORDS
from tests.factories import Cast, make_draft, make_published, save
from tests.governance.test_visibility import WORD, _words_of, _words_of_all, play, words
from tests.pages import client_of

pytestmark = pytest.mark.django_db
ROLES = ("author", "outsider", "committee", "head", "staff", "admin")
HTMX = {"HX-Request": "true"}
DAY = dt.timedelta(days=1)


@dataclass
class History:
    """What happened, who looks, and which words stand in what is published: now, and in earlier issues of it."""

    cast: Cast
    rng: random.Random
    records: list[Record]
    clients: dict[str, Client]
    now: set[str]
    ever: set[str]
    hidden: list[str]
    # Published after everybody followed everything.
    sure: Record

    def anyone(self) -> str:
        return self.rng.choice(ROLES)

    def read(self, role: str, url: str) -> str:
        """The page; nothing but what was typed stands there that is not published."""
        page = self.clients[role].get(url).content.decode()
        assert set(WORD.findall(page)) - set(WORD.findall(url)) <= self.now, f"{role} {url}"
        return page


def happen(cast: Cast, seed: int) -> History:
    """Some days of writing, deciding and taking back, with people who follow all of it in between."""
    rng = random.Random(900 + seed)
    start = clock.now() - 5 * DAY

    def some(number: int) -> list[Record]:
        return [play(cast, rng, steps=rng.randrange(1, 13)) for _record in range(number)]

    with clock.at(start):
        records = [*some(3), make_published(cast, **words(rng))]
        taken_back = [records[-1]]
        for role in ROLES:
            follow_all(cast, role, records)
    with clock.at(start + DAY / 2):
        some(1)
        taken_back.append(make_published(cast, **words(rng)))
        sure = make_published(cast, **words(rng))
    with clock.at(start + 2 * DAY):
        digest.send_due()
    # Between the writing of the digests and their sending more happens; at least one of each: followed and taken back,
    # told of and taken back, published, rewritten since, never submitted, another team's.
    for record in taken_back:
        workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt")
    some(2)
    save(cast, make_published(cast, **words(rng)), **words(rng))
    make_draft(cast, **words(rng))
    make_draft(cast, by="outsider", **words(rng))
    records = list(Record.objects.select_related("current_version"))
    now, ever = published_words(records)
    hidden = sorted({word for record in records for word in _words_of_all(record)} - now)
    rng.shuffle(hidden)
    return History(cast, rng, records, {role: client_of(cast, role) for role in ROLES}, now, ever, hidden, sure)


def published_words(records: list[Record]) -> tuple[set[str], set[str]]:
    """The words of what is published now, and those of all issues so far of what is published now."""
    now: set[str] = set()
    ever: set[str] = set()
    for issue in Publication.objects.filter(record__in=records).select_related("version__record"):
        found = _words_of(versions.text_of(issue.version))
        ever |= found if Publication.objects.filter(record=issue.record_id, until_at=None).exists() else set()
        now |= found if issue.until_at is None else set()
    return now, ever


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
    Subscription.objects.filter(user_id=standing.user_id).update(rhythm="daily")


def misspelt(word: str) -> str:
    """With two letters swapped, so that it must be mended."""
    return word[:5] + word[6] + word[5] + word[7:]


@pytest.mark.parametrize("seed", range(2))
def test_search_and_all_that_lives_by_it_tell_no_word_that_their_reader_may_not_see(
    cast: Cast, settings: Settings, seed: int
) -> None:
    settings.FEED_REQUESTS_PER_MINUTE = 10_000
    history = happen(cast, seed)
    results_and_corrections_tell_nothing(history)
    suggestions_and_neighbours_tell_nothing(history)
    nobody_is_told_of_another_teams_draft(history)
    feeds_tell_nothing(history)
    digests_and_lists_tell_nothing(history)


# -- the search ------------------------------------------------------------------------------------

WAYS: tuple[Callable[[str], str], ...] = (
    lambda word: f"q={word}",
    lambda word: f"q={misspelt(word)}",
    lambda word: f"q={word[:9]}",
    lambda word: f'q="{word}"',
    lambda word: f"q=Titel {word}",
    lambda word: f"q=Antwort -{word}",
    lambda word: f"tag={word}",
    lambda word: f"q=Titel&tag={word}",
    # Nothing is found: near words.
    lambda word: f"q={misspelt(word)}&year=1990",
)


def results_and_corrections_tell_nothing(history: History) -> None:
    # Every hidden word: as it is, where nothing is found; and misspelt, beside a word that finds all.
    for start in range(0, len(history.hidden), MAX_WORDS - 1):
        some = history.hidden[start : start + MAX_WORDS - 1]
        assert "0 Einträge" in history.read(history.anyone(), f"/search/?q={' '.join(some)}")
        history.read(history.anyone(), f"/search/?q=Titel {' '.join(map(misspelt, some))}")
    spellings = " ".join(SearchTerm.objects.values_list("surface", flat=True)).lower()
    assert set() < set(WORD.findall(spellings)) <= history.now
    word = cycle(history.hidden)
    published = CatalogueEntry.objects.count()
    assert published == Publication.objects.filter(until_at=None).count()
    for role in ROLES:
        for way in WAYS:
            history.read(role, f"/search/?{way(next(word))}")
        page = history.read(role, "/search/?q=Titel")
        assert f"{published} Ein" in page
        # What may be seen is.
        assert set(WORD.findall(page))
    for query in ("", "q=Antwort", "q=Nutzen&sort=title", "q=zq"):
        history.read(history.anyone(), f"/search/?{query}")


def suggestions_and_neighbours_tell_nothing(history: History) -> None:
    word = cycle(history.hidden)
    for role in ROLES:
        for typed in (next(word)[:6], next(word)[2:8], next(word), f"titel {next(word)[:5]}", "zq", "tit"):
            history.read(role, f"/search/suggest.json?q={typed}")
    assert WORD.search(history.read(history.anyone(), "/search/suggest.json?q=titel"))
    for record in history.records:
        history.read(history.anyone(), f"/search/similar/{record.short_number}/")


def nobody_is_told_of_another_teams_draft(history: History) -> None:
    """For "Gibt es das schon?": all else is published, or a title of the person's own team."""
    titles = [record.current_version.title for record in history.records if record.current_version]
    titles.append(f"Titel {history.hidden[0]} {history.hidden[1]}")
    for role in ROLES:
        teams = history.cast.standing(role).team_ids
        mine = [r.current_version.title for r in history.records if r.owner_id in teams and r.current_version]
        allowed = history.now | set(WORD.findall(" ".join(mine)))
        seen: set[str] = set()
        for title in [*titles, f"Titel {history.rng.choice(history.hidden)}"]:
            part = history.clients[role].get("/search/alike/", {"title": title}, headers=HTMX).content.decode()
            seen |= set(WORD.findall(part))
        assert seen <= allowed, role
        # What may be seen is.
        assert bool(seen - history.now) == (role in ("author", "outsider"))


# -- staying informed ------------------------------------------------------------------------------


def feeds_tell_nothing(history: History) -> None:
    tokens = {role: services.new_address(standing=history.cast.standing(role), replaces=None) for role in ROLES}
    wanted = [(history.anyone(), rest) for rest in _feeds(history.records)]
    for role in ROLES:
        wanted.append((role, "following/"))
        searches = SavedSearch.objects.filter(user=getattr(history.cast, role))
        wanted += [(role, f"search/{pk}/") for pk in searches.values_list("pk", flat=True)]
    for role, rest in wanted:
        answer = Client().get(f"/feeds/{tokens[role]}/{rest}")
        assert answer.status_code in (200, 404)
        allowed = history.ever if rest.startswith("record/") else history.now
        found = set(WORD.findall(answer.content.decode()))
        assert found - _typed(history.cast, role) <= allowed, f"{role} {rest}"
        assert found or rest != "following/"


def _feeds(records: list[Record]) -> Iterator[str]:
    """Those that are the same for everybody."""
    yield from ("", "kind/learning/", "department/steueramt/")
    yield from (f"record/{record.short_number}/" for record in records)
    yield from (f"tag/{slug}/" for slug in Tag.objects.values_list("slug", flat=True))


def digests_and_lists_tell_nothing(history: History) -> None:
    for role in ROLES:
        sent = Digest.objects.filter(user=getattr(history.cast, role)).select_related("mail")
        bodies = [digest.body_of(one.mail) for one in sent]
        assert any(history.sure.short_number in body for body in bodies)
        assert set(WORD.findall(" ".join(bodies))) <= history.now
        page = history.clients[role].get("/following/").content.decode()
        assert set(WORD.findall(page)) - _typed(history.cast, role) <= history.now, role


def _typed(cast: Cast, role: str) -> set[str]:
    """What the person typed into a search stands in the address of its page."""
    queries = SavedSearch.objects.filter(user=getattr(cast, role)).values_list("query", flat=True)
    return set(WORD.findall(" ".join(queries)))


# -- what is taken back ----------------------------------------------------------------------------


def test_the_words_of_what_is_taken_back_are_forgotten_by_the_correction(cast: Cast) -> None:
    rng = random.Random(1)
    record = make_published(cast, **words(rng))
    (first,) = WORD.findall(record.current_version.title)  # type: ignore[union-attr]
    client = client_of(cast, "staff")
    assert first in client.get(f"/search/?q={misspelt(first)}").content.decode()
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt")
    gone = _words_of(versions.text_of(record.current_version))
    page = client.get(f"/search/?q={misspelt(first)}").content.decode()
    assert not set(WORD.findall(page)) & gone
