"""The dashboard: what is counted and what is not, each number against its list, and what no number gives away."""

from __future__ import annotations

import csv
import datetime as dt
import re
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import strip_tags

from governance import clock, workflow
from governance.models import Department, Record
from portal.dashboard import plot, queries
from portal.dashboard.figures import FIGURES, Number
from portal.dashboard.queries import Dashboard, Line
from portal.dashboard.selection import Period, Selection
from tests import kept
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit
from tests.pages import ROLES, client_of, main_of, page_for, queries_of
from tests.portal.test_home import FRAME
from tests.transfer.adoption.factories import branch, carry_on, in_use, interest
from tests.transfer.asking.factories import answer, ask, publish
from transfer.asking import services as asking
from transfer.models import Adoption

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/dashboard/(published|adopted|confirmed|asked|answered)/\?[^"]+)">([^<]*)<')
NOW = dt.datetime(2026, 6, 15, 10, tzinfo=dt.UTC)


def on(year: int, month: int, day: int, hour: int = 10) -> Any:
    return clock.at(dt.datetime(year, month, day, hour, tzinfo=dt.UTC))


@pytest.fixture
@kept.once
def town(cast: Cast) -> Cast:
    """Two departments, one below the other; something of everything, in three years."""
    below = Department.objects.get(slug="bauen")
    below.parent = Department.objects.get(slug="steueramt")
    below.save()
    with on(2024, 5, 2):
        old = make_published(cast, title="Alt")
    with on(2026, 2, 3):
        new = make_published(cast, title="Neu")
        make_published(cast, by="outsider", title="Bauakten")
        workflow.confirm(record=reload(old), standing=cast.standing("lead"))
    with on(2026, 5, 4):
        # A second issue is nothing new.
        save(cast, new, title="Neu, zweite Ausgabe")
        approve(cast, submit(cast, new))
        in_use(cast, new)
        for number in range(2):
            answer(cast, ask(cast, old, text=f"Frage {number}?"))
    return cast


def shown(period: str = "2026", department: str = "", **more: str) -> Dashboard:
    """As it is on a day of June 2026."""
    query = QueryDict(mutable=True)
    query.update({"period": period, "department": department, **more})
    with clock.at(NOW):
        every = queries.departments()
        return queries.dashboard(Selection.read(query, every), every, queries.counts())


def values(dashboard: Dashboard) -> list[int]:
    return [number.value for number in dashboard.totals.values()]


def test_each_figure_counts_what_it_says_in_the_period_and_below_the_department(town: Cast) -> None:
    # Published, adopted, confirmed, asked, answered.
    assert values(shown()) == [2, 1, 1, 3, 3]
    assert values(shown("all")) == [3, 1, 1, 3, 3]
    assert values(shown("2024")) == [1, 0, 0, 0, 0]
    assert values(shown("2025")) == [0, 0, 0, 0, 0]
    assert values(shown("2026-q1")) == [2, 0, 1, 0, 0]
    assert values(shown("2026-q2")) == [0, 1, 0, 3, 3]
    assert values(shown(department="bauen")) == [1, 1, 0, 0, 0]
    # With all below, and alone.
    assert values(shown(department="steueramt")) == [2, 1, 1, 3, 3]
    assert values(shown(department="steueramt", alone="1")) == [1, 0, 1, 3, 3]


def test_the_course_and_the_departments_are_parts_of_the_whole(town: Cast) -> None:
    for period, parts in (("all", ["2024", "2025", "2026"]), ("2026-q1", ["1. Quartal 2026", "2. Quartal 2026"])):
        assert [line.label for line in shown(period).course] == parts
    everything = shown("all")
    for key in ("published", "adopted", "confirmed"):
        assert sum(line.cells[key].value for line in everything.course) == everything.totals[key].value
        assert sum(line.cells[key].value for line in everything.by_department) == everything.totals[key].value
    assert [line.label for line in everything.by_department] == ["Bauordnungsamt", "Steueramt"]
    assert everything.since["published"].label == "2. Quartal 2024"


def test_departments_without_anything_are_counted_and_not_named(town: Cast) -> None:
    branch("Friedhöfe")
    Department.objects.create(name="Fort", short_name="Fort", slug="fort", dissolved_on="2020-01-01")
    assert shown().others == 1
    page = main_of(page_for(town, "staff", "/dashboard/?period=all"))
    table = page[page.index('id="bereiche"') :]
    assert "Zu einem weiteren Bereich" in table
    assert "Friedhöfe" not in table
    assert "Fort" not in page


def test_what_is_archived_or_handed_over_counts_where_the_record_is_today(town: Cast) -> None:
    old = Record.objects.get(number=1)
    with clock.at(NOW):
        workflow.archive(record=old, standing=town.standing("lead"), reason="Überholt")
    assert values(shown("all"))[0] == 3
    listed = main_of(page_for(town, "staff", "/dashboard/published/?period=2024"))
    assert "Alt" in listed
    assert "archiviert" in listed
    Record.objects.filter(pk=old.pk).update(owner=town.other_team)
    assert values(shown("2024", "bauen"))[0] == 1


def test_adopted_is_what_came_into_use_even_if_it_ended_and_not_what_was_noted_too_soon(cast: Cast) -> None:
    with on(2026, 1, 5):
        ended, early, wanted = (make_published(cast, title=title) for title in ("Endet", "Zu früh", "Gewollt"))
        adoptions = [in_use(cast, ended), in_use(cast, early)]
        interest(cast, wanted)
    with on(2026, 5, 5):
        carry_on(cast, adoptions[0], state=Adoption.State.DROPPED, reason="Neues Verfahren")
        carry_on(cast, adoptions[1], state=Adoption.State.PLANNED)
    assert values(shown("2026-q1"))[1] == 1
    assert values(shown("2026-q2"))[1] == 0
    listed = main_of(page_for(cast, "staff", "/dashboard/adopted/?period=2026"))
    assert "Endet" in listed
    assert "später nicht weiterverfolgt" in listed
    assert "Zu früh" not in listed
    assert "Gewollt" not in listed


def test_a_quarter_ends_by_the_towns_clock_in_the_number_and_in_its_list(cast: Cast) -> None:
    # Half past midnight in Berlin, still March in Greenwich.
    with clock.at(dt.datetime(2026, 3, 31, 22, 30, tzinfo=dt.UTC)):
        make_published(cast, title="Aprilnacht")
    assert values(shown("2026-q2"))[0] == 1
    assert values(shown("2026-q1"))[0] == 0
    assert "Aprilnacht" in page_for(cast, "staff", "/dashboard/published/?period=2026-q2")
    assert "Aprilnacht" not in page_for(cast, "staff", "/dashboard/published/?period=2026-q1")


def test_every_number_leads_to_a_list_of_so_many(town: Cast) -> None:
    looked_at = set()
    for query in ("period=all", "period=2026", "period=2026-q1&department=steueramt", "period=2026&department=bauen"):
        page = main_of(page_for(town, "staff", f"/dashboard/?{query}"))
        for url, key, number in LINK.findall(page):
            listed = main_of(page_for(town, "staff", url.replace("&amp;", "&")))
            if FIGURES[key].is_exact:
                assert listed.count('class="task-list__item"') == int(number), url
            looked_at.add(key)
    assert looked_at == set(FIGURES)


@pytest.mark.parametrize(
    ("counted", "told"), [(0, "0–1"), (1, "0–1"), (2, "rund 3"), (3, "rund 3"), (4, "rund 3"), (5, "rund 6")]
)
def test_what_is_not_public_one_by_one_is_told_to_the_nearest_three(counted: int, told: str) -> None:
    number = Number.of(FIGURES["asked"], counted)
    assert str(number) == told
    assert number.value % 3 == 0
    assert str(Number.of(FIGURES["published"], counted)) == str(counted)


def test_one_question_changes_nothing_that_anybody_sees(cast: Cast) -> None:
    """Nobody can tell from the page, its file, or a list that somebody has asked, and so not who it was."""
    record = make_published(cast)
    urls = ("/dashboard/?period=all", "/dashboard/figures.csv?period=all", "/dashboard/asked/?period=all")

    def seen() -> list[str]:
        return [strip_tags(client_of(cast, "staff").get(url).content.decode()) for url in urls]

    before = seen()
    question = ask(cast, record)
    assert seen() == before
    answer(cast, question)
    assert seen() == before


def test_the_list_of_questions_has_only_what_the_team_has_published(cast: Cast) -> None:
    record = make_published(cast, title="Hundesteuer")
    for text in ("Geheime eins?", "Geheime zwei?"):
        answer(cast, ask(cast, record, text=text))
    question = answer(cast, ask(cast, record, text="Wörtlich?"))
    publish(cast, question, shown_question="Auch für Katzen?")
    deleted = ask(cast, record, by="committee", text="Unsinn")
    asking.delete(standing=cast.standing("lead"), asked=deleted, opened_on=deleted.version, reason="Kein Bezug")
    for key in ("asked", "answered"):
        listed = main_of(page_for(cast, "outsider", f"/dashboard/{key}/?period=all"))
        assert "Auch für Katzen?" in listed
        assert "1 davon veröffentlicht" in listed
        assert f"#frage-{question.pk}" in listed
        for hidden in ("Geheime", "Wörtlich", "Unsinn", cast.staff.full_name):
            assert hidden not in listed
    assert shown("all").totals["asked"].value == 3
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="Überholt")
    assert "Katzen" not in page_for(cast, "outsider", "/dashboard/asked/?period=all")


