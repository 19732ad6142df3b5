"""Start page and frame: what stands in the navigation, and the ways to browse."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from governance import workflow
from governance.models import Department
from portal import browsing
from portal import views as portal_views
from tests import factories, kept
from tests.factories import Cast, make_draft, make_published, reload, submit
from tests.pages import ROLES, client_of, page_for, queries_of
from tests.transfer.asking.factories import ask

pytestmark = pytest.mark.django_db
FRAME = 4  # session, user, memberships, tasks
BROWSE = re.compile(r'<li><a href="(/search/\?[^"]+)">([^<]+)</a> <span class="count">\((\d+)\)</span>')


@pytest.fixture
@kept.once
def town(cast: Cast) -> Cast:
    make_published(cast, title="Hundesteuer", audiences=["team"], tag_ids=[factories.tag("Steuern").pk])
    make_published(cast, "outsider", title="Bauakten", audiences=["municipality"], tag_ids=[factories.tag("Akten").pk])
    # One department below another: the upper one counts both.
    below = Department.objects.get(slug="steueramt")
    below.parent = Department.objects.get(slug="bauen")
    below.save()
    return cast


@pytest.mark.parametrize("role", ROLES)
def test_the_main_navigation_has_the_entries_of_the_design_and_no_other(cast: Cast, role: str) -> None:
    page = page_for(cast, role, "/")
    nav = page[page.index('class="portal-nav--wide"') : page.index('class="portal-nav--phone"')]
    labels = [re.sub(r"<[^>]*>.*", "", label).strip() for label in re.findall(r"<a[^>]*>([^<]*)", nav)]
    assert labels == ["Start", "Learnings", "Prozesse", "Weitergeben", "Nachnutzen", "Meine Aufgaben"]


def test_departments_and_tags_are_reached_from_the_foot_of_every_page(cast: Cast) -> None:
    page = page_for(cast, "staff", "/learnings/")
    foot = page[page.index("portal-footer") :]
    assert 'href="/governance/departments/"' in foot
    assert 'href="/tags/"' in foot


def test_every_way_to_browse_leads_to_a_search_that_finds_what_was_counted(town: Cast) -> None:
    page = page_for(town, "staff", "/")
    ways = BROWSE.findall(page)
    filters = {url.partition("?")[2].partition("=")[0] for url, _label, _count in ways}
    assert filters == {"department", "tag", "kind", "audience", "year"}
    for url, label, count in ways:
        found = page_for(town, "staff", url)
        assert f"{count} Eintr" in found, label
    counts = {label: int(count) for _url, label, count in ways}
    assert counts["Bauordnungsamt"] == 2
    assert counts["Steueramt"] == 1
    assert counts["Learnings"] == 2


def test_what_is_not_published_is_counted_nowhere(cast: Cast) -> None:
    submit(cast, make_draft(cast, tag_ids=[factories.tag("Geheimnis").pk]))
    record = make_published(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Überholt")
    assert browsing.load(None).facets == []
    assert "Stöbern" not in page_for(cast, "staff", "/")


def test_a_dissolved_department_is_no_way_to_browse(town: Cast) -> None:
    gone: Department = factories.DepartmentFactory(name="Altes Dezernat", dissolved_on="2026-01-01")
    Department.objects.filter(slug="bauen").update(parent=gone)
    [departments] = [facet for facet in browsing.load(None).facets if facet.name == "department"]
    assert [way.label for way in departments.ways] == ["Bauordnungsamt", "Steueramt"]


def test_the_start_page_needs_at_most_six_queries_beyond_the_frame_whoever_reads_it(town: Cast) -> None:
    # A lead who sits in the committee as its chair has every work list there is.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE governance_membership SET user_id = %s WHERE role = 'chair'", [town.lead.pk])
    returned = submit(town, make_draft(town, title="Zurück"))
    workflow.request_changes(review=returned, standing=town.standing("committee"), reason="Kürzer")
    make_draft(town, title="Entwurf")
    submit(town, make_draft(town, "outsider", title="Vorgelegt"), "outsider")
    record = make_published(town)
    type(record).objects.filter(pk=record.pk).update(check_up_on="2026-01-01")
    for role in ("staff", "author", "lead", "committee"):
        assert queries_of(client_of(town, role), "/") <= FRAME + 6, role
    page = page_for(town, "lead", "/tasks/")
    for words in ("Zurück", "Entwurf", "Vorgelegt", reload(record).short_number):
        assert words in page


def test_a_long_work_list_says_how_much_more_there_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal_views, "TASKS_LISTED", 2)
    for number in range(5):
        make_draft(cast, title=f"Entwurf {number}")
    page = page_for(cast, "author", "/tasks/")
    assert '<span class="count">(5)</span>' in page
    assert "3 weitere Aufgaben" in page


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("url", ["/", "/tasks/"])
def test_a_new_learning_is_offered_to_those_who_may_write_one(cast: Cast, role: str, url: str) -> None:
    assert ('href="/learnings/new/"' in page_for(cast, role, url)) is (role in ("author", "lead", "outsider"))


def test_what_waits_comes_first_for_those_who_have_something_to_do(cast: Cast) -> None:
    make_draft(cast)
    page = page_for(cast, "author", "/")
    assert page.index("Das wartet auf Sie") < page.index('id="hero-search"')
    assert "Das wartet auf Sie" not in page_for(cast, "staff", "/")


def test_who_waits_for_an_answer_comes_before_drafts_of_ones_own(cast: Cast) -> None:
    make_draft(cast, title="Angefangen")
    ask(cast, make_published(cast))
    page = page_for(cast, "author", "/")
    assert page.index(">Rückfragen<") < page.index(">Entwürfe Ihres Teams<")


def test_the_committee_is_called_by_its_name_everywhere(cast: Cast) -> None:
    cast.committee_team.name = "Datenrat Musterstadt"
    cast.committee_team.save()
    record = make_published(cast)
    review = submit(cast, make_draft(cast, title="Vorgelegt"))
    for role, url in (
        ("staff", "/"),
        ("staff", "/tasks/"),
        ("staff", "/learnings/?audience=team"),
        ("staff", f"/{record.short_number}"),
        ("committee", f"/governance/reviews/{review.pk}/"),
        ("staff", "/help/committee/"),
        ("staff", "/help/"),
        ("staff", "/help/staff/"),
    ):
        page = page_for(cast, role, url)
        assert "Data Steering Committee" not in page, url
    assert "Datenrat Musterstadt entscheidet" in page_for(cast, "author", f"/{review.record.short_number}")
    assert ": Datenrat Musterstadt." in page_for(cast, "staff", f"/{record.short_number}")
