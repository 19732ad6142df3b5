"""The story of the search in a real browser, with JavaScript and without: a typing error, filters, following, the feed,
suggestions, a synonym of the committee, and a question about what is missing.

axe looks at each page on the way; without JavaScript it cannot run, and the pages have the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, is_accessible
from tests.factories import Cast, make_published, tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OK = "[data-outcome=ok]"
Check = Callable[[Page], None]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_staff_search_follow_and_ask_and_the_committee_makes_it_findable(
    visit: Visit, cast: Cast, browser: Browser, javascript: bool
) -> None:
    check = is_accessible if javascript else has_one_heading
    make_published(cast, title="Hundesteuer online anmelden", tag_ids=[tag("Online-Dienst").pk])
    make_published(cast, by="outsider", title="Hundesteuer am Schalter", tag_ids=[tag("Schalter").pk])
    staff = visit("staff", javascript=javascript)
    search_with_a_typing_error_and_filter(staff, check)
    follow_and_save(staff, check)
    # From now on something new is found.
    make_published(cast, title="Hundesteuer per Post", tag_ids=[tag("Online-Dienst").pk])
    read_the_feed_and_revoke_it(staff, browser, check)
    if javascript:
        choose_a_suggestion(staff, check)
    ask_what_is_missing(staff, "Bellomarke", check)

    committee = visit("committee", javascript=javascript)
    find_the_question_in_the_tasks(committee, "Bellomarke", check)
    add_a_synonym_after_its_preview(committee, "Bellomarke", "Hundesteuer", check)
    search(staff, "Bellomarke")
    expect(staff.locator(".results h2")).to_have_count(3)
    expect(staff.get_by_role("main")).to_contain_text("Auch gesucht: „Hundesteuer“")
    check(staff)


def has_one_heading(page: Page) -> None:
    expect(page.locator("h1")).to_have_count(1)


def search(page: Page, text: str) -> None:
    page.locator("#header-search, #page-search, #home-search").last.fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("#result-count")).to_contain_text(text)


def search_with_a_typing_error_and_filter(page: Page, check: Check) -> None:
    search(page, "Hundesteur")
    expect(page.locator(".did-you-mean")).to_contain_text("Meinten Sie Hundesteuer?")
    expect(page.locator(".results h2")).to_have_count(2)
    check(page)
    page.get_by_role("group", name="Filter").get_by_role("link", name=re.compile("^Schalter")).click()
    expect(page.locator(".results h2")).to_have_text(["Hundesteuer am Schalter"])
    check(page)
    page.get_by_role("link", name="Filter entfernen: Schlagwort: Schalter").click()
    expect(page.locator(".results h2")).to_have_count(2)


def follow_and_save(page: Page, check: Check) -> None:
    page.get_by_role("link", name="Suche speichern").click()
    page.get_by_label("Zusammenfassung").select_option("weekly")
    check(page)
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(OK)).to_be_visible()
    page.goto("/tags/online-dienst/")
    page.get_by_role("button", name="Folgen", exact=True).click()
    expect(page.locator(OK)).to_contain_text("Sie folgen dem jetzt")
    expect(page.get_by_role("button", name="Nicht mehr folgen")).to_be_visible()


def read_the_feed_and_revoke_it(page: Page, browser: Browser, check: Check) -> None:
    page.goto("/following/")
    expect(page.get_by_role("region", name="Neu für Sie")).to_contain_text("Hundesteuer per Post")
    check(page)
    page.get_by_role("link", name="Feeds und persönliche Adresse").click()
    page.get_by_role("button", name="Adresse anlegen").click()
    check(page)
    search_feed = page.locator(".feed-list > div").filter(has_text="Hundesteur").locator("code").inner_text()
    path = re.sub(r"^https?://[^/]+", "", search_feed)
    # A feed program has no session.
    program = browser.new_context(base_url=page.url).request
    answer = program.get(path)
    assert answer.status == 200
    assert b"Hundesteuer per Post" in etree.tostring(etree.fromstring(answer.body()))
    page.get_by_role("button", name="Adresse widerrufen").click()
    expect(page.locator(OK)).to_contain_text("Widerrufen")
    assert program.get(path).status == 404
    program.dispose()


def choose_a_suggestion(page: Page, check: Check) -> None:
    page.get_by_role("combobox", name="Wonach suchen Sie?").press_sequentially("am schalt")
    expect(page.get_by_role("listbox", name="Vorschläge").get_by_role("option")).to_have_count(1)
    check(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hundesteuer am Schalter")


def ask_what_is_missing(page: Page, word: str, check: Check) -> None:
    search(page, word)
    expect(page.get_by_role("main")).to_contain_text("Dazu ist nichts veröffentlicht")
    check(page)
    page.get_by_label("Was fehlt Ihnen?").fill(f"Wo bekomme ich eine {word}?")
    page.get_by_role("button", name="Frage abschicken").click()
    expect(page.locator(OK)).to_contain_text("liegt beim Gremium")


def find_the_question_in_the_tasks(page: Page, word: str, check: Check) -> None:
    page.goto("/tasks/")
    page.get_by_role("link", name=re.compile(word)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(word)
    expect(page.get_by_role("main")).to_contain_text("hat das in der Suche gefragt")
    check(page)


def add_a_synonym_after_its_preview(page: Page, word: str, other: str, check: Check) -> None:
    page.goto("/search/synonyms/")
    page.get_by_role("link", name="Neue Gruppe").click()
    page.get_by_label("Wer eines dieser Wörter sucht").fill(word)
    page.get_by_label("… findet auch").fill(other)
    page.get_by_role("button", name="Vorschau").click()
    expect(page.get_by_role("region", name="Das würde sich ändern")).to_contain_text("bisher 0 Treffer, dann 3")
    check(page)
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(OK)).to_contain_text("Angelegt")
    check(page)
