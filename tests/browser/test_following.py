"""Following in a real Chromium, on a phone. Following and the feed from end to end: test_search_story."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.following import services
from tests.browser.conftest import Visit, fits_its_window, is_accessible
from tests.factories import Cast, make_published, tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_new_is_read_and_mails_are_chosen_on_a_phone(visit: Visit, cast: Cast) -> None:
    make_published(cast)
    services.follow(standing=cast.standing("staff"), what="tag", key=tag().pk)
    make_published(cast, title="Ein neues Formular")
    page = visit("staff", width=390)
    for address in ("/tags/online-dienst/", "/following/feeds/", "/following/"):
        page.goto(address)
        is_accessible(page)
        fits_its_window(page)
    fresh = page.get_by_role("region", name="Neu für Sie")
    expect(fresh).to_contain_text("Ein neues Formular")
    page.get_by_label("Zusammenfassung für Online-Dienst").select_option("daily")
    page.get_by_role("button", name="Ändern für Online-Dienst").click()
    expect(page.get_by_label("Zusammenfassung für Online-Dienst")).to_have_value("daily")
    page.get_by_role("button", name="Alles als gesehen markieren").click()
    expect(fresh).to_contain_text("Zurzeit nichts")
    page.goto("/following/feeds/")
    page.get_by_role("button", name="Adresse anlegen").click()
    expect(page.get_by_role("region", name="Ihre persönliche Adresse")).to_contain_text("Angelegt am")
    fits_its_window(page)
    # Loaded anew, it is posted once more, and ends no address.
    page.reload()
    expect(page.locator('[data-outcome="conflict"]')).to_be_visible()
