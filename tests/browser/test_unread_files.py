"""The page of attachments that the search could not read, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.attachment_text import services
from tests.browser.conftest import Visit, is_accessible
from tests.factories import Cast, make_published
from tests.portal.attachment_text import files
from tests.portal.attachment_text.test_services import attach, broken

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 390])
def test_the_committee_finds_the_page_reads_the_reason_and_tries_again(cast: Cast, visit: Visit, width: int) -> None:
    scan = attach("Aushang_Hundesteuer_2026_eingescannt.pdf", files.pdf("#rect()"))
    make_published(cast, attachments=[scan, attach("Merkblatt.docx", broken())])
    make_published(cast, by="outsider", title="Baulasten digital beantragen", attachments=[scan])
    services.catch_up()
    page = visit("committee", width)
    page.locator(".portal-menu summary", has_text="Benutzermenü").click()
    page.get_by_role("link", name="Anlagen in der Suche").click()
    row = page.get_by_role("row").filter(has_text="eingescannt.pdf")
    expect(row).to_contain_text("Texterkennung")
    expect(row.get_by_role("link")).to_have_count(2)
    is_accessible(page)
    row.get_by_role("button", name="Erneut versuchen").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("noch einmal gelesen")
    expect(page.get_by_role("main")).to_contain_text("1 Anlage wartet")
