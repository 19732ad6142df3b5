"""The handout: on one page or two, tagged, German, with only such characters as its fonts have."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from learnings import handout
from learnings.models import Audience
from tests.learnings.decks import FIGURE, PAGES_500, PAIR, PICTURE, source
from tests.processmodels.test_poster import pages


def paper(audience: str = "municipality", draft: bool = False, **changes: Any) -> bytes:
    return handout.make(source(draft, **changes), Audience(audience))


def words(pdf: bytes) -> str:
    """The text as it is read, lines joined."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\u00ad", "-"))


def test_it_is_tagged_german_and_has_its_title() -> None:
    pdf = paper(pictures=[PICTURE], figures=[*PAIR, FIGURE])
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf and b"/Lang(de)" in pdf and b"/Marked true" in pdf
    assert b">Hundesteuer online</rdf:li>" in pdf
    assert PdfReader(io.BytesIO(pdf)).metadata["/Author"] == "Change-Management-Team Steueramt"


def test_it_tells_the_story_of_its_audience_with_approval_contact_and_code() -> None:
    rows = [{"audience": "municipality", "text": "Das geht bei allen Formularen.", "based_on": ""}]
    said = words(paper(messages=rows, figures=[*PAIR, FIGURE]))
    for expected in (
        "Für: Eigene Kommune",
        "Das geht bei allen Formularen.",
        "Wie wird ein Formular auch ausgefüllt?",
        "Anlass und Ausgangslage",
        "Wartezeit",
        "4,5 Minuten",
        "Anteil online",
        "72,5 %",
        "Klein anfangen.",
        "Ausgabe 3, freigegeben am 3. Mai 2026",
        "Prüfzeichen 3f2a-91c0-77de",
        "kim.beispiel@stadt.example",
        "L-7",
    ):
        assert expected in said
    assert "Entwurf" not in said


def test_a_draft_says_so_on_every_page() -> None:
    pages_of = PdfReader(io.BytesIO(paper("team", draft=True, what_was_done="Noch ein Satz. " * 200))).pages
    assert len(pages_of) == 2 and all("Entwurf" in page.extract_text() for page in pages_of)


@pytest.mark.parametrize(("audience", "most"), [("team", 2), ("decision_makers", 1)])
@pytest.mark.parametrize(
    "text",
    [PAGES_500[:60_000], "- Punkt\n" * 700, "A" * 5_000, "漢字😀 #set $x$ " * 300, "| a |\n|---|\n| b |"],
    ids=range(5),
)
def test_whatever_is_written_it_stays_on_one_page_or_two(audience: str, most: int, text: str) -> None:
    names = ("occasion", "what_was_done", "results", "everyday_benefit", "recommendation", "next_step", "prerequisites")
    written: dict[str, Any] = dict.fromkeys(names, text) | dict.fromkeys(("effort_time", "title"), text[:200])
    rows = [{"audience": audience, "text": text[:900], "based_on": ""}]
    pdf = paper(
        audience,
        answer=text[:600],
        guiding_question=text[:300],
        messages=rows,
        pictures=[PICTURE, PICTURE],
        figures=[*PAIR, FIGURE] * 10,
        difficulties=text,
        share_difficulties=True,
        links=[{"title": text[:200], "url": "https://a.example", "repository": "", "retrieved_on": ""}] * 30,
        **written,
    )
    assert 1 <= pages(pdf) <= most
    assert "Mehr dazu im Wissensportal: L-7" in words(pdf)


def test_empty_fields_leave_no_empty_headings() -> None:
    empty = dict.fromkeys(("occasion", "what_was_done", "results", "recommendation", "next_step"), "")
    said = words(paper(figures=[], **empty))
    assert "Anlass" not in said and "Empfehlung" not in said and "Nutzen im Arbeitsalltag" in said
