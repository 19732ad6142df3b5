"""A learning in a meeting, in a real Chromium: taken along, noted, made a draft; and the same without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Visit, fits_its_window, is_accessible, sign_in
from tests.factories import Cast, make_published
from tests.transfer.factories import add_topic, make_occurrence
from transfer.models import AgendaItem, Occurrence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    """Accessible, and not wider than the window."""
    is_accessible(page)
    fits_its_window(page)


def take_along(page: Page, number: str) -> None:
    page.goto(f"/{number}")
    page.get_by_role("link", name="In einen Termin mitnehmen").click()
    page.get_by_label("entscheiden").check()
    page.get_by_label("Wer stellt es vor?").fill("Sachgebietsleitung")
    page.get_by_label("Wie viele Minuten?").fill("20")


def test_a_learning_is_taken_into_a_meeting_and_a_note_becomes_a_draft(visit: Visit, cast: Cast) -> None:
    occurrence, record = make_occurrence(cast, days=1), make_published(cast)
    add_topic(cast, occurrence)
    page = visit("author", 390)
    take_along(page, record.short_number)
    fits(page)
    page.get_by_role("button", name="Mitnehmen", exact=True).click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("Steht auf der Tagesordnung.")
    item = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=record.short_number))
    expect(item).to_contain_text("entscheiden")
    fits(page)
    page.get_by_role("button", name="Nach oben: Hundesteuer online anmelden").click()
    expect(page.locator(".agenda__item").first).to_contain_text("Hundesteuer online anmelden")
    page.get_by_role("button", name="Text kopieren").click()
    expect(page.locator("[data-copied]")).not_to_be_empty()

    page.get_by_role("link", name=re.compile("Ergebnis festhalten.*Hundesteuer")).click()
    fits(page)
    page.get_by_label("Notizen").fill("Am Telefon fragt fast niemand mehr nach.")
    page.get_by_label("Beschlossen").fill("Wir lassen das Merkblatt weg.")
    page.get_by_role("button", name="Festhalten").click()
    expect(item).to_contain_text("Wir lassen das Merkblatt weg.")
    page.get_by_role("link", name=re.compile("Ergebnis festhalten.*Hundesteuer")).click()
    page.get_by_label("Was ist zu tun?").fill("Merkblatt entfernen")
    page.get_by_role("button", name="Folgeaufgabe eintragen").click()
    page.get_by_role("button", name=re.compile("Erledigt.*Merkblatt entfernen")).click()
    expect(item).to_contain_text("erledigt am")

    page.get_by_role("button", name="Notiz als Learning-Entwurf").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("ein Entwurf geworden")
    expect(page.get_by_label("Titel")).to_have_value("Am Telefon fragt fast niemand mehr nach.")
    page.goto(occurrence.get_absolute_url())
    expect(item).to_contain_text("Daraus wurde:")
    fits(page)


def test_it_all_goes_without_javascript(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    occurrence, record = make_occurrence(cast, days=1), make_published(cast)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page, "author")
    take_along(page, record.short_number)
    page.get_by_role("button", name="Mitnehmen", exact=True).click()
    expect(page.get_by_label("Text für die Einladung")).to_contain_text("Hundesteuer online anmelden")
    expect(page.get_by_role("button", name="Text kopieren")).to_be_hidden()
    page.get_by_role("link", name="Ergebnis festhalten").click()
    page.get_by_label("Notizen").fill("Es geht auch ohne.")
    page.get_by_role("button", name="Festhalten").click()
    page.get_by_role("button", name="Notiz als Learning-Entwurf").click()
    expect(page.get_by_label("Titel")).to_have_value("Es geht auch ohne.")
    assert AgendaItem.objects.get().learning is not None
    assert Occurrence.objects.get() == occurrence
    context.close()
