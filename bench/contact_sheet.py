"""Our pictures beside those of bpmn-js, in one PNG: to be looked at.

    bench/contact_sheet.py [files or folders …]      default: ../shared/data/bpmn

Writes var/contact-sheet-<n>.png. The column of bpmn-js needs its viewer under static/vendor/bpmn-js/ (or in
BPMN_JS, the path of bpmn-navigated-viewer.production.min.js) and is left out without it. Needs a Chromium.
"""

from __future__ import annotations

import html
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from processmodels.bpmn.layout import lay_out  # noqa: E402
from processmodels.bpmn.model import Model  # noqa: E402
from processmodels.bpmn.reading import BpmnError, read  # noqa: E402
from processmodels.diagram import render  # noqa: E402
from tests.browser.conftest import find_chromium  # noqa: E402

FILES_PER_SHEET = 4
VIEWER = Path(
    os.environ.get("BPMN_JS", ROOT / "static" / "vendor" / "bpmn-js" / "bpmn-navigated-viewer.production.min.js")
)
FONTS = (ROOT / "static" / "portal" / "fonts.css").read_text()
STYLE = """
body { margin: 16px; font: 16px "Fira Sans", sans-serif; width: 2000px; background: #dde }
h2 { font-size: 16px; margin: 12px 0 4px } .row { display: flex; gap: 12px }
.picture { flex: 1; min-width: 0; background: white; border: 1px solid #99a }
.picture > svg { width: 100%; height: auto }
.theirs { height: 10px }
"""
# Shows the file as bpmn-js draws it, as high as ours beside it.
DRAW = """async ([number, xml]) => {
  const place = document.querySelector(`#theirs-${number}`);
  place.style.height = place.previousElementSibling.getBoundingClientRect().height + "px";
  const viewer = new BpmnJS({ container: place });
  try { await viewer.importXML(xml); viewer.get("canvas").zoom("fit-viewport", "auto"); }
  catch (error) { place.textContent = String(error); }
}"""


def found(arguments: list[str]) -> list[Path]:
    paths = [Path(argument) for argument in arguments] or [ROOT.parent / "shared" / "data" / "bpmn"]
    return [file for path in paths for file in (sorted(path.glob("*.bpmn")) if path.is_dir() else [path])]


def ours(source: bytes) -> str:
    try:
        model: Model = read(source)
    except BpmnError as refused:
        return html.escape(str(refused))
    return render(model if model.has_diagram else lay_out(model))


def sheet(page: Page, files: list[Path], target: Path) -> None:
    with_theirs = VIEWER.exists()
    rows = []
    for number, file in enumerate(files):
        theirs = f'<div class="picture theirs" id="theirs-{number}"></div>' if with_theirs else ""
        rows.append(
            f'<h2>{html.escape(file.name)}</h2><div class="row"><div class="picture">{ours(file.read_bytes())}</div>'
            f"{theirs}</div>"
        )
    fonts = FONTS.replace("../vendor/", (ROOT / "static" / "vendor").as_uri() + "/")
    text = f"<!doctype html><meta charset=utf-8><style>{fonts}{STYLE}</style>{''.join(rows)}"
    (target.with_suffix(".html")).write_text(text, encoding="utf-8")
    page.goto(target.with_suffix(".html").as_uri())
    page.evaluate("document.fonts.ready")
    if with_theirs:
        page.add_script_tag(path=VIEWER)
        for number, file in enumerate(files):
            page.evaluate(DRAW, json.loads(json.dumps([number, file.read_text("utf-8", "replace")])))
    page.screenshot(path=target, full_page=True)
    print(target)


def main() -> None:
    files = found(sys.argv[1:])
    (ROOT / "var").mkdir(exist_ok=True)
    if not VIEWER.exists():
        print(f"ohne bpmn-js: {VIEWER} fehlt")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 2040, "height": 1000})
        for at in range(0, len(files), FILES_PER_SHEET):
            chosen = files[at : at + FILES_PER_SHEET]
            sheet(page, chosen, ROOT / "var" / f"contact-sheet-{at // FILES_PER_SHEET + 1}.png")
        browser.close()


if __name__ == "__main__":
    main()
