"""Error pages look like the portal, say what happened and lead on; they need nothing that may have failed."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import Settings

from portal import errors

PAGES = {
    "400.html": "invalid",
    "403.html": "denied",
    "403_csrf.html": "denied",
    "404.html": "invalid",
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

    monkeypatch.setattr("portal.account_urls.SignInForm.__init__", broken)
    answer = Client(raise_request_exception=False).get("/accounts/login/")
    assert answer.status_code == 500
    assert "Hier ist etwas schiefgegangen" in answer.content.decode()
    assert "geheim" not in answer.content.decode()
