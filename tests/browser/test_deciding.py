"""Deciding in a real browser: a session that ends costs no word."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from governance import workflow
from governance.models import Comment, Review
from governance.workflow import NewComment
from tests.browser.conftest import Visit, is_accessible, sign_in
from tests.browser.test_writing import copies
from tests.factories import Cast, make_draft, submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_after_a_session_timeout_a_decision_comes_back(visit: Visit, cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    page = visit("committee")
    page.goto(f"/governance/reviews/{review.pk}/")
    page.get_by_text("Anmerkung zu: Antwort auf die Leitfrage").click()
    page.get_by_label("Antwort auf die Leitfrage").fill("Woher stammt das?")
    page.get_by_label("Zur Überarbeitung zurückgeben").check()
    page.get_by_label("Begründung").fill("Lange überlegt.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Entscheidung festhalten").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    sign_in(page, "committee")
    expect(page).to_have_url(re.compile(rf"/governance/reviews/{review.pk}/#entscheidung"))
    is_accessible(page)
    page.get_by_role("button", name="Wiederherstellen").click()
    expect(page.get_by_label("Begründung")).to_have_value("Lange überlegt.")
    expect(page.get_by_label("Antwort auf die Leitfrage")).to_have_value("Woher stammt das?")
    page.get_by_role("button", name="Entscheidung festhalten").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert Review.objects.get().reason == "Lange überlegt."
    assert Comment.objects.get().text == "Woher stammt das?"
    assert copies(page) == {}


def test_a_refused_decision_puts_the_focus_to_its_errors(visit: Visit, cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    page = visit("committee")
    page.goto(f"/governance/reviews/{review.pk}/")
    page.get_by_label("Zur Überarbeitung zurückgeben").check()
    page.get_by_role("button", name="Entscheidung festhalten").click()
    expect(page.locator("[data-outcome=invalid]")).to_be_in_viewport()
    expect(page.locator("#entscheidung")).to_be_focused()
    is_accessible(page)


def test_after_a_session_timeout_an_answer_comes_back(visit: Visit, cast: Cast) -> None:
    review = submit(cast, make_draft(cast))
    remarks = [NewComment("answer", "Woher stammt das?"), NewComment("", "Kürzer")]
    workflow.request_changes(review=review, standing=cast.standing("committee"), reason="Belege", comments=remarks)
    page = visit("author")
    page.goto(f"/learnings/{review.record.number}-x/versions/")
    first = page.get_by_label("Antwort").first
    first.fill("Aus der Statistik.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Als erledigt kennzeichnen").first.click()
    sign_in(page, "author")
    expect(page).to_have_url(re.compile("/versions/#kommentar-"))
    page.get_by_role("button", name="Wiederherstellen").click()
    expect(first).to_have_value("Aus der Statistik.")
    page.get_by_role("button", name="Als erledigt kennzeichnen").first.click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert Comment.objects.earliest("pk").answer == "Aus der Statistik."
    assert copies(page) == {}