def test_drafts_and_texts_in_review_are_nowhere(cast: Cast) -> None:
    make_draft(cast, title="Entwurf")
    submit(cast, make_draft(cast, title="Vorgelegt"))
    assert shown("all").is_empty
    for role in ROLES:
        page = main_of(page_for(cast, role, "/dashboard/"))
        assert "Noch gibt es nichts zu zählen" in page
        listed = page_for(cast, role, "/dashboard/published/?period=all")
        assert "Entwurf" not in main_of(listed)
        assert "Vorgelegt" not in main_of(listed)


def test_the_page_names_nobody_and_shows_everybody_the_same(town: Cast) -> None:
    pages = {main_of(page_for(town, role, "/dashboard/?period=all")) for role in ROLES}
    assert len(pages) == 1
    people = [town.author, town.lead, town.outsider, town.committee, town.chair, town.head, town.staff]
    lists = [page_for(town, "admin", reverse("dashboard_list", args=[key]) + "?period=all") for key in FIGURES]
    for page in (*pages, *map(main_of, lists)):
        assert not [person for person in people if person.full_name in page]


def test_odd_addresses_show_this_year_or_all_departments(town: Cast) -> None:
    for odd in ("period=x", "period=2026-q5", "period=1999", "period=9999", "period=٢٠٢٦"):
        with clock.at(NOW):
            assert Period.read(odd.partition("=")[2]).key == "2026"
        page_for(town, "staff", f"/dashboard/?{odd}")
    for odd in ("department=nirgends", "department=" + "x" * 500, "alone=1", "page=x", "period=all&page=99999"):
        for url in ("/dashboard/", "/dashboard/figures.csv", "/dashboard/published/", "/dashboard/answered/"):
            page_for(town, "staff", f"{url}?{odd}")
    page_for(town, "staff", "/dashboard/helped/", 404)
    early = page_for(town, "staff", "/dashboard/?period=2011")
    assert '<option value="2011" selected>' in early
    assert "nichts zu zeigen" in early


