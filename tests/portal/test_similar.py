"""Similar records below a record, and "Gibt es das schon?" beside the title of a new text."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import workflow
from governance.models import CatalogueEntry, Record
from portal.search.similar import alike, similar_to
from tests import kept
from tests.factories import Cast, make_draft, make_published, reload, save, submit, tag
from tests.learnings.test_reading import FRAME
from tests.learnings.test_reading import address as exact_address
from tests.pages import address, client_of, page_for, queries_of
from tests.processmodels.factories import make_process, publish

pytestmark = pytest.mark.django_db


def titles(record: Record) -> list[str]:
    return [one.title for one in similar_to(CatalogueEntry.objects.get(pk=record.pk))]


@pytest.fixture
@kept.once
def dogs(cast: Cast) -> Record:
    words = {"tag_ids": [tag("Steuern").pk], "answer": "Das Formular für die Hundesteuer ist kurz."}
    record = make_published(cast, title="Hundesteuer online anmelden", **words)
    make_published(cast, title="Anmeldung zur Hundesteuer am Telefon", **words)
    make_published(
        cast, title="Spielplätze gemeinsam planen", answer="Kinder malen ihren Platz.", tag_ids=[tag("Spiel").pk]
    )
    make_published(cast, title="Straßenlampen melden", answer="Ein Foto genügt.", tag_ids=[tag("Licht").pk])
    return record


def test_records_with_the_same_rare_words_are_similar_and_others_are_not(dogs: Record) -> None:
    assert titles(dogs) == ["Anmeldung zur Hundesteuer am Telefon"]


def test_what_is_archived_is_not_similar_any_more_and_what_is_new_is_at_once(cast: Cast, dogs: Record) -> None:
    other = Record.objects.get(number=2)
    workflow.archive(record=other, standing=cast.standing("lead"), reason="Überholt")
    assert titles(dogs) == []
    make_published(
        cast, title="Hundesteuer im Bürgeramt anmelden", answer="Die Hundesteuer.", tag_ids=[tag("Steuern").pk]
    )
    assert titles(dogs) == ["Hundesteuer im Bürgeramt anmelden"]


def test_what_the_page_names_anyway_is_not_listed_twice(cast: Cast, dogs: Record) -> None:
    save(cast, dogs, related=[Record.objects.get(number=2).pk])
    workflow.approve(review=submit(cast, reload(dogs)), standing=cast.standing("committee"))
    assert titles(dogs) == []
    assert "Außer dem, was auf seiner Seite schon genannt ist" in page_for(cast, "staff", "/search/similar/L-1/")


def test_one_statement_finds_them_and_the_records_page_needs_none_more(cast: Cast, dogs: Record) -> None:
    entry = CatalogueEntry.objects.get(pk=dogs.pk)
    with CaptureQueriesContext(connection) as queries:
        similar_to(entry)
    assert len(queries) == 1
    assert queries_of(client_of(cast, "staff"), exact_address(dogs)) <= FRAME + 2
    assert queries_of(client_of(cast, "staff"), "/search/similar/L-1/") <= FRAME + 2


def test_the_records_page_leads_there_and_the_part_for_htmx_has_no_frame(cast: Cast, dogs: Record) -> None:
    assert 'href="/search/similar/L-1/"' in page_for(cast, "staff", address(dogs))
    page = page_for(cast, "staff", "/search/similar/L-1/")
    assert "Anmeldung zur Hundesteuer am Telefon" in page
    part = client_of(cast, "staff").get("/search/similar/L-1/", headers={"HX-Request": "true"}).content.decode()
    assert "Anmeldung zur Hundesteuer am Telefon" in part
    assert "<main" not in part
    assert "Nichts weiter Ähnliches" in page_for(cast, "staff", "/search/similar/L-4/")
    page_for(cast, "staff", "/search/similar/L-99/", code=404)


# -- Gibt es das schon? ----------------------------------------------------------------------------


def near(cast: Cast, role: str, title: str, record: Record | None = None) -> list[str]:
    return [one.title for one in alike(cast.standing(role), record, title)]


def test_a_title_like_a_published_one_is_noticed_in_other_words_too(cast: Cast, dogs: Record) -> None:
    assert near(cast, "author", "Anmeldung der Hundesteuer online")[0] == "Hundesteuer online anmelden"
    assert near(cast, "author", "Baumfällungen beantragen") == []
    assert near(cast, "author", "der die das ...") == []


def test_drafts_of_the_own_team_are_noticed_and_no_other_teams(cast: Cast) -> None:
    draft = make_draft(cast, title="Fundsachen online suchen")
    assert near(cast, "member", "Fundsachen suchen") == ["Fundsachen online suchen"]
    assert near(cast, "author", "Fundsachen suchen", draft) == []
    for role in ("outsider", "committee", "head", "staff", "admin"):
        assert near(cast, role, "Fundsachen suchen") == []


def test_a_submitted_draft_is_still_its_teams_alone(cast: Cast) -> None:
    submit(cast, make_draft(cast, title="Fundsachen online suchen"))
    assert near(cast, "outsider", "Fundsachen online suchen") == []
    assert near(cast, "committee", "Fundsachen online suchen") == []


def test_a_published_record_being_rewritten_is_not_asked_about(cast: Cast, dogs: Record) -> None:
    assert near(cast, "author", "Hundesteuer online anmelden", dogs) == []


def test_the_form_shows_it_after_the_first_save_without_javascript(cast: Cast, dogs: Record) -> None:
    draft = make_draft(cast, title="Hundesteuer online anmelden")
    page = page_for(cast, "author", address(draft, "edit/"))
    assert "Gibt es das schon?" in page
    assert "L-1" in page
    assert "Gibt es das schon?" not in page_for(cast, "author", address(draft, "edit/2/"))
    other = make_draft(cast, title="Baumfällungen beantragen")
    assert "Gibt es das schon?" not in page_for(cast, "author", address(other, "edit/"))


def test_the_forms_of_both_kinds_ask_when_the_title_is_left(cast: Cast, dogs: Record) -> None:
    for start in ("/learnings/new/", "/processmodels/new/"):
        assert 'hx-get="/search/alike/"' in page_for(cast, "author", start)
    client, htmx = client_of(cast, "author"), {"HX-Request": "true"}
    answer = client.get("/search/alike/?title=Hundesteuer+anmelden", headers=htmx)
    assert "Hundesteuer online anmelden" in answer.content.decode()
    assert client.get("/search/alike/?title=Bäume", headers=htmx).content.strip() == b""
    assert client.get("/search/alike/?title=Bäume").headers["Location"] == "/search/?q=B%C3%A4ume"


def test_a_process_model_is_found_beside_a_new_learning(cast: Cast) -> None:
    publish(cast, make_process(cast, title="Sperrmüll abholen lassen"))
    assert near(cast, "author", "Sperrmüll abholen lassen") == ["Sperrmüll abholen lassen"]
