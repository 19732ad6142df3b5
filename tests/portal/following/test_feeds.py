"""Feeds: Atom for whoever knows the token, of what is published, without session and cookies."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from pytest_django import Settings

from governance import clock, tags, workflow
from governance.models import Department, User
from portal.following import services
from portal.following.models import FeedAddress
from tests.factories import Cast, DepartmentFactory, approve, make_published, reload, save, submit, tag
from tests.pages import client_of
from tests.portal.test_headers import lower, wrong
from tests.processmodels.factories import make_process, publish
from tests.transfer.factories import make_format, make_issue, release

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def token(cast: Cast) -> str:
    return services.new_address(standing=cast.standing("staff"), replaces=None)


def ask(token: str, rest: str = "", **headers: str) -> HttpResponse:
    return Client().get(f"/feeds/{token}/{rest}", headers=headers)


def parsed(answer: HttpResponse) -> etree._Element:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for one in (root, *root.findall("a:entry", ATOM)):
        # What RFC 4287 asks of every feed and every entry.
        assert all(len(one.findall(f"a:{name}", ATOM)) == 1 for name in ("id", "title", "updated"))
        dt.datetime.fromisoformat(one.findtext("a:updated", namespaces=ATOM) or "")
    ids = root.xpath("a:entry/a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids)
    return root


def titles(token: str, rest: str = "") -> list[str]:
    texts = parsed(ask(token, rest)).xpath("a:entry/a:title/text()", namespaces=ATOM)
    return [str(text).partition(" ")[2] for text in texts]


# -- what stands in which feed ---------------------------------------------------------------------


def test_each_list_has_its_feed(cast: Cast, token: str) -> None:
    standing = cast.standing("staff")
    above: Department = DepartmentFactory(slug="dezernat")
    Department.objects.filter(slug="steueramt").update(parent=above)
    record = make_published(cast, title="Hund")
    make_published(cast, by="outsider", title="Bau", tag_ids=[tag("Bauen").pk])
    publish(cast, make_process(cast, title="Ablauf"))
    search = services.save_search(standing=standing, name="Hunde", query="q=Hund&kind=learning", rhythm="none")
    services.follow(standing=standing, what="tag", key=tag("Bauen").pk)
    assert titles(token) == ["Ablauf", "Bau", "Hund"]
    assert titles(token, "kind/learning/") == ["Bau", "Hund"]
    assert titles(token, "tag/bauen/") == ["Bau"]
    assert titles(token, "department/dezernat/") == ["Ablauf", "Hund"]
    assert titles(token, f"record/{record.short_number}/") == ["Hund"]
    assert titles(token, f"search/{search.pk}/") == ["Hund"]
    assert titles(token, "following/") == ["Bau", "Hund"]
    for rest in ("kind/nix/", "tag/nix/", "department/nix/", "record/L-999/", "record/X-1/", f"search/{10**30}/"):
        assert ask(token, rest).status_code == 404, rest


def test_a_newsletter_has_a_feed_of_what_was_released(cast: Cast, token: str) -> None:
    make_published(cast, title="Hund")
    issue = make_issue(cast)
    rest = f"newsletter/{issue.format.slug}/"
    assert titles(token, rest) == []
    release(cast, issue)
    [entry] = parsed(ask(token, rest)).findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "Neues im Mai"
    assert entry.findtext("a:summary", namespaces=ATOM) == "Hund"
    assert (entry.findtext("a:id", namespaces=ATOM) or "").endswith(f"/transfer/issues/{issue.pk}/")
    assert ask(token, f"newsletter/{make_format(cast).slug}/").status_code == 404
    page = client_of(cast, "staff").get("/following/feeds/").content.decode()
    assert f"newsletter/{issue.format.slug}/" in page


def test_a_record_tells_of_each_of_its_issues(cast: Cast, token: str) -> None:
    record = make_published(cast, title="Erste")
    save(cast, record, title="Zweite")
    approve(cast, submit(cast, record))
    save(cast, record, title="Noch geheim")
    assert titles(token, f"record/{record.short_number}/") == ["Zweite", "Erste"]


def test_an_archived_record_leaves_all_feeds(cast: Cast, token: str) -> None:
    record = make_published(cast)
    workflow.archive(record=record, standing=cast.standing("lead"), reason="überholt")
    assert titles(token) == []
    assert ask(token, f"record/{record.short_number}/").status_code == 404
    assert ask(token, "tag/online-dienst/").status_code == 404


def test_a_merged_word_leads_to_the_feed_of_its_successor(cast: Cast, token: str) -> None:
    make_published(cast, title="Hund")
    tags.merge(tag=tag(), into=tag("Digitales"), standing=cast.standing("committee"))
    assert titles(token, "tag/online-dienst/") == titles(token, "tag/digitales/") == ["Hund"]


def test_a_saved_search_of_another_person_does_not_exist(cast: Cast, token: str) -> None:
    other = services.save_search(standing=cast.standing("author"), name="x", query="q=Hund", rhythm="none")
    assert ask(token, f"search/{other.pk}/").status_code == 404


def test_a_title_is_text_and_a_summary_cannot_be_markup(cast: Cast, token: str) -> None:
    make_published(cast, title="<b>Fett</b> & „Zitat“", answer="Frist < 3 Tage <script>alert(1)</script> & Ende")
    entry = parsed(ask(token)).find("a:entry", ATOM)
    assert entry is not None
    assert "<b>Fett</b> & „Zitat“" in (entry.findtext("a:title", namespaces=ATOM) or "")
    summary = entry.find("a:summary", ATOM)
    assert summary is not None
    assert summary.get("type") == "html"
    assert "<" not in (summary.text or "")


# -- who is answered -------------------------------------------------------------------------------


def test_unknown_revoked_renewed_and_ended_addresses_are_not_there(cast: Cast, token: str) -> None:
    standing = cast.standing("staff")
    assert ask(token).status_code == 200
    for wrong_one in ("x", token[:-1], token + "x", services.hash_of(token), "%FF", "ä" * 500):
        assert ask(wrong_one).status_code == 404
    renewed = services.new_address(standing=standing, replaces=FeedAddress.objects.get().pk)
    assert (ask(token).status_code, ask(renewed).status_code) == (404, 200)
    User.objects.filter(pk=cast.staff.pk).update(is_active=False)
    assert ask(renewed).status_code == 404
    User.objects.filter(pk=cast.staff.pk).update(is_active=True)
    services.revoke_address(standing=standing)
    assert ask(renewed).status_code == 404


def test_an_address_opens_nothing_but_feeds(cast: Cast, token: str) -> None:
    client = Client()
    assert client.get(f"/feeds/{token}/").status_code == 200
    assert client.get("/").status_code == 302
    assert client.post(f"/feeds/{token}/").status_code == 405


def test_too_many_requests_in_a_minute_are_refused_and_the_next_minute_is_free(
    cast: Cast, token: str, settings: Settings
) -> None:
    settings.FEED_REQUESTS_PER_MINUTE = 2
    other = services.new_address(standing=cast.standing("author"), replaces=None)
    start = clock.now().replace(second=1)
    with clock.at(start):
        assert [ask(token, rest).status_code for rest in ("", "following/", "")] == [200, 200, 429]
        assert ask(token)["Retry-After"] == "60"
        assert ask(other).status_code == 200
    with clock.at(start + dt.timedelta(minutes=1)):
        assert ask(token).status_code == 200


# -- what programs are told ------------------------------------------------------------------------


@pytest.mark.parametrize(("rest", "status"), [("", 200), ("tag/nix/", 404)])
def test_an_answer_is_strict_private_and_without_cookies(cast: Cast, token: str, rest: str, status: int) -> None:
    # Also for a browser that is signed in.
    for client in (Client(), client_of(cast, "author")):
        answer = client.get(f"/feeds/{token}/{rest}")
        assert answer.status_code == status
        assert wrong(lower(answer)) == []
        assert answer["Cache-Control"].startswith("private")
        assert not answer.cookies
        assert token not in answer.content.decode()


def test_a_feed_needs_no_session_and_few_queries(cast: Cast, token: str) -> None:
    for number in range(3):
        make_published(cast, title=f"Nummer {number}")
    with CaptureQueriesContext(connection) as queries:
        assert ask(token).status_code == 200
    assert len(queries) == 2
    assert not any("session" in query["sql"] for query in queries)


def test_what_did_not_change_is_not_sent_again(cast: Cast, token: str) -> None:
    record = make_published(cast)
    first = ask(token)
    assert first["Last-Modified"]
    again = ask(token, **{"if-none-match": first["ETag"], "if-modified-since": first["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"].startswith("private")
    # A new name changes no date, and must arrive all the same.
    tags.rename(tag=tag(), name="Onlinedienst", standing=cast.standing("committee"))
    renamed = ask(token, **{"if-none-match": first["ETag"], "if-modified-since": first["Last-Modified"]})
    assert renamed.status_code == 200
    assert "Onlinedienst" in renamed.content.decode()
    workflow.archive(record=reload(record), standing=cast.standing("lead"), reason="überholt")
    assert ask(token, **{"if-none-match": renamed["ETag"]}).status_code == 200


def test_an_empty_feed_stays_the_same_and_is_valid(cast: Cast, token: str) -> None:
    assert parsed(ask(token)).findall("a:entry", ATOM) == []
    assert ask(token)["ETag"] == ask(token)["ETag"]


def test_the_same_feed_looks_the_same_under_another_address(cast: Cast, token: str) -> None:
    make_published(cast)
    other = services.new_address(standing=cast.standing("author"), replaces=None)
    assert ask(token).content == ask(other).content
