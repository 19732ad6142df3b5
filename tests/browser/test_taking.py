"""Taking a learning along, and the town hall's own slide template, in a real Chromium."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Page, expect
from pptx import Presentation

from learnings.models import SlideTemplate
from tests.browser.conftest import Visit, is_accessible
from tests.factories import Cast, make_published
from tests.learnings.decks import PAIR
from tests.learnings.test_slide_templates import BAD, FOREIGN, changed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fetched(page: Page, button: str, role: Any = "link") -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role(role, name=button).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_a_reader_sees_what_decision_makers_get_and_takes_it_along(visit: Visit, cast: Cast) -> None:
    rows = [{"audience": "decision_makers", "text": "Das spart Geld.", "based_on": ""}]
    record = make_published(cast, audiences=["decision_makers"], messages=rows, figures=PAIR, results="Kürzer.")
    make_published(cast, title="Bauberatung mit Termin")
    page = visit("staff")
    page.goto(f"/L-{record.number}")
    page.get_by_label("Für wen?").select_option(label="Politik und Verwaltungsspitze")
    page.get_by_role("button", name="Zielgruppensicht ansehen").click()
    expect(page.locator("article .lead")).to_have_text("Das spart Geld.")
    expect(page.get_by_role("row", name="nachher, 2025")).to_contain_text("4,5 Minuten")
    is_accessible(page)
    name, slides = fetched(page, "Präsentation (.pptx)")
    assert name.endswith(".pptx") and len(Presentation(io.BytesIO(slides)).slides) == 5
    name, paper = fetched(page, "Handout (PDF)")
    assert name.endswith(".pdf") and paper.startswith(b"%PDF-")
    assert fetched(page, "Kurzinformation (.docx)")[0].endswith(".docx")
    page.go_back()
    page.get_by_role("link", name="Mehrere Kurzinformationen in einer Datei").click()
    expect(page.get_by_role("group", name="Gewählt")).to_contain_text("Hundesteuer online anmelden")
    page.get_by_label("Bauberatung mit Termin").check()
    is_accessible(page)
    name, briefs = fetched(page, "Als eine Datei herunterladen", "button")
    headings = [one.text for one in Document(io.BytesIO(briefs)).paragraphs if one.style.name == "Heading 1"]
    assert name == "Kurzinformationen.docx" and len(headings) == 2


def test_a_template_is_refused_with_its_reasons_and_another_one_taken(
    visit: Visit, cast: Cast, settings: Any, tmp_path: Path
) -> None:
    for name, data in {
        "boese.pptx": changed(BAD["macro part"][0]),
        "stadt.pptx": FOREIGN,
        "riese.pptx": b"x" * (5 * 2**20),
    }.items():
        (tmp_path / name).write_bytes(data)
    settings.TEMPLATE_MAX_BYTES = 2**20
    page = visit("admin")

    def bring(name: str) -> None:
        page.goto("/learnings/templates/")
        page.get_by_label("Folienvorlage").set_input_files(tmp_path / name)
        page.get_by_role("button", name="Prüfen und verwenden").click()

    bring("boese.pptx")
    expect(page.locator("[data-outcome=invalid]")).to_contain_text("ppt/vbaProject.bin")
    is_accessible(page)
    bring("riese.pptx")
    expect(page.locator("[data-outcome=invalid]")).to_contain_text("größer als 1 MB")
    bring("stadt.pptx")
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    expect(page.get_by_role("row", name="stadt.pptx")).to_contain_text("wird verwendet")
    is_accessible(page)
    page.get_by_role("button", name="Nicht mehr verwenden").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert not SlideTemplate.objects.filter(is_in_use=True).exists()
