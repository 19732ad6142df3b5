"""Slides read back with python-pptx: order, marks, what each audience gets, nothing off the slide."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pptx.util import Emu

from governance.text.blocks import Block, Kind
from learnings import presentation
from learnings.models import Audience
from learnings.presentation.measuring import Room, indent_of
from learnings.presentation.template import read
from learnings.story import tell
from tests.learnings.decks import (
    FIGURE,
    PAGES_500,
    PAIR,
    PICTURE,
    deck,
    notes,
    opened,
    package_faults,
    source,
    texts,
    titles,
    values,
)

EMPTY = dict.fromkeys(
    ("occasion", "what_was_done", "results", "recommendation", "next_step", "effort_time", "effort_money"), ""
)
EVERYBODY = pytest.mark.parametrize("audience", Audience.values)


# -- who gets what ---------------------------------------------------------------------------------


def test_the_own_town_gets_the_story_in_its_order() -> None:
    assert titles(deck("municipality")) == [
        "Hundesteuer online",
        "Wie wird ein Formular auch ausgefüllt?",
        "Anlass und Ausgangslage",
        "Was wurde gemacht?",
        "Was ist dabei herausgekommen?",
        "Nutzen im Arbeitsalltag",
        "Empfehlung und nächster Schritt",
        "Fragen und Kontakt",
    ]


def test_the_own_team_gets_the_details_too() -> None:
    told = deck(
        "team",
        pictures=[PICTURE],
        difficulties="Der Anbieter war langsam.",
        share_difficulties=True,
        prerequisites="Ein Fachverfahren.",
        links=[{"title": "Leitfaden", "url": "https://a.example", "repository": "", "retrieved_on": ""}],
    )
    assert titles(told)[4:] == [
        "So läuft es ab: Hund anmelden",
        "Was ist dabei herausgekommen?",
        "Belege in Zahlen",
        "Was war schwierig, was würden wir anders machen?",
        "Nutzen im Arbeitsalltag",
        "Aufwand und Voraussetzungen",
        "Empfehlung und nächster Schritt",
        "Quellen und Links",
        "Fragen und Kontakt",
    ]


@pytest.mark.parametrize("changes", [{}, {"results": PAGES_500, "answer": PAGES_500[:600]}, {"figures": []}])
def test_decision_makers_get_five_slides_however_much_is_written(changes: Any) -> None:
    assert titles(deck("decision_makers", **changes))[1:] == [
        "Wie wird ein Formular auch ausgefüllt?",
        "Was ist dabei herausgekommen?",
        "Nutzen und Aufwand",
        "Empfehlung und nächster Schritt",
    ]


def test_without_a_result_decision_makers_hear_what_was_done() -> None:
    assert titles(deck("decision_makers", results="", figures=[]))[2] == "Was wurde gemacht?"


@EVERYBODY
def test_the_message_for_the_audience_leads(audience: str) -> None:
    rows = [{"audience": one, "text": f"Für {one} gesagt.", "based_on": ""} for one in Audience.values]
    told = deck(audience, messages=rows)
    assert f"Für {audience} gesagt." in told.slides[0].placeholders[1].text_frame.text
    assert not any(f"Für {one} gesagt." in texts(told.slides[0]) for one in Audience.values if one != audience)
    assert f"Für {audience} gesagt." in notes(told.slides[0])


def test_a_message_for_an_audience_that_is_not_chosen_stays_away() -> None:
    rows = [{"audience": "team", "text": "Noch geheim.", "based_on": ""}]
    told = deck("team", messages=rows, audiences=["municipality"])
    assert not any("Noch geheim." in texts(slide) + notes(slide) for slide in told.slides)


@EVERYBODY
def test_difficulties_appear_only_when_the_author_allows_it(audience: str) -> None:
    def shown(allowed: bool) -> bool:
        slides = deck(audience, difficulties="Der Anbieter war langsam.", share_difficulties=allowed).slides
        return any("Der Anbieter war langsam." in texts(slide) + notes(slide) for slide in slides)

    assert shown(True) == (audience in ("team", "other_municipalities"))
    assert not shown(False)


# -- marks -----------------------------------------------------------------------------------------


@EVERYBODY
def test_a_draft_says_so_on_every_slide_and_a_published_text_carries_its_approval(audience: str) -> None:
    assert all("ENTWURF – nicht freigegeben" in texts(slide) for slide in deck(audience, draft=True).slides)
    for slide in deck(audience).slides:
        assert "ENTWURF" not in texts(slide)
        assert "L-7 · Ausgabe 3, freigegeben am 3. Mai 2026" in texts(slide)


@EVERYBODY
def test_a_draft_asks_for_what_is_open_and_a_published_text_has_no_empty_slide(audience: str) -> None:
    open_text = EMPTY | {"everyday_benefit": "", "figures": []}
    asked = [texts(slide) for slide in deck(audience, draft=True, **open_text).slides]
    assert sum("Noch offen: " in words for words in asked) >= 3
    assert not any("Noch offen" in words for words in (asked[0], asked[1]))
    told = deck(audience, **open_text)
    assert titles(told) == ["Hundesteuer online", "Wie wird ein Formular auch ausgefüllt?", "Fragen und Kontakt"]


def test_the_file_has_german_and_no_stranger_in_its_properties() -> None:
    told = deck()
    properties = told.core_properties
    assert (properties.language, properties.title, properties.author) == (
        "de-DE",
        "Hundesteuer online",
        "Change-Management-Team Steueramt",
    )
    assert properties.subject == "L-7, Ausgabe 3, freigegeben am 3. Mai 2026"
    runs = [run for slide in told.slides for run in slide._element.iter("{*}r")]
    assert runs and all(run.find("{*}rPr").get("lang") == "de-DE" for run in runs)


def test_the_last_slide_has_the_contact_and_a_code_that_says_what_it_is() -> None:
    for audience in ("team", "decision_makers"):
        last = list(deck(audience).slides)[-1]
        for words in ("Kim Beispiel", "kim.beispiel@stadt.example", "L-7: https://wissen.stadt.example/L-7"):
            assert words in texts(last)
        described = [one.get("descr") for one in last._element.iter("{*}cNvPr")]
        assert "QR-Code zur Seite L-7 im Wissensportal" in described


# -- figures and pictures --------------------------------------------------------------------------


def charts(told: Any) -> list[Any]:
    return [shape for slide in told.slides for shape in slide.shapes if shape.has_chart]


def test_figures_that_belong_together_are_a_chart_that_can_be_changed_and_is_described() -> None:
    [frame] = charts(deck("municipality"))
    chart = frame.chart
    assert list(chart.plots[0].categories) == ["vorher, 2024", "nachher, 2025"]
    assert list(chart.plots[0].series[0].values) == [47.0, 4.5]
    assert frame.is_placeholder
    description = frame._element.nvGraphicFramePr.cNvPr.get("descr")
    assert description == "Balkendiagramm „Wartezeit“. vorher, 2024: 47 Minuten; nachher, 2025: 4,5 Minuten"
    assert chart.plots[0].data_labels.number_format == '#,##0.0"\u00a0Minuten"'


def test_bars_begin_at_nothing_and_below_it_where_a_number_is_negative() -> None:
    assert charts(deck("municipality"))[0].chart.value_axis.minimum_scale == 0
    loss = [row | {"number": number} for row, number in zip(PAIR, ("-12", "3"), strict=True)]
    assert charts(deck("municipality", figures=loss))[0].chart.value_axis.minimum_scale == -12


def test_a_figure_that_stands_alone_is_a_large_number_with_its_source() -> None:
    slide = deck("municipality", figures=[FIGURE]).slides[4]
    assert "72,5 %" in texts(slide) and "Anteil online (2026, Fachverfahren)" in texts(slide)


def test_decision_makers_read_the_other_figures_beside_the_chart() -> None:
    told = deck("decision_makers", figures=[*PAIR, FIGURE])
    assert len(charts(told)) == 1 and "Anteil online: 72,5 %" in texts(told.slides[2])


def test_every_chart_has_its_slide_two_of_them_share_one() -> None:
    more = [row | {"label": row["label"].replace("Wartezeit", subject)} for subject in "ABC" for row in PAIR]
    told = deck("municipality", figures=[*PAIR, *more])
    assert len(charts(told)) == 4
    assert titles(told)[5:7] == ["Ergebnis in Zahlen"] * 2


def test_the_table_of_figures_flows_on_and_loses_no_number() -> None:
    row = {"label": "Anteil " * 25, "number": "999999999999999.5", "unit": "Stück " * 9, "period": "Jahr " * 30}
    told = deck("team", results="", figures=[row | {"label": f"{n} {row['label']}"} for n in range(30)])
    tables = [shape for slide in told.slides for shape in slide.shapes if shape.has_table]
    numbered = [title for title in titles(told) if title.startswith("Belege in Zahlen (")]
    assert len(tables) == len(numbered) > 3
    cells = [shape.table.cell(at, 1).text for shape in tables for at in range(1, len(shape.table.rows))]
    assert len(cells) == 30 and all(cell.startswith("999.999.999.999.999,5") for cell in cells)


def test_the_diagram_of_a_linked_model_is_whole_and_described() -> None:
    slide = deck("municipality", pictures=[PICTURE]).slides[4]
    [picture] = [shape for shape in slide.placeholders if hasattr(shape, "image")]
    assert picture.crop_left == picture.crop_top == 0
    assert abs(picture.width / picture.height - 400 / 120) < 0.05
    assert picture._element.nvPicPr.cNvPr.get("descr") == PICTURE.description


# -- long and strange texts ------------------------------------------------------------------------


def overflows(told: Any) -> list[str]:
    """Text that needs more height than its frame has, and shapes that leave the slide, measured with real widths."""
    found = []
    for number, slide in enumerate(told.slides, 1):
        for shape in slide.shapes:
            box = (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
            if min(box) < 0 or box[2] > told.slide_width or box[3] > told.slide_height:
                found.append(f"slide {number}: {shape.name} leaves it")
            if shape.has_text_frame and shape.is_placeholder and shape.placeholder_format.type not in (15, 13):
                height = sum(_height(paragraph, shape) for paragraph in shape.text_frame.paragraphs)
                if height > Emu(shape.height - 2 * 45_720).pt + 0.5:
                    found.append(f"slide {number}: {shape.name} needs {height:.0f} points")
    return found


def _height(paragraph: Any, shape: Any) -> float:
    sizes = [run.font.size.pt for run in paragraph.runs if run.font.size]
    # The title of a slide has the size of its layout, unless a smaller one was needed.
    size = sizes[0] if sizes else (38 if shape.placeholder_format.type == 3 else 28)
    left = Emu(int(paragraph._p.get_or_add_pPr().get("marL") or 0)).pt
    room = Room(Emu(shape.width - 2 * 91_440).pt - left, 1)
    bold = shape.placeholder_format.type in (1, 3)
    before = paragraph.space_before.pt if paragraph.space_before is not None else 0
    return len(room.wrap(paragraph.text, size, bold=bold)) * size * 1.2 + before


LISTED = "\n".join(f"{n}. Punkt {n} " + "mit vielen Worten " * (n % 9) for n in range(1, 90))
HOSTILE = ("A" * 2_000, "漢字😀" * 300, "a\u00adb" * 300, "<w:p>&amp;]]>" * 100, LISTED, "- x\n" * 200)


@pytest.mark.parametrize("audience", ["team", "decision_makers"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_leaves_its_place_whatever_is_written(audience: str, text: str) -> None:
    names = ("occasion", "what_was_done", "results", "everyday_benefit", "recommendation", "next_step", "prerequisites")
    short = ("effort_time", "effort_money", "effort_people", "title")
    written = dict.fromkeys(names, text) | dict.fromkeys(short, text[:200].replace("\n", " "))
    told = deck(audience, guiding_question=text[:300], answer=text[:600], figures=[*PAIR, FIGURE], **written)
    assert overflows(told) == []


def test_long_text_flows_to_numbered_slides_and_is_whole_in_the_notes() -> None:
    told = deck("team", what_was_done=SENTENCES[:3_000])
    parts = [title for title in titles(told) if title.startswith("Was wurde gemacht?")]
    assert len(parts) > 1 and parts == [f"Was wurde gemacht? ({n}/{len(parts)})" for n in range(1, len(parts) + 1)]
    slides = [slide for slide in told.slides if slide.shapes.title.text in parts]
    said = " ".join(slide.placeholders[1].text_frame.text for slide in slides)
    assert "Mehr dazu" not in said and said.count("Satz Nummer") == SENTENCES[:3_000].count("Satz Nummer")
    assert notes(slides[0]).count("Satz Nummer") == SENTENCES[:3_000].count("Satz Nummer")


SENTENCES = " ".join(f"Das ist Satz Nummer {n} und er sagt etwas." for n in range(2_000))


@pytest.mark.parametrize("audience", ["team", "decision_makers"])
def test_five_hundred_pages_of_text_are_bounded_with_a_hint_where_there_is_more(audience: str) -> None:
    told = deck(audience, what_was_done=PAGES_500, results=PAGES_500)
    assert len(told.slides) <= {"team": 26, "decision_makers": 5}[audience]
    assert any("Mehr dazu im Wissensportal: L-7" in texts(slide) for slide in told.slides)
    assert overflows(told) == []


MIXED = """## Die Zahlen

