"""Error pages look like the portal, say what happened and lead on; they need nothing that may have failed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings as live
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from pytest_django import Settings

from governance.rules import load_standing
from portal import errors
from tests.factories import Cast

PAGES = {
    "400.html": "invalid",
    "403.html": "denied",
    "403_csrf.html": "denied",
    "404.html": "invalid",
    "405.html": "invalid",
    "429.html": "denied",
    "500.html": "invalid",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_needs_no_request_and_no_database_and_leads_on(name: str) -> None:
    """No database mark on this test: a query would fail it."""
    body = render_to_string(name, {"minutes": 15})
    assert '<html lang="de">' in body
    assert f'data-outcome="{PAGES[name]}"' in body
    assert len(re.findall("<h1>", body)) == len(re.findall("<main", body)) == 1
    heading = re.search("<h1>(.+?)</h1>", body)
    title = re.search("<title>(.+?)</title>", body)
    assert heading
    assert title
    assert title[1].startswith(heading[1])
    main = body[body.index("<main") :]
    assert re.search(r'class="kern-btn[^"]*" href="/[^"]*"', main)
    assert "portal/portal" in body


def test_the_views_answer_with_their_status() -> None:
    request, error = RequestFactory().get("/"), Exception("geheim")
    answers = {
        400: errors.bad_request(request, error),
        403: errors.permission_denied(request, error),
        404: errors.page_not_found(request, error),
        429: errors.locked_out(request),
        500: errors.server_error(request),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert f"Meldung {status}" in answer.content.decode()
        assert "geheim" not in answer.content.decode()
    assert errors.csrf_failure(request).status_code == 403


@pytest.mark.parametrize(
    ("hours", "shown"), [(0.25, "in 15 Minuten"), (0.01, "in einer Minute"), (2, "in 120 Minuten")]
)
def test_the_page_of_the_lock_names_the_time_of_the_setting(settings: Settings, hours: float, shown: str) -> None:
    settings.AXES_COOLOFF_TIME = hours
    assert shown in errors.locked_out(RequestFactory().get("/")).content.decode()


@pytest.mark.django_db
def test_a_page_that_breaks_answers_with_the_page_of_the_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("geheim")

    monkeypatch.setattr("portal.account_forms.SignInForm.__init__", broken)
    answer = Client(raise_request_exception=False).get("/accounts/login/")
    assert answer.status_code == 500
    assert "Hier ist etwas schiefgegangen" in answer.content.decode()
    assert "geheim" not in answer.content.decode()


# -- for who is signed in --------------------------------------------------------------------------


@pytest.fixture
def member(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.author, live.AUTHENTICATION_BACKENDS[1])
    return client


@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (403, lambda client: client.get("/governance/reviews/")),
        (404, lambda client: client.get("/gibt-es-nicht/")),
        (405, lambda client: client.get("/accounts/logout/")),
        (405, lambda client: client.post("/")),
    ],
)
def test_who_is_signed_in_keeps_navigation_search_and_theme(
    member: Client, status: int, ask: Callable[[Client], HttpResponse]
) -> None:
    answer = ask(member)
    body = answer.content.decode()
    assert answer.status_code == status
    assert f"Meldung {status}" in body
    assert 'role="search"' in body
    assert 'class="portal-nav ' in body
    assert "data-theme-toggle" in body
    assert len(re.findall("<h1>", body)) == len(re.findall("<main", body)) == 1
    assert re.search("<title>(.+?) –", body)[1] == re.search("<h1>(.+?)</h1>", body)[1]  # type: ignore[index]
    assert answer.has_header("Allow") is (status == 405)


@pytest.mark.django_db
def test_a_visitor_gets_the_plain_page(client: Client) -> None:
    answers = client.get("/gibt-es-nicht/"), client.put("/help/datenschutz/")
    assert [answer.status_code for answer in answers] == [404, 405]
    for answer in answers:
        assert 'role="search"' not in answer.content.decode()
        assert "portal-errorpage" in answer.content.decode()


def test_without_the_database_the_page_is_plain(cast: Cast) -> None:
    request = RequestFactory().get("/")
    request.user, request.session = cast.author, {}  # type: ignore[assignment]
    with connection.execute_wrapper(_away):
        request.standing = SimpleLazyObject(lambda: load_standing(cast.author))  # type: ignore[attr-defined]
        answer = errors.page_not_found(request, Exception())
    assert answer.status_code == 404
    assert 'role="search"' not in answer.content.decode()


def _away(*args: object) -> None:
    raise OperationalError("the database is away")


# -- what cannot be read ---------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["hex", "rot13", "unicode_escape", "utf-16", "latin-1", "gibt-es-nicht"])
def test_a_post_in_another_encoding_is_refused(client: Client, charset: str) -> None:
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        answer = client.generic("POST", "/accounts/login/", b"username=a", content_type=f"{kind}; charset={charset}")
        assert answer.status_code == 400
        assert "Meldung 400" in answer.content.decode()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_a_post_in_utf_8_is_read(member: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = member.generic("POST", "/learnings/preview/", b"text=%C3%BCber", content_type=kind)
    assert "über" in answer.content.decode()


@pytest.mark.parametrize("address", ["/search/?q=%00", "/learnings/?x=a%00b", "/%00/"])
def test_a_nul_in_an_address_is_refused(member: Client, address: str) -> None:
    assert member.get(address).status_code == 400


def test_a_nul_in_a_filter_of_the_administration_is_refused(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin, live.AUTHENTICATION_BACKENDS[1])
    for query in ("department__id__exact=%00", "q=%00"):
        assert client.get(f"{reverse('admin:governance_user_changelist')}?{query}").status_code == 400
