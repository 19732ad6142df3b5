"""Slides and briefs opened by LibreOffice and drawn as pages: all there, and every word where its frame is.

One start of LibreOffice for all of them. Without it the test is skipped, and the end of the run says so.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from learnings import brief, presentation
from learnings.models import Audience
from tests.conftest import NO_OFFICE
from tests.learnings.decks import FIGURE, PAIR, PICTURE, opened, source, titles

OFFICE, TEXT = shutil.which("soffice"), shutil.which("pdftotext")
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
# Between the end of the frames and the foot of a slide nothing stands. Points on a slide of 13,33 × 7,5 inches.
END_OF_FRAMES, FOOT, WIDTH, HEIGHT = 486, 501, 960, 540
TEXT_OF_PAGES = "\n\n".join(f"Absatz {n}. " + "Das ist gewachsen und nicht geplant worden. " * 6 for n in range(40))


def files() -> dict[str, bytes]:
    rows = [
        {"audience": one, "text": f"Für {one} in drei Sätzen gesagt. " * 3, "based_on": ""} for one in Audience.values
    ]
    told = source(
        messages=rows, figures=[*PAIR, FIGURE], pictures=[PICTURE], what_was_done=TEXT_OF_PAGES, results=TEXT_OF_PAGES
    )
    slides = {f"{audience}.pptx": presentation.make([told], Audience(audience)) for audience in Audience.values}
    drafts = presentation.make([source(draft=True), told], Audience.TEAM, title="Jour fixe")
    return {**slides, "draft.pptx": drafts, "brief.docx": brief.make([told, source(), source(number="L-8")])}


@pytest.mark.skipif(not (OFFICE and TEXT), reason=NO_OFFICE)
def test_libreoffice_opens_all_of_them_and_no_word_leaves_its_frame(tmp_path: Path) -> None:
    made = files()
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    command = [str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), *made], cwd=tmp_path, check=True, timeout=120, capture_output=True
    )
    for name, data in made.items():
        drawn = tmp_path / f"{Path(name).stem}.pdf"
        if name.endswith(".pptx"):
            _check(drawn, titles(opened(data)))
        else:
            assert len(PdfReader(drawn).pages) == 2


def _check(drawn: Path, expected: list[str]) -> None:
    listed = subprocess.run([str(TEXT), "-bbox", str(drawn), "-"], check=True, capture_output=True, text=True).stdout
    pages = listed.split("<page ")[1:]
    assert len(pages) == len(expected), drawn.name
    for number, (page, title) in enumerate(zip(pages, expected, strict=True), 1):
        words = [(*map(float, found[:4]), found[4]) for found in WORD.findall(page)]
        said = " ".join(str(word[4]) for word in words)
        assert title.split()[0] in said, f"{drawn.name} {number}"
        for left, top, right, bottom, text in words:
            where = f"{drawn.name} {number}: {text}"
            assert left >= 0 and right <= WIDTH and top >= 0 and bottom <= HEIGHT, where
            # What is in the foot was put there; nothing else comes near it.
            assert bottom <= END_OF_FRAMES or top >= FOOT, where
