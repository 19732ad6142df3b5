"""A newsletter in a real Chromium: composed, released, read and copied; and read without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Visit, fits_its_window, is_accessible, sign_in
from tests.factories import Cast, make_published
from tests.transfer.factories import make_newsletter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    fits_its_window(page)


def test_compose_release_and_read(visit: Visit, cast: Cast, browser: Browser, live_server: LiveServer) -> None:
    first = make_published(cast, title="Hundesteuer online")
    make_published(cast, title="Wohngeld schneller")
    letter = make_newsletter(cast)
    page = visit("lead", 390)
    page.goto(letter.get_absolute_url())
    page.get_by_role("link", name="Neue Ausgabe").click()
    is_accessible(page)
    page.get_by_label("Titel der Ausgabe").fill("Neues im Mai")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator('[data-outcome="ok"]')).to_be_visible()
    is_accessible(page)
    fits(page)
    page.get_by_role("button", name="Nach oben: Hundesteuer online").click()
    page.get_by_role("button", name="Ganzen Artikel zeigen : Hundesteuer online").click()
    page.get_by_label("Überschrift").fill("Kaffee-Ecke")
    page.get_by_role("textbox", name="Text", exact=True).fill("Am *Freitag* um zehn.")
    page.get_by_role("button", name="Text aufnehmen").click()
    page.get_by_role("button", name="Weglassen : Wohngeld schneller").click()
    expect(page.locator(".agenda__item h3")).to_have_text(["L-1 Hundesteuer online", "Kaffee-Ecke"])
    page.get_by_role("link", name="Ansehen und freigeben").click()
    is_accessible(page)
    page.get_by_role("button", name="Ausgabe freigeben").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("Freigegeben")
    address = page.url
    is_accessible(page)
    fits(page)
    page.goto(f"/{first.short_number}")
    page.get_by_role("link", name="Anreißer und Artikel").click()
    is_accessible(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Artikel kopieren").click()
    expect(page.get_by_text("Kopiert. Sie können")).to_be_visible()
    copied = page.evaluate(
        "navigator.clipboard.read().then(([item]) => Promise.all("
        "['text/html', 'text/plain'].map(type => item.getType(type).then(blob => blob.text()))))"
    )
    assert "<strong>Hundesteuer online</strong>" in copied[0]
    assert f"/{first.short_number}" in copied[1]
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    plain.goto("/accounts/login/")
    sign_in(plain, "staff")
    plain.goto(address)
    expect(plain.get_by_role("heading", level=2, name="Hundesteuer online")).to_be_visible()
    expect(plain.locator("em", has_text="Freitag")).to_be_visible()
    plain.goto(f"/transfer/records/{first.short_number}/texts/")
    expect(plain.get_by_text("Niemand tippt mehr Papierformulare ab.").first).to_be_visible()
    expect(plain.get_by_role("button", name="kopieren")).to_have_count(0)
    plain.context.close()
