"""What is missing, in a real Chromium: asked from a page without results, noted, answered by the committee."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.missing.models import SearchCount
from tests.browser.conftest import Visit, fits_its_window, is_accessible
from tests.factories import Cast, make_published
from tests.portal.missing.test_counting import typed_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_ask_what_is_missing_open_what_is_found_and_answer_on_a_phone(visit: Visit, cast: Cast) -> None:
    record = make_published(cast)
    typed_on(5, "baumkataster", fruitless=1)
    typed_on(5, "wohngeld", shown=1)
    page = visit("staff", width=390)
    page.goto("/search/?q=Quastenflosser")
    is_accessible(page)
    page.get_by_label("Was fehlt Ihnen?").fill("Wohin mit dem Quastenflosser?")
    page.get_by_role("button", name="Frage abschicken").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("liegt beim Gremium")
    page.goto("/search/?q=Hundesteuer")
    page.get_by_role("link", name="Hundesteuer online anmelden").click()
    expect(page).to_have_url(
        f"{page.url.partition('/learnings/')[0]}/learnings/{record.number}-hundesteuer-online-anmelden/"
    )
    assert SearchCount.objects.get(words="hundesteuer").opened == 1
    page = visit("committee", width=390)
    page.locator(".portal-menu summary", has_text="Benutzermenü").click()
    page.get_by_role("link", name="Was in der Suche fehlt").click()
    is_accessible(page)
    fits_its_window(page)
    expect(page.get_by_role("region", name="Gefunden, aber nie geöffnet")).to_contain_text("wohngeld")
    page.get_by_role("button", name="Als gesucht vormerken „baumkataster“").click()
    expect(page.locator('[data-outcome="ok"]')).to_be_visible()
    page.get_by_role("region", name="Learning gesucht").get_by_role("link", name="Quastenflosser").click()
    is_accessible(page)
    page.get_by_label("Beantworten").check()
    page.get_by_role("textbox", name="Eintrag").fill(record.short_number)
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("E-Mail")
