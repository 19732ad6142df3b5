"""A measure from the first words to both publications in a real browser, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from governance.models import Publication, Record, Review
from processmodels import diagrams
from tests.browser.conftest import Visit, fits_its_window, is_accessible, sign_in
from tests.factories import Cast, save
from tests.processmodels.factories import AFTER, bpmn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill_in(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Maßnahme dokumentieren").click()
    page.get_by_label("Titel").fill("Hunde online anmelden")
    page.get_by_label("Was wurde gemacht?").fill("Formular gekürzt.")
    page.get_by_label("Und warum?").fill("Zu viele Rückfragen.")
    page.get_by_label("Schlagwörter").fill("Online-Dienst")
    page.get_by_role("button", name="Anlegen", exact=True).click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("Learning und Prozessmodell sind angelegt")


def complete(cast: Cast) -> tuple[Record, Record]:
    learning, process = Record.objects.get(kind="learning"), Record.objects.get(kind="process_model")
    save(cast, learning, answer="Kurz ist gut.", everyday_benefit="Niemand tippt ab.")
    save(cast, process, purpose="Hunde anmelden.", to_be=diagrams.store(bpmn(AFTER)).pk)
    return learning, process


def test_a_measure_goes_from_its_first_words_to_two_publications(visit: Visit, cast: Cast) -> None:
    page = visit("author")
    page.goto("/learnings/measure/")
    is_accessible(page)
    page.get_by_role("button", name="Anlegen", exact=True).click()
    expect(page.locator("[data-outcome=invalid]")).to_be_visible()
    is_accessible(page)
    fill_in(page)
    is_accessible(page)
    page.get_by_role("link", name="P-1").click()
    expect(page).to_have_url(re.compile("/processmodels/1-[^/]*/edit/$"))
    page.goto("/learnings/1-x/submit/")
    expect(page.get_by_text("Es fehlt noch etwas")).to_be_visible()
    complete(cast)
    page.goto("/learnings/1-x/submit/")
    expect(page.get_by_label("P-1")).to_be_checked()
    is_accessible(page)
    page.get_by_role("button", name="Vorlegen", exact=True).click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("Beide vorgelegt")

    page = visit("committee")
    page.goto(f"/governance/reviews/{Review.objects.get(record__kind='process_model').pk}/")
    is_accessible(page)
    page.get_by_role("button", name="Ich kümmere mich").click()
    for choice in page.get_by_label("Freigeben", exact=True).all():
        choice.check()
    page.get_by_role("button", name="Entscheidungen festhalten").click()
    expect(page.locator("[data-outcome=ok]")).to_have_count(2)
    is_accessible(page)
    assert Publication.objects.count() == 2

    page = visit("staff")
    page.goto("/L-1")
    page.get_by_role("link", name="P-1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hunde online anmelden")
    expect(page).to_have_url(re.compile("/processmodels/1-"))


def test_a_refused_pair_has_its_errors_at_the_fields_and_they_are_accessible(visit: Visit, cast: Cast) -> None:
    author = visit("author")
    fill_in(author)
    complete(cast)
    author.goto("/processmodels/1-x/submit/")
    author.get_by_role("button", name="Vorlegen", exact=True).click()
    page = visit("committee", 390)
    page.goto(f"/governance/reviews/{Review.objects.get(record__kind='learning').pk}/")
    page.get_by_label("Freigeben", exact=True).first.check()
    page.get_by_label("Zur Überarbeitung zurückgeben").last.check()
    page.get_by_role("button", name="Entscheidungen festhalten").click()
    expect(page.locator("#entscheidung")).to_be_focused()
    expect(page.locator("#id_partner-reason_error")).to_be_visible()
    is_accessible(page)
    fits_its_window(page)


def test_everything_works_without_javascript(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    def open_for(name: str) -> Page:
        context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="de-DE")
        context.set_default_timeout(8_000)
        page = context.new_page()
        page.goto("/accounts/login/")
        sign_in(page, name)
        return page

    page = open_for("author")
    fill_in(page)
    complete(cast)
    page.goto("/learnings/1-x/submit/")
    page.get_by_role("button", name="Vorlegen", exact=True).click()
    page = open_for("committee")
    page.goto(f"/governance/reviews/{Review.objects.get(record__kind='learning').pk}/")
    page.get_by_label("Freigeben", exact=True).first.check()
    page.get_by_label("Noch nicht entscheiden").last.check()
    page.get_by_role("button", name="Entscheidungen festhalten").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("L-1: Freigegeben")
    assert Publication.objects.get().record.kind == "learning"
