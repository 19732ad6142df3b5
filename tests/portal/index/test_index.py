"""The search index: written with the catalogue, built anew beside itself, and equal to the published texts."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from governance import periodic, workflow
from governance.models import CatalogueEntry, Record
from portal.index import building, fields, writing
from portal.index.models import SearchBlock, SearchEntry, SearchIndex, SearchTerm, SearchWords
from portal.index.weighing import STEPS, analyse, impact, pack
from portal.language import VERSION
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.portal.test_search import find, titles

pytestmark = pytest.mark.django_db


def publish_again(cast: Cast, record: Record, **changes: Any) -> None:
    save(cast, record, **changes)
    approve(cast, submit(cast, reload(record)))


def spelt() -> set[str]:
    return set(SearchTerm.objects.values_list("surface", flat=True))


def test_a_publication_is_in_the_index_at_once_and_an_archived_record_is_not(cast: Cast) -> None:
    record = make_published(cast, title="Quastenflosser zählen")
    assert titles(find("Quastenflosser")) == ["Quastenflosser zählen"]
    assert building.differences() == []
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt")
    assert not SearchEntry.objects.exists() and not SearchWords.objects.exists() and not SearchBlock.objects.exists()
    assert "Quastenflosser" not in spelt()


def test_a_new_version_takes_the_place_of_the_old_one(cast: Cast) -> None:
    record = make_published(cast, title="Quastenflosser zählen")
    other = make_published(cast, title="Quastenflosser füttern")
    publish_again(cast, record, title="Zwergmaki zählen")
    assert titles(find("Quastenflosser")) == [other.current_version.title]  # type: ignore[union-attr]
    assert titles(find("Zwergmaki")) == ["Zwergmaki zählen"]
    assert building.differences() == []


def test_words_that_nobody_approved_are_not_in_the_vocabulary(cast: Cast) -> None:
    make_published(cast)
    make_draft(cast, title="Schnabeltier")
    assert not spelt() & {"Schnabeltier", "schnabeltier"}


def test_a_posting_keeps_record_and_weight_in_two_bytes() -> None:
    for record in (0, 1, 255, 256, 70_000):
        for weight in (1, 128, STEPS):
            packed = pack(record, weight)
            assert -32768 <= packed < 32768
            assert (packed >> 8) & 255 == record % 256 and packed & 255 == weight


def test_a_word_weighs_more_the_more_often_it_stands_and_the_shorter_the_text() -> None:
    assert 1 <= impact(0.3, 5000, 100) < impact(1, 100, 100) < impact(2, 100, 100) <= STEPS
    assert impact(1, 400, 100) < impact(1, 50, 100)


def test_a_rebuild_makes_the_same_index_and_leaves_nothing_of_the_old(cast: Cast) -> None:
    for number in range(3):
        make_published(cast, title=f"Hundesteueranmeldung {number}")
    before = SearchIndex.objects.get()
    found = [hit.entry.pk for hit in find("Anmeldung Hund").hits]
    steps: list[tuple[int, int]] = []
    after = building.build(lambda done, total: steps.append((done, total)))
    assert steps == [(3, 3)]
    assert SearchIndex.objects.get() == after != before
    assert not SearchBlock.objects.exclude(index=after).exists()
    assert building.differences() == []
    assert sorted(hit.entry.pk for hit in find("Anmeldung Hund").hits) == sorted(found)


def test_an_interrupted_rebuild_goes_on_where_it_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "BATCH", 1)
    records = [make_published(cast, title=f"Serie {number}") for number in range(3)]

    class Killed(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        building.build(stop)
    unfinished = SearchIndex.objects.get(state=SearchIndex.State.BUILDING)
    assert unfinished.built_up_to == records[0].pk
    # Meanwhile people search, publish and archive.
    assert find("Serie").total == 3
    publish_again(cast, records[0], title="Umbenannt")
    make_published(cast, title="Serie neu")
    workflow.archive(record=reload(records[1]), standing=cast.standing("lead"), reason="Überholt")
    steps: list[int] = []
    assert building.build(lambda done, _total: steps.append(done)) == unfinished
    assert steps[0] > 1
    assert building.differences() == []
    assert sorted(titles(find("Serie"))) == ["Serie 2", "Serie neu"]


def test_an_index_of_an_older_analysis_is_seen_and_built_anew(cast: Cast) -> None:
    make_published(cast)
    assert building.is_current()
    SearchIndex.objects.update(analysis=0)
    assert building.differences() == ["Der Suchindex ist von einer früheren Sprachanalyse."]
    with pytest.raises(CommandError):
        call_command("check_catalogue", stdout=io.StringIO(), stderr=io.StringIO())
    # A build that the older release had begun is not gone on with.
    SearchIndex.objects.create(analysis=0, average_length=1, built_up_to=10**9)
    # What is published meanwhile stands in what there is, and then in the new one.
    make_published(cast, title="Quastenflosser")
    assert find("Quastenflosser").total == 1
    assert periodic.run_due()["search_index"]
    assert SearchIndex.objects.get().analysis == VERSION
    assert find("Quastenflosser").total == 1
    assert building.is_current() and building.differences() == []


def test_the_average_length_is_that_of_the_records_as_they_are_indexed(cast: Cast) -> None:
    for number in range(3):
        make_published(cast, title=f"Länge {number}", what_was_done="Der Antrag ist in der Akte. " * (number + 1))
    index = building.build()
    lengths = [analyse(fields.texts(entry), frozenset()).length for entry in CatalogueEntry.objects.all()]
    assert index.average_length == sum(lengths) / 3


def test_the_command_tells_how_far_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "BATCH", 1)
    for number in range(2):
        make_published(cast, title=f"Serie {number}")
    told = io.StringIO()
    call_command("rebuild_catalogue", stdout=told)
    lines = ["Katalog: 2 / 2", "Suchindex: 1 / 2", "Suchindex: 2 / 2", "Suchindex neu aufgebaut."]
    assert [line for line in told.getvalue().splitlines() if line in lines] == lines


def test_words_of_the_house_are_learnt_by_a_rebuild(cast: Cast) -> None:
    for number in range(2):
        make_published(cast, title=f"Prosoz einführen {number}", what_was_done="Die Prosozschnittstelle läuft.")
    building.build()
    assert "prosoz" in SearchIndex.objects.get().own_words
    assert find("Schnittstelle Prosoz").with_all_words == 2


def damage_catalogue(record: Any) -> None:
    CatalogueEntry.objects.filter(pk=record.pk).delete()


def damage_entry(record: Any) -> None:
    SearchEntry.objects.filter(record=record.pk).update(version_id=0)


def damage_words(record: Any) -> None:
    SearchWords.objects.filter(record=record.pk).delete()


def damage_postings(record: Any) -> None:
    SearchBlock.objects.filter(term__text__startswith="quastenfl").delete()


def damage_term(record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portal_searchterm WHERE text LIKE 'quast%'")


@pytest.mark.parametrize("damage", [damage_catalogue, damage_entry, damage_words, damage_postings, damage_term])
def test_check_catalogue_finds_what_differs_and_a_rebuild_mends_it(cast: Cast, damage: Any) -> None:
    record = make_published(cast, title="Quastenflosser")
    call_command("check_catalogue", stdout=io.StringIO())
    damage(record)
    with pytest.raises(CommandError, match="Es gibt Unterschiede"):
        call_command("check_catalogue", stdout=io.StringIO(), stderr=io.StringIO())
    call_command("rebuild_catalogue", stdout=io.StringIO())
    call_command("check_catalogue", stdout=io.StringIO())


def test_a_text_of_more_words_than_an_index_holds_is_published(cast: Cast) -> None:
    words = " ".join(f"{chr(97 + n % 26) * 3}{n}ä" for n in range(3_000))
    make_published(cast, title="Ä" * 190, what_was_done=words, occasion="Wort-" * 300)
    assert find("Hundesteuer Wort").total
    assert building.differences() == []


def test_many_records_written_at_once_are_indexed_as_if_one_by_one(cast: Cast) -> None:
    for number in range(3):
        make_published(cast, title=f"Wohngeld {number}")
    rows = SearchBlock.objects.order_by("term__text").values_list("term__text", "block", "postings")
    one_by_one = [(text, block, sorted(postings)) for text, block, postings in rows]
    writing.write(list(CatalogueEntry.objects.all()))
    assert [(text, block, sorted(postings)) for text, block, postings in rows] == one_by_one
