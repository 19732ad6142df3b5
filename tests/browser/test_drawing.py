"""Drawing a process in a real browser: under the strict CSP, by keyboard, kept against everything."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from governance.models import DraftBuffer, Record
from processmodels import diagrams
from processmodels.models import Diagram
from tests.browser.conftest import Visit, is_accessible, sign_in
from tests.factories import Cast, save
from tests.processmodels.factories import AFTER, bpmn, make_process

pytestmark = pytest.mark.django_db(transaction=True)


def open_modeler(page: Page, record: Record, name: str = "nachher") -> None:
    page.goto(f"/processmodels/{record.number}-hund/edit/draw/{name}/")
    expect(page.locator("[data-modeler][data-ready]")).to_be_attached(timeout=20_000)


def names(record: Record, state: str = "to_be") -> set[str]:
    digest = DraftBuffer.objects.get(record=record).data[state]
    return {node.name for node in diagrams.model_of(Diagram.objects.get(pk=digest)).nodes.values()}


def rename(page: Page, old: str, new: str) -> None:
    """Chooses the task by clicking on it and writes its name, all of it by keyboard from there."""
    page.locator(".djs-shape", has_text=old).last.click()
    page.keyboard.press("e")
    page.locator(".djs-direct-editing-content").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type(new)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".djs-direct-editing-content")).to_have_count(0)


def test_a_process_is_drawn_kept_and_shown_without_a_complaint_of_the_csp(visit: Visit, cast: Cast) -> None:
    record = make_process(cast, to_be=None)
    page = visit("author")
    open_modeler(page, record)
    expect(page.locator(".djs-palette")).to_be_visible()
    expect(page.get_by_role("button", name="Hand-Tool aktivieren")).to_be_visible()
    is_accessible(page)
    rename(page, "Erster", "Antrag prüfen")
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(page).to_have_url(re.compile("/edit/2/$"))
    assert "Antrag prüfen" in names(record)
    is_accessible(page)


def test_a_drawing_that_was_not_touched_keeps_the_uploaded_bytes(visit: Visit, cast: Cast) -> None:
    record = make_process(cast)
    page = visit("author")
    open_modeler(page, record)
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(page.get_by_text("An der Zeichnung hat sich nichts geändert.")).to_be_visible()
    assert not DraftBuffer.objects.filter(record=record).exists()


def test_a_drawing_survives_the_end_of_the_session_and_is_offered_again(visit: Visit, cast: Cast) -> None:
    record = make_process(cast, to_be=None)
    page = visit("author")
    open_modeler(page, record)
    rename(page, "Erster", "Nicht verlieren")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    sign_in(page, "author")
    open_modeler(page, record)
    page.get_by_role("button", name="Wiederherstellen").click()
    expect(page.get_by_text("Ihre Zeichnung ist wieder da.")).to_be_visible()
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(page).to_have_url(re.compile("/edit/2/$"))
    assert "Nicht verlieren" in names(record)
    open_modeler(page, record)
    expect(page.locator("[data-modeler-offer]")).to_be_hidden()


def test_a_drawing_that_never_arrived_is_offered_although_somebody_saved_another(visit: Visit, cast: Cast) -> None:
    record = make_process(cast, to_be=None, to_be_steps=[])
    page = visit("author")
    open_modeler(page, record)
    rename(page, "Erster", "Nicht verlieren")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    save(cast, record, by="member", to_be=diagrams.store(bpmn(AFTER[:1])).pk, to_be_steps=[])
    sign_in(page, "author")
    open_modeler(page, record)
    page.get_by_role("button", name="Wiederherstellen").click()
    expect(page.locator(".djs-shape", has_text="Nicht verlieren").last).to_be_visible()


def test_a_drawing_that_arrived_is_not_offered_although_another_followed_it(visit: Visit, cast: Cast) -> None:
    record = make_process(cast, to_be=None, to_be_steps=[])
    page = visit("author")
    open_modeler(page, record)
    rename(page, "Erster", "Schon da")
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(page).to_have_url(re.compile("/edit/2/$"))
    DraftBuffer.objects.filter(record=record).delete()
    save(cast, record, by="member", to_be=diagrams.store(bpmn(AFTER[:1])).pk, to_be_steps=[])
    open_modeler(page, record)
    expect(page.locator("[data-modeler-offer]")).to_be_hidden()
    assert not page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('portal-drawing'))")


def test_a_browser_that_cannot_keep_the_drawing_says_so(visit: Visit, cast: Cast) -> None:
    record = make_process(cast, to_be=None, to_be_steps=[])
    page = visit("author")
    open_modeler(page, record)
    page.evaluate(
        """() => { for (let size = 2 ** 22, n = 0; size; ) {
            try { localStorage.setItem(`full${n++}`, "x".repeat(size)); } catch { size >>= 1; }
        } }"""
    )
    rename(page, "Erster", "Zu voll")
    expect(page.locator("[data-modeler-status]")).to_contain_text("kann Ihre Zeichnung nicht zwischenspeichern")


def test_a_drawing_too_large_is_told_before_it_is_sent(visit: Visit, cast: Cast, settings: Any) -> None:
    record = make_process(cast, to_be=None, to_be_steps=[])
    settings.DIAGRAM_MAX_BYTES = 1_500
    page = visit("author")
    open_modeler(page, record)
    rename(page, "Erster", "Zu groß")
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(page.locator("[data-modeler-status]")).to_contain_text("Die Zeichnung ist zu groß")
    assert not DraftBuffer.objects.filter(record=record).exists()


def test_without_javascript_the_page_leads_to_the_list(cast: Cast) -> None:
    record = make_process(cast)
    client = Client()
    client.force_login(cast.author, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get(f"/processmodels/{record.number}-hund/edit/draw/vorher/").content.decode()
    assert "Ohne geht es auch: mit der Schrittliste oder einer Datei." in html
