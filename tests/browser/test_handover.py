"""Handing over in a real Chromium: chosen, read what goes and what stays, done; and an old address leads on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from governance.models import Record
from tests.browser.conftest import Visit, fits_its_window, is_accessible
from tests.factories import Cast, make_draft, make_published
from tests.transfer.adoption.factories import in_use

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_team_hands_everything_over_and_a_department_is_renamed(visit: Visit, cast: Cast) -> None:
    record = make_published(cast)
    make_draft(cast, title="Noch geheim")
    in_use(cast, record)
    page = visit("admin")
    page.goto("/governance/handover/")
    is_accessible(page)
    page.get_by_role("link", name=cast.team.name).click()
    page.get_by_label("Welches Team übernimmt?").select_option(cast.other_team.slug)
    page.get_by_role("button", name="Zeigen, was das bedeutet").click()
    expect(page.get_by_text("1 Learning. Die Titel sieht nur das Team.")).to_be_visible()
    expect(page.get_by_text("Diese Nachnutzung ruht")).to_be_visible()
    expect(page.get_by_text("Noch geheim")).to_have_count(0)
    is_accessible(page)
    fits_its_window(page)
    page.get_by_label("Danach das bisherige Team auflösen").check()
    page.get_by_role("button", name="Jetzt alles übergeben").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("2 Einträge gehören jetzt")
    assert not Record.objects.filter(owner=cast.team).exists()

    page = visit("admin", 390)
    page.goto("/governance/handover/departments/bauen/")
    is_accessible(page)
    fits_its_window(page)
    page.get_by_label("Kennung in der Adresse").fill("baurecht")
    page.get_by_label("Name", exact=True).fill("Amt für Baurecht")
    page.get_by_role("button", name="Umbenennen").click()
    expect(page.locator('[data-outcome="ok"]')).to_contain_text("Feeds führen weiter hierher")

    page = visit("staff", javascript=False)
    page.goto("/search/?department=bauen")
    expect(page).to_have_url("/search/?department=baurecht")
    expect(page.get_by_role("heading", name="Hundesteuer online anmelden")).to_be_visible()
