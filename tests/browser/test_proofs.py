"""A proof of concept in a real Chromium, from the first sentence to the draft learning; and what others see of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from governance import clock
from governance.models import Record
from tests.browser.conftest import Visit, is_accessible
from tests.factories import Cast
from tests.transfer.proofs.factories import MEASURE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    """Accessible, and not wider than the window."""
    is_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def told(page: Page, text: str) -> None:
    expect(page.locator("[data-outcome=ok]")).to_contain_text(text)


def test_a_trial_is_planned_run_decided_and_becomes_a_learning(visit: Visit, cast: Cast) -> None:
    page = visit("lead", 390)
    page.goto("/transfer/proofs/")
    page.get_by_role("link", name="Neuer Proof of Concept").click()
    page.get_by_label("Titel").fill("Antrag mit drei Feldern")
    page.get_by_label("Welche Frage").fill("Sinken die Rückfragen?")
    page.locator("form.portal-form").get_by_role("button").first.click()
    expect(page.get_by_text("Eine Freigabe braucht es dafür nicht.")).to_be_visible()
    fits(page)

    page.get_by_role("link", name="Erprobung starten").click()
    page.get_by_label("Was wird gemessen?").fill(MEASURE["figure"])
    page.get_by_label("Gelungen, wenn der Wert").select_option(label="höchstens")
    page.get_by_label("Schwelle").fill("10,5")
    page.get_by_label("Wie wird gemessen?").fill(MEASURE["method"])
    page.get_by_label("Bis wann wird erprobt?").fill(f"{clock.today():%Y-%m-%d}")
    fits(page)
    page.get_by_role("button", name="Jetzt starten").click()
    told(page, "Das Erfolgsmaß steht fest.")

    page.get_by_role("link", name="Allen ankündigen").click()
    fits(page)
    page.get_by_role("button", name="Für alle freigeben").click()
    told(page, "In Erprobung")

    page.get_by_role("link", name="Ergebnis eintragen").click()
    page.get_by_label("Gemessener Wert").fill("10,5")
    page.get_by_label("Was haben wir gelernt?").fill("Drei Felder genügen.")
    page.get_by_role("button", name="Ergebnis festhalten").click()
    expect(page.locator("[data-met=yes]")).to_be_visible()
    page.get_by_role("link", name="Entscheiden, was daraus wird").click()
    page.get_by_label("einführen").check()
    page.get_by_label("Warum?").fill("Der Aufwand ist klein.")
    fits(page)
    page.get_by_role("button", name="Entscheidung festhalten").click()
    fits(page)
    page.get_by_role("button", name="Entwurf anlegen: Learning").click()
    told(page, "Der Entwurf ist angelegt")
    expect(page.get_by_label("Titel")).to_have_value("Antrag mit drei Feldern")
    assert Record.objects.filter(kind="learning").count() == 1

    staff = visit("staff", 1440)
    staff.goto("/transfer/measures/")
    column = staff.get_by_role("region", name="In Erprobung")
    expect(column).to_contain_text("Antrag mit drei Feldern")
    expect(column).not_to_contain_text("einführen")
    fits(staff)
    # By keyboard alone: the board scrolls as one area, and the table is one link away.
    staff.get_by_role("link", name="Tabelle", exact=True).focus()
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("rowheader")).to_contain_text("Antrag mit drei Feldern")
    fits(staff)
