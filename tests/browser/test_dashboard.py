"""The dashboard in a real Chromium: from a number to its list, on a phone, in the dark, on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    Visit,
    axe_finds_nothing,
    fits_its_window,
    is_accessible,
    is_accessible_in_the_dark_too,
)
from tests.factories import Cast, make_published
from tests.transfer.adoption.factories import in_use
from tests.transfer.asking.factories import ask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_start_page_to_the_records_behind_a_number(visit: Visit, cast: Cast) -> None:
    record = make_published(cast, title="Hundesteuer online")
    make_published(cast, by="outsider", title="Bauakten im Netz")
    in_use(cast, record)
    for number in range(2):
        ask(cast, record, text=f"Frage {number}?")
    page = visit("staff", width=390, javascript=False)
    page.get_by_role("link", name="Das Portal in Zahlen").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("alle Bereiche")
    fits_its_window(page)
    page.get_by_label("Zeitraum").select_option("alle Jahre")
    page.get_by_label("Bereich, mit allen darunter").select_option("Steueramt")
    page.get_by_role("button", name="Anzeigen").press("Enter")
    expect(page.get_by_role("heading", name="Alle Jahre, Steueramt")).to_be_visible()
    assert "period=all&department=steueramt" in page.url
    page.get_by_role("link", name="1 Veröffentlicht, zur Liste").click()
    expect(page.get_by_role("link", name="Hundesteuer online")).to_be_visible()
    expect(page.get_by_text("Bauakten im Netz")).to_have_count(0)
    fits_its_window(page)

    page = visit("staff")
    page.goto("/dashboard/?period=all")
    is_accessible(page)
    is_accessible_in_the_dark_too(page)
    table = page.get_by_role("group", name="Nach Bereichen")
    # What the pictures show stands in the tables, which alone are read aloud.
    expect(table.get_by_role("row", name="Steueramt")).to_contain_text("rund 3")
    assert page.locator("svg:not([aria-hidden] svg, [aria-hidden])").count() == 0
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Alle Jahre, alle Bereiche")).to_be_visible()
    expect(page.get_by_label("Zeitraum")).to_be_hidden()
    page.emulate_media(media="screen")
    table.get_by_role("link", name="1 Übernommen, Bauordnungsamt").click()
    expect(page.get_by_text("ohne die Bereiche darunter")).to_be_visible()
    axe_finds_nothing(page)
