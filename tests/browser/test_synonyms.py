"""The committee keeps synonyms, in a real browser. That everybody's next search knows them: test_search_story."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, is_accessible
from tests.factories import Cast, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_group_is_refused_previewed_saved_and_removed_on_a_phone(cast: Cast, visit: Visit) -> None:
    make_published(cast, title="Den Personalausweis abholen")
    page = visit("committee", width=390)
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
    page.get_by_role("link", name="Kärtchen").click()
    page.get_by_text("Diese Gruppe entfernen").click()
    page.get_by_role("button", name="Gruppe entfernen").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("Entfernt")
