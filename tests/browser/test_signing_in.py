"""Signing in with a second factor, and by the house's directory, as people see it."""

from __future__ import annotations

from base64 import b32decode
from collections.abc import Iterator

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from portal.signing_in import discovery
from tests.browser.conftest import fits_its_window, is_accessible, sign_in
from tests.factories import Cast
from tests.portal.signing_in import provider as providers
from tests.portal.signing_in.conftest import set_directory
from tests.portal.signing_in.provider import Provider
from tests.portal.signing_in.test_second_factor import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def provider(live_server: LiveServer, settings: Settings) -> Iterator[Provider]:
    with providers.running() as provider:
        provider.back = f"{live_server.url}/accounts/directory/back/"
        set_directory(settings, provider)
        settings.OIDC_TIMEOUT = 5
        discovery.forget()
        yield provider
    discovery.forget()


def test_a_member_of_the_committee_sets_up_the_second_factor_and_a_colleague_comes_by_the_directory(
    browser: Browser, live_server: LiveServer, provider: Provider, settings: Settings, cast: Cast
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 900}, locale="de-DE")
    context.set_default_timeout(8_000)
    page = context.new_page()

    page.goto("/learnings/")
    is_accessible(page)
    sign_in(page, "committee")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zweiten Faktor einrichten")
    fits_its_window(page)
    key = _typed(page.locator(".portal-key").inner_text())
    page.get_by_label("Code aus der App").fill(code_of(key))
    page.get_by_role("button", name="Einrichten").click()
    codes = page.locator(".portal-codes code")
    expect(codes).to_have_count(10)
    is_accessible(page)
    fits_its_window(page)
    spare = codes.first.inner_text()
    page.get_by_role("link", name="Weiter", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/learnings/")

    context.clear_cookies()
    page.goto("/accounts/login/")
    sign_in(page, "committee")
    is_accessible(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator('[data-outcome="invalid"]')).to_contain_text("Dieser Code stimmt nicht")
    TOTPDevice.objects.update(throttling_failure_timestamp=None)  # the second that it waits now is over
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Was andere schon")

    context.clear_cookies()
    provider.people["s-1"] = {"name": "Kim Beispiel", "preferred_username": "kim", "department": "Amt für Wolken"}
    page.goto("/learnings/")
    page.get_by_role("link", name="Anmelden über das Hausverzeichnis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Das Verzeichnis hat Sie nicht angemeldet")
    is_accessible(page)
    provider.here = "s-1"
    page.get_by_role("link", name="Noch einmal versuchen").click()
    expect(page).to_have_url(f"{live_server.url}/learnings/")
    expect(page.locator(".portal-messages")).to_contain_text("Amt für Wolken")
    context.close()


def _typed(letters: str) -> str:
    return b32decode(letters.replace(" ", "")).hex()
