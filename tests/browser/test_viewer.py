"""The diagram on the page of a process model in a real browser: zoomed, moved, on the full screen, or as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from governance.models import CatalogueEntry, Record
from processmodels import diagrams
from tests.browser.conftest import Visit, is_accessible, sign_in
from tests.factories import Cast
from tests.processmodels.factories import AFTER, bpmn, make_process, publish

pytestmark = pytest.mark.django_db(transaction=True)
# Room for rounding, in pixels.
CLOSE = 2


def address(record: Record) -> str:
    return CatalogueEntry.objects.get(pk=record.pk).url


def open_viewer(page: Page, record: Record) -> Locator:
    """The box of the state after the measure, its diagram opened."""
    page.goto(address(record))
    box = page.locator("section", has=page.locator("#ablauf-to_be")).locator("[data-viewer]")
    box.get_by_role("button", name="Vergrößern und bewegen").click()
    expect(box.locator("[data-viewer-tools]")).to_be_visible(timeout=20_000)
    return box


def place(box: Locator) -> tuple[float, float, float]:
    """Where a task of the diagram stands, and how wide it is."""
    task = box.locator(".djs-shape", has_text="Bescheid versenden").last.locator(".djs-visual").bounding_box()
    assert task is not None
    return task["x"], task["y"], task["width"]


def test_the_diagram_fills_its_frame_and_is_zoomed_and_moved_by_mouse(visit: Visit, cast: Cast) -> None:
    page = visit("staff")
    box = open_viewer(page, publish(cast, make_process(cast)))
    frame, paper = (box.locator(one).bounding_box() for one in (".process-canvas", ".djs-container > svg"))
    assert frame is not None and paper is not None
    assert paper["height"] > 400 and abs(paper["height"] - frame["height"]) <= CLOSE
    assert abs(paper["width"] - frame["width"]) <= CLOSE
    is_accessible(page)
    x, y, width = place(box)
    box.get_by_role("button", name="Größer").click()
    assert place(box)[2] > width + CLOSE
    box.get_by_role("button", name="Alles zeigen").click()
    assert abs(place(box)[2] - width) <= CLOSE
    box.get_by_role("button", name="Kleiner").click()
    assert place(box)[2] < width - CLOSE
    box.get_by_role("button", name="Alles zeigen").click()
    box.locator(".process-canvas").scroll_into_view_if_needed()
    x, y, width = place(box)
    page.mouse.move(x + 5, y + 5)
    page.mouse.down()
    page.mouse.move(x + 85, y + 45, steps=5)
    page.mouse.up()
    moved = place(box)
    assert abs(moved[0] - x - 80) <= CLOSE and abs(moved[1] - y - 40) <= CLOSE and abs(moved[2] - width) <= CLOSE


def test_everything_goes_by_keyboard(visit: Visit, cast: Cast) -> None:
    page = visit("staff")
    box = open_viewer(page, publish(cast, make_process(cast)))
    surface = box.get_by_role("application", name=re.compile("Pfeiltasten"))
    expect(surface).to_be_focused()
    x, y, width = place(box)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert place(box)[0] > x + CLOSE and place(box)[1] > y + CLOSE
    page.keyboard.press("+")
    assert place(box)[2] > width + CLOSE
    page.keyboard.press("0")
    assert abs(place(box)[2] - width) <= CLOSE
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(box.get_by_role("button", name="Größer")).to_be_focused()
    surface.focus()
    page.keyboard.press("Escape")
    expect(box.locator("[data-picture] img")).to_be_visible()
    expect(box.get_by_role("button", name="Vergrößern und bewegen")).to_be_focused()


def test_the_diagram_fills_the_screen_and_comes_back(visit: Visit, cast: Cast) -> None:
    page = visit("staff")
    record = publish(cast, make_process(cast))
    for _again in range(2):
        box = open_viewer(page, record)
        in_page = box.locator(".process-canvas").bounding_box()
        box.get_by_role("button", name="Ganzer Bildschirm").click()
        expect(page.locator(":fullscreen")).to_have_count(1)
        expect(box.get_by_role("button", name="Zurück zum Bild")).to_be_visible()
        page.wait_for_function(
            "least => document.querySelector(':fullscreen .djs-container > svg').clientHeight > least",
            arg=in_page and in_page["height"] + 50,
        )
        is_accessible(page)
        box.locator("svg[role=application]").press("f")
        expect(page.locator(":fullscreen")).to_have_count(0)
        box.get_by_role("button", name="Zurück zum Bild").click()
        expect(box.locator("[data-picture] img")).to_be_visible()


def test_a_short_name_with_no_room_to_spare_stays_on_one_line(visit: Visit, cast: Cast) -> None:
    file = Path("fixtures/demo/bpmn/wohngeld-nachher-1.bpmn").read_bytes()
    page = visit("staff")
    box = open_viewer(page, publish(cast, make_process(cast, to_be=diagrams.store(file).pk)))
    lines = box.locator(".djs-label tspan").all_text_contents()
    assert "ja" in lines and "nein" in lines


def test_a_file_without_diagram_data_is_opened_as_the_portal_has_drawn_it(visit: Visit, cast: Cast) -> None:
    bare = re.sub(rb"<(\w+):BPMNDiagram.*</\1:BPMNDiagram>", b"", bpmn(AFTER), flags=re.DOTALL)
    assert b"BPMNShape" not in bare
    page = visit("staff")
    box = open_viewer(page, publish(cast, make_process(cast, to_be=diagrams.store(bare).pk)))
    expect(box.locator(".djs-shape", has_text="Bescheid versenden").last).to_be_visible()


def test_what_cannot_be_fetched_leaves_the_picture_and_says_so(visit: Visit, cast: Cast) -> None:
    page = visit("staff")
    record = publish(cast, make_process(cast))
    page.route("**/nachher.xml/", lambda route: route.abort())
    page.goto(address(record))
    box = page.locator("[data-viewer]").last
    box.get_by_role("button", name="Vergrößern und bewegen").click()
    expect(box.get_by_text("Das Diagramm lässt sich hier nicht bewegen.")).to_be_visible()
    expect(box.locator("[data-picture] img")).to_be_visible()
    expect(box.locator(".process-canvas")).to_be_hidden()


def test_without_javascript_the_picture_stands_and_no_button_promises_more(
    browser: Browser, live_server: LiveServer, cast: Cast
) -> None:
    record = publish(cast, make_process(cast))
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page, "staff")
    page.goto(address(record))
    picture = page.locator("[data-picture] img").last
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None and box["width"] > 300
    expect(page.get_by_role("button", name="Vergrößern und bewegen")).to_have_count(0)
    context.close()


def test_the_comparison_of_before_and_after_is_accessible(visit: Visit, cast: Cast) -> None:
    page = visit("staff")
    page.goto(address(publish(cast, make_process(cast))))
    is_accessible(page)
    page.get_by_role("link", name="Vorher und nachher vergleichen").click()
    expect(page.get_by_role("img", name="Diagramm nachher", exact=False)).to_be_visible()
    is_accessible(page)
