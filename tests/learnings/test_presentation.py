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


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    slides = deck(title="Ti\x0btel\x00", answer="a\ud800b", results="x\x1fy").slides
    assert slides[0].shapes.title.text == "Titel"
