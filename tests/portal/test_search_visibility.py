"""Search, counts, suggestions, excerpts, neighbours, "Meinten Sie" and "Gibt es das schon?" over random histories."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from governance import versions, workflow
from governance.models import CatalogueEntry, Record
from tests.factories import Cast, make_draft, make_published, save
from tests.governance.test_visibility import WORD, _words_of, _words_of_all, play, words
from tests.pages import client_of
from tests.portal.following.test_visibility import published_words

pytestmark = pytest.mark.django_db
ROLES = ("author", "outsider", "committee", "head", "staff", "admin")
HTMX = {"HX-Request": "true"}


def misspelt(word: str) -> str:
    """With two letters swapped, so that it must be mended."""
    return word[:5] + word[6] + word[5] + word[7:]


def addresses(hidden: list[str]) -> Iterator[str]:
    for word in hidden:
        for typed in (word, misspelt(word), word[:9], f'"{word}"', f"Titel {word}", f"Antwort -{word}"):
            yield f"/search/?q={typed}"
        yield from (f"/search/?tag={word}", f"/search/?q=Titel&tag={word}")
        yield from (f"/search/suggest.json?q={word[:6]}", f"/search/suggest.json?q={word}")
    yield from ("/search/", "/search/?q=Titel", "/search/?q=Antwort", "/search/?q=Nutzen&sort=title", "/search/?q=zq")
    yield from ("/search/suggest.json?q=zq", "/search/suggest.json?q=titel", "/search/suggest.json?q=tit")
    yield from (
        f"/search/similar/{number}/" for number in CatalogueEntry.objects.values_list("short_number", flat=True)
    )


def own_titles(cast: Cast, role: str, records: list[Record]) -> set[str]:
    """The words of titles of the person's own team's texts."""
    mine = [record for record in records if record.owner_id in cast.standing(role).team_ids]
    return {word for record in mine for word in WORD.findall(record.current_version.title)}  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(3))
def test_nothing_around_the_search_tells_a_word_that_its_reader_may_not_see(cast: Cast, seed: int) -> None:
    rng = random.Random(900 + seed)
    records = [play(cast, rng, steps=rng.randrange(1, 12)) for _record in range(5)]
    # At least one of each: published, rewritten since, never submitted, another team's.
    records += [make_published(cast, **words(rng)), make_draft(cast, **words(rng))]
    save(cast, records[-2], **words(rng))
    records.append(make_draft(cast, by="outsider", **words(rng)))
    records = list(Record.objects.select_related("current_version"))
    now, _ever = published_words(records)
    hidden = sorted({word for record in records for word in _words_of_all(record)} - now)
    asked = rng.sample(hidden, 5)
    for role in ROLES:
        client = client_of(cast, role)
        for url in addresses(asked):
            page = client.get(url).content.decode()
            typed = set(WORD.findall(url))
            assert set(WORD.findall(page)) - typed <= now, f"{role} {url}"
        for word in asked:
            assert "0 Einträge" in client.get(f'/search/?q="{word}"').content.decode()
        mine, seen = own_titles(cast, role, records), set[str]()
        for title in (f"Titel {asked[0]}", f"Titel {asked[1]} {asked[2]}", *(f"Titel {word}" for word in hidden)):
            part = client.get("/search/alike/", {"title": title}, headers=HTMX).content.decode()
            assert set(WORD.findall(part)) <= now | mine, f"{role} {title}"
            seen |= set(WORD.findall(part))
        # What may be seen is.
        assert role != "author" or seen - now


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
