"""The committee's desk: what waits by department, decisions of the year, vocabulary, and where it is quiet."""

from __future__ import annotations

import datetime as dt

import pytest

from governance import clock, tags, workflow
from governance.models import CatalogueEntry, Department, Meeting, Review
from portal.desk import queries
from tests.factories import Cast, approve, make_draft, make_published, submit
from tests.pages import client_of, main_of, page_for, queries_of
from tests.portal.missing.test_counting import typed_on
from tests.transfer.adoption.factories import interest
from tests.transfer.factories import make_format

pytestmark = pytest.mark.django_db


def ago(days: int) -> dt.datetime:
    return clock.now() - dt.timedelta(days=days)


def desk(cast: Cast) -> str:
    return main_of(page_for(cast, "committee", "/desk/"))


def test_what_waits_is_told_by_department_with_the_oldest_the_overdue_and_the_claimed(cast: Cast) -> None:
    with clock.at(ago(40)):
        submit(cast, make_draft(cast, title="Alt"))
    workflow.claim(review=submit(cast, make_draft(cast, title="Neu")), standing=cast.standing("committee"))
    submit(cast, make_draft(cast, by="outsider", title="Von anderen"), by="outsider")
    queue = queries.waiting()
    assert [(row.department, row.number, row.overdue, row.claimed) for row in queue.rows] == [
        ("Steueramt", 2, 1, 1),
        ("Bauordnungsamt", 1, 0, 0),
    ]
    assert (queue.number, queue.overdue, queue.claimed, queue.free, queue.due) == (3, 1, 1, 2, 0)
    page = desk(cast)
    assert "/governance/reviews/?department=steueramt" in page
    for show, titles in (("overdue", {"Alt"}), ("claimed", {"Neu"}), ("free", {"Alt", "Von anderen"}), ("x", set())):
        listed = main_of(page_for(cast, "committee", f"/governance/reviews/?show={show}"))
        shown = {title for title in ("Alt", "Neu", "Von anderen") if title in listed}
        assert shown == (titles or {"Alt", "Neu", "Von anderen"}), show
    listed = main_of(page_for(cast, "committee", "/governance/reviews/?department=bauen&show=free"))
    assert "Von anderen" in listed
    assert "Alt" not in listed
    for odd in ("department=nirgends", "show=x&page=x", "department=" + "x" * 500):
        page_for(cast, "committee", f"/governance/reviews/?{odd}")


def test_the_next_session_is_the_first_one_from_today_on(cast: Cast) -> None:
    for days, title in ((-3, "Gestern"), (9, "Später"), (0, "Heute")):
        Meeting.objects.create(title=title, held_on=clock.today() + dt.timedelta(days=days))
    page = desk(cast)
    assert "Heute" in page
    assert "Später" not in page
    assert "Gestern" not in page


def test_decisions_of_a_year_are_listed_counted_and_exported_without_names(cast: Cast) -> None:
    year = clock.today().year
    approve(cast, submit(cast, make_draft(cast, title="=1+1")))
    review = submit(cast, make_draft(cast, title="Zurück"))
    workflow.request_changes(review=review, standing=cast.standing("committee2"), reason="Bitte kürzer")
    with clock.at(ago(800)):
        approve(cast, submit(cast, make_draft(cast, title="Von früher")))
    assert queries.numbers_of(year) == {"approved": 1, "changes_requested": 1}
    page = main_of(page_for(cast, "committee", "/desk/decisions/"))
    assert "=1+1" in page
    assert "Von früher" not in page
    assert f"?year={ago(800).year}" in page
    assert "Von früher" in page_for(cast, "committee", f"/desk/decisions/?year={ago(800).year}")
    table = client_of(cast, "chair").get(f"/desk/decisions.csv?year={year}").content.decode()
    assert "'=1+1" in table
    assert "Bitte kürzer" in table
    assert "Gremiumsmitglied" not in table
    for wrong in ("x", "0000", "99999", "٢٠٢٦"):
        page_for(cast, "committee", f"/desk/decisions/?year={wrong}")


def test_a_decision_of_new_years_eve_belongs_to_the_year_of_the_towns_clock(cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    # Half past midnight in Berlin, still the old year in Greenwich.
    with clock.at(dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)):
        approve(cast, review)
    assert Review.objects.get(pk=review.pk) in queries.decisions(2026)
    assert not queries.decisions(2025).exists()
    assert 2026 in queries.years()


def test_quiet_departments_are_those_without_anything_new_for_half_a_year(cast: Cast) -> None:
    make_published(cast)
    with clock.at(ago(400)):
        make_published(cast, by="outsider")
    Department.objects.create(name="Archiv", short_name="Archiv", slug="archiv")
    Department.objects.create(name="Weg", short_name="Weg", slug="weg", dissolved_on="2020-01-01")
    quiet = queries.quiet_departments(queries.living_departments())
    assert [(row.department.name, row.has_team) for row in quiet] == [("Archiv", False), ("Bauordnungsamt", True)]
    page = desk(cast)
    assert "noch kein Team" in page
    assert "Bieten Sie es an" in page


def test_measures_that_nobody_took_over_in_a_year_are_counted_by_department(cast: Cast) -> None:
    with clock.at(ago(500)):
        lonely, liked = make_published(cast, title="Einsam"), make_published(cast, title="Beliebt")
    make_published(cast, title="Jung")
    interest(cast, liked)
    assert list(queries.not_adopted().values_list("record", flat=True)) == [lonely.pk]
    assert [row["n"] for row in queries.not_adopted_by_department()] == [1]
    page = main_of(page_for(cast, "committee", "/desk/not-adopted/?department=steueramt"))
    assert "Einsam" in page
    assert "Beliebt" not in page
    assert "Einsam" in page_for(cast, "committee", "/desk/not-adopted/?department=nirgends")


def test_vocabulary_searches_and_sleeping_formats_stand_there_with_the_way_on(cast: Cast) -> None:
    tags.resolve_names(["Baumkataster"], cast.standing("author"))
    typed_on(5, "pferdesteuer", fruitless=1)
    typed_on(4, "zu selten", fruitless=1)
    with clock.at(ago(300)):
        make_format(cast, name="Kaffeerunde")
    page = desk(cast)
    for words in ("Baumkataster", "pferdesteuer", "Kaffeerunde", "?word=pferdesteuer"):
        assert words in page
    assert "zu selten" not in page


def test_the_desk_names_nobody(cast: Cast) -> None:
    workflow.claim(review=submit(cast, make_draft(cast)), standing=cast.standing("committee2"))
    make_published(cast, title="Noch eins")
    page = desk(cast)
    people = [cast.author, cast.lead, cast.committee, cast.committee2, cast.chair]
    assert not [person for person in people if person.full_name in page]


def test_the_desk_costs_the_same_however_much_there_is(cast: Cast) -> None:
    with clock.at(ago(500)):
        make_published(cast)
        make_format(cast)
    submit(cast, make_draft(cast))
    client = client_of(cast, "committee")
    few = queries_of(client, "/desk/")
    with clock.at(ago(500)):
        make_published(cast, by="outsider", title="Zweites")
        for number in range(3):
            make_format(cast, name=f"Format {number}")
    for number in range(3):
        submit(cast, make_draft(cast, title=f"Mehr {number}"))
    assert CatalogueEntry.objects.count() == 2
    assert queries_of(client, "/desk/") == few
    assert few <= 16
