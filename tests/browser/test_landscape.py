"""The landscape in a real browser: each view accessible, light, dark, on a phone; filtered and sorted by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import kept
from tests.browser.conftest import Visit, is_accessible, is_accessible_in_the_dark_too
from tests.factories import Cast
from tests.processmodels.factories import make_process, publish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
@kept.once
def two(cast: Cast) -> Cast:
    publish(cast, make_process(cast, title="Hund anmelden", cases_a_year=10))
    publish(cast, make_process(cast, "outsider", title="Bauantrag", cases_a_year=20), "outsider")
    return cast


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("view", ["map", "table", "tiles"])
def test_each_view_is_accessible_and_fits_the_screen(visit: Visit, two: Cast, view: str, width: int) -> None:
    page = visit("staff", width=width)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/processmodels/?view={view}&gap=no-figure")
    is_accessible(page)
    is_accessible_in_the_dark_too(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_landscape_is_filtered_and_sorted_by_keyboard(visit: Visit, two: Cast) -> None:
    page = visit("staff")
    page.goto("/processmodels/?view=table")
    rows = page.locator("tbody th")
    expect(rows).to_contain_text(["Bauantrag", "Hund anmelden"])
    for order in ("descending", "ascending"):
        page.get_by_role("link", name="Fälle im Jahr").press("Enter")
        expect(page.locator("thead th[aria-sort]")).to_have_attribute("aria-sort", order)
    expect(rows).to_contain_text(["Hund anmelden", "Bauantrag"])
    page.get_by_label("Bereich", exact=True).select_option("bauen")
    page.get_by_role("button", name="Filtern").press("Enter")
    expect(rows).to_contain_text(["Bauantrag"])
    expect(page).to_have_url(re.compile("view=table.*sort=cases.*department=bauen"))
    page.get_by_role("link", name="alle Filter entfernen").press("Enter")
    expect(rows).to_have_count(2)
