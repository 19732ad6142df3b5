"""Finds a Chromium, or gets one; without any, the browser tests are skipped and the run's end says so."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.servers.basehttp import WSGIRequestHandler
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from governance.models import User
from tests import factories, kept
from tests.conftest import NO_CHROMIUM
from tests.factories import PASSWORD, Cast

# Playwright's synchronous interface runs an event loop beside Django's ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Django's server sends head and body apart: without this the body waits 40 ms for the browser to say it has the head.
WSGIRequestHandler.disable_nagle_algorithm = True

Visit = Callable[..., Page]
Answer = TypeVar("Answer")
HERE = Path(__file__).parent
# The one without a desktop's window first: it takes a quarter less work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
CHROMIUM = pytest.StashKey[str | None]()
INSTALL_WITHIN = 600
AXE = Axe()
COLOURS = ["color-contrast", "link-in-text-block"]
LOOK = (HERE / "axe_look.js").read_text()
# The ways down to a text whose colours were found to be right, in this process.
_coloured: dict[str, set[int]] = {"light": set(), "dark": set()}


def _quietly(*command: str) -> bool:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=env, capture_output=True, timeout=INSTALL_WITHIN, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _at_hand() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def find_chromium() -> str | None:
    """CHROMIUM, the system's, Playwright's own; then Debian's package, then Playwright's download."""
    if found := _at_hand() or _playwrights_own():
        return found
    print("\nBrowsertests: Es ist kein Chromium da, es wird eines geholt ...", flush=True)  # noqa: T201
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends")
        if _quietly("apt-get", "update", "-qq") and any(_quietly(*install, name) for name in NAMES[:2]):
            return _at_hand()
    _quietly(sys.executable, "-m", "playwright", "install", "chromium")
    return _playwrights_own()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mine = [item for item in items if HERE in item.path.parents]
    config.stash[CHROMIUM] = None
    if mine and not config.option.collectonly:
        with open(Path(tempfile.gettempdir()) / "portal-chromium.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # parallel workers must not install it twice
            config.stash[CHROMIUM] = find_chromium()
    for item in mine:
        item.add_marker(pytest.mark.browser)
        if not config.stash[CHROMIUM]:
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
    if mine and os.environ.get("CI") and not config.stash[CHROMIUM]:
        raise pytest.UsageError("The browser tests must run here, but there is no Chromium.")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], pytestconfig: pytest.Config) -> dict[str, Any]:
    return browser_type_launch_args | {
        "executable_path": pytestconfig.stash[CHROMIUM],
        "args": ARGUMENTS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "de-DE", "timezone_id": "Europe/Berlin"}


@pytest.fixture
@kept.once
def cast(transactional_db: None) -> Cast:
    cast = factories.make_cast()
    for name in ("author", "member", "lead", "committee", "chair", "head", "staff", "admin"):
        user = getattr(cast, name)
        user.set_password(PASSWORD)
        user.save()
    return cast


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[Visit]:
    """Opens a window for a person; complaints of the console fail the test at its end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def open_for(name: str, width: int = 1440, *, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="de-DE",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(8_000)
        context.add_cookies([session_of(getattr(cast, name), live_server.url)])
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Was andere schon")
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert complaints == []


def session_of(person: User, url: str) -> Any:
    """What the sign-in page would give; that page itself is walked through in test_story and test_keyboard."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url, "httpOnly": True, "sameSite": "Lax"}


def sign_in(page: Page, name: str) -> None:
    """On the sign-in page."""
    page.get_by_label("Anmeldename").fill(name)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


def is_accessible(page: Page, *, footer: bool = True) -> None:
    """axe finds nothing, and there is exactly one h1."""
    page.wait_for_load_state("load")
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_role("contentinfo")).to_have_count(1 if footer else 0)
    axe_finds_nothing(page)


def is_accessible_in_the_dark_too(page: Page) -> None:
    """What colours alone decide, once more."""
    page.emulate_media(color_scheme="dark")
    axe_finds_nothing(page, "dark")
    page.emulate_media(color_scheme="light")


def axe_finds_nothing(page: Page, scheme: str = "light") -> None:
    """In the light by all rules, in the dark by those of colours.

    Two thirds of axe's work is contrast, which hangs on what an element and all around it are. So colours are looked at
    once for each such way down to a text, wherever it first stands; everything else on every page.
    """

    def found() -> Any:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.axe_script)
        return page.evaluate(LOOK, {"seen": sorted(_coloured[scheme]), "colours": COLOURS, "all": scheme == "light"})

    told = asked_once_it_is_there(page, found)
    results = AxeResults({"violations": told["violations"]})
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
    _coloured[scheme].update(told["ways"])


def fits_its_window(page: Page) -> None:
    """Nothing has to be pushed sideways to be read."""
    wide = asked_once_it_is_there(
        page, lambda: page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    )
    assert not wide, page.url


def asked_once_it_is_there(page: Page, ask: Callable[[], Answer]) -> Answer:
    """A click may just be leading on: what the page being left could not answer, the one that comes is asked."""
    try:
        return ask()
    except Error:
        page.wait_for_load_state("load")
        return ask()
