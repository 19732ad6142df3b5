"""Visits the main pages as each role, wide, phone, dark and print, and writes pictures and contact sheets.

make screenshots                     into var/screenshots/
make screenshots ARGS=--readme       also renews docs/pictures/start.png

The portal runs with the demo municipality of its own folder var/pictures, so the demo's data stay untouched.
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

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
OUT = ROOT / "var" / "screenshots"
PORT = 8796
ADDRESS = f"http://localhost:{PORT}"
# role, name of the picture, address; "L-…" numbers are those of the demo municipality
PAGES = [
    ("staff", "start", "/"),
    ("staff", "search", "/search/?q=Formular"),
    ("staff", "search-empty", "/search/?q=Quastenflosser"),
    ("staff", "learnings", "/learnings/"),
    ("staff", "record", "/L-1"),
    ("staff", "tags", "/tags/"),
    ("staff", "departments", "/governance/departments/"),
    ("staff", "department", "/governance/departments/steueramt/"),
    ("staff", "help", "/help/staff/"),
    ("staff", "not-found", "/gibt-es-nicht/"),
    ("author", "start-author", "/"),
    ("author", "tasks-author", "/tasks/"),
    ("author", "new", "/learnings/new/"),
    ("author", "edit-1", "/learnings/5-x/edit/1/"),
    ("author", "edit-3", "/learnings/5-x/edit/3/"),
    ("author", "edit-4", "/learnings/5-x/edit/4/"),
    ("author", "versions", "/learnings/5-x/versions/"),
    ("author", "compare", "/learnings/5-x/versions/1..2/"),
    ("lead", "team-edit", "/governance/teams/cmt-steueramt/edit/"),
    ("committee", "queue", "/governance/reviews/"),
    ("committee", "vocabulary", "/governance/tags/"),
    ("committee", "audit", "/governance/audit/"),
    ("admin", "redactions", "/governance/redactions/"),
    ("admin", "administration", "/administration/"),
]
LOOKS = {
    "wide": (1440, "light", "screen"),
    "phone": (390, "light", "screen"),
    "dark": (1440, "dark", "screen"),
    "print": (794, "light", "print"),
}


def signed_in(browser: Browser, role: str, width: int, scheme: str) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto(f"{ADDRESS}/accounts/login/")
    page.fill("main [name=username]", role)
    page.fill("main [name=password]", "demo")
    page.click("main form button[type=submit]")
    return page


def visit(browser: Browser) -> None:
    for look, (width, scheme, media) in LOOKS.items():
        (OUT / look).mkdir(parents=True, exist_ok=True)
        pages: dict[str, Page] = {}
        for role, name, address in PAGES:
            page = pages.get(role) or pages.setdefault(role, signed_in(browser, role, width, scheme))
            page.emulate_media(media=media, color_scheme=scheme)
            page.goto(f"{ADDRESS}{address}")
            page.screenshot(path=OUT / look / f"{name}.png", full_page=True)
        contact_sheet(look)


def contact_sheet(look: str) -> None:
    """All pictures of one look on a sheet, each cut to the height of a screen."""
    wide, high, columns = 360, 460, 4
    files = [OUT / look / f"{name}.png" for _role, name, _address in PAGES]
    rows = -(-len(files) // columns)
    sheet = Image.new("RGB", (columns * (wide + 12) + 12, rows * (high + 34) + 12), "white")
    draw = ImageDraw.Draw(sheet)
    for at, file in enumerate(files):
        picture = Image.open(file).convert("RGB")
        picture = picture.resize((wide, picture.height * wide // picture.width)).crop((0, 0, wide, high))
        left, top = 12 + at % columns * (wide + 12), 12 + at // columns * (high + 34)
        draw.text((left, top), file.stem, fill="black")
        sheet.paste(picture, (left, top + 18))
    sheet.save(OUT / f"{look}.png")


def wait(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{ADDRESS}/accounts/login/", timeout=5)  # noqa: S310 - our own server
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SystemExit("Das Portal ist nicht gestartet.")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readme", action="store_true")
    arguments = parser.parse_args()
    environment = os.environ | {"DEMO": "1", "DEBUG": "0", "VAR_DIR": str(ROOT / "var" / "pictures")}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DATABASE_POOL"):
        environment.pop(name, None)
    import django

    django.setup()  # the test settings, for the way to a browser only; the portal gets its own
    from tests.browser.conftest import ARGUMENTS, find_chromium

    command = [sys.executable, "manage.py", "demo", "--port", str(PORT)]
    portal = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait(portal)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
            visit(browser)
            if arguments.readme:
                page = signed_in(browser, "author", 1280, "light")
                (ROOT / "docs" / "pictures").mkdir(parents=True, exist_ok=True)
                page.screenshot(path=ROOT / "docs" / "pictures" / "start.png")
            browser.close()
    finally:
        portal.terminate()
        portal.wait(60)
    print(f"Bilder und Kontaktbögen: {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
