"""Adopting in a real Chromium: one click of a clerk, fit check, plan, in use; a process model assessed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, is_accessible
from tests.factories import Cast
from tests.processmodels.factories import key_figure, make_process, publish
from transfer.models import Adoption

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def done(page: Page, words: str) -> None:
    expect(page.locator('[data-outcome="ok"]')).to_contain_text(words)
    is_accessible(page)
    fits(page)


def test_assess_show_interest_check_the_fit_plan_and_use(visit: Visit, cast: Cast) -> None:
    figures = [key_figure("lead_time", "20", "5", "Tage")]
    record = publish(cast, make_process(cast, key_figures=figures, prerequisites="- Ein Postfach für alle"))
    page = visit("author")
    page.goto(f"/{record.short_number}")
    page.get_by_role("link", name="Übertragbarkeit einschätzen").click()
    is_accessible(page)
    for group in page.locator("fieldset").all():
        group.get_by_label("teilweise").check()
    page.get_by_label("Woran sieht man das?").first.fill("Zwei Ämter haben gefragt.")
    page.get_by_role("button", name="Speichern").click()
    done(page, "Die Einschätzung ist gespeichert")
    expect(page.get_by_role("cell", name="Zwei Ämter haben gefragt.")).to_be_visible()
    expect(page.locator(".transfer-plot svg")).to_be_visible()

    page = visit("staff", 390)
    page.goto(f"/{record.short_number}")
    page.get_by_role("button", name="Das interessiert uns").click()
    done(page, "Ihr Interesse ist eingetragen.")

    page = visit("outsider", 390)
    page.goto(Adoption.objects.get().get_absolute_url())
    is_accessible(page)
    page.get_by_role("main").get_by_role("link", name="Passt das zu uns?").first.click()
    is_accessible(page)
    groups = page.locator("fieldset").all()
    assert len(groups) == 10
    for group in groups[1:]:
        group.get_by_label("ja", exact=True).check()
    groups[0].get_by_label("nein").check()
    page.get_by_role("button", name="Auswerten").click()
    done(page, "Der Passungscheck ist gespeichert.")
    expect(page.get_by_text("Vor dem Start ist etwas Wichtiges zu klären")).to_be_visible()
    page.get_by_role("link", name="Aus dem Passungscheck einen Plan machen").click()
    is_accessible(page)
    expect(page.get_by_role("textbox", name="Plan")).to_have_value(re.compile("Schaffen: Ein Postfach für alle"))
    page.get_by_label("übernommen").check()
    page.get_by_label("Was haben Sie angepasst?").fill("Bei uns ohne Unterschrift.")
    page.get_by_label("Durchlaufzeit nachher (Tage)").fill("7,5")
    page.get_by_role("button", name="Speichern").click()
    done(page, "Gespeichert.")
    expect(page.get_by_role("cell", name="7,5 Tage")).to_be_visible()
    page.goto(f"/{record.short_number}")
    expect(page.get_by_role("heading", name="Das nutzen auch")).to_be_visible()
    is_accessible(page)
    page.goto("/transfer/adoptions/")
    is_accessible(page)
    fits(page)
    page = visit("committee")
    page.goto("/transfer/transferability/")
    is_accessible(page)
    page.get_by_role("link", name=re.compile(r"Ändern ?: Recht")).click()
    is_accessible(page)