def test_a_quarter_that_has_not_begun_is_neither_offered_nor_shown() -> None:
    with clock.at(NOW):
        assert [part.key for part in Period(2026).parts(2020)] == ["2026-q1", "2026-q2"]
        assert Period.read("2026-q3").key == "2026"
        assert [Period(2026, 2).is_running, Period(2026, 1).is_running] == [True, False]


def test_the_file_has_the_numbers_of_the_page(town: Cast) -> None:
    Department.objects.filter(slug="bauen").update(name="=1+1")
    answered = client_of(town, "staff").get("/dashboard/figures.csv?period=all")
    assert 'filename="zahlen-all.csv"' in answered["Content-Disposition"]
    rows = list(csv.reader(answered.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][2:4] == ["Veröffentlicht", "Übernommen"]
    assert "gerundet" in rows[0][5]
    assert rows[1] == ["Auswahl", "alle Jahre, alle Bereiche", "3", "1", "1", "3", "3"]
    assert ["Zeit", "2024", "1", "0", "0", "0", "0"] in rows
    assert ["Bereich", "'=1+1", "1", "1", "0", "0", "0"] in rows


def test_columns_stand_on_their_ground_and_are_as_high_as_their_numbers() -> None:
    course = [
        Line(str(year), {"asked": Number(n * 3, False), "answered": Number(n, True)}, "", Period(year))
        for n, year in enumerate(range(2017, 2027))
    ]
    drawn = plot.over_time(course, ("asked", "answered"), "2026")
    assert (len(drawn.marks), drawn.left_out) == (plot.PARTS, 10 - plot.PARTS)
    assert all(round(one.y + one.height, 1) == drawn.ground for one in drawn.columns)
    assert max(one.height for one in drawn.columns) == plot.HEIGHT
    assert all(one.x >= 0 and one.x + one.width <= drawn.width for one in drawn.columns)
    heights = [one.height for one in drawn.columns if not one.is_second]
    assert heights == sorted(heights)
    few = plot.over_time(course[1:2], ("answered",), "")
    assert few.columns[0].height == plot.HEIGHT / plot.LEAST_TOP


def test_the_dashboard_costs_two_queries_and_a_list_three_however_much_there_is(town: Cast) -> None:
    # The frame of somebody without a team has one less; then two, and three.
    client = client_of(town, "staff")
    urls = ["/dashboard/?period=all", *(f"/dashboard/{key}/?period=all" for key in FIGURES)]
    for number in range(4):
        record = make_published(town, title=f"Mehr {number}")
        in_use(town, record)
        workflow.confirm(record=reload(record), standing=town.standing("lead"))
        publish(town, answer(town, ask(town, record, text=f"Mehr {number}?")))
        branch(f"Bereich {number}")
    assert [queries_of(client, url) for url in urls] == [FRAME + 1, *[FRAME + 2] * 5]


def test_the_start_page_the_help_and_the_desk_lead_here(cast: Cast) -> None:
    make_published(cast)
    for role, url in (("staff", "/"), ("staff", "/help/staff/"), ("committee", "/desk/")):
        assert 'href="/dashboard/"' in main_of(page_for(cast, role, url)), url
