"""The pages of what one follows, without JavaScript, and what they show to whom."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from governance import workflow
from governance.models import Record
from portal.following import services
from portal.following.models import FeedAddress, SavedSearch, Subscription
from tests.factories import Cast, DepartmentFactory, make_draft, make_published, reload, tag
from tests.learnings.test_reading import FRAME
from tests.pages import client_of, main_of, page_for, queries_of

pytestmark = pytest.mark.django_db


def outcome(answer: HttpResponse) -> str:
    found = re.findall(r'data-outcome="(\w+)"', answer.content.decode())
    assert len(found) == 1
    return str(found[0])


def record_page(record: Record) -> str:
    return f"/learnings/{record.number}-hundesteuer-online-anmelden/"


@pytest.mark.parametrize("what", ["tag", "department", "record"])
def test_the_button_follows_leads_back_and_turns_round(cast: Cast, what: str) -> None:
    record, client = make_published(cast), client_of(cast, "staff")
    page, key = {
        "tag": ("/tags/online-dienst/", tag().pk),
        "department": ("/governance/departments/steueramt/", cast.team.department_id),
        "record": (record_page(record), record.pk),
    }[what]
    assert ">Folgen<" in client.get(page).content.decode()
    answer = client.post(f"/follow/{what}/{key}/", {"do": "follow"}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert outcome(answer) == "ok"
    assert ">Nicht mehr folgen<" in answer.content.decode()
    assert ">Folgen<" in client_of(cast, "author").get(page).content.decode()
    answer = client.post(f"/follow/{what}/{key}/", {"do": "unfollow"}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert ">Folgen<" in answer.content.decode()


@pytest.mark.parametrize("role", ["staff", "author", "committee", "admin"])
def test_the_button_costs_no_query_beyond_those_of_its_page(cast: Cast, role: str) -> None:
    record = make_published(cast)
    for what, key in (("tag", tag().pk), ("record", record.pk)):
        services.follow(standing=cast.standing(role), what=what, key=key)
    client = client_of(cast, role)
    for page in (record_page(record), "/tags/online-dienst/"):
        assert queries_of(client, page) <= FRAME + 2
        assert "Nicht mehr folgen" in client.get(page).content.decode()


def test_the_department_that_is_dissolved_cannot_be_followed(cast: Cast) -> None:
    DepartmentFactory(slug="weg", dissolved_on="2020-01-01")
    assert "Folgen<" not in page_for(cast, "staff", "/governance/departments/weg/")


def test_the_list_shows_what_is_new_and_why_until_it_is_marked_as_seen(cast: Cast) -> None:
    make_published(cast, title="Von früher")
    client = client_of(cast, "staff")
    services.follow(standing=cast.standing("staff"), what="tag", key=tag().pk)
    make_published(cast, title="Ganz neu")
    page = main_of(client.get("/following/").content.decode())
    assert "Ganz neu" in page
    assert "Von früher" not in page
    assert "weil Sie folgen: Online-Dienst" in re.sub(r"\s+", " ", page)
    until = re.search(r'name="until" value="([^"]+)"', page)
    assert until is not None
    answer = client.post("/following/seen/", {"until": until[1]}, follow=True)
    assert outcome(answer) == "ok"
    assert "Ganz neu" not in main_of(answer.content.decode())
    assert outcome(client.post("/following/seen/", {"until": "gestern"}, follow=True)) == "invalid"


def test_rhythm_and_removal_are_one_click_each(cast: Cast) -> None:
    make_published(cast)
    pk = services.follow(standing=cast.standing("staff"), what="tag", key=tag().pk).pk
    client = client_of(cast, "staff")
    assert outcome(client.post(f"/following/{pk}/", {"rhythm": "daily"}, follow=True)) == "ok"
    assert Subscription.objects.get().rhythm == "daily"
    assert outcome(client.post(f"/following/{pk}/", {"rhythm": "hourly"}, follow=True)) == "invalid"
    assert outcome(client.post(f"/following/{pk}/", {"do": "remove"}, follow=True)) == "ok"
    assert not Subscription.objects.exists()
    assert client.post(f"/following/{pk}/", {"do": "remove"}).status_code == 404


def test_a_search_is_saved_from_its_results_under_a_name(cast: Cast) -> None:
    client = client_of(cast, "staff")
    form = client.get("/following/search/?q=Hund&kind=learning&page=3").content.decode()
    assert 'value="q=Hund&amp;kind=learning"' in form
    values = {"query": "q=Hund&kind=learning", "name": "", "rhythm": "weekly"}
    refused = client.post("/following/search/", values)
    assert (refused.status_code, outcome(refused)) == (422, "invalid")
    assert 'value="q=Hund&amp;kind=learning"' in refused.content.decode()
    saved = client.post("/following/search/", values | {"name": "Alles über Hunde"}, follow=True)
    assert outcome(saved) == "ok"
    assert 'href="/search/?q=Hund&amp;kind=learning">Alles über Hunde</a>' in saved.content.decode()
    again = client.post("/following/search/", values | {"name": "Noch einmal"})
    assert again.status_code == 422
    assert "schon gespeichert: „Alles über Hunde“" in again.content.decode()
    client.post(f"/following/{SavedSearch.objects.get().subscription.pk}/", {"do": "remove"})
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["q=%00&kind=%FF&year=abc&page=-1", "q=" + "x" * 5000, "q=%22%22%22+-+%26%7C%21&tag=nix", "%", "q=%F0%9F%90%95"],
)
def test_whatever_is_saved_neither_page_nor_feed_breaks(cast: Cast, query: str) -> None:
    client = client_of(cast, "staff")
    answer = client.post("/following/search/", {"query": query, "name": "x", "rhythm": "daily"}, follow=True)
    assert answer.status_code in (200, 422)
    assert client.get("/following/").status_code == 200
    token = services.new_address(standing=cast.standing("staff"), replaces=None)
    assert client.get(f"/feeds/{token}/following/").status_code == 200


def test_what_is_gone_stays_in_the_list_without_its_title_and_can_be_removed(cast: Cast) -> None:
    record = make_published(cast, title="Vergangener Titel")
    services.follow(standing=cast.standing("staff"), what="record", key=record.pk)
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="überholt")
    page = page_for(cast, "staff", "/following/")
    assert f"{record.short_number}, zurzeit nicht veröffentlicht" in page
    assert "Vergangener" not in page
    answer = client_of(cast, "staff").post(f"/follow/record/{record.pk}/", {"do": "unfollow"})
    assert answer["Location"] == "/following/"
    assert not Subscription.objects.exists()


def test_a_draft_can_be_followed_by_nobody(cast: Cast) -> None:
    draft = make_draft(cast)
    assert client_of(cast, "author").post(f"/follow/record/{draft.pk}/", {"do": "follow"}).status_code == 404


def test_what_one_follows_is_nobody_elses_business(cast: Cast) -> None:
    make_published(cast)
    services.follow(standing=cast.standing("staff"), what="department", key=cast.team.department_id or 0)
    services.save_search(standing=cast.standing("staff"), name="Zqgeheim", query="q=Zqgeheim", rhythm="daily")
    for role in ("author", "lead", "head", "committee", "chair", "admin"):
        assert "Sie folgen noch nichts" in page_for(cast, role, "/following/")
        for url in ("/", "/governance/departments/steueramt/", "/following/feeds/", "/tasks/"):
            assert "Zqgeheim" not in page_for(cast, role, url)


def test_the_queries_of_the_list_do_not_grow_with_what_is_followed(cast: Cast) -> None:
    client, standing = client_of(cast, "staff"), cast.standing("staff")

    def follow(number: int) -> None:
        record = make_published(cast, title=f"Nummer {number}", tag_ids=[tag(f"Wort {number}").pk])
        services.follow(standing=standing, what="record", key=record.pk)
        services.follow(standing=standing, what="tag", key=tag(f"Wort {number}").pk)
        services.follow(standing=standing, what="department", key=cast.team.department_id or 0)

    follow(1)
    few = queries_of(client, "/following/")
    for number in range(2, 8):
        follow(number)
    assert queries_of(client, "/following/") == few


# -- the address of the feeds ----------------------------------------------------------------------


def make_address(client: Client, query: str = "", **values: str) -> HttpResponse:
    return client.post(f"/following/feeds/{query}", {"do": "create", "replaces": ""} | values)


def test_the_address_is_shown_once_with_all_feeds_and_the_one_asked_for(cast: Cast) -> None:
    make_published(cast)
    services.follow(standing=cast.standing("staff"), what="department", key=cast.team.department_id or 0)
    client = client_of(cast, "staff")
    begun = client.get("/tags/online-dienst/").content.decode()
    way = re.search(r'href="(/following/feeds/\?feed=[^"]+)"', begun)
    assert way is not None
    answer = make_address(client, way[1].partition("feeds/")[2])
    assert outcome(answer) == "ok"
    addresses = re.findall(r"<code>http://localhost:8000(.+?)</code>", answer.content.decode())
    assert any(one.endswith("/tag/online-dienst/") for one in addresses)
    assert any(one.endswith("/department/steueramt/") for one in addresses)
    for one in addresses:
        assert Client().get(one).status_code == 200, one
    token = addresses[0].split("/")[2]
    later = client.get("/following/feeds/").content.decode()
    assert token not in later
    assert f"····{token[-4:]}" in later


def test_loading_the_answer_again_does_not_end_the_address(cast: Cast) -> None:
    client = client_of(cast, "staff")
    make_address(client)
    kept = FeedAddress.objects.get()
    again = make_address(client)
    assert (again.status_code, outcome(again)) == (409, "conflict")
    assert FeedAddress.objects.get() == kept
    assert make_address(client, replaces=str(kept.pk)).status_code == 200
    assert FeedAddress.objects.get() != kept
    assert outcome(client.post("/following/feeds/", {"do": "revoke"}, follow=True)) == "ok"
    assert not FeedAddress.objects.exists()


@pytest.mark.parametrize("feed", ["../../x/", "https://evil.example/", "tag/<script>/", "nix/", "%2e%2e/", "x" * 4000])
def test_an_address_that_is_no_feed_is_not_offered(cast: Cast, feed: str) -> None:
    answer = client_of(cast, "staff").get("/following/feeds/", {"feed": feed})
    assert answer.status_code == 200
    assert "von der Sie kommen" not in answer.content.decode()


def test_the_ways_to_the_list_are_in_the_menu_and_the_help(cast: Cast) -> None:
    home = page_for(cast, "staff", "/")
    assert f'href="{reverse("following")}">Meine Abonnements</a>' in home
    assert "Auf dem Laufenden bleiben" in page_for(cast, "staff", "/help/staff/")
