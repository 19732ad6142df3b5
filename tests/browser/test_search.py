"""Searching in a real Chromium by keyboard and on a phone: filters, chips, suggestions. See also test_search_story."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests import kept
from tests.browser.conftest import Visit, fits_its_window, is_accessible
from tests.factories import Cast, make_published, tag
from tests.processmodels.factories import make_process, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
@kept.once
def town(cast: Cast) -> Cast:
    make_published(cast, title="Hundesteuer online anmelden", tag_ids=[tag("Online-Dienst").pk])
    make_published(cast, title="Hundesteuer am Schalter", tag_ids=[tag("Schalter").pk])
    make_published(cast, by="outsider", title="Hundeplatz und Hundesteuer", tag_ids=[tag("Wiesen").pk])
    publish(cast, make_process(cast, title="Hundesteuer erheben"))
    return cast


def filters(page: Page) -> Page:
    return page.get_by_role("group", name="Filter")  # type: ignore[return-value]


def test_filters_by_keyboard_and_chips(visit: Visit, town: Cast) -> None:
    page = visit("staff")
    page.goto("/search/?q=Hundesteuer")
    page.evaluate("window.stays = true")
    live = page.locator("#result-count")
    expect(live).to_have_text(re.compile("4 Einträge zu"))
    live.evaluate("element => { window.live = element }")
    filters(page).get_by_role("link", name=re.compile("^Schalter")).focus()
    page.keyboard.press("Enter")
    expect(live).to_have_text(re.compile("1 Eintrag zu"))
    expect(page).to_have_url(re.compile(r"tag=schalter"))
    # The page was not loaded anew, what is read aloud is the same element, and the focus stayed on the filter.
    assert page.evaluate("window.stays && window.live === document.getElementById('result-count')")
    expect(filters(page).get_by_role("link", name=re.compile("^Schalter"))).to_be_focused()
    expect(filters(page).get_by_role("link", name=re.compile("^Schalter – ausgewählt"))).to_be_visible()
    filters(page).get_by_role("link", name=re.compile("^Wiesen")).press("Enter")
    expect(live).to_have_text(re.compile("2 Einträge zu"))
    is_accessible(page)
    chips = page.get_by_role("list", name="Gewählte Filter")
    chips.get_by_role("link", name="Filter entfernen: Schlagwort: Schalter").press("Enter")
    expect(live).to_have_text(re.compile("1 Eintrag zu"))
    # The chip is gone: the focus is where it was, not at the top of the page.
    expect(page.locator("#treffer")).to_be_focused()
    page.go_back()
    expect(page.locator("#result-count")).to_have_text(re.compile("2 Einträge zu"))
    page.get_by_role("link", name="Nach Titel").click()
    expect(page).to_have_url(re.compile(r"sort=title"))
    page.get_by_role("link", name="Alle Filter entfernen").click()
    expect(page.locator("#result-count")).to_have_text(re.compile("4 Einträge zu"))
    expect(page.get_by_role("link", name="Suche speichern")).to_have_attribute("href", re.compile("sort=title"))


def test_on_a_phone_the_filters_stay_unfolded(visit: Visit, town: Cast) -> None:
    page = visit("staff", width=390)
    page.goto("/search/?q=Hundesteuer")
    page.locator("#filter-phone > summary").click()
    page.locator("#filter-phone").get_by_role("link", name=re.compile("^Schalter")).click()
    expect(page.locator("#result-count")).to_have_text(re.compile("1 Eintrag zu"))
    expect(page.locator("#filter-phone")).to_have_attribute("open", "")
    fits_its_window(page)
    is_accessible(page)


def test_suggestions_by_keyboard(visit: Visit, town: Cast) -> None:
    page = visit("staff")
    box = page.get_by_role("combobox", name="Wonach suchen Sie?")
    box.press_sequentially("hundest")
    options = page.get_by_role("listbox", name="Vorschläge").get_by_role("option")
    expect(options).to_have_count(4)
    expect(box).to_have_attribute("aria-expanded", "true")
    is_accessible(page)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("hundest")
    box.press_sequentially("euer am")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hundesteuer am Schalter")
    # In the box of every page: a tag and a department lead to theirs; without a choice Enter searches.
    box = page.get_by_role("combobox", name="Wonach suchen Sie?")
    for typed, heading in (("wiesen", "Schlagwort: Wiesen"), ("bauordnungs", "Bauordnungsamt")):
        box.fill(typed)
        expect(options).to_have_count(1)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    box.fill("hundest")
    expect(options).to_have_count(4)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Suche")
    expect(page).to_have_url(re.compile(r"/search/\?q=hundest"))


def test_similar_records_come_below_a_record(visit: Visit, town: Cast) -> None:
    page = visit("staff")
    page.goto("/L-1")
    # To a place, not to an element: what comes takes the place of what was scrolled to. Nor to the end: the column
    # beside the text may be longer than the text, and what one jumps past is not asked for.
    page.evaluate("window.scrollTo(0, document.getElementById('aehnlich').getBoundingClientRect().top - 300)")
    similar = page.get_by_role("region", name="Ähnliche Einträge")
    expect(similar.get_by_role("link", name="Hundesteuer am Schalter")).to_be_visible()
    is_accessible(page)


def test_a_new_title_that_exists_already_is_noticed_when_the_field_is_left(visit: Visit, town: Cast) -> None:
    page = visit("author")
    page.goto("/learnings/new/")
    page.get_by_label("Titel").fill("Hundesteuer am Schalter anmelden")
    page.keyboard.press("Tab")
    hint = page.get_by_role("status").filter(has_text="Gibt es das schon?")
    expect(hint).to_contain_text("Hundesteuer am Schalter")
    is_accessible(page)
    page.get_by_label("Titel").fill("Baumfällungen beantragen")
    page.keyboard.press("Tab")
    expect(hint).to_have_count(0)
