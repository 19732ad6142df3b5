"""The landscape: map, table, tiles, sums, gaps, filters, CSV; of a constant size and a constant number of queries."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qs

import pytest

from governance.models import CatalogueEntry, Department, Record
from processmodels import landscape
from processmodels.models import LifeCycle
from tests.factories import Cast, DepartmentFactory, TeamFactory, make_published, member
from tests.pages import client_of, main_of, page_for, queries_of
from tests.processmodels.factories import key_figure, load_many, make_process, process_values, publish

pytestmark = pytest.mark.django_db
FRAME = 4  # session, user, memberships, tasks
URL = "/processmodels/"
VIEWS = ("map", "table", "tiles")
BREAKS = key_figure("media_breaks", "5", "2", "Medienbrüche")
DAYS = key_figure("lead_time", "20", "7.5", "Tage")


def make(cast: Cast, by: str = "author", **changes: Any) -> Record:
    return publish(cast, make_process(cast, by, **changes), by)


def see(cast: Cast, query: str = "", role: str = "staff") -> str:
    return main_of(page_for(cast, role, f"{URL}?{query}"))


def titles(html: str) -> list[str]:
    """The titles of the process models in the order of the page, without their short numbers."""
    names = re.findall(r'<a href="/processmodels/\d+-[^>]*>(.*?)</a>', html, re.DOTALL)
    return [unescape(re.sub(r"<[^>]*>|P-\d+", "", name)).replace("ohne Diagramm", "").strip() for name in names]


def number(html: str, label: str) -> str:
    found = re.search(rf"<dt>{label}</dt><dd>([^<]*)</dd>", html)
    assert found, label
    return found[1]


def many(cast: Cast, count: int) -> None:
    owners = [TeamFactory() for _team in range(10)]
    some = process_values()
    cycles = ["", *LifeCycle.values]
    load_many(
        cast,
        (
            some
            | {
                "title": f"Verfahren {n:03}",
                "life_cycle": cycles[n // 10 % len(cycles)],
                "key_figures": [BREAKS] if n % 2 else [],
                "cases_a_year": n,
            }
            for n in range(count)
        ),
        owners,
    )


# -- views -----------------------------------------------------------------------------------------


def test_the_map_has_a_line_for_each_department_and_a_column_for_each_life_cycle(cast: Cast) -> None:
    make(cast, title="Hund anmelden", life_cycle="introduced")
    make(cast, title="Hund abmelden", life_cycle="")
    make(cast, "outsider", title="Bauantrag", life_cycle="idea")
    html = see(cast)
    assert re.findall(r'<th scope="col">([^<]*)</th>', html) == [
        *("Bereich", "Idee", "Erprobung", "eingeführt", "ausgewertet", "beendet", "ohne Angabe")
    ]
    rows = html.split('<th scope="row">')[1:]
    assert ["Bauordnungsamt" in rows[0], "Steueramt" in rows[1]] == [True, True]
    cells = [titles(cell) for cell in rows[1].split("<td ")[1:]]
    assert cells == [[], [], ["Hund anmelden"], [], [], ["Hund abmelden"]]
    assert 'data-label="eingeführt"' in rows[1]


def test_no_column_is_shown_for_what_nobody_left_open(cast: Cast) -> None:
    make(cast)
    assert '<th scope="col">ohne Angabe</th>' not in see(cast)


@pytest.mark.parametrize("view", VIEWS)
def test_only_what_is_published_is_there(cast: Cast, view: str) -> None:
    make(cast, title="Veröffentlicht")
    make_process(cast, title="Nur ein Entwurf")
    make_published(cast, title="Ein Learning")
    for role in ("staff", "author", "admin"):
        assert titles(see(cast, f"view={view}", role)) == ["Veröffentlicht"]


def test_tiles_show_the_kept_picture_of_the_newest_state(cast: Cast) -> None:
    make(cast)
    make(cast, as_is=None, to_be=None, to_be_steps=[], as_is_steps=[{"role": "A", "activity": "B"}])
    html = see(cast, "view=tiles")
    assert re.findall(r'<img src="([^"]*)" alt="" loading="lazy">', html) == [
        "/processmodels/1-hund-zur-steuer-anmelden/versions/1/files/nachher.svg/"
    ]
    assert html.count("ohne Diagramm") == 1
    assert html.count("Steueramt · eingeführt") == 2


def test_a_tile_offers_the_poster_of_a_process_that_is_drawn(cast: Cast) -> None:
    drawn = make(cast, title="Hund anmelden")
    html = see(cast, "view=tiles")
    assert f'/processmodels/{drawn.number}-hund-anmelden/poster.pdf"' in html
    assert client_of(cast, "staff").get(f"/processmodels/{drawn.number}-hund-anmelden/poster.pdf").status_code == 200


def test_each_cell_of_the_table_carries_its_name_for_phones(cast: Cast) -> None:
    make(cast)
    row = see(cast, "view=table").split("<tbody>")[1]
    assert row.count("<td") == row.count("<td data-label=") == 8
    assert '<td data-label="Stand">eingeführt</td>' in row


# -- sorting ---------------------------------------------------------------------------------------


@pytest.fixture
def three(cast: Cast) -> Cast:
    make(cast, title="Ähnliches", life_cycle="trial", cases_a_year=5, key_figures=[BREAKS])
    make(cast, "outsider", title="Zweites", life_cycle="idea", cases_a_year=None, key_figures=[DAYS])
    make(cast, title="Mittleres", life_cycle="ended", cases_a_year=70, key_figures=[])
    return cast


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("title", "Ä M Z"),
        ("-title", "Z M Ä"),
        ("number", "Ä Z M"),
        ("department", "Z Ä M"),
        ("life_cycle", "Z Ä M"),
        ("-life_cycle", "M Ä Z"),
        ("-cases", "M Ä Z"),
        ("cases", "Ä M Z"),
        ("-media_breaks", "Ä M Z"),
        ("-days", "Z Ä M"),
        ("-published", "M Z Ä"),
        ("published", "Ä Z M"),
    ],
)
def test_the_table_sorts_by_every_column_what_is_unknown_comes_last(three: Cast, sort: str, order: str) -> None:
    html = see(three, f"view=table&sort={sort}")
    assert " ".join(title[0] for title in titles(html)) == order
    assert re.findall(r'aria-sort="(\w+)"', html) == ["descending" if sort.startswith("-") else "ascending"]


def test_a_heading_turns_the_order_round_and_keeps_the_filter(three: Cast) -> None:
    html = see(three, "view=table&life_cycle=trial&sort=-cases")
    links = {
        name: parse_qs(unescape(query)) for query, name in re.findall(r'<th[^>]*><a href="\?([^"]*)">([^<]*)', html)
    }
    assert links["Fälle im Jahr"] == {"view": ["table"], "life_cycle": ["trial"], "sort": ["cases"]}
    assert links["Titel"] == {"view": ["table"], "life_cycle": ["trial"]}


# -- filters ---------------------------------------------------------------------------------------


@pytest.fixture
def tree(cast: Cast) -> Cast:
    """The tax office lies below finance, which has a process of its own; the third department has none."""
    finance = DepartmentFactory(name="Finanzen", slug="finanzen")
    Department.objects.filter(slug="steueramt").update(parent=finance)
    DepartmentFactory(name="Leeres Amt", slug="leer")
    team = TeamFactory(department=finance)
    member(team)
    make(cast, title="Steuer")
    make(cast, "outsider", title="Bau", classification="core")
    load_many(cast, [process_values(title="Haushalt", classification="support")], [team])
    return cast


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Steuer", "Bau", "Haushalt"}),
        ("department=finanzen", {"Steuer", "Haushalt"}),
        ("department=finanzen&alone=1", {"Haushalt"}),
        ("department=steueramt", {"Steuer"}),
        ("department=leer", {"Steuer", "Bau", "Haushalt"}),
        ("department=%27x&life_cycle=x&gap=y&view=table&sort=z&page=w", {"Steuer", "Bau", "Haushalt"}),
        ("classification=support", {"Haushalt"}),
        ("life_cycle=none", set()),
        ("life_cycle=introduced&department=bauen", {"Bau"}),
    ],
)
def test_filters_narrow_and_what_is_unknown_means_all(tree: Cast, query: str, found: set[str]) -> None:
    html = see(tree, query)
    assert set(titles(html)) == found
    assert number(html, "Prozessmodelle") == str(len(found))
    assert ("in dieser Auswahl" in html) is (len(found) < 3)


def test_departments_to_choose_from_stand_as_a_tree_with_counts(tree: Cast) -> None:
    options = re.findall(
        r"<option value=[^>]*>([^<]*)</option>", see(tree).split('id="department"')[1].split("</select>")[0]
    )
    assert options == ["alle", "Bauordnungsamt (1)", "Finanzen (2)", "– Steueramt (1)"]


def test_the_state_of_the_page_survives_every_link_and_the_form(tree: Cast) -> None:
    html = see(tree, "view=tiles&department=finanzen&life_cycle=introduced&gap=no-figure")
    for query in re.findall(r'<a href="(?:/processmodels/table.csv)?\?(view=[^"]*department[^"]*)"', html):
        assert parse_qs(unescape(query))["department"] == ["finanzen"]
        assert parse_qs(unescape(query))["life_cycle"] == ["introduced"]
    for kept in ('name="view" value="tiles"', 'name="gap" value="no-figure"', 'value="finanzen" selected'):
        assert kept in html


def test_gaps_are_counted_in_the_selection_and_lead_to_what_they_count(cast: Cast) -> None:
    make(cast, title="Ohne Nachher", to_be=None, key_figures=[BREAKS])
    late = make(cast, title="Überfällig", key_figures=[BREAKS])
    make(
        cast,
        "outsider",
        title="Ohne Zahl",
        key_figures=[key_figure("media_breaks", "1", "2", "x", as_is_basis="planned", to_be_basis="estimated")],
    )
    for model in (Record, CatalogueEntry):
        model.objects.filter(pk=late.pk).update(check_up_on="2020-01-01")
    html = see(cast)
    for gap, label in landscape.GAPS.items():
        assert f'<a href="?gap={gap}">{label}</a> <span class="count">(1)</span>' in html
    assert titles(see(cast, "gap=no-to-be")) == ["Ohne Nachher"]
    assert titles(see(cast, "gap=no-figure")) == ["Ohne Zahl"]
    assert titles(see(cast, "gap=overdue&view=table")) == ["Überfällig"]
    below = see(cast, "department=steueramt&gap=no-to-be")
    assert 'keine gemessene Kennzahl <span class="count">(0)</span>' in below
    assert f'aria-current="true">{landscape.GAPS["no-to-be"]}</a>' in below


# -- sums ------------------------------------------------------------------------------------------


def test_the_sums_hold(cast: Cast) -> None:
    worse = key_figure("media_breaks", "1", "2", "Medienbrüche")
    make(cast, key_figures=[BREAKS, DAYS], maturity="3", service_key="99107023000000")
    make(cast, "outsider", key_figures=[worse], maturity="4", service_key="99107023000000")
    make(cast, key_figures=[BREAKS, key_figure("media_breaks", "9", "0", "Medienbrüche")], maturity="4")
    make(cast, key_figures=[DAYS], classification="support", maturity="2")
    make(
        cast,
        key_figures=[key_figure("lead_time", "9", "1", "Stunden"), key_figure("handling_time", "60", "5", "Minuten")],
    )
    make(cast, key_figures=[BREAKS | {"to_be_basis": "planned"}, DAYS | {"as_is_sample": "3"}])
    html = see(cast)
    assert number(html, "Prozessmodelle") == "6"
    # 3 − 1 + 3: what became worse counts too, a measure named twice counts once.
    assert number(html, "Medienbrüche weniger") == "5"
    # Inside the house nobody applies; hours are no days; few cases say little.
    assert number(html, "Tage Wartezeit weniger für Antragstellende") == "12,5"
    # Two models of one service are one service.
    assert number(html, "Leistungen online") == "2"
    assert "Stunde" not in html
    assert "Stelle" not in html


def test_the_columns_of_the_table_add_up_to_the_sums(cast: Cast) -> None:
    many(cast, 30)
    departments = landscape.branches()
    wanted = landscape.Filter(view="table")
    rows = landscape.listed(wanted, departments)
    sums = landscape.totals(landscape.scope(wanted, departments))
    assert sum(row.media_breaks or Decimal(0) for row in rows) == sums.media_breaks == 45


# -- hundreds --------------------------------------------------------------------------------------


def test_with_500_models_the_page_is_of_constant_size_and_needs_at_most_four_queries(cast: Cast) -> None:
    many(cast, 120)
    client = client_of(cast, "staff")
    sizes = {view: len(client.get(f"{URL}?view={view}").content) for view in VIEWS}
    many(cast, 380)
    for view in VIEWS:
        for query in ("", "&department=steueramt", "&gap=no-figure&sort=-cases", "&page=99"):
            assert queries_of(client, f"{URL}?view={view}{query}") <= FRAME + 4, (view, query)
        assert len(client.get(f"{URL}?view={view}").content) < sizes[view] * 2.5, view
    html = see(cast)
    assert number(html, "Prozessmodelle") == "500"
    assert len(titles(html)) <= 20 * 6 * landscape.IN_CELL
    listed = [titles(see(cast, f"view=table&page={page}")) for page in range(1, 12)]
    assert {len(page) for page in listed} == {landscape.PAGE_SIZE, 500 - 10 * landscape.PAGE_SIZE}
    assert len([title for page in listed for title in page]) == 500


def test_a_full_cell_leads_to_all_of_it(cast: Cast) -> None:
    load_many(cast, (process_values(title=f"Nummer {n}", life_cycle="" if n else "idea") for n in range(60)))
    html = see(cast)
    found = re.search(r'<a href="\?([^"]*)">und (\d+) weitere', html)
    assert found
    assert found[2] == "56"
    assert "59 Prozessmodelle" in see(cast, unescape(found[1]))


# -- CSV -------------------------------------------------------------------------------------------


def table(cast: Cast, query: str = "") -> list[list[str]]:
    answer = client_of(cast, "staff").get(f"{URL}table.csv?{query}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="prozesse.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_csv_reads_back_with_every_word_and_german_numbers(cast: Cast) -> None:
    title = 'Anmelden; "Hund" und Straße'
    record = make(
        cast, title=title, purpose="Zeile; mit Trenner", key_figures=[BREAKS, DAYS], cases_a_year=1200, maturity="3"
    )
    make_process(cast, title="Nur ein Entwurf")
    head, row = table(cast)
    values = dict(zip(head, row, strict=True))
    assert values["Titel"] == title
    assert values["Zweck"] == "Zeile; mit Trenner"
    assert values["Kurznummer"] == record.short_number
    assert values["Stand"] == "eingeführt"
    assert (values["Fälle im Jahr"], values["Medienbrüche weniger"]) == ("1200", "3")
    assert values["Tage Wartezeit weniger"] == "12,5"
    assert (values["Nachher"], values["gemessene Kennzahl"]) == ("ja", "ja")
    assert values["Adresse"].endswith(f"/{record.short_number}")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝"])
def test_no_cell_of_the_csv_is_a_formula(cast: Cast, start: str) -> None:
    make(cast, title="Ungefährlich")
    CatalogueEntry.objects.update(title=f"{start}cmd|' /C calc'!A0", summary=f"{start}1+1")
    [_head, row] = table(cast)
    assert row[1] == f"'{start}cmd|' /C calc'!A0"
    assert row[2] == f"'{start}1+1"


def test_the_csv_has_the_rows_of_the_filter_in_its_order(three: Cast) -> None:
    assert [row[1][0] for row in table(three, "sort=-cases")[1:]] == ["M", "Ä", "Z"]
    assert [row[1] for row in table(three, "department=bauen")[1:]] == ["Zweites"]


# -- nothing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_landscape_says_how_it_fills_and_an_empty_selection_how_to_leave_it(cast: Cast, view: str) -> None:
    assert "Hier ist noch kein Prozessmodell" in see(cast, f"view={view}")
    assert table(cast)[1:] == []
    make(cast)
    html = see(cast, f"view={view}&life_cycle=ended")
    assert "In dieser Auswahl ist kein Prozessmodell" in html
    assert 'href="?"' in html
