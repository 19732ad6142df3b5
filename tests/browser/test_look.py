"""What the style sheets promise: fields by their rows, tables on a phone, focus, paper; the dark: test_every_page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.factories import Cast, make_draft, make_published, submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _height(page: Page, field: str) -> float:
    """Of what people write in: the editor, where the field has one."""
    box = page.locator(f"#id_{field}_editor, #id_{field}:visible").first.bounding_box()
    assert box
    return box["height"]


def test_an_empty_field_for_a_long_text_is_higher_than_one_for_a_sentence(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast)
    page = visit("author")
    page.goto(f"/learnings/{record.number}-x/edit/all/")
    page.evaluate("document.querySelectorAll('main details').forEach((fold) => { fold.open = true })")
    assert _height(page, "what_was_done") > _height(page, "recommendation") > _height(page, "title") * 1.8


def test_on_a_phone_the_rows_of_a_table_stand_below_each_other_with_the_name_of_each_cell(
    visit: Visit, cast: Cast
) -> None:
    submit(cast, make_draft(cast))
    page = visit("committee", width=390)
    page.goto("/governance/reviews/")
    cell = page.locator("td[data-label='fällig']").first
    expect(cell).to_be_visible()
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"fällig"'
    frame = page.locator(".portal-table").first
    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")


def test_the_focus_is_seen_on_a_table_and_on_a_button_of_the_toolbar(visit: Visit, cast: Cast) -> None:
    record = make_published(cast)
    page = visit("author")
    page.goto("/governance/departments/")
    page.locator("main .scroll").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator("main .scroll")).to_have_css("outline-width", "3px")
    page.goto(f"/learnings/{record.number}-x/edit/2/")
    page.locator("[data-md-button]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-md-button]").nth(1)).to_have_css("outline-width", "3px")


def test_the_paper_says_where_it_comes_from_and_shows_what_a_form_holds(visit: Visit, cast: Cast) -> None:
    record = make_published(cast)
    page = visit("author")
    page.goto(f"/L-{record.number}")
    origin = page.locator(".portal-printed")
    expect(origin).to_be_hidden()
    page.emulate_media(media="print")
    expect(origin).to_be_visible()
    expect(origin).to_contain_text(f"/L-{record.number} · gedruckt am ")
    expect(page.get_by_role("navigation", name="Hauptnavigation")).to_be_hidden()
    page.goto(f"/learnings/{record.number}-x/edit/1/")
    expect(page.locator("#id_title")).to_be_visible()
    expect(page.get_by_role("button", name="Speichern")).to_be_hidden()


def test_escape_closes_the_menus_of_the_phone(visit: Visit) -> None:
    page = visit("staff", width=390)
    for menu in (".portal-menu", ".portal-nav--phone"):
        page.locator(f"{menu} > summary").click()
        expect(page.locator(f"{menu}[open]")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator(f"{menu}[open]")).to_have_count(0)
        expect(page.locator(f"{menu} > summary")).to_be_focused()
