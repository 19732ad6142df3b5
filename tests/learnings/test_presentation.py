"""Slides read back with python-pptx: order, marks, nothing off the slide."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.utils import timezone
from pptx import Presentation

from learnings import presentation
from learnings.models import Learning
from learnings.presentation import MAX_CHARACTERS

LONG = "Ein langer Satz, der viel erklärt und nicht aufhört zu erklären. " * 20_000


def deck(draft: bool = False, audience: str = "team", **changes: Any) -> Any:
    values = {f.name: f.get_default() for f in Learning._meta.concrete_fields}
    values |= {
        "title": "Hundesteuer online",
        "answer": "Ein kurzes Formular wird ausgefüllt.",
        "everyday_benefit": "- weniger Tippen\n- **schneller** fertig",
        "what_was_done": "Formular gekürzt.",
        "results": "Weniger Rückfragen.",
        "figures": [
            {
                "label": "Anteil online",
                "number": "72.5",
                "unit": "%",
                "period": "2026",
                "source": "",
            }
        ],
        "recommendation": "Klein anfangen.",
    } | changes
    data = presentation.make(
        values,
        audience=audience,
        draft=draft,
        short_number="L-7",
        address="https://wissen.stadt.example/L-7",
        contact="Kim Beispiel",
        team="Change-Management-Team Steueramt",
        published=None if draft else timezone.now(),
    )
    return Presentation(io.BytesIO(data))


def texts(slide: Any) -> str:
    parts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            parts += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(parts)


def test_there_are_six_slides_in_order_with_real_placeholders() -> None:
    slides = list(deck().slides)
    assert [slide.shapes.title.text for slide in slides] == [
        "Hundesteuer online",
        "Ausgangslage und Vorgehen",
        "Was dabei herauskam",
        "Nutzen im Arbeitsalltag",
        "Empfehlung und nächster Schritt",
        "Fragen und Kontakt",
    ]
    assert "72,5 %" in texts(slides[2])
    assert "**" not in texts(slides[3])
    assert "L-7" in texts(slides[5])


def test_the_message_for_the_audience_leads() -> None:
    rows = [{"audience": "decision_makers", "text": "Das spart Geld.", "based_on": ""}]
    assert "Das spart Geld." in texts(deck(audience="decision_makers", messages=rows).slides[0])
    assert "Das spart Geld." not in texts(deck(audience="team", messages=rows).slides[0])


def test_a_draft_says_so_on_every_slide_and_a_published_text_on_none() -> None:
    assert all("ENTWURF" in texts(slide) for slide in deck(draft=True).slides)
    assert not any("ENTWURF" in texts(slide) for slide in deck().slides)


def test_difficulties_appear_only_when_the_author_allows_it() -> None:
    def shown(allowed: bool) -> bool:
        slides = deck(difficulties="Der Anbieter war langsam.", share_difficulties=allowed).slides
        notes = "".join(s.notes_slide.notes_text_frame.text for s in slides if s.has_notes_slide)
        return "Der Anbieter war langsam." in "".join(map(texts, slides)) + notes

    assert shown(True)
    assert not shown(False)


def test_empty_fields_leave_no_empty_slides() -> None:
    empty = dict.fromkeys(("answer", "everyday_benefit", "what_was_done", "results", "recommendation"), "")
    assert len(deck(**empty, figures=[]).slides) == 2


def test_a_quick_note_already_has_six_slides_that_ask_for_the_rest() -> None:
    empty = dict.fromkeys(("everyday_benefit", "what_was_done", "results", "recommendation"), "")
    slides = list(deck(draft=True, **empty, figures=[]).slides)
    assert len(slides) == 6
    assert all("Noch offen: " in texts(slide) for slide in slides[1:5])
    assert all("ENTWURF" in texts(slide) for slide in slides)
    assert "Noch offen" not in texts(slides[0]) + texts(slides[5])


@pytest.mark.parametrize("name", ["what_was_done", "results", "everyday_benefit", "recommendation"])
def test_long_text_stays_on_the_slide_and_goes_into_the_notes(name: str) -> None:
    slides = list(deck(**{name: LONG[:60_000]}).slides)
    assert len(slides) == 6
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= presentation.WIDTH
            assert shape.top >= 0 and shape.top + shape.height <= presentation.HEIGHT
            if shape.has_text_frame:
                assert len(shape.text_frame.text) <= MAX_CHARACTERS + 20
    assert any(len(s.notes_slide.notes_text_frame.text) > 50_000 for s in slides if s.has_notes_slide)


MIXED = """## Die Zahlen

Es wurde besser.

| Jahr | Anträge |
|------|---------|
| 2025 | 417     |

![Ein Balkendiagramm](anlage:1)

- weniger Wege
- mehr Zeit
"""


def bullets(slide: Any) -> list[str]:
    return [paragraph.text for paragraph in slide.placeholders[1].text_frame.paragraphs]


def test_tables_pictures_and_headings_are_no_bullets_and_stand_in_the_notes() -> None:
    slide = deck(results=MIXED, figures=[]).slides[2]
    assert bullets(slide) == ["Es wurde besser.", "weniger Wege", "mehr Zeit"]
    notes = slide.notes_slide.notes_text_frame.text
    assert "Die Zahlen" in notes and "417" in notes and "Ein Balkendiagramm" in notes


def test_a_text_of_a_table_alone_says_where_the_table_is_and_asks_for_nothing() -> None:
    table = "| Jahr | Anträge |\n|------|---------|\n| 2025 | 417     |"
    slide = deck(draft=True, results=table, figures=[]).slides[2]
    assert bullets(slide) == ["Tabellen und Bilder dazu stehen auf der Seite des Learnings."]


def test_a_long_list_is_cut_to_what_a_slide_holds() -> None:
    text = "\n".join(f"- Punkt {number}" for number in range(40))
    slides = deck(results=text, everyday_benefit=text, recommendation=text, next_step=text).slides
    assert [len(bullets(slides[at])) for at in (2, 3, 4)] == [4, 7, 6]


def test_the_table_of_figures_stays_on_the_slide_with_long_words_and_loses_no_number() -> None:
    row = {"label": "Anteil " * 25, "number": "999999999999999.5", "unit": "Stück " * 9, "period": "Jahr " * 30}
    slide = deck(results=LONG[:60_000], figures=[row] * 30).slides[2]
    [table] = [shape.table for shape in slide.shapes if shape.has_table]
    assert len(table.rows) == 6
    assert sum(column.width for column in table.columns) <= presentation.WIDTH - 2 * presentation.MARGIN
    for at, (_width, room) in enumerate(presentation.COLUMNS):
        assert 0 < len(table.cell(1, at).text) <= room
    assert table.cell(1, 1).text.startswith("999.999.999.999")


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    slides = deck(title="Ti\x0btel\x00", answer="a\ud800b", results="x\x1fy").slides
    assert slides[0].shapes.title.text == "Titel"
