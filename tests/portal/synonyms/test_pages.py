"""The committee's pages of synonyms: forms that say what is wrong, preview, conflict, list as a file."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.synonyms import services
from portal.synonyms.models import SynonymGroup
from tests.factories import Cast, make_published
from tests.pages import client_of, main_of, page_for, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Client:
    return client_of(cast, "committee")


@pytest.fixture
def group(cast: Cast) -> SynonymGroup:
    return services.add(standing=cast.standing("committee"), words=["Perso", "Personalausweis"], note="Alltag")


def test_only_the_committee_is_led_there(cast: Cast) -> None:
    assert 'href="/search/synonyms/"' in page_for(cast, "committee", "/")
    assert 'href="/search/synonyms/"' not in page_for(cast, "admin", "/")
    assert 'href="/search/synonyms/"' in main_of(page_for(cast, "committee", "/help/committee/"))
    assert 'href="/search/synonyms/"' not in main_of(page_for(cast, "staff", "/help/committee/"))


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    assert "Es gibt noch keine" in page_for(cast, "committee", "/search/synonyms/")


def test_a_group_is_added_and_the_next_search_knows_it(cast: Cast, client: Client) -> None:
    make_published(cast, title="Den Personalausweis abholen")
    data = {"words": "Perso,\nPersonalausweis", "leads_to": "", "note": "", "do": "save"}
    page = client.post("/search/synonyms/new/", data, follow=True).content.decode()
    assert 'data-outcome="ok"' in page
    assert "Perso, Personalausweis" in page
    assert "Den Personalausweis abholen" in page_for(cast, "staff", "/search/?q=Perso").replace("<mark>", "").replace(
        "</mark>", ""
    )


def test_the_form_begins_with_a_word_that_was_searched_in_vain(cast: Cast) -> None:
    page = page_for(cast, "committee", "/search/synonyms/new/?word=<Kärtchen>")
    assert ">\n&lt;Kärtchen&gt;</textarea>" in page


def test_mistakes_are_told_at_the_field_and_what_was_typed_stays(client: Client) -> None:
    answer = client.post("/search/synonyms/new/", {"words": "Perso", "leads_to": "", "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-outcome="invalid"' in page
    assert "zwei verschiedene Wörter" in page
    assert ">\nPerso</textarea>" in page
    long = client.post("/search/synonyms/new/", {"words": "x" * 61 + "\x00", "do": "preview"})
    assert long.status_code == 422
    assert not SynonymGroup.objects.exists()


def test_the_preview_shows_searches_with_their_new_titles_and_saves_nothing(cast: Cast, client: Client) -> None:
    make_published(cast, title="Den Personalausweis <b> abholen")
    data = {"words": "Kärtchen, Personalausweis", "leads_to": "", "note": "", "do": "preview"}
    page = main_of(client.post("/search/synonyms/new/", data).content.decode())
    assert "bisher 0 Treffer, dann 1" in page
    assert "Den Personalausweis &lt;b&gt; abholen" in page
    assert "weiterhin 1 Treffer" in page
    assert ">\nKärtchen, Personalausweis</textarea>" in page
    assert not SynonymGroup.objects.exists()


def test_the_second_editor_keeps_every_word_sees_the_other_text_and_can_save_again(
    cast: Cast, client: Client, group: SynonymGroup
) -> None:
    url = group.get_absolute_url()
    services.change(standing=cast.standing("chair"), group=group, opened_on=1, words=["Perso", "Ausweiskarte"])
    data = {"words": "Perso, Pass", "leads_to": "", "note": "meine", "opened_on": "1", "do": "save"}
    answer = client.post(url, data)
    page = main_of(answer.content.decode())
    assert answer.status_code == 409
    assert 'data-outcome="conflict"' in page
    assert "Perso, Pass</textarea>" in page
    assert "Perso, Ausweiskarte" in page
    assert "Vorsitz des Gremiums" in page
    assert 'name="opened_on" value="2"' in page
    assert client.post(url, data | {"opened_on": "2"}).status_code == 302
    assert SynonymGroup.in_force.get().words == ["Perso", "Pass"]


def test_a_group_is_removed_once_and_only_as_it_was_shown(cast: Cast, client: Client, group: SynonymGroup) -> None:
    url = group.get_absolute_url()
    for stale in ("0", "", "x", "9" * 30):
        page = client.post(url, {"do": "remove", "opened_on": stale}, follow=True).content.decode()
        assert 'data-outcome="conflict"' in page
    page = client.post(url, {"do": "remove", "opened_on": "1"}, follow=True).content.decode()
    assert 'data-outcome="ok"' in page
    assert client.get(url).status_code == 404
    assert client.post(url, {"do": "remove", "opened_on": "1"}).status_code == 404


def test_the_list_goes_out_and_comes_in_again(cast: Cast, client: Client, group: SynonymGroup) -> None:
    answer = client.get("/search/synonyms/table.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    services.remove(standing=cast.standing("committee"), group=group, opened_on=1)
    file = SimpleUploadedFile("synonyme.csv", answer.content)
    page = client.post("/search/synonyms/import/", {"file": file}, follow=True).content.decode()
    assert "1 Gruppe ist neu." in page
    assert SynonymGroup.in_force.get().note == "Alltag"
    wrong = client.post("/search/synonyms/import/", {"file": SimpleUploadedFile("x.csv", b"Hallo")})
    assert wrong.status_code == 422
    assert "Die erste Zeile muss" in wrong.content.decode()
    assert client.post("/search/synonyms/import/").status_code == 422


def test_a_long_list_takes_no_more_queries_than_a_short_one(cast: Cast, client: Client, group: SynonymGroup) -> None:
    few = queries_of(client, "/search/synonyms/")
    for number in range(5):
        services.add(standing=cast.standing("chair"), words=[f"Wort{number}", f"Ausdruck{number}"])
    assert queries_of(client, "/search/synonyms/") == few
