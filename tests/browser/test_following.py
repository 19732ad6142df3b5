"""Following in a real Chromium: follow, save a search, read what is new, take a feed along."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from playwright.sync_api import expect

from portal.following import services
from tests.browser.conftest import Visit, is_accessible
from tests.factories import Cast, make_published, tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_follow_save_read_and_take_a_feed_along(visit: Visit, cast: Cast) -> None:
    make_published(cast)
    page = visit("staff")
    page.goto("/tags/online-dienst/")
    page.get_by_role("button", name="Folgen", exact=True).click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("Sie folgen dem jetzt")
    expect(page.get_by_role("button", name="Nicht mehr folgen")).to_be_visible()
    is_accessible(page)
    page.goto("/following/search/?q=Formular")
    page.get_by_label("Zusammenfassung").select_option("weekly")
    is_accessible(page)
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator('[data-outcome="ok"]')).to_be_visible()
    make_published(cast, title="Ein neues Formular")
    page.goto("/following/")
    fresh = page.get_by_role("region", name="Neu für Sie")
    expect(fresh).to_contain_text("Ein neues Formular")
    is_accessible(page)
    page.get_by_label("Zusammenfassung für Online-Dienst").select_option("daily")
    page.get_by_role("button", name="Ändern für Online-Dienst").click()
    expect(page.get_by_label("Zusammenfassung für Online-Dienst")).to_have_value("daily")
    page.get_by_role("button", name="Alles als gesehen markieren").click()
    expect(fresh).to_contain_text("Zurzeit nichts")
    page.get_by_role("link", name="Feeds und persönliche Adresse").click()
    is_accessible(page)
    page.get_by_role("button", name="Adresse anlegen").click()
    is_accessible(page)
    address = page.locator("code").first.inner_text()
    path = re.sub(r"^https?://[^/]+", "", address)
    # Without the session of this window.
    answer = page.context.browser.new_context(base_url=page.url).request.get(path)  # type: ignore[union-attr]
    assert answer.status == 200
    assert b"Ein neues Formular" in etree.tostring(etree.fromstring(answer.body()))
    page.reload()
    expect(page.locator('[data-outcome="conflict"]')).to_be_visible()


def test_the_list_is_usable_on_a_phone(visit: Visit, cast: Cast) -> None:
    make_published(cast)
    services.follow(standing=cast.standing("staff"), what="tag", key=tag().pk)
    make_published(cast, title="Neu")
    page = visit("staff", width=390)
    for address in ("/following/", "/following/feeds/", "/tags/online-dienst/"):
        page.goto(address)
        is_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
