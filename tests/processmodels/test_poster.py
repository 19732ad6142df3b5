"""The poster: what a wall needs, whatever diagram and text it is made of."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bench.models import made_up
from governance.text.glyphs import known_characters, printable
from processmodels.bpmn.layout import lay_out
from processmodels.bpmn.model import EVENTS, GATEWAYS, TASKS, Bounds, Model
from processmodels.bpmn.reading import BpmnError, read
from processmodels.diagram import svg
from processmodels.diagram.render import render
from processmodels.poster import Contact, Paper, PosterData, PosterFigure, make
from processmodels.poster.blocks import PURPOSE, TEXT, Words
from processmodels.poster.cuts import Span, split
from processmodels.poster.drawing import Drawing
from processmodels.poster.pieces import Piece, Room, cut
from processmodels.poster.plan import LEAST_LABEL, MOST_SHEETS, Plan, plan
from processmodels.poster.printing import pictures
from tests.processmodels.bpmn_samples import each, flows, process, shared_files

HOSTILE = [
    '#let x = $y$ *fett* _kursiv_ `roh` @ref <label> \\ // /* [x] {y} #import "@preview/x:1" "\'',
    "x" * 2_000,
    "Wohngeldantragsbearbeitungsverfahrensbeschleunigungsgesetz " * 30,
    "Marke 😀👍🏽 \U0001f1e9\U0001f1ea 漢字 עברית \ue000 ﷽ a\u0301\u0302\u0303",
    "a\x00b\x07c\u202ed\u2028e\ud800f\r\n\tg",
    "</svg><script>alert(1)</script>&amp;\"'",
    " \u00ad\u200b ",
]


def poster(model: Model | None = None, **values: Any) -> PosterData:
    usual = PosterData(
        title="Hundesteuer anmelden",
        purpose="Wer einen Hund anmeldet, bekommt am selben Tag Bescheid und Marke, ohne das Rathaus zu besuchen.",
        number="P-8",
        address="https://wissensportal.example/P-8",
        contact=Contact("Change-Management-Team Finanzen", "Kim Sommer", "Raum 214, Telefon 4711"),
        printed_at=datetime(2025, 6, 4, 9, 30, tzinfo=UTC),
        model=model,
        changes="Anträge kommen nur noch über das Formular. Niemand tippt mehr Angaben ab.",
        figures=(
            PosterFigure("Durchlaufzeit", "12 Tage", "1 Tag", "11 Tage weniger, besser"),
            PosterFigure("Medienbrüche", "4 Medienbrüche", "keine", "4 weniger, besser"),
        ),
        issue=3,
        released_on=date(2025, 5, 3),
        check_mark="3f2a-91c0-77de",
    )
    return replace(usual, **values)


def dog_tax(name: str = "Angaben prüfen") -> Model:
    """Two lanes, five nodes."""
    return lay_out(
        process(
            "<laneSet><lane id='o' name='Bürgerbüro'><flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef></lane>"
            "<lane id='t' name='Steueramt'><flowNodeRef>b</flowNodeRef><flowNodeRef>c</flowNodeRef>"
            "<flowNodeRef>e</flowNodeRef></lane></laneSet>"
            f"<startEvent id='s' name='Anmeldung eingegangen'/><userTask id='a' name='{name}'/>"
            "<task id='b' name='Hundesteuer festsetzen'/><task id='c' name='Marke versenden'/>"
            "<endEvent id='e' name='Hund angemeldet'/>" + flows("s a", "a b", "b c", "c e")
        )
    )


def in_a_row() -> Model:
    return lay_out(process("<task id='a' name='Prüfen'/><task id='b' name='Versenden'/>" + flows("a b")))


def upright() -> Model:
    """Tasks in a column, each in its own lane."""
    lanes = "".join(f"<lane id='l{at}' name='Amt {at}'><flowNodeRef>n{at}</flowNodeRef></lane>" for at in range(4))
    tasks = "".join(f"<task id='n{at}' name='Aufgabe {at}'/>" for at in range(4))
    return lay_out(process(f"<laneSet>{lanes}</laneSet>{tasks}"))


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def texts_of(planned: Plan) -> str:
    return str(planned.sheets).replace("\u00ad", "")


# --- the file ------------------------------------------------------------------------------------------------


def test_a_poster_is_a_tagged_pdf_ua_in_german_with_its_title_the_same_each_time() -> None:
    pdf = make(poster(dog_tax()))
    assert pdf.startswith(b"%PDF-") and b"%%EOF" in pdf[-10:]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Lang(de)" in pdf and b"/Marked true" in pdf and b"/StructTreeRoot" in pdf
    assert b">Hundesteuer anmelden</rdf:li>" in pdf
    assert make(poster(dog_tax())) == pdf
    assert b"2025-06-04T09:30:00" in pdf


@pytest.mark.parametrize(("paper", "short", "long"), [(Paper.A3, 841.89, 1190.55), (Paper.A4, 595.3, 841.9)])
def test_it_is_as_large_as_the_paper(paper: Paper, short: float, long: float) -> None:
    pdf = make(poster(dog_tax()), paper)
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box and sorted(map(float, box.groups())) == pytest.approx([short, long], abs=0.5)


def test_the_picture_has_the_steps_as_its_alternative_text() -> None:
    (sheet,) = plan(poster(dog_tax())).sheets
    assert sheet["alt"].startswith("Prozessdiagramm. 1. Bürgerbüro: Anmeldung eingegangen")
    assert "Steueramt: Hundesteuer festsetzen" in sheet["alt"]


def test_version_print_date_number_and_address_stand_on_the_poster() -> None:
    shown = texts_of(plan(poster(dog_tax())))
    for words in ("Ausgabe 3, freigegeben am 3. Mai 2025 · Prüfzeichen 3f2a-91c0-77de", "gedruckt am 4. Juni 2025"):
        assert words in shown
    words = Words.of(poster())
    assert (words.number, words.address) == ("P-8", "wissensportal.example/P-8")
    assert words.link == "https://wissensportal.example/P-8"


def test_a_draft_says_so_and_names_no_release() -> None:
    draft = poster(is_draft=True, steps=["Antrag prüfen"])
    assert "Entwurf, nicht freigegeben" in texts_of(plan(draft)) and "Ausgabe" not in texts_of(plan(draft))
    assert make(draft) != make(replace(draft, is_draft=False))


# --- read from two metres -----------------------------------------------------------------------------------


@each(shared_files())
def test_every_shared_file_makes_a_poster_whose_type_is_large_enough(path: Path) -> None:
    try:
        model = read(path.read_bytes())
    except BpmnError:
        pytest.skip("refused when it is uploaded")
    data = poster(model)
    planned = plan(data)
    assert pages(make(data)) == len(planned.sheets) <= MOST_SHEETS
    assert len(pictures(data, ppi=10, strict=True)) == len(planned.sheets)
    first = planned.sheets[0]["head"]
    assert first["size"] >= 60 and first["purpose_size"] >= PURPOSE == 28 and TEXT == 18
    for sheet in planned.sheets:
        if sheet["kind"] == "diagram":
            sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', sheet["svg"])]
            assert min(sizes) * planned.scale >= LEAST_LABEL - 0.05
            assert sheet["width"] <= planned.page.width + 0.1
        if sheet["kind"] == "steps":
            assert sheet["size"] >= 18
        for size in re.findall(r"'(?:\w+_)?size': ([\d.]+)", str({**sheet, "svg": ""})):
            assert float(size) >= 18


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("with_diagram", [True, False])
def test_whatever_people_write_is_text_and_stays_in_its_place(hostile: str, with_diagram: bool) -> None:
    model = None
    if with_diagram:
        model = dog_tax()
        model = replace(model, nodes={key: replace(node, name=hostile) for key, node in model.nodes.items()})
    data = poster(
        model,
        title=hostile,
        purpose=hostile,
        changes=hostile,
        number=hostile,
        check_mark=hostile,
        contact=Contact(hostile, hostile, hostile),
        figures=[PosterFigure(hostile, hostile, hostile, hostile)] * 3,
        steps=[hostile] * 40,
        is_draft=True,
    )
    for paper in Paper:
        assert pages(make(data, paper)) == len(plan(data).sheets)
    pictures(data, ppi=10, strict=True)


def test_characters_without_a_glyph_are_replaced_and_all_others_kept() -> None:
    german = "Äußerst „schöne“ Prüfung – 5 € für § 7 … → ß"
    assert printable(german) == german and all(ord(character) in known_characters() for character in german)
    assert printable("Marke 😀 漢\x00x\n y") == "Marke ? x y"


def test_markup_of_typst_is_printed_as_it_was_written() -> None:
    assert "*fett* #panic()" in texts_of(plan(poster(title="*fett* #panic()", steps=["x"])))
    assert make(poster(title="*fett* #panic()", steps=["#panic()"]))


def test_the_smallest_labels_on_the_wall_are_larger_than_on_the_screen() -> None:
    names = ("Pflichtangaben prüfen und übertragen", "Antrag und Nachweise in das Verfahren übergeben")
    for name in names:
        model = dog_tax(name)
        on_screen = min(float(size) for size in re.findall(r'font-size="([\d.]+)"', render(model)))
        assert Drawing(model).smallest_label >= on_screen + 2


def test_no_address_is_cut_or_hyphenated() -> None:
    contact = Contact("Change-Management-Team Bürgerdienste", "Kim Sommer", "kim.sommer@stadt-musterstadt.example")
    address = "https://wissensportal.stadt-musterstadt.example/P-8"
    for model in (dog_tax(), upright(), made_up(30)):
        planned = plan(poster(model, contact=contact, address=address))
        [block] = [
            block
            for sheet in planned.sheets
            for row in sheet["rows"]
            for block in row["blocks"]
            if block["kind"] == "contact"
        ]
        told = [line.replace("\u200b", "") for line in block["lines"]]
        assert block["address"].replace("\u200b", "") == address.removeprefix("https://")
        assert " · ".join(told) == "Kim Sommer · kim.sommer@stadt-musterstadt.example"


def test_the_state_shown_is_named_above_the_diagram_and_beside_the_title_of_every_further_sheet() -> None:
    caption = "Ablauf vorher (Ist) · Idee"
    for model in (dog_tax(), made_up(30)):
        sheets = plan(poster(model, caption=caption)).sheets
        assert {sheet["head"]["caption"] for sheet in sheets if sheet["kind"] == "diagram"} == {caption}


def test_a_long_title_is_whole_on_the_following_sheets() -> None:
    title = "Unterhaltsvorschuss: bewilligen und zurückholen in einer Hand"
    sheets = plan(poster(made_up(30), title=title, caption="Ablauf nachher (Soll) · Erprobung")).sheets
    assert {sheet["head"]["title"].replace("\u00ad", "") for sheet in sheets[1:]} == {title}


def test_more_points_than_there_is_room_for_end_with_an_ellipsis() -> None:
    points = [f"Punkt {number}: Das Formular fragt nur noch, was gebraucht wird." for number in range(20)]
    for changes, bullets in (("\n".join(points), True), (points[0], False)):
        sheets = plan(poster(dog_tax(), changes=changes)).sheets
        blocks = [block for sheet in sheets for row in sheet["rows"] for block in row["blocks"]]
        [block] = [block for block in blocks if block["kind"] == "changes"]
        assert block["has_bullets"] == bullets
        assert block["points"][-1].endswith("…") == bullets and len(block["points"]) <= 7


# --- over several sheets ---------------------------------------------------------------------------------------


def wide() -> Drawing:
    return Drawing(made_up(60))


def wide_pieces(drawing: Drawing) -> list[Piece]:
    pieces = cut(drawing, Room(900, 2_000, 2_000))
    assert pieces and len(pieces) > 2
    return pieces


def test_a_diagram_too_wide_for_one_sheet_is_cut_where_nothing_solid_is_cut() -> None:
    drawing = wide()
    pieces = wide_pieces(drawing)
    nodes = {key for key, node in drawing.model.nodes.items() if node.type in TASKS | EVENTS | GATEWAYS}
    shown = [element for piece in pieces for element in piece.elements if element in nodes]
    assert sorted(shown) == sorted(nodes), "every node stands on exactly one sheet"
    for piece in pieces:
        for element in piece.elements & nodes:
            assert inside(drawing.solids[element].box, piece.window), element
        assert piece.window.width <= 900


def inside(box: Bounds, window: Bounds) -> bool:
    return window.x <= box.x and box.right <= window.right and window.y <= box.y and box.bottom <= window.bottom


def test_every_line_that_is_cut_has_the_same_letter_on_both_sheets() -> None:
    pieces = wide_pieces(wide())
    marks = [(mark.letter, piece.cell, mark.leaves, mark.heading) for piece in pieces for mark in piece.marks]
    letters = {letter for letter, *_rest in marks}
    assert "A" in letters
    for letter in letters:
        (one, other) = (mark for mark in marks if mark[0] == letter)
        assert one[1] != other[1] and one[3] == other[3] and {one[2], other[2]} == {True, False}


def test_the_lanes_are_named_again_on_the_following_sheets_and_the_marks_are_drawn() -> None:
    pieces = wide_pieces(wide())
    for piece in pieces:
        drawn = piece.draw()
        assert all(f">Stelle {number}</tspan>" in drawn for number in range(4)), piece.cell
        for mark in piece.marks:
            assert f">{svg.escape(mark.letter)}</text>" in drawn


def test_a_row_of_shapes_is_cut_between_them() -> None:
    spans = [Span(at, at + 100, at + 50) for at in range(0, 3_000, 150)]
    parts = split(spans, [], (0, 3_000), lambda _number: 700)
    assert parts
    for one, other in pairwise(parts):
        assert one.end == other.begin and not any(span.low < one.end < span.high for span in spans)


def test_columns_that_do_not_line_up_are_cut_beside_what_reaches_over() -> None:
    spans = [Span(at, at + 100, at + 50) for at in range(0, 2_000, 60)]
    parts = split(spans, [], (0, 2_060), lambda _number: 600)
    assert parts and all(part.length <= 600 for part in parts)
    for part in parts:
        owned = [span for span in spans if part.begin <= span.anchor < part.end]
        assert all(part.low <= span.low and span.high <= part.high for span in owned)


def test_what_is_longer_than_a_sheet_cannot_be_cut() -> None:
    assert split([Span(0, 800, 400)], [], (0, 800), lambda _number: 700) is None


def test_sheets_are_numbered_join_at_one_scale_and_carry_every_text_once() -> None:
    planned = plan(poster(made_up(30)))
    numbers = [sheet["number"] for sheet in planned.sheets]
    assert len(numbers) > 1
    assert numbers == [f"Blatt {at} von {len(numbers)}" for at in range(1, len(numbers) + 1)]
    kinds = [block["kind"] for sheet in planned.sheets for row in sheet["rows"] for block in row["blocks"]]
    assert kinds == ["changes", "figures", "contact"]
    for sheet in planned.sheets:
        if sheet["kind"] == "diagram":
            assert "Prozessdiagramm, Teil " in sheet["alt"]
            window = re.search(r'viewBox="\S+ \S+ (\S+) \S+"', sheet["svg"])
            assert window and sheet["width"] / float(window[1]) == pytest.approx(planned.scale, rel=1e-3)


def test_a_small_diagram_stands_on_one_sheet_with_all_texts() -> None:
    for model in (dog_tax(), in_a_row()):
        (sheet,) = plan(poster(model)).sheets
        assert sheet["number"] == "" and [row["blocks"] for row in sheet["rows"]]


def test_sheets_follow_the_shape_of_the_diagram() -> None:
    assert not plan(poster(in_a_row())).page.is_portrait
    assert plan(poster(upright())).page.is_portrait


# --- without a diagram -----------------------------------------------------------------------------------------


def test_without_a_diagram_the_steps_are_printed() -> None:
    (sheet,) = plan(poster(steps=["Bürgerbüro: Angaben prüfen", "Steueramt: Steuer festsetzen"])).sheets
    assert [(step["number"], step["text"].replace("\u00ad", "")) for step in sheet["steps"]] == [
        (1, "Bürgerbüro: Angaben prüfen"),
        (2, "Steueramt: Steuer festsetzen"),
    ]


def test_steps_beyond_two_sheets_are_counted_not_squeezed() -> None:
    sheets = plan(poster(steps=[f"Schritt {number}" for number in range(300)])).sheets
    left = 300 - sum(len(sheet["steps"]) for sheet in sheets)
    assert len(sheets) == 2 and left > 100
    assert sheets[-1]["notes"] == [f"{left} weitere Schritte stehen im Portal."]


def test_a_diagram_larger_than_any_wall_is_told_in_steps_and_the_poster_says_so() -> None:
    begun = time.process_time()
    data = poster(made_up(3_000))
    sheets = plan(data).sheets
    assert sheets[0]["kind"] == "steps" and sheets[0]["steps"]
    assert "Das Diagramm ist für einen Aushang zu groß. Sie finden es im Portal." in sheets[-1]["notes"]
    assert pages(make(data)) == len(sheets)
    assert time.process_time() - begun < 20


def test_a_poster_of_nothing_but_a_title_is_still_one() -> None:
    bare = poster(purpose="", changes="", figures=(), check_mark="", contact=Contact("Team"), title="")
    assert pages(make(bare)) == 1
    assert "Prozess ohne Titel" in texts_of(plan(bare))
