"""The list of external sources: kept by the committee, searched from the search page, learnings begun from finds."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from governance import clock, versions
from governance.errors import NotAllowed, WrongState
from governance.models import Record
from tests.factories import Cast, approve, make_published, reload, save, submit
from tests.pages import client_of, main_of, page_for
from tests.transfer.packages.factories import make_source
from transfer.errors import Changed
from transfer.models import ExternalSource
from transfer.sources import services
from transfer.sources.forms import SourceForm

pytestmark = pytest.mark.django_db
FORM = {
    "opened_on": 0,
    "name": "Intranet",
    "address": "intranet.stadt.example",
    "search_link": "https://intranet.stadt.example/?s={query}",
    "finds": "Dienstanweisungen.",
    "licence_hint": "",
    "retrieved_on": "2026-11-01",
    "position": 5,
}


def test_the_search_page_offers_the_same_search_elsewhere_and_calls_nothing(cast: Cast) -> None:
    make_source(cast)
    make_source(cast, name="Ohne Wort", search_link="", address="https://ohne.example/")
    make_published(cast)
    for text in ("Hundesteuer", "Xylophon"):
        page = main_of(page_for(cast, "staff", f"/search/?q={text}+%26+%22mehr%22"))
        assert f'href="https://register.example/suche?q={text}%20%26%20%22mehr%22&amp;art=alle"' in page
        assert 'href="https://ohne.example/" rel="noopener noreferrer"' in page
        assert "Auch dort suchen" in page
    assert "Auch dort suchen" not in page_for(cast, "staff", "/search/")


def test_the_committee_keeps_the_list_and_two_who_change_one_are_told(cast: Cast) -> None:
    client = client_of(cast, "committee")
    assert client.post("/transfer/sources/new/", FORM).status_code == 302
    source = ExternalSource.objects.get()
    assert (source.address, source.position) == ("https://intranet.stadt.example", 5)
    assert client.post("/transfer/sources/new/", FORM).status_code == 422
    url = f"/transfer/sources/{source.pk}/edit/"
    assert client.post(url, FORM | {"opened_on": 1, "finds": "Vorlagen."}).status_code == 302
    late = client.post(url, FORM | {"opened_on": 1, "finds": "Meine Fassung."})
    assert late.status_code == 409
    assert "Meine Fassung." in late.content.decode()
    assert "Vorlagen." in late.content.decode()
    assert client.post(url, FORM | {"opened_on": 2, "finds": "Meine Fassung."}).status_code == 302
    assert client.post(url, {"do": "remove"}).status_code == 302
    assert client.get(url).status_code == 404
    with pytest.raises(WrongState):
        services.remove(standing=cast.standing("committee"), source=source)
    assert client.post("/transfer/sources/new/", FORM).status_code == 302


@pytest.mark.parametrize("role", ["author", "lead", "staff", "head", "admin"])
def test_nobody_else_changes_it(cast: Cast, role: str) -> None:
    source = make_source(cast)
    standing = cast.standing(role)
    for step in (
        lambda: services.add(standing=standing, name="x"),
        lambda: services.change(standing=standing, source=source, opened_on=1, name="x"),
        lambda: services.remove(standing=standing, source=source),
        lambda: services.take_beginning(standing=standing),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_a_change_on_an_older_state_is_a_conflict(cast: Cast) -> None:
    source = make_source(cast)
    with pytest.raises(Changed):
        services.change(standing=cast.standing("committee"), source=source, opened_on=0, name="x")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "javascript:alert(1)"),
        ("search_link", "https://{query}.example/"),
        ("search_link", "ftp://x.example/{query}"),
        ("address", "https://me:secret@x.example/"),
        ("name", ""),
        ("finds", "a\x00b"),
        ("retrieved_on", "2999-01-01"),
        ("position", "-1"),
    ],
)
def test_bad_input_is_told_at_its_field(field: str, value: str) -> None:
    form = SourceForm(FORM | {field: value})
    assert list(form.errors) == [field]


def test_the_list_that_comes_with_the_portal_is_taken_over_once(cast: Cast) -> None:
    standing = cast.standing("committee")
    rows = tomllib.loads(services.BEGINNING.read_text())["source"]
    assert services.take_beginning(standing=standing) == len(rows) >= 5
    for source in ExternalSource.objects.all():
        values: dict[str, Any] = {name: getattr(source, name) for name in FORM if name != "opened_on"}
        assert SourceForm(values | {"opened_on": 0}).is_valid(), source.name
    services.remove(standing=standing, source=ExternalSource.objects.all()[0])
    assert services.take_beginning(standing=standing) <= 1
    assert client_of(cast, "committee").post("/transfer/sources/").status_code == 302
    assert client_of(cast, "staff").post("/transfer/sources/").status_code == 403


def test_a_learning_begins_with_a_find_and_the_source_names_it_once_published(cast: Cast) -> None:
    source = make_source(cast)
    url = f"/transfer/sources/{source.pk}/find/"
    assert 'value="Hunde zählen"' in page_for(cast, "author", f"{url}?q=Hunde zählen")
    client = client_of(cast, "author")
    data = {"url": "register.example/x", "found": "Hundezählung", "title": "Hunde zählen", "team": cast.team.pk}
    wrong = client.post(url, data | {"url": "javascript:x"})
    assert wrong.status_code == 422
    assert "Hundezählung" in wrong.content.decode()
    assert client.post(url, data | {"team": cast.other_team.pk}).status_code == 422
    answer = client.post(url, data)
    assert answer.status_code == 302
    record = Record.objects.get()
    [link] = versions.content_of(record).links
    assert link == {
        "title": "Hundezählung",
        "url": "https://register.example/x",
        "repository": source.name,
        "retrieved_on": f"{clock.today():%Y-%m-%d}",
    }
    about = f"/transfer/sources/{source.pk}/"
    assert "Hunde zählen" not in main_of(page_for(cast, "staff", about))
    from tests.factories import learning_values

    save(cast, record, **{key: value for key, value in learning_values().items() if key != "title"})
    approve(cast, submit(cast, reload(record)))
    assert "Hunde zählen" in main_of(page_for(cast, "staff", about))
