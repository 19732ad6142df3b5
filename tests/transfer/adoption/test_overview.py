"""The overview of adoptions, and proven use in search and landscape."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import pytest
from django.http import QueryDict

from governance import bulk, clock
from governance.models import CatalogueEntry, Department, Record
from portal.asked import Query
from portal.index.building import differences
from portal.index.models import SearchEntry
from portal.search import search
from tests import kept
from tests.factories import Cast, DepartmentFactory, make_published
from tests.pages import client_of, main_of, page_for, queries_of
from tests.processmodels.factories import make_process, publish
from tests.transfer.adoption.factories import carry_on, in_use, interest
from transfer.models import Adoption

pytestmark = pytest.mark.django_db
FRAME = 4  # session, user, memberships, tasks
URL = "/transfer/adoptions/"
State = Adoption.State


@pytest.fixture
@kept.once
def town(cast: Cast) -> Cast:
    """A learning in use, a process model planned, one of the Bauordnungsamt given up by the Steueramt."""
    in_use(cast, make_published(cast, title="Hundesteuer online"))
    adoption = interest(cast, publish(cast, make_process(cast, title="Posteingang")))
    carry_on(cast, adoption, state=State.PLANNED)
    dropped = interest(cast, make_published(cast, by="outsider", title="Bauberatung"), by="author")
    carry_on(cast, dropped, by="author", state=State.DROPPED, reason="Passt nicht.")
    return cast


def seen(cast: Cast, query: str = "") -> set[str]:
    page = main_of(page_for(cast, "staff", f"{URL}?{query}"))
    return {title for title in ("Hundesteuer online", "Posteingang", "Bauberatung") if title in page}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Hundesteuer online", "Posteingang", "Bauberatung"}),
        ("state=open", {"Posteingang"}),
        ("state=done", {"Hundesteuer online"}),
        ("state=dropped", {"Bauberatung"}),
        ("department=steueramt", {"Bauberatung"}),
        ("source=steueramt&kind=process_model", {"Posteingang"}),
        ("state=planned&department=steueramt", set()),
        ("state=x&department=%27&kind=x&page=w", {"Hundesteuer online", "Posteingang", "Bauberatung"}),
    ],
)
def test_the_overview_filters(town: Cast, query: str, expected: set[str]) -> None:
    assert seen(town, query) == expected


def test_the_overview_is_an_entry_of_the_navigation_and_alone_marked(town: Cast) -> None:
    page = page_for(town, "staff", URL)
    nav = page[page.index("portal-nav--wide") : page.index("portal-nav--phone")]
    assert nav.count("aria-current") == 1
    assert 'href="/transfer/adoptions/" aria-current' in " ".join(nav.split())


def test_the_csv_has_the_rows_of_the_filter(town: Cast) -> None:
    Adoption.objects.filter(state=State.DROPPED).update(reason='=HYPERLINK("x")')
    answer = client_of(town, "staff").get(f"{URL}list.csv?state=dropped")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="nachnutzungen.csv"'
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert len(header) == len(row)
    assert (row[1], row[3], row[4]) == ("Bauberatung", "Steueramt", "nicht weiterverfolgt")
    assert row[8] == '\'=HYPERLINK("x")'


def many(cast: Cast, number: int) -> None:
    """So many adoptions of two hundred records by departments in all states."""
    from tests.factories import learning_values

    chance = random.Random(7)
    items = [
        bulk.Published("learning", cast.team, cast.author, cast.author, cast.committee, [values], [clock.now()])
        for n in range(number // 25)
        for values in [_whole(learning_values(title=f"Maßnahme {n}"))]
    ]
    bulk.load_published(items)
    departments: list[Department] = DepartmentFactory.create_batch(25)
    Adoption.objects.bulk_create(
        Adoption(
            record=record,
            department=department,
            title=f"Maßnahme {record.number}",
            issue=1,
            state=state,
            reason="Passt nicht." if state == State.DROPPED else "",
        )
        for record in Record.objects.order_by("-pk")[: number // 25]
        for department in departments
        for state in [chance.choice(State.values)]
    )


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    from governance import kinds

    kind = kinds.get("learning")
    blank = {name: kind.model._meta.get_field(name).get_default() for name in kind.versioned}
    return blank | values


def test_five_thousand_adoptions_cost_no_more_queries_than_four_beyond_the_frame(cast: Cast) -> None:
    many(cast, 5000)
    assert Adoption.objects.count() == 5000
    client = client_of(cast, "staff")
    for query in ("", "?state=open", "?department=bereich-0&page=2", "?source=steueramt&page=100"):
        assert queries_of(client, f"{URL}{query}") <= FRAME + 4


def test_the_page_of_a_record_costs_no_query_more_however_many_use_it(town: Cast) -> None:
    record = Record.objects.get(entry__title="Hundesteuer online")
    client, url = client_of(town, "staff"), CatalogueEntry.objects.get(pk=record.pk).url
    few = queries_of(client, url)
    assert few <= FRAME + 2
    for department in DepartmentFactory.create_batch(20):
        Adoption.objects.create(record=record, department=department, title="x", issue=1)
    assert queries_of(client, url) == few


# -- search and landscape --------------------------------------------------------------------------


def find(text: str = "", **filters: str) -> list[str]:
    query = QueryDict(mutable=True)
    query.update({"q": text, **filters})
    return [hit.entry.title for hit in search(Query.read(query)).hits]


def test_search_filters_by_who_uses_it(town: Cast) -> None:
    query = QueryDict("adopted_by=bauen")
    results = search(Query.read(query))
    assert [hit.entry.title for hit in results.hits] == ["Hundesteuer online"]
    facet = next(facet for facet in results.facets if facet.name == "adopted_by")
    assert [(value.label, value.count, value.active) for value in facet.values] == [("Bauordnungsamt", 1, True)]
    page = main_of(page_for(town, "staff", "/search/?q=hundesteuer"))
    assert "Nachgenutzt von" in page
    assert "nachgenutzt von 1 Bereich" in page
    assert "Nachgenutzt von: Bauordnungsamt" in main_of(page_for(town, "staff", "/search/?adopted_by=bauen"))
    adoption = Adoption.objects.get(state=State.DONE)
    carry_on(town, adoption, state=State.DROPPED, reason="Passt nicht mehr.")
    assert find(adopted_by="bauen") == []
    assert find(adopted_by="gibt-es-nicht") == []
    assert differences() == []


def test_of_two_alike_the_one_that_is_used_elsewhere_comes_first(cast: Cast) -> None:
    used = make_published(cast, title="Poststelle")
    make_published(cast, title="Poststelle")
    keys = lambda: [hit.entry.pk for hit in search(Query.read(QueryDict("q=poststelle"))).hits]  # noqa: E731
    assert keys()[-1] == used.pk
    in_use(cast, used)
    assert keys()[0] == used.pk
    assert SearchEntry.objects.get(record=used.pk).uses == 1


def test_search_sorts_by_proven_use(cast: Cast) -> None:
    used = make_published(cast, title="Ablage", answer="Nebenbei geht es um die Poststelle.")
    better = make_published(cast, title="Poststelle", answer="Die Poststelle scannt.")
    in_use(cast, used)
    for query, first in (("q=poststelle", better), ("q=poststelle&sort=used", used), ("sort=used", used)):
        assert search(Query.read(QueryDict(query))).hits[0].entry.pk == first.pk
    assert "Am meisten nachgenutzt" in main_of(page_for(cast, "staff", "/search/?q=poststelle"))


def test_proven_use_weighs_little_beside_better_words(cast: Cast) -> None:
    used = make_published(cast, title="Ablage", answer="Nebenbei geht es um die Poststelle.")
    better = make_published(cast, title="Poststelle", answer="Die Poststelle scannt.")
    entry = CatalogueEntry.objects.get(pk=used.pk)
    SearchEntry.objects.filter(record=entry.pk).update(uses=50)
    assert search(Query.read(QueryDict("q=poststelle"))).hits[0].entry.pk == better.pk


def test_the_landscape_sorts_and_filters_by_proven_use(cast: Cast) -> None:
    first = publish(cast, make_process(cast, title="Aktenplan"))
    used = publish(cast, make_process(cast, title="Zustellung"))
    in_use(cast, used)
    assert first.pk != used.pk
    page = main_of(page_for(cast, "staff", "/processmodels/?view=table&sort=-uses"))
    assert page.index("Zustellung") < page.index("Aktenplan")
    for view in ("map", "table", "tiles"):
        page = main_of(page_for(cast, "staff", f"/processmodels/?view={view}&used=1"))
        assert "Zustellung" in page
        assert "Aktenplan" not in page
        assert "1 Prozessmodell in dieser Auswahl" in " ".join(page.split())
    answer = client_of(cast, "staff").get("/processmodels/table.csv?used=1")
    assert "nachgenutzt von" in answer.content.decode()


def test_publishing_again_and_rebuilding_keep_who_uses_it(town: Cast) -> None:
    from governance import catalogue

    before = dict(CatalogueEntry.objects.values_list("short_number", "used_by"))
    CatalogueEntry.objects.update(used_by=[])
    catalogue.rebuild()
    assert dict(CatalogueEntry.objects.values_list("short_number", "used_by")) == before
    assert [town.other_team.department_id] in before.values()


def test_search_and_lists_begin_with_what_most_departments_use_when_asked_to(town: Cast) -> None:
    make_published(town, title="Hundesteuer am Schalter")
    for url in ("/learnings/", "/search/"):
        page = main_of(page_for(town, "staff", f"{url}?sort=used"))
        assert page.index("Hundesteuer online") < page.index("Hundesteuer am Schalter"), url
        assert "Am meisten nachgenutzt" in page
    newest = main_of(page_for(town, "staff", "/learnings/"))
    assert newest.index("Hundesteuer am Schalter") < newest.index("Hundesteuer online")
    client = client_of(town, "staff")
    assert queries_of(client, "/learnings/?sort=used") == queries_of(client, "/learnings/")


def test_nachnutzen_and_the_start_page_lead_to_all_that_belongs_to_it(town: Cast) -> None:
    ways = ("/transfer/measures/", "/transfer/proofs/", "/transfer/sources/")
    for url, more in ((URL, "/transfer/transferability/"), ("/", URL)):
        page = main_of(page_for(town, "staff", url))
        assert all(f'href="{way}"' in page for way in (*ways, more))
        assert "/transfer/packages/import/" not in page
    assert 'href="/transfer/packages/import/"' in main_of(page_for(town, "author", URL))


def test_the_head_of_a_record_leads_to_the_one_click(town: Cast) -> None:
    entry = CatalogueEntry.objects.get(title="Hundesteuer online")
    page = main_of(page_for(town, "staff", entry.url))
    assert page.index('href="#nachnutzen"') < page.index('id="nachnutzen"')
