"""Searches are counted by day and words, without persons; what looks like a person is not counted at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from governance import clock, periodic, workflow
from portal.missing import counting, queries
from portal.missing.models import SearchCount
from portal.missing.words import words_of
from tests.factories import Cast, UserFactory, make_draft, make_published
from tests.pages import client_of

pytestmark = pytest.mark.django_db


def counts() -> dict[str, tuple[int, int, int]]:
    rows = SearchCount.objects.values_list("words", "fruitless", "shown", "opened")
    return {words: (fruitless, shown, opened) for words, fruitless, shown, opened in rows}


def look(cast: Cast, address: str, who: str = "staff", code: int = 200) -> Any:
    answer = client_of(cast, who).get(address)
    assert answer.status_code == code
    return answer


def typed_on(days: int, words: str, **values: int) -> None:
    for day in range(days):
        SearchCount.objects.create(day=clock.today() - dt.timedelta(days=day), words=words, **values)


# -- what is counted -------------------------------------------------------------------------------


def test_a_search_is_counted_as_fruitless_or_shown_whoever_asks_and_however_it_is_written(cast: Cast) -> None:
    make_published(cast)
    look(cast, "/search/?q=Hundesteuer")
    look(cast, "/search/?q=+HUNDESTEUER+%3F", "admin")
    look(cast, "/search/?q=Quastenflosser")
    assert counts() == {"hundesteuer": (0, 2, 0), "quastenflosser": (1, 0, 0)}


def test_a_row_holds_a_day_words_and_numbers_and_nothing_of_a_person() -> None:
    assert {field.name for field in SearchCount._meta.get_fields()} == {
        "id",
        "day",
        "words",
        "fruitless",
        "shown",
        "opened",
    }


@pytest.mark.parametrize("more", ["&page=2", "&kind=learning", "&sort=title"])
def test_further_pages_filters_and_orders_are_the_same_search_and_not_counted_again(cast: Cast, more: str) -> None:
    look(cast, f"/search/?q=Quastenflosser{more}")
    look(cast, "/search/")
    look(cast, "/search/?q=der+die+das")
    assert client_of(cast, "staff").head("/search/?q=Quastenflosser").status_code == 200
    assert counts() == {}


def test_counting_is_one_statement_after_the_page_and_its_failure_harms_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(cast, "/search/?q=Formular")
    with CaptureQueriesContext(connection) as seen:
        look(cast, "/search/?q=Formular")
    written = [number for number, query in enumerate(seen) if "portal_searchcount" in query["sql"]]
    assert written == [len(seen) - 1]
    monkeypatch.setattr(counting.connection, "cursor", _broken)
    counting._quietly("formular", True)


def _broken() -> Any:
    raise RuntimeError("broken on purpose")


@pytest.mark.parametrize(
    "text",
    [
        "max.muster@stadt.example",
        "0551 400-1234",
        "+49 (551) 400123",
        "geboren 1.2.1980",
        "Az. 12/345/678",
        "GÖ-AB 123",
        "Herr Schuster",
        "beschwerde frau schuster",
        "Dr. Schuster",
        "Hauptstraße 12",
        "eins zwei drei vier fünf sechs sieben",
        "x" * 101,
        "?!",
        "",
    ],
)
def test_what_looks_like_a_person_or_is_a_long_text_is_not_counted(text: str) -> None:
    assert words_of(text) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Kita-Platz  ", "kita-platz"),
        ("„Hund anmelden“?", "hund anmelden"),
        ("§ 16 OZG", "§ 16 ozg"),
        ("L-17", "l-17"),
        ("Frauenhaus", "frauenhaus"),
        ("DIN 18040", "din 18040"),
        ("E-Akte 2", "e-akte 2"),
        ("Haushalt 2026", "haushalt 2026"),
    ],
)
def test_ordinary_questions_are_counted_in_one_spelling(text: str, words: str) -> None:
    assert words_of(text) == words


def test_names_of_people_of_the_portal_are_not_counted_in_any_order(cast: Cast) -> None:
    UserFactory(full_name="Petra Quandt")
    for text in ("Petra+Quandt", "quandt,+petra", "Telefon+Petra+Quandt"):
        look(cast, f"/search/?q={text}")
    assert counts() == {}


def test_a_day_has_a_bound_and_what_is_known_counts_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_A_DAY", 2)
    for text in ("eins", "zwei", "drei", "eins"):
        look(cast, f"/search/?q=quasten{text}")
    assert counts() == {"quasteneins": (2, 0, 0), "quastenzwei": (1, 0, 0)}


# -- opening ---------------------------------------------------------------------------------------


def test_opening_a_result_is_counted_and_leads_to_the_record(cast: Cast) -> None:
    record = make_published(cast)
    page = look(cast, "/search/?q=Hundesteuer").content.decode()
    address = f"/search/open/?q=hundesteuer&amp;to={record.short_number}"
    assert f'href="{address}"' in page
    answer = look(cast, address.replace("&amp;", "&"), code=302)
    assert answer["Location"] == f"/learnings/{record.number}-hundesteuer-online-anmelden/"
    assert counts() == {"hundesteuer": (0, 1, 1)}


def test_a_question_that_is_not_counted_stays_out_of_the_links(cast: Cast) -> None:
    make_published(cast)
    page = look(cast, "/search/?q=Hundesteuer+Frau+Schuster").content.decode()
    assert 'class="results"' in page
    assert "/search/open/" not in page


@pytest.mark.parametrize("to", ["", "https://anderswo.example/", "//anderswo.example", "L-", "L-1/../x", "Q-1", "L-9"])
def test_it_leads_to_records_and_nowhere_else(cast: Cast, to: str) -> None:
    draft = make_draft(cast)
    client = client_of(cast, "staff")
    answer = client.get("/search/open/", {"q": "Hund", "to": to}, follow=True)
    assert answer.status_code == 404
    assert client.get("/search/open/", {"to": draft.short_number}, follow=True).status_code == 404
    assert counts() == {}


def test_a_record_archived_meanwhile_says_so_and_is_not_counted(cast: Cast) -> None:
    record = make_published(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt")
    answer = client_of(cast, "staff").get("/search/open/", {"q": "Hund", "to": record.short_number}, follow=True)
    assert answer.status_code == 410
    assert counts() == {}


# -- what is shown and how long it is kept ---------------------------------------------------------


def listed(rows: Any) -> list[str]:
    return [row["words"] for row in rows]


def test_words_are_shown_from_five_different_days_on(cast: Cast) -> None:
    typed_on(5, "baumkataster", fruitless=1)
    typed_on(4, "privates", fruitless=50)
    typed_on(5, "wohngeld", shown=1)
    typed_on(4, "auch privat", shown=50)
    assert listed(queries.fruitless()) == ["baumkataster"]
    assert listed(queries.unopened()) == ["wohngeld"]
    page = look(cast, "/search/missing/", "committee").content.decode()
    assert "baumkataster" in page
    assert "privat" not in page


def test_opening_alone_is_no_day_on_which_the_words_were_typed() -> None:
    typed_on(4, "wohngeld", fruitless=1)
    SearchCount.objects.create(day=clock.today() - dt.timedelta(days=10), words="wohngeld", opened=1)
    assert listed(queries.fruitless()) == []


def test_what_is_found_by_now_is_no_longer_fruitless_and_what_was_opened_not_unopened() -> None:
    typed_on(6, "baumkataster", fruitless=1)
    SearchCount.objects.filter(day=clock.today()).update(shown=1)
    assert listed(queries.fruitless()) == []
    assert listed(queries.unopened()) == ["baumkataster"]
    SearchCount.objects.filter(day=clock.today()).update(opened=1)
    assert listed(queries.unopened()) == []


def test_what_is_found_no_more_is_fruitless_again() -> None:
    typed_on(6, "baumkataster", shown=1)
    SearchCount.objects.filter(day=clock.today()).update(shown=0, fruitless=1)
    assert listed(queries.fruitless()) == ["baumkataster"]
    assert listed(queries.unopened()) == []


def test_counts_are_deleted_when_their_time_is_over(settings: Settings) -> None:
    today = clock.today()
    for age in (0, 90, 91):
        SearchCount.objects.create(day=today - dt.timedelta(days=age), words="baumkataster", fruitless=1)
    assert periodic.run_due()["purge_search_counts"]
    assert {(today - row.day).days for row in SearchCount.objects.all()} == {0, 90}
    settings.SEARCHES_KEPT_DAYS = 30
    counting.purge()
    assert SearchCount.objects.count() == 1
