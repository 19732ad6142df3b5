"""The brief, read back with python-docx: four parts, half a page, several in one file."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from learnings import brief
from learnings.presentation.measuring import Room
from tests.learnings.decks import PAGES_500, PAIR, source

PARTS = ["Sachverhalt", "Nutzen", "Aufwand", "Empfehlung"]
# Between margins of 2,5 cm on A4, in points; 24 of them are between two.
WIDTH, HALF_A_PAGE = 453.0, (842 - 2 * 71 - 24) / 2


def read(*sources: Any) -> Any:
    return Document(io.BytesIO(brief.make(list(sources) or [source()])))


def lines(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def part(document: Any, name: str) -> str:
    said = lines(document)
    return said[said.index(name) + 1]


def test_it_has_four_parts_under_real_headings_and_says_what_is_approved() -> None:
    document = read()
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings == ["Hundesteuer online", *PARTS]
    assert lines(document)[1] == (
        "Kurzinformation L-7 · Ausgabe 3, freigegeben am 3. Mai 2026 · Change-Management-Team Steueramt"
    )
    assert part(document, "Nutzen") == "weniger Tippen; schneller fertig"
    assert part(document, "Aufwand") == "Zeit: drei Wochen; Kosten: keine"
    assert part(document, "Empfehlung") == "Klein anfangen. Die Abmeldung ebenso kürzen."
    assert "Wartezeit: vorher, 2024: 47 Minuten; nachher, 2025: 4,5 Minuten." in part(document, "Sachverhalt")
    assert lines(document)[-1] == "Ausführlich: https://wissen.stadt.example/L-7"
    assert (document.core_properties.language, document.core_properties.title) == ("de-DE", "Kurzinformation L-7")


def test_the_message_for_decision_makers_leads() -> None:
    rows = [{"audience": "decision_makers", "text": "Das spart Geld.", "based_on": ""}]
    assert part(read(source(messages=rows)), "Sachverhalt").startswith("Das spart Geld.")


def test_a_draft_says_so_and_what_is_missing_is_said() -> None:
    empty = dict.fromkeys(("everyday_benefit", "recommendation", "next_step", "effort_time", "effort_money"), "")
    document = read(source(figures=[], **empty))
    assert [part(document, name) for name in PARTS[1:]] == ["Dazu steht im Eintrag nichts."] * 3
    assert "Entwurf, nicht freigegeben" in lines(read(source(draft=True)))[1]


def height(document: Any) -> float:
    """How high all paragraphs are, measured with real widths."""
    total = 0.0
    for paragraph in document.paragraphs:
        style, layout = paragraph.style, paragraph.style.paragraph_format
        runs = [run.font.size for run in paragraph.runs if run.font.size]
        size = (runs[0] if runs else style.font.size).pt
        wrapped = Room(WIDTH, 0).wrap(paragraph.text, size, bold=style.name.startswith("Heading"))
        total += len(wrapped) * size * 1.2 + layout.space_before.pt + layout.space_after.pt
    return total


@pytest.mark.parametrize("text", [PAGES_500[:60_000], "- Punkt\n" * 500, "A" * 5_000, "Wort " * 5_000], ids=range(4))
def test_it_is_half_a_page_however_much_is_written(text: str) -> None:
    names = ("results", "everyday_benefit", "recommendation", "next_step", "answer")
    short = dict.fromkeys(("title", "effort_time", "effort_money", "effort_people"), text[:200].replace("\n", " "))
    document = read(source(figures=PAIR * 5, **dict.fromkeys(names, text), **short))
    assert height(document) <= HALF_A_PAGE
    assert height(read()) <= HALF_A_PAGE


def test_several_make_one_file_two_on_a_page() -> None:
    document = read(*(source(number=f"L-{n}", title=f"Titel {n}") for n in range(1, 6)))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [f"Titel {n}" for n in range(1, 6)]
    breaks = [one.text for one in document.paragraphs if 'w:type="page"' in one._p.xml]
    assert [text.strip()[-3:] for text in breaks] == ["L-2", "L-4"]
    # What belongs together stays together.
    assert all(
        one.paragraph_format.keep_with_next is False
        for one in document.paragraphs
        if one.text.startswith("Ausführlich")
    )


def test_what_people_type_is_text_and_nothing_else() -> None:
    hostile = "=HYPERLINK(1)\x00\x0b <w:p/> &amp; ]]> \ud800"
    document = read(source(everyday_benefit=hostile, title=hostile))
    assert "=HYPERLINK(1)" in part(document, "Nutzen") and "<w:p/>" in document.paragraphs[0].text
