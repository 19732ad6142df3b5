"""Departments are renamed, moved and merged; addresses, filters, saved searches and feeds go on."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.errors import NotAllowed, WrongState
from governance.handover import departments, names
from governance.models import CatalogueEntry, Department, DepartmentAddress, Record, Team, User
from portal import search
from portal.asked import Query
from portal.following import services as following
from portal.following.models import Subscription
from tests.factories import Cast, DepartmentFactory, TeamFactory, make_published, reload
from tests.pages import client_of, main_of, page_for
from tests.processmodels.factories import make_process, publish
from tests.transfer.adoption.factories import in_use, interest
from transfer.models import Adoption

pytestmark = pytest.mark.django_db


def of(team: Team) -> Department:
    return Department.objects.get(pk=team.department_id)


def rename(cast: Cast, **changes: str) -> Department:
    values = {"name": "Amt für Abgaben", "short_name": "Abgaben", "slug": "abgaben"} | changes
    return departments.rename(standing=cast.standing("admin"), department=of(cast.team), **values)


def found(**filters: tuple[str, ...]) -> int:
    return search.search(Query(filters=filters)).total


# -- renamed ---------------------------------------------------------------------------------------


def test_a_new_name_stands_everywhere_at_once_and_the_old_one_is_remembered(cast: Cast) -> None:
    record = make_published(cast)
    rename(cast)
    assert CatalogueEntry.objects.get(pk=record.pk).department_name == "Amt für Abgaben"
    assert search.search(Query(text="Abgaben")).total == 1
    page = main_of(page_for(cast, "staff", "/governance/departments/abgaben/"))
    assert "Frühere Namen" in page
    assert "Steueramt" in page
    rename(cast, name="Steueramt", slug="steueramt")
    assert [str(one) for one in of(cast.team).former_names.all()] == ["Amt für Abgaben"]


def test_every_old_address_leads_to_the_new_one_with_all_that_stood_in_it(cast: Cast) -> None:
    in_use(cast, publish(cast, make_process(cast)))
    rename(cast)
    client = client_of(cast, "staff")
    for old, new in (
        ("/governance/departments/steueramt/", "/governance/departments/abgaben/"),
        (
            "/search/?q=Antrag&department=bauen&department=steueramt",
            "/search/?q=Antrag&department=bauen&department=abgaben",
        ),
        ("/transfer/measures/?department=steueramt&view=table", "/transfer/measures/?department=abgaben&view=table"),
        ("/transfer/adoptions/?source=steueramt", "/transfer/adoptions/?source=abgaben"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer.headers.get("Location")) == (302, new), old
        assert client.get(new).status_code == 200


def test_the_landscape_follows_and_its_file_too(cast: Cast) -> None:
    publish(cast, make_process(cast))
    rename(cast)
    client = client_of(cast, "staff")
    for name in ("processmodels:list", "processmodels:csv"):
        answer = client.get(reverse(name), {"department": "steueramt"})
        assert answer.status_code == 302, name
        assert "department=abgaben" in answer.headers["Location"]


def test_searches_saved_before_find_the_same_and_feeds_keep_their_address(cast: Cast) -> None:
    record = make_published(cast)
    in_use(cast, record)
    staff = cast.standing("staff")
    saved = following.save_search(standing=staff, name="Steuern", query="department=steueramt", rhythm="none")
    used = following.save_search(standing=staff, name="Bau", query="adopted_by=bauen", rhythm="none")
    token = following.new_address(standing=staff, replaces=None)
    client = client_of(cast, "staff")
    feeds = [f"/feeds/{token}/department/steueramt/", f"/feeds/{token}/search/{saved.pk}/"]
    feeds.append(f"/feeds/{token}/search/{used.pk}/")
    before = [client.get(feed).content.count(b"<entry>") for feed in feeds]
    assert before == [1, 1, 1]
    rename(cast)
    other = of(cast.other_team)
    departments.rename(standing=cast.standing("admin"), department=other, name="Bau", short_name="Bau", slug="bau")
    assert [client.get(feed).content.count(b"<entry>") for feed in feeds] == before
    assert found(department=("steueramt",)) == found(department=("abgaben",)) == found(adopted_by=("bauen",)) == 1


def test_a_page_with_addresses_of_today_costs_no_statement_more(cast: Cast) -> None:
    make_published(cast)
    client = client_of(cast, "staff")
    client.get("/search/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/search/?department=steueramt")
    assert not [q for q in queries if "governance_departmentaddress" in q["sql"] and "WITH RECURSIVE" not in q["sql"]]


def test_an_address_that_led_somewhere_is_nobody_elses(cast: Cast) -> None:
    rename(cast)
    with pytest.raises(ValidationError, match="führt weiter dorthin"):
        departments.rename(
            standing=cast.standing("admin"), department=of(cast.other_team), name="B", short_name="B", slug="steueramt"
        )
    with pytest.raises(IntegrityError):
        DepartmentFactory(slug="steueramt")


def test_many_rows_are_written_by_the_task_and_found_by_the_clock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [make_published(cast, title=f"Nummer {number}") for number in range(3)]
    monkeypatch.setattr(names, "AT_ONCE", 2)
    monkeypatch.setattr("governance.catalogue.BATCH", 2)
    rename(cast)
    assert CatalogueEntry.objects.filter(department_name="Steueramt").count() == 3
    assert names.refresh_stale() == 3
    assert names.refresh_stale() == 0
    assert found(department=("abgaben",)) == len(records)
    assert CatalogueEntry.objects.filter(department_name="Amt für Abgaben").count() == 3


# -- moved -----------------------------------------------------------------------------------------


def test_a_department_moves_with_all_that_is_below_and_the_filter_above_finds_it(cast: Cast) -> None:
    make_published(cast)
    top: Department = DepartmentFactory(name="Dezernat", slug="dezernat")
    assert found(department=("dezernat",)) == 0
    departments.move(standing=cast.standing("admin"), department=of(cast.team), parent=top)
    assert found(department=("dezernat",)) == 1
    assert "Hundesteuer" in page_for(cast, "staff", "/search/?department=dezernat")


def test_a_circle_is_refused_with_a_message_on_the_page(cast: Cast) -> None:
    admin, top = cast.standing("admin"), of(cast.team)
    below: Department = DepartmentFactory(name="Unten", slug="unten", parent=top)
    with pytest.raises(ValidationError, match="eigenen Unterbereich"):
        departments.move(standing=admin, department=top, parent=below)
    answer = client_of(cast, "admin").post(
        "/governance/handover/departments/steueramt/", {"do": "move", "parent": "unten"}
    )
    assert answer.status_code == 422
    assert "eigenen Unterbereich" in answer.content.decode()
    data = {"name": "Steueramt", "short_name": "St", "parent": below.pk}
    answer = client_of(cast, "admin").post(f"/administration/governance/department/{top.pk}/change/", data)
    assert "eigenen Unterbereich" in answer.content.decode()


# -- merged ----------------------------------------------------------------------------------------


def merge(cast: Cast) -> Department:
    both = {"department": of(cast.team), "into": of(cast.other_team)}
    return departments.merge(standing=cast.standing("admin"), **both)


def test_a_merged_department_goes_on_in_the_other_one_under_all_its_addresses(cast: Cast) -> None:
    record = make_published(cast)
    child: Department = DepartmentFactory(name="Kasse", parent=of(cast.team))
    for who, key in (("staff", of(cast.team).pk), ("author", of(cast.team).pk), ("author", of(cast.other_team).pk)):
        following.follow(standing=cast.standing(who), what="department", key=key)
    rename(cast)
    into = merge(cast)
    assert CatalogueEntry.objects.get(pk=record.pk).department == into
    assert reload(record).owner == cast.team
    assert User.objects.get(pk=cast.author.pk).department == into
    child.refresh_from_db()
    assert child.parent == into
    assert set(DepartmentAddress.objects.filter(department=into).values_list("slug", flat=True)) == {
        "steueramt",
        "abgaben",
        "bauen",
    }
    client = client_of(cast, "staff")
    for slug in ("steueramt", "abgaben"):
        assert client.get(f"/governance/departments/{slug}/").headers["Location"] == into.get_absolute_url()
        assert found(department=(slug,)) == 1
    assert Subscription.objects.filter(department=into).count() == Subscription.objects.count() == 2
    assert {str(one) for one in into.former_names.all()} == {"Steueramt", "Amt für Abgaben"}


def test_adoptions_go_with_a_merging_and_what_the_other_one_has_or_owns_stays(cast: Cast) -> None:
    third: Team = TeamFactory(department=DepartmentFactory(name="Umweltamt", slug="umwelt"))
    record = make_published(cast)
    going = interest(cast, record)
    departments.merge(standing=cast.standing("admin"), department=of(cast.other_team), into=of(third))
    assert Adoption.objects.get(pk=going.pk).department == of(third)
    departments.merge(standing=cast.standing("admin"), department=of(third), into=of(cast.team))
    stays = Adoption.objects.get(pk=going.pk)
    assert stays.department.slug == "umwelt"
    assert Record.objects.filter(owner=third).count() == 0


def test_what_has_ended_or_lies_below_takes_nothing_over(cast: Cast) -> None:
    admin, top = cast.standing("admin"), of(cast.team)
    below: Department = DepartmentFactory(name="Unten", parent=top)
    with pytest.raises(WrongState, match="verschieben Sie ihn zuerst"):
        departments.merge(standing=admin, department=top, into=below)
    merge(cast)
    for department, into in ((top, of(cast.other_team)), (of(cast.other_team), top)):
        with pytest.raises(WrongState, match="bestehenden"):
            departments.merge(standing=admin, department=department, into=into)
    with pytest.raises(WrongState, match="nicht mehr"):
        departments.rename(standing=admin, department=top, name="X", short_name="X", slug="x")


def test_departments_are_the_administrators_alone(cast: Cast) -> None:
    for who in ("chair", "lead", "head"):
        standing = cast.standing(who)
        with pytest.raises(NotAllowed):
            departments.rename(standing=standing, department=of(cast.team), name="X", short_name="X")
        with pytest.raises(NotAllowed):
            departments.move(standing=standing, department=of(cast.team), parent=None)
        with pytest.raises(NotAllowed):
            departments.merge(standing=standing, department=of(cast.team), into=of(cast.other_team))
    assert client_of(cast, "chair").get("/governance/handover/").status_code == 200
    assert client_of(cast, "chair").get("/governance/handover/departments/steueramt/").status_code == 403


def test_the_page_renames_and_merges_and_says_what_goes_along(cast: Cast) -> None:
    make_published(cast)
    client = client_of(cast, "admin")
    url = "/governance/handover/departments/steueramt/"
    page = main_of(page_for(cast, "admin", url))
    assert "1 Team mit allem, was es hat" in page
    data = {"do": "rename", "name": "Abgaben", "short_name": "Abgaben", "slug": "bauen"}
    wrong = client.post(url, data)
    assert (wrong.status_code, "führt weiter dorthin" in wrong.content.decode()) == (422, True)
    answer = client.post(url, data | {"slug": "abgaben"}, follow=True)
    assert answer.redirect_chain[0][0] == "/governance/handover/departments/abgaben/"
    assert client.get(url).status_code == 302
    answer = client.post("/governance/handover/departments/abgaben/", {"do": "merge", "into": "bauen"}, follow=True)
    assert "Abgaben gehört jetzt zu Bauordnungsamt" in answer.content.decode()
