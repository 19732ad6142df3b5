"""The committee's desk and a session, and a text put forward to the lead, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from governance.countersigning import services as countersigning
from governance.models import Countersigning, Review
from tests.browser.conftest import Visit, axe_finds_nothing, fits_its_window, is_accessible
from tests.factories import Cast, make_draft, submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_session_from_the_desk_to_its_minutes_and_a_text_put_forward(visit: Visit, cast: Cast) -> None:
    reviews = [submit(cast, make_draft(cast, title=f"Text {number}")) for number in (1, 2)]
    page = visit("committee", width=390)
    page.goto("/desk/")
    is_accessible(page)
    fits_its_window(page)
    page.get_by_role("link", name="Sitzung anlegen").click()
    page.get_by_label("Titel").fill("15. Sitzung")
    page.get_by_label("Datum").fill("2026-01-15")
    page.get_by_role("button", name="Anlegen").click()
    for number in (1, 2):
        page.get_by_role("checkbox", name=f"Text {number}").check()
    page.get_by_role("button", name="Auf die Liste setzen").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("2 Texte")
    page.get_by_role("link", name="Notiz und Beteiligung").first.click()
    page.get_by_label("Was besprochen wurde").fill("Gut belegt.")
    page.get_by_label("Gremiumsmitglied Eins").select_option("befangen")
    is_accessible(page)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Sie entscheiden hier nicht mit: befangen")).to_be_visible()
    page.get_by_role("checkbox", name="Freigeben").check()
    page.get_by_role("button", name="Angehakte freigeben").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("1 Text ist freigegeben")
    is_accessible(page)
    fits_its_window(page)
    assert [Review.objects.get(pk=review.pk).status for review in reviews] == ["open", "approved"]
    with page.expect_download() as download:
        page.get_by_role("link", name="Protokoll (.docx)").click()
    assert download.value.suggested_filename == "Protokoll 2026-01-15.docx"

    department = cast.team.department
    assert department is not None
    countersigning.switch(department=department, standing=cast.standing("lead"), on=True)
    record = make_draft(cast, title="Für die Leitung")
    page = visit("author")
    page.goto(f"/learnings/{record.number}-x/versions/")
    page.get_by_role("link", name="Zur Mitzeichnung vorlegen").click()
    axe_finds_nothing(page)
    page.get_by_label("Hinweis für die Teamleitung").fill("Bitte bis Freitag")
    page.get_by_role("button", name="Der Teamleitung vorlegen").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("Teamleitung hat eine Mitteilung")
    page = visit("lead")
    page.goto("/tasks/")
    page.get_by_role("region", name="Zur Mitzeichnung").get_by_role("link", name="Für die Leitung").click()
    expect(page.get_by_text("Bitte bis Freitag")).to_be_visible()
    axe_finds_nothing(page)
    page.get_by_role("button", name="Vorlegen").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("Vorgelegt")
    assert Countersigning.objects.get().status == "signed"
