"""What a search finds because of a synonym, and what it does not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import clock
from governance.models import AuditEvent
from portal.asked import Query
from portal.missing.models import SearchCount
from portal.search import Results, search
from portal.synonyms import services
from portal.synonyms.models import SynonymGroup
from portal.synonyms.preview import effects
from tests import kept
from tests.factories import Cast, make_draft, make_published

pytestmark = pytest.mark.django_db


def find(text: str) -> Results:
    return search(Query(text=text))


def titles(results: Results) -> list[str]:
    return [hit.entry.title for hit in results.hits]


def group(cast: Cast, *words: str, leads_to: tuple[str, ...] = ()) -> SynonymGroup:
    return services.add(standing=cast.standing("committee"), words=words, leads_to=leads_to)


def whole(results: Results) -> set[str]:
    """Titles of what has all words."""
    return {hit.entry.title for hit in results.hits if hit.has_all}


@pytest.fixture
@kept.once
def town(cast: Cast) -> Cast:
    make_published(cast, title="Den Personalausweis abholen", what_was_done="Der Schrank gibt ihn aus.")
    make_published(cast, title="Regeln für Telearbeit", what_was_done="Zwei Tage in der Woche.")
    make_published(cast, title="Mobiles Arbeiten erproben", what_was_done="Drei Tage in der Woche.")
    make_published(cast, title="Arbeiten am Schalter", what_was_done="Alle wechseln sich ab.")
    return cast


def test_both_ways_and_at_once_for_every_process(town: Cast) -> None:
    assert find("Perso").total == 0 or "Personalausweis" not in find("Perso").also.get("Perso", [])
    added = group(town, "Perso", "Personalausweis")
    found = find("Perso")
    assert titles(found) == ["Den Personalausweis abholen"]
    assert found.also == {"Perso": ["Personalausweis"]}
    assert found.with_all_words == 1
    assert "<mark>Personalausweis</mark>" in found.hits[0].title
    make_published(town, title="Der Perso per Post")
    assert set(titles(find("Personalausweise"))) == {"Den Personalausweis abholen", "Der Perso per Post"}
    services.change(
        standing=town.standing("committee"), group=added, opened_on=1, words=["Ausweiskarte", "Personalausweis"]
    )
    assert titles(find("Ausweiskarte")) == ["Den Personalausweis abholen"]
    services.remove(standing=town.standing("committee"), group=added, opened_on=2)
    assert find("Ausweiskarte").also == {}


def test_a_word_of_a_group_is_no_typing_error(town: Cast) -> None:
    make_published(town, title="Personen zählen")
    assert find("Perso").total
    group(town, "Perso", "Personalausweis")
    assert titles(find("Perso")) == ["Den Personalausweis abholen"]
    assert not find("Perso").mended


def test_one_way_leads_only_there(town: Cast) -> None:
    group(town, "Homeoffice", leads_to=("Telearbeit",))
    make_published(town, title="Homeoffice für Eltern")
    assert set(titles(find("Homeoffice"))) == {"Homeoffice für Eltern", "Regeln für Telearbeit"}
    assert "Homeoffice für Eltern" not in titles(find("Telearbeit"))


def test_several_words_are_found_only_together_and_typed_only_side_by_side(town: Cast) -> None:
    group(town, "Telearbeit", "mobiles Arbeiten")
    assert whole(find("Telearbeit")) == {"Regeln für Telearbeit", "Mobiles Arbeiten erproben"}
    typed = find("mobiles Arbeiten")
    assert typed.also == {"mobiles Arbeiten": ["Telearbeit"]}
    assert whole(typed) == {"Regeln für Telearbeit", "Mobiles Arbeiten erproben"}
    assert find("Arbeiten mobiles").also == {}


def test_synonyms_do_not_chain(town: Cast) -> None:
    group(town, "Kärtchen", "Perso")
    group(town, "Perso", "Personalausweis")
    assert titles(find("Perso")) == ["Den Personalausweis abholen"]
    assert find("Kärtchen").total == 0


def test_what_was_typed_stands_before_what_a_synonym_found_and_counts_once(town: Cast) -> None:
    group(town, "Homeoffice", "Telearbeit", "Heimarbeit")
    make_published(town, title="Regeln für Homeoffice", what_was_done="Zwei Tage in der Woche.")
    make_published(town, title="Regeln für Heimarbeit", what_was_done="Zwei Tage in der Woche, Telearbeit.")
    assert titles(find("Homeoffice"))[0] == "Regeln für Homeoffice"
    found = find("Heimarbeit Telearbeit Woche")
    assert titles(found)[0] == "Regeln für Heimarbeit"


def test_quotes_are_meant_literally(town: Cast) -> None:
    group(town, "Perso", "Personalausweis")
    assert find('"Perso"').total == 0


def test_a_search_with_synonyms_takes_no_more_statements(town: Cast) -> None:
    find("Perso Woche")
    with CaptureQueriesContext(connection) as without:
        find("Telearbeit Woche")
    group(town, "Telearbeit", "mobiles Arbeiten")
    find("Telearbeit")  # a process reads the groups once after each change
    with CaptureQueriesContext(connection) as queries:
        assert find("Telearbeit Woche").also
    assert len(queries) == len(without)


def test_a_synonym_tells_nothing_of_what_is_not_published(town: Cast) -> None:
    make_draft(town, title="Geheimes Vorhaben Quastenflosser")
    group(town, "Fischprojekt", "Quastenflosser")
    found = find("Fischprojekt")
    assert (found.total, found.also) == (0, {})
    (fisch, quasten) = effects(["Fischprojekt", "Quastenflosser"], [])
    assert (fisch.after, quasten.after, *fisch.added, *quasten.added) == (0, 0)


@pytest.mark.parametrize(
    "text", ["mobiles " * 3000, "Perso \x00 -Perso", '"', "mobiles", "Perso mobiles Arbeiten Perso"]
)
def test_nothing_typed_beside_synonyms_gives_an_error(town: Cast, text: str) -> None:
    group(town, "Perso", "Personalausweis", "mobiles Arbeiten")
    assert find(text).total >= 0


def test_the_preview_names_what_would_be_found_and_saves_nothing(town: Cast) -> None:
    saved = group(town, "Homeoffice", "Telearbeit")
    homeoffice, mobil, telearbeit = effects(["Homeoffice", "mobiles Arbeiten"], [], saved)
    assert (homeoffice.before, homeoffice.after) == (1, 1)
    assert [entry.title for entry in homeoffice.added] == ["Mobiles Arbeiten erproben"]
    assert mobil.text == "mobiles Arbeiten"
    assert (telearbeit.text, telearbeit.before, telearbeit.after) == ("Telearbeit", 1, 1)
    assert SynonymGroup.in_force.get().words == ["Homeoffice", "Telearbeit"]
    assert find("Homeoffice").also == {"Homeoffice": ["Telearbeit"]}


def test_the_preview_tries_the_searches_of_the_last_weeks_that_name_a_word(town: Cast) -> None:
    for days, words in ((5, "perso woche abholen"), (4, "perso zu selten"), (9, "ganz anderes")):
        for back in range(days):
            SearchCount.objects.create(day=clock.today() - dt.timedelta(days=back), words=words, fruitless=1)
    assert [one.text for one in effects(["Perso", "Personalausweis"], [])] == [
        "Perso",
        "Personalausweis",
        "perso woche abholen",
    ]


def test_the_list_that_comes_with_the_portal_loads_once_and_helps(town: Cast) -> None:
    file = settings.BASE_DIR / "fixtures" / "synonyms.csv"
    assert services.load_file(file) >= 30
    assert services.load_file(file) == 0
    assert AuditEvent.objects.filter(verb="add_synonyms", actor=None).count() == SynonymGroup.in_force.count()
    assert titles(find("Perso")) == ["Den Personalausweis abholen"]
    assert "Mobiles Arbeiten erproben" in titles(find("Homeoffice"))
