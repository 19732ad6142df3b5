"""Writing as in Word: the editor shows the text as readers see it, stores Markdown and changes nothing by itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Page, expect

from governance import versions
from governance.text.markdown import render
from tests.browser.conftest import Visit, is_accessible, is_accessible_in_the_dark_too
from tests.factories import Cast, make_draft, reload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BENEFIT = "Nutzen im Arbeitsalltag"
TEXTS = (Path(__file__).parent / "rich_texts.js").read_text(encoding="utf-8")
SEED, COUNT = 20261130, 150
LINES = {"p", "li", "th", "td", "h3", "h4", "h5", "h6"}
HOLDERS = {"div", "ul", "ol", "table", "thead", "tbody", "tr", "blockquote"}
BLOCKS = {"ul", "ol", "p", "br"}


def shape(html: str) -> Any:
    """What a reader sees of a piece of HTML: its elements and words, without blanks that no browser shows."""
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    # Lists whose items stand apart have paragraphs in them; that is a matter of distance.
    for paragraph in root.xpath("//li/p"):
        paragraph.drop_tag()
    return _shape(root)


def _shape(element: Any) -> Any:
    children = list(element)
    texts = [element.text or "", *(child.tail or "" for child in children)]
    if element.tag != "code":
        texts = [re.sub(r"\s+", " ", text) for text in texts]
    for at, child in enumerate(children):
        if child.tag in BLOCKS:
            texts[at], texts[at + 1] = texts[at].rstrip(), texts[at + 1].lstrip()
    if element.tag in HOLDERS:
        texts = [text.strip() for text in texts]
    if element.tag in LINES:
        texts[0] = texts[0].lstrip()
        texts[-1] = texts[-1].rstrip()
    kept = {name: value for name, value in element.attrib.items() if name in ("href", "src", "alt", "start")}
    return [element.tag, kept, texts, [_shape(child) for child in children]]


def open_step(page: Page, number: int) -> Any:
    page.goto(f"/learnings/{number}-x/edit/2/")
    return page.get_by_label(BENEFIT)


def test_the_editor_writes_what_readers_see_and_reads_it_as_the_same(visit: Visit, cast: Cast) -> None:
    page = visit("author")
    open_step(page, make_draft(cast).number)
    texts = page.evaluate(TEXTS, {"seed": SEED, "count": COUNT})
    assert len(texts) == COUNT
    for text in texts:
        assert text["same"], f"{text['markdown']}\n\n{text['html']}\n\n{text['again']}"
        assert text["stays"], text["markdown"]
        shown = render(text["markdown"], image_url=lambda place: f"/{place}")
        assert shape(shown) == shape(text["html"]), f"{text['markdown']}\n\n{shown}\n\n{text['html']}"


def test_a_text_is_written_by_keyboard_with_bold_list_table_and_link(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, everyday_benefit="Vorher * nachher\nnoch eine Zeile\n\n* alt")
    page = visit("author")
    area = open_step(page, record.number)
    source = page.locator("#id_everyday_benefit")
    field = page.locator("[data-markdown]", has=page.locator("#id_everyday_benefit"))
    bar = field.get_by_role("toolbar")
    expect(area).to_have_attribute("aria-multiline", "true")
    # Only its spelling differs from the editor's own: opened, and unchanged.
    expect(area.locator("li")).to_have_text("alt")
    expect(source).to_have_value("Vorher * nachher\nnoch eine Zeile\n\n* alt")
    area.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("neu")
    # What nobody touched keeps its own spelling.
    expect(source).to_have_value("Vorher * nachher\nnoch eine Zeile\n\n- alt\n- neu")
    area.fill("wichtig")
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+B")
    expect(source).to_have_value("**wichtig**")
    expect(area.locator("strong")).to_have_text("wichtig")
    page.keyboard.press("Shift+Tab")
    expect(bar.get_by_role("button", name="Überschrift", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    bold = bar.get_by_role("button", name="Fett")
    expect(bold).to_be_focused()
    expect(bold).to_have_attribute("aria-pressed", "true")
    bar.get_by_role("button", name="Link").press("Enter")
    field.get_by_label("Adresse").fill("keine")
    page.keyboard.press("Enter")
    expect(field.get_by_text("Bitte geben Sie eine Adresse an")).to_be_visible()
    is_accessible(page)
    field.get_by_label("Adresse").fill("www.stadt.example/hund")
    page.keyboard.press("Enter")
    expect(source).to_have_value("[**wichtig**](https://www.stadt.example/hund)")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    bar.get_by_role("button", name="Tabelle", exact=True).click()
    page.keyboard.type("Jahr")
    page.keyboard.press("Tab")
    page.keyboard.type("Tage")
    page.keyboard.press("Enter")
    page.keyboard.type("2025|26")
    bar.get_by_role("button", name="Zeile löschen").click()
    expect(source).to_have_value(re.compile(r"\n\n\| Jahr \| Tage \|\n\| --- \| --- \|\n\|   \|   \|$"))
    is_accessible(page)
    is_accessible_in_the_dark_too(page)
    # From the last cell it leads out of the field, so that nobody is caught in it.
    area.get_by_role("cell").last.click()
    page.keyboard.press("Tab")
    expect(area).not_to_be_focused()
    page.get_by_role("button", name="Als Version speichern").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    text = versions.content_of(reload(record)).everyday_benefit
    assert text.startswith("[**wichtig**](https://www.stadt.example/hund)\n\n| Jahr | Tage |")


def test_what_it_cannot_keep_stays_plain_and_one_may_write_markdown(visit: Visit, cast: Cast) -> None:
    odd = "- eins\n\n    zweiter Absatz im Punkt\n\n[a]: https://www.stadt.example"
    record = make_draft(cast, everyday_benefit=odd, occasion="Fein.")
    page = visit("author")
    area = open_step(page, record.number)
    expect(area).to_have_value(odd)
    expect(page.get_by_text("nichts daran ändert sich").first).to_be_visible()
    is_accessible(page)
    occasion = page.get_by_label("Anlass und Ausgangslage")
    field = page.locator("[data-markdown]", has=page.locator("#id_occasion"))
    field.get_by_role("button", name="Als Markdown bearbeiten").click()
    expect(occasion).to_be_focused()
    occasion.fill("## Titel\n\n- Punkt")
    field.get_by_role("button", name="Mit Formatierung bearbeiten").click()
    expect(occasion.get_by_role("heading")).to_have_text("Titel")
    expect(occasion.locator("li")).to_have_text("Punkt")
    page.get_by_role("button", name="Zwischenstand festhalten").last.click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    expect(page.locator("#id_everyday_benefit")).to_have_value(odd)
    expect(page.locator("#id_occasion")).to_have_value("## Titel\n\n- Punkt")