Es wurde besser.

| Jahr | Anträge |
|------|---------|
| 2025 | 417     |

![Ein Balkendiagramm](anlage:1)

- weniger Wege
- mehr Zeit
"""


def test_tables_and_pictures_are_no_bullets_stand_in_the_notes_and_are_pointed_to() -> None:
    slide = deck("municipality", results=MIXED, figures=[]).slides[4]
    said = [paragraph.text for paragraph in slide.placeholders[1].text_frame.paragraphs]
    assert said == [
        "Die Zahlen",
        "Es wurde besser.",
        "weniger Wege",
        "mehr Zeit",
        "Mehr dazu im Wissensportal: L-7",
    ]
    assert "417" in notes(slide) and "Ein Balkendiagramm" in notes(slide)


def test_a_text_of_a_table_alone_says_where_the_table_is_and_asks_for_nothing() -> None:
    table = "| Jahr | Anträge |\n|------|---------|\n| 2025 | 417     |"
    slide = deck("municipality", draft=True, results=table, figures=[]).slides[4]
    assert "Tabellen und Bilder dazu stehen auf der Seite des Learnings." in texts(slide)
    assert "Noch offen" not in texts(slide)


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    told = deck("team", title="Ti\x0btel\x00", answer="a\ud800b", results="x\x1fy", links=[])
    assert told.slides[0].shapes.title.text == "Titel"
    assert "ab" in texts(told.slides[1])


# -- the file --------------------------------------------------------------------------------------


@EVERYBODY
def test_every_part_has_a_type_and_a_living_relationship_and_nothing_is_there_twice(audience: str) -> None:
    sources = [source(pictures=[PICTURE], figures=[*PAIR, FIGURE]), source(number="L-8")]
    data = presentation.make(sources, Audience(audience), title="Jour fixe am 3. Mai")
    assert package_faults(data) == []
    again = io.BytesIO()
    first = opened(data)
    first.save(again)
    assert [texts(slide) for slide in opened(again.getvalue()).slides] == [texts(slide) for slide in first.slides]
    assert package_faults(again.getvalue()) == []


def test_several_records_make_one_file_that_begins_with_what_is_in_it() -> None:
    told = opened(
        presentation.make(
            [source(), source(number="L-8", title="Bauberatung")], Audience.DECISION_MAKERS, title="Jour fixe"
        )
    )
    assert len(told.slides) == 11
    assert texts(told.slides[0]).startswith("Jour fixe") and "Bauberatung (L-8)" in texts(told.slides[0])
    assert "L-8 · " in texts(told.slides[6]) and titles(told)[6] == "Bauberatung"


def test_all_words_stand_in_placeholders_of_the_layout() -> None:
    for slide in deck("municipality").slides:
        loose = [shape.name for shape in slide.shapes if not shape.is_placeholder]
        assert loose in ([], ["Quelle"])
        assert {"Fußzeile", "Foliennummer"} <= {shape.name for shape in slide.placeholders}


def test_the_story_is_the_same_for_page_and_slides() -> None:
    story = tell(source(), Audience.MUNICIPALITY)
    assert [chapter.title for chapter in story.chapters] == titles(deck("municipality"))[2:-1]


# -- measuring -------------------------------------------------------------------------------------


def test_pages_are_filled_alike() -> None:
    room = Room(300, 200)
    points = [Block(f"Punkt {n}", Kind.POINT) for n in range(9)]
    pages, is_cut = room.pages(points, 20, 9)
    assert not is_cut and max(map(len, pages)) - min(map(len, pages)) <= 1
    assert [block for page in pages for block in page] == points


def test_a_heading_never_ends_a_page() -> None:
    room = Room(300, 120)
    blocks = [Block("Eins"), Block("Zwei"), Block("Kopf", Kind.HEADING), Block("Drei")]
    pages, _is_cut = room.pages(blocks, 20, 9)
    assert [page[-1].kind for page in pages] == [Kind.PARAGRAPH] * len(pages) and len(pages) > 1


def test_numbers_stand_further_in_than_points() -> None:
    assert indent_of(Block("x", Kind.POINT, number=3), 20) > indent_of(Block("x", Kind.POINT), 20) > 0
    assert indent_of(Block("x"), 20) == 0


def test_the_portals_own_template_has_what_is_asked_of_others() -> None:
    own = read(presentation.blank())
    assert (own.opening.at, own.content.at, own.two.at, own.spread) == (0, 1, 2, 1.0)
    assert values()["title"]
