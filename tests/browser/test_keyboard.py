"""The main story without a mouse: after the first address only Tab, Enter, Space, arrows and typing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from governance.models import CatalogueEntry
from tests.factories import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TABS = 150
# What somebody who cannot see the screen hears about the element with the focus.
NAME = """() => {
    const focused = document.activeElement;
    const named = document.getElementById(focused.getAttribute('aria-labelledby'));
    const words = [focused.getAttribute('aria-label'), named && named.innerText,
        ...[...(focused.labels || [])].map(l => l.innerText),
        focused.matches('a, button, summary') ? focused.innerText : null];
    return words.filter(Boolean).join(' ').replace(/\\s+/g, ' ').trim();
}"""
IS_SEEN = """() => {
    const box = document.activeElement.getBoundingClientRect(), style = getComputedStyle(document.activeElement);
    const inside = box.bottom > 0 && box.top < innerHeight;
    return inside && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
}"""


class Keyboard:
    """One person at one keyboard."""

    def __init__(self, browser: Browser, live_server: LiveServer, name: str) -> None:
        self.page: Page = browser.new_context(base_url=live_server.url, locale="de-DE").new_page()
        self.page.goto("/")
        self.type_into("Anmeldename", name)
        self.type_into("Passwort", PASSWORD)
        self.enter()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Was andere schon")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def reach(self, name: str) -> None:
        """Tab to what is called so; on the way back to it the focus can be seen."""
        wanted = re.compile(name)
        for _tab in range(MOST_TABS):
            if wanted.search(str(self.page.evaluate(NAME))):
                self.page.wait_for_function(IS_SEEN, timeout=5_000)  # the page scrolls there smoothly
                return
            self.press("Tab")
        raise AssertionError(f"{name} is not reached on {self.page.url}")

    def follow(self, name: str, heading: str) -> None:
        self.use(name)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def use(self, name: str) -> None:
        """Press the button or follow the link; the next page is there afterwards."""
        self.reach(name)
        self.enter()

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.press("Enter")

    def type_into(self, label: str, text: str) -> None:
        self.reach(label)
        self.page.keyboard.type(text)

    def sees(self, outcome: str) -> None:
        expect(self.page.locator(f"[data-outcome={outcome}]").first).to_be_visible()


def test_a_learning_is_written_approved_and_found_by_keyboard_alone(
    browser: Browser, live_server: LiveServer, cast: Cast
) -> None:
    author = Keyboard(browser, live_server, "author")
    author.press("Tab")
    author.reach("Zum Inhalt springen")
    author.follow("^Learnings$", "Learnings")
    author.follow("Neues Learning", "Learning")
    author.type_into("Titel", "Nur mit der Tastatur")
    author.type_into("Was haben Sie gelernt", "Es geht ohne Maus.")
    author.follow("Entwurf anlegen", "Nur mit der Tastatur")
    author.use("^Weiter$")
    author.type_into("Nutzen im Arbeitsalltag", "Niemand greift mehr zur Maus.")
    author.use("^Als Version speichern")
    author.sees("ok")
    author.follow("[Ww]eiterschreiben|Bearbeiten", "Nur mit der Tastatur")
    for _step in range(3):
        author.use("^Weiter$")
    author.type_into("Schlagwörter", "Barrierefreiheit")
    author.use("Zur Freigabe vorlegen|^Vorlegen")
    author.type_into("Was ist neu", "Erste Fassung")
    author.use("^Vorlegen$")
    author.sees("ok")

    committee = Keyboard(browser, live_server, "committee")
    committee.follow("Nur mit der Tastatur", "Nur mit der Tastatur")
    committee.reach("^Freigeben")
    committee.press("Space")
    committee.use("Entscheidung festhalten")
    committee.sees("ok")
    assert CatalogueEntry.objects.get().title == "Nur mit der Tastatur"

    staff = Keyboard(browser, live_server, "staff")
    staff.type_into("Suche", "Tastatur")
    staff.enter()
    staff.follow("Nur mit der Tastatur", "Nur mit der Tastatur")
    expect(staff.page.get_by_text("Niemand greift mehr zur Maus.")).to_be_visible()
