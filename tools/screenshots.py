"""Visits the main pages as each role, wide, phone, dark and print, and writes pictures and contact sheets.

make screenshots                                 into var/screenshots/
make screenshots ARGS=--readme                   also renews docs/pictures/start.png
make screenshots ARGS="--look phone --only team" some of them
make screenshots ARGS="--address http://localhost:8000" of a demo that runs already

Without --address the portal runs with the demo municipality of its own folder var/pictures, so the demo's data stay
untouched.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
OUT = ROOT / "var" / "screenshots"
PICTURE = ROOT / "docs" / "pictures" / "start.png"
PORT = 8796
ADDRESS = f"http://localhost:{PORT}"


class Shot(NamedTuple):
    """A page by its address; click is a link on it that leads to the page meant."""

    name: str
    address: str
    click: str = ""


# The records L-1 and L-5 and the Steueramt are the demo municipality's.
SHOTS = {
    "nobody": [Shot("sign-in", "/accounts/login/"), Shot("reset", "/accounts/reset/")],
    "staff": [
        Shot("start", "/"),
        Shot("search", "/search/?q=Formular"),
        Shot("search-filtered", "/search/?department=steueramt"),
        Shot("search-empty", "/search/?q=Quastenflosser"),
        Shot("learnings", "/learnings/"),
        Shot("record", "/L-1"),
        Shot("record-long", "/L-5"),
        Shot("versions-staff", "/L-5", "main aside a[href*=versions]"),
        Shot("tags", "/tags/"),
        Shot("departments", "/governance/departments/"),
        Shot("department", "/governance/departments/steueramt/"),
        Shot("team", "/governance/teams/cmt-steueramt/"),
        Shot("tasks-staff", "/tasks/"),
        Shot("help", "/help/staff/"),
        Shot("password", "/accounts/password/"),
        Shot("transfer-list", "/transfer/"),
        Shot("transfer-overview", "/transfer/overview/"),
        Shot("transfer-format", "/transfer/formats/jour-fixe-steueramt/"),
        Shot("not-found", "/gibt-es-nicht/"),
    ],
    "author": [
        Shot("start-author", "/"),
        Shot("tasks-author", "/tasks/"),
        Shot("new", "/learnings/new/"),
        Shot("edit-1", "/learnings/5-x/edit/1/"),
        Shot("edit-2", "/learnings/5-x/edit/2/"),
        Shot("edit-3", "/learnings/5-x/edit/3/"),
        Shot("edit-4", "/learnings/5-x/edit/4/"),
        Shot("edit-all", "/learnings/5-x/edit/all/"),
        Shot("conflict", "/learnings/5-x/edit/conflict/"),
        Shot("versions", "/learnings/5-x/versions/"),
        Shot("version", "/learnings/5-x/versions/1/"),
        Shot("compare", "/learnings/5-x/versions/1..2/"),
        Shot("transfer-next", "/transfer/formats/jour-fixe-steueramt/", "[aria-labelledby=kommend] .task-list a"),
        Shot("transfer-past", "/transfer/formats/jour-fixe-steueramt/", "[aria-labelledby=frueher] .task-list a"),
        Shot(
            "transfer-round", "/transfer/formats/reflexionsrunde-steueramt/", "[aria-labelledby=frueher] .task-list a"
        ),
        Shot("transfer-take", "/transfer/records/L-5/"),
    ],
    "lead": [
        Shot("team-edit", "/governance/teams/cmt-steueramt/edit/"),
        Shot("administer", "/learnings/5-x/administration/"),
        Shot("archive", "/learnings/5-x/archive/"),
        Shot("transfer-new", "/transfer/new/"),
    ],
    "committee": [
        Shot("start-committee", "/"),
        Shot("tasks-committee", "/tasks/"),
        Shot("queue", "/governance/reviews/"),
        Shot("queue-print", "/governance/reviews/print/"),
        Shot("review", "/governance/reviews/", "main tbody a"),
        Shot("vocabulary", "/governance/tags/"),
        Shot("vocabulary-tag", "/governance/tags/", "main a[href*='/governance/tags/']"),
        Shot("audit", "/governance/audit/"),
    ],
    "committee2": [Shot("redactions-chair", "/governance/redactions/")],
    "admin": [Shot("redactions", "/governance/redactions/"), Shot("administration", "/administration/")],
}
LOOKS = {
    "wide": (1440, "light", "screen"),
    "phone": (390, "light", "screen"),
    "dark": (1440, "dark", "screen"),
    "print": (794, "light", "print"),
}


def opened(browser: Browser, address: str, role: str, look: str) -> Page:
    """A page in this look, signed in unless it is for nobody."""
    width, scheme, media = LOOKS[look]
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.emulate_media(media="screen", color_scheme=scheme)
    if role != "nobody":
        page.goto("/accounts/login/")
        page.fill("main [name=username]", role)
        page.fill("main [name=password]", "demo")
        page.click("main form button[type=submit]")
    page.emulate_media(media=media, color_scheme=scheme)
    return page


def make_conflict(browser: Browser, address: str) -> None:
    """author has words of an older version on the desk, so that both texts are shown side by side."""
    author, member = (opened(browser, address, role, "wide") for role in ("author", "member"))
    author.goto("/learnings/5-x/edit/conflict/")
    if "conflict" in author.url:
        return
    for page, words in ((author, "Das hat der Versuch gezeigt."), (member, "Die Liste hilft allen.")):
        page.goto("/learnings/5-x/edit/1/")
        field = page.locator("main [name=answer]")
        field.fill(f"{field.input_value()} {words}")
        page.click(f"main button[name=go][value={'stay' if page is author else 'save'}]:not([tabindex='-1'])")


def visit(browser: Browser, address: str, looks: list[str], only: str) -> None:
    for look in looks:
        (OUT / look).mkdir(parents=True, exist_ok=True)
        for role, shots in SHOTS.items():
            chosen = [shot for shot in shots if only in shot.name]
            if not chosen:
                continue
            page = opened(browser, address, role, look)
            for shot in chosen:
                take(page, shot, look)
            page.context.close()
            contact_sheet([OUT / look / f"{shot.name}.png" for shot in chosen], OUT / f"{look}-{role}.png")


def take(page: Page, shot: Shot, look: str) -> None:
    page.goto(shot.address)
    if shot.click:
        page.goto(page.locator(shot.click).first.get_attribute("href") or shot.address)
    if look == "print":
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.screenshot(path=OUT / look / f"{shot.name}.png", full_page=True)
    if look == "phone" and page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        print(f"{shot.name}: breiter als das Telefon")


def contact_sheet(files: list[Path], to: Path) -> None:
    """Pictures on one sheet, each cut to a screen and a half."""
    wide, high = 480, 720
    columns = min(4, len(files))
    rows = -(-len(files) // columns)
    sheet = Image.new("RGB", (columns * (wide + 12) + 12, rows * (high + 34) + 12), "white")
    draw = ImageDraw.Draw(sheet)
    for at, file in enumerate(files):
        picture = Image.open(file).convert("RGB")
        picture = picture.resize((wide, picture.height * wide // picture.width))
        picture = picture.crop((0, 0, wide, min(high, picture.height)))
        left, top = 12 + at % columns * (wide + 12), 12 + at // columns * (high + 34)
        draw.text((left, top), file.stem, fill="black")
        sheet.paste(picture, (left, top + 18))
    sheet.save(to)


def wait(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{ADDRESS}/accounts/login/", timeout=5)  # noqa: S310 - our own server
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SystemExit("Das Portal ist nicht gestartet.")


def photograph(address: str, arguments: argparse.Namespace) -> None:
    import django

    django.setup()  # the test settings, for the way to a browser only; the portal has its own
    from tests.browser.conftest import ARGUMENTS, find_chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        if arguments.readme:
            page = opened(browser, address, "author", "wide")
            page.set_viewport_size({"width": 1280, "height": 900})
            PICTURE.parent.mkdir(parents=True, exist_ok=True)
            page.goto("/")
            page.screenshot(path=PICTURE)
        make_conflict(browser, address)
        visit(browser, address, [arguments.look] if arguments.look else list(LOOKS), arguments.only)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--address", default="")
    parser.add_argument("--look", choices=LOOKS)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    if arguments.address:
        photograph(arguments.address, arguments)
    else:
        environment = os.environ | {"DEMO": "1", "DEBUG": "0", "VAR_DIR": str(ROOT / "var" / "pictures")}
        for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DATABASE_POOL"):
            environment.pop(name, None)
        command = [sys.executable, "manage.py", "demo", "--port", str(PORT)]
        portal = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            wait(portal)
            photograph(ADDRESS, arguments)
        finally:
            portal.terminate()
            portal.wait(60)
    print(f"Bilder und Kontaktbögen: {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
