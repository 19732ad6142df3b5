"""The committee adds a synonym and everybody's next search knows it: in a real browser, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Visit, is_accessible, sign_in
from tests.factories import Cast, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_synonym_is_previewed_saved_and_found_by(cast: Cast, visit: Visit, width: int) -> None:
    make_published(cast, title="Den Personalausweis abholen")
    page = visit("committee", width)
    page.locator(".portal-menu summary", has_text="Benutzermenü").click()
    page.get_by_role("link", name="Synonyme pflegen").click()
    page.get_by_role("link", name="Neue Gruppe").click()
    page.get_by_label("Wer eines dieser Wörter sucht").fill("Kärtchen")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("[data-outcome=invalid]")).to_contain_text("zwei verschiedene")
    is_accessible(page)
    page.get_by_label("Wer eines dieser Wörter sucht").fill("Kärtchen, Personalausweis")
    page.get_by_role("button", name="Vorschau").click()
    expect(page.get_by_role("region", name="Das würde sich ändern")).to_contain_text("bisher 0 Treffer, dann 1")
    is_accessible(page)
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("Angelegt")
    is_accessible(page)
    staff = visit("staff", width)
    staff.goto("/search/?q=Kärtchen")
    expect(staff.locator(".results")).to_contain_text("Den Personalausweis abholen")


def test_all_of_it_works_without_javascript(cast: Cast, browser: Browser, live_server: LiveServer) -> None:
    make_published(cast, title="Den Personalausweis abholen")
    page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    page.goto("/accounts/login/?next=/search/synonyms/new/")
    sign_in(page, "committee")
    page.get_by_label("Wer eines dieser Wörter sucht").fill("Kärtchen")
    page.get_by_label("… findet auch").fill("Personalausweis")
    page.get_by_role("button", name="Vorschau").click()
    expect(page.get_by_role("main")).to_contain_text("bisher 0 Treffer, dann 1")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Kärtchen").click()
    page.get_by_text("Diese Gruppe entfernen").click()
    page.get_by_role("button", name="Gruppe entfernen").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("Entfernt")
