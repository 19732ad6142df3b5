"""Suggestions while typing: what is published, tags in use, departments; nothing else, and nothing breaks them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import workflow
from portal.search.suggesting import suggest
from tests.factories import Cast, DepartmentFactory, make_draft, make_published, save, tag
from tests.pages import client_of
from tests.portal.test_search import STRANGE

pytestmark = pytest.mark.django_db


def labels(typed: str) -> list[str]:
    return [one.label for one in suggest(typed)]


def test_titles_tags_and_departments_are_suggested_each_with_its_page(cast: Cast) -> None:
    make_published(cast, title="Steuern online erklären", tag_ids=[tag("Steuerrecht").pk])
    answer = client_of(cast, "staff").get("/search/suggest.json?q=steuer")
    assert answer.json()["suggestions"] == [
        {
            "label": "Steuern online erklären",
            "detail": "Learning L-1",
            "url": "/learnings/1-steuern-online-erklaeren/",
        },
        {"label": "Steuerrecht", "detail": "Schlagwort", "url": "/tags/steuerrecht/"},
        {"label": "Steueramt", "detail": "Bereich", "url": "/governance/departments/steueramt/"},
    ]


def test_what_begins_with_the_typed_word_stands_first(cast: Cast) -> None:
    for title in ("Anmeldung verkürzen", "Neue Kürzungen", "Kürzung der Wege"):
        make_published(cast, title=title)
    assert labels("kürz") == ["Kürzung der Wege", "Neue Kürzungen", "Anmeldung verkürzen"]


@pytest.mark.parametrize("typed", ["Förderanträge", "foerderantraege", "FORDERANTRAGE", "antr förd", "förderanträge "])
def test_umlauts_capitals_and_the_order_of_words_do_not_matter(cast: Cast, typed: str) -> None:
    make_published(cast, title="Förderanträge prüfen")
    assert labels(typed) == ["Förderanträge prüfen"]


def test_only_what_is_published_now_is_suggested(cast: Cast) -> None:
    make_draft(cast, title="Quastenflosser im Entwurf", tag_ids=[tag("Quastentag").pk])
    archived = make_published(cast, title="Quasten von gestern", tag_ids=[tag("Quastengestern").pk])
    workflow.archive(record=archived, standing=cast.standing("lead"), reason="Überholt")
    changed = make_published(cast, title="Sichtbarer Titel")
    save(cast, changed, title="Quasten in Arbeit")
    DepartmentFactory(name="Quastenamt", dissolved_on="2020-01-01")
    assert labels("quasten") == []
    assert labels("sichtbar") == ["Sichtbarer Titel"]


def test_a_single_letter_asks_for_too_much(cast: Cast) -> None:
    make_published(cast)
    assert labels("h") == []
    assert labels("h o a") == []


def test_one_statement_answers(cast: Cast) -> None:
    make_published(cast)
    with CaptureQueriesContext(connection) as queries:
        assert suggest("hundesteuer anm")
    assert len(queries) == 1


def test_titles_are_looked_up_by_their_index(cast: Cast) -> None:
    make_published(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as queries:
        suggest("hundesteuer")
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on entry_trigram" in plan


@pytest.mark.parametrize("typed", STRANGE, ids=range(len(STRANGE)))
def test_nothing_a_person_types_gives_an_error(cast: Cast, typed: str) -> None:
    make_published(cast)
    assert len(suggest(typed)) <= 1
    suggest(f"%{typed}_")
