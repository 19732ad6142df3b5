"""A package in a real Chromium: asked for, fetched, read without the portal, brought in and taken over."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, axe_finds_nothing, is_accessible, is_accessible_in_the_dark_too
from tests.factories import Cast
from tests.transfer.packages.factories import make_pair, make_source
from transfer.models import PackageExport, PackageImport
from transfer.packages import exports, imports

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    """Accessible, and not wider than the window."""
    is_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def test_a_package_goes_out_and_comes_in(visit: Visit, browser: Browser, cast: Cast, tmp_path: Path) -> None:
    learning, process = make_pair(cast)
    page = visit("author", 390)
    page.goto(f"/{learning.short_number}")
    page.get_by_role("link", name="In ein Paket aufnehmen").click()
    expect(page.get_by_label(learning.short_number)).to_be_checked()
    page.get_by_label(process.short_number).check()
    page.get_by_label("Absender").fill("Eschenfurt")
    fits(page)
    page.get_by_role("button", name="Paket erstellen").click()
    expect(page.get_by_role("status").filter(has_text="wird erstellt")).to_be_visible()
    fits(page)
    exports.make(PackageExport.objects.get().pk)
    # The page asks by itself.
    fetch = page.get_by_role("link", name="Herunterladen")
    expect(fetch).to_be_visible()
    with page.expect_download() as download:
        fetch.click()
    download.value.save_as(tmp_path / "paket.zip")
    fits(page)

    _read_without_the_portal(browser, tmp_path, learning.short_number)

    other = visit("outsider")
    other.goto("/transfer/packages/")
    other.get_by_role("link", name="Paket übernehmen").click()
    other.get_by_label("Paket", exact=True).set_input_files(tmp_path / "paket.zip")
    fits(other)
    other.get_by_role("button", name="Hochladen und prüfen").click()
    expect(other.get_by_role("status").filter(has_text="wird geprüft")).to_be_visible()
    imports.check(PackageImport.objects.get().pk)
    expect(other.get_by_role("button", name="Als Entwürfe übernehmen")).to_be_visible()
    fits(other)
    is_accessible_in_the_dark_too(other)
    other.get_by_role("button", name="Als Entwürfe übernehmen").click()
    expect(other.get_by_text("Die Entwürfe werden angelegt.")).to_be_visible()
    imports.take_over(PackageImport.objects.get().pk)
    expect(other.get_by_role("heading", name="Daraus wurde")).to_be_visible()
    other.get_by_role("link", name="Hundesteuer online anmelden").click()
    expect(other.get_by_text("Übernommen aus einem Paket")).to_be_visible()


def _read_without_the_portal(browser: Browser, folder: Path, number: str) -> None:
    with zipfile.ZipFile(folder / "paket.zip") as archive:
        archive.extractall(folder / "offen")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "offen" / "index.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Erfahrungen aus Eschenfurt")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hundesteuer online anmelden")
    expect(page.get_by_role("img", name="Formular")).to_be_visible()
    assert all(one.startswith("file:") for one in asked)
    context.close()
    reading = browser.new_page(viewport={"width": 390, "height": 800})
    for path in sorted((folder / "offen").rglob("*.html")):
        reading.goto(path.as_uri())
        axe_finds_nothing(reading)
        assert reading.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    reading.close()


def test_the_search_goes_on_elsewhere_and_a_find_becomes_a_draft(visit: Visit, cast: Cast) -> None:
    make_source(cast)
    page = visit("author")
    page.goto("/search/?q=Hundesteuer")
    link = page.get_by_role("link", name="Nachbarregister", exact=True)
    expect(link).to_have_attribute("href", "https://register.example/suche?q=Hundesteuer&art=alle")
    is_accessible(page)
    page.get_by_role("link", name="Über diese Quellen").click()
    page.get_by_role("link", name="Fund festhalten").click()
    page.get_by_label("Adresse der Fundstelle").fill("register.example/hunde")
    page.get_by_label("Wie heißt die Fundstelle?").fill("Hunde zählen")
    page.get_by_label("Titel").fill("Hunde zählen mit der Nachbarstadt")
    page.get_by_role("button", name="Entwurf anlegen").click()
    expect(page.locator("[data-outcome=ok]")).to_contain_text("die Quelle steht darin")
