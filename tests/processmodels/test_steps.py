"""The step list: pasted from a spreadsheet, drawn as lanes, and the same list again out of the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processmodels.bpmn.layout import lay_out
from processmodels.bpmn.model import Model, Node
from processmodels.bpmn.reading import read
from processmodels.bpmn.writing import write
from processmodels.diagram import render
from processmodels.pasting import parse_pasted
from processmodels.steps import Step, to_model, to_steps

from .bpmn_samples import REFUSED, each, shared_files
from .drawings import parsed, texts

LIST = [
    Step("Bürgerservice", "Wohngeldantrag prüfen", "PROSOZ", "", "Nach Checkliste"),
    Step("Bürgerservice", "Unterlagen nachfordern", "E-Mail", "Unterlagen fehlen"),
    Step("Wohngeldstelle", "Einkommen berechnen", "PROSOZ"),
    Step("Wohngeldstelle", "Bescheid freigeben", "PROSOZ", "falls Betrag über 5 000 Euro"),
    Step("Wohngeldstelle", "Leitung informieren", "", "falls Betrag über 5 000 Euro"),
    Step("Poststelle", "Bescheid versenden"),
]


def same(one: Model, other: Model) -> bool:
    return (one.processes, one.nodes, one.flows, list(one.planes), one.name) == (
        other.processes,
        other.nodes,
        other.flows,
        list(other.planes),
        other.name,
    )


def test_roles_become_lanes_and_a_condition_a_gateway_whose_other_way_skips_its_steps() -> None:
    model = to_model(LIST, "Wohngeld")
    lanes = [node.name for node in model.nodes.values() if node.type == "lane"]
    assert lanes == ["Bürgerservice", "Wohngeldstelle", "Poststelle"]
    gateways = [node.id for node in model.nodes.values() if node.type == "exclusiveGateway"]
    assert len(gateways) == 2
    ways = {(flow.name, model.nodes[flow.target].name) for flow in model.flows.values() if flow.source in gateways}
    assert ways == {
        ("wenn Unterlagen fehlen", "Unterlagen nachfordern"),
        ("sonst", "Einkommen berechnen"),
        ("falls Betrag über 5 000 Euro", "Bescheid freigeben"),
        ("sonst", "Bescheid versenden"),
    }


def test_otherwise_right_after_a_condition_is_the_other_way_of_the_same_gateway() -> None:
    steps = [
        Step("Amt", "Prüfen"),
        Step("Amt", "Bewilligen", "", "wenn vollständig"),
        Step("Amt", "Zahlen", "", "wenn vollständig"),
        Step("Amt", "Mahnen", "", "Sonst:"),
        Step("Amt", "Ablegen", "", "andernfalls"),
        Step("Post", "Versenden"),
    ]
    model = to_model(steps, "Wohngeld")
    first = {
        (flow.name, model.nodes[flow.target].name, flow.is_default)
        for flow in model.flows.values()
        if flow.source == "Gateway_2"
    }
    assert first == {("wenn vollständig", "Bewilligen", False), ("Sonst:", "Mahnen", True)}
    # A second one in a row is the other way of nothing.
    assert [node.id for node in model.nodes.values() if node.type == "exclusiveGateway"] == ["Gateway_2", "Gateway_5"]
    meets = {model.nodes[flow.source].name for flow in model.flows.values() if flow.target == "Gateway_5"}
    assert meets == {"Zahlen", "Mahnen"}
    assert to_steps(read(write(model))) == steps


def test_the_picture_shows_where_the_system_changes() -> None:
    model = to_model(LIST, "Wohngeld")
    notes = [node.name for node in model.nodes.values() if node.type == "textAnnotation"]
    assert notes == ["PROSOZ", "E-Mail", "PROSOZ"]
    assert "PROSOZ" in texts(parsed(render(model)))
    kinds = [node.type for node in model.nodes.values() if node.name in ("Einkommen berechnen", "Bescheid versenden")]
    assert kinds == ["userTask", "task"]


def test_the_list_comes_back_from_the_file() -> None:
    model = to_model(LIST, "Wohngeld")
    again = read(write(model))
    assert same(again, model)
    assert to_steps(again) == to_steps(model) == LIST


def test_a_list_without_roles_has_no_lanes_and_an_empty_one_only_start_and_end() -> None:
    model = to_model([Step("", "Prüfen")], "")
    assert not [node for node in model.nodes.values() if node.type == "lane"]
    assert to_steps(model) == [Step("", "Prüfen")]
    assert to_steps(to_model([], "Leer")) == []


def test_a_drawing_that_says_more_than_a_list_gives_none() -> None:
    model = to_model(LIST, "Wohngeld")
    nodes = dict(model.nodes)
    extra = nodes | {"x": Node("x", "endEvent", "Abgelehnt", container="Process_1")}
    assert to_steps(replace(model, nodes=extra)) is None
    service = nodes | {"Activity_1": replace(nodes["Activity_1"], type="serviceTask")}
    assert to_steps(replace(model, nodes=service)) is None
    loop = dict(model.flows) | {
        "back": replace(model.flows["Flow_2"], id="back", source="Activity_6", target="Activity_1")
    }
    assert to_steps(replace(model, flows=loop)) is None


def test_moving_and_renaming_in_the_drawing_keeps_the_list() -> None:
    model = to_model(LIST, "Wohngeld")
    renamed = dict(model.nodes)
    renamed["Activity_1"] = replace(renamed["Activity_1"], name="Antrag ansehen")
    moved = replace(model, nodes=renamed, planes=())
    assert to_steps(moved) == [replace(LIST[0], activity="Antrag ansehen"), *LIST[1:]]


@each([path for path in shared_files() if path.stem not in REFUSED])
def test_real_drawings_are_no_lists_or_come_back_as_the_same_drawing(path: Path) -> None:
    assert to_steps(read(path.read_bytes())) is None or path.stem == "no-di-camunda-A.4.1"


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
STEPS = st.lists(
    st.builds(
        Step,
        st.one_of(st.sampled_from(["Amt", "Bürgerservice", ""]), TEXT),
        TEXT.map(lambda text: f"Prüfen {text}"),
        st.one_of(st.sampled_from(["", "PROSOZ", "–"]), TEXT),
        st.one_of(st.sampled_from(["", "wenn ja", "sonst", "Andernfalls:", "IT-System: x"]), TEXT),
        st.one_of(st.sampled_from(["", "Zeile 1\nZeile 2", "IT-System: y", "a\nIT-System:"]), TEXT),
    ).map(Step.cleaned),
    max_size=8,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(steps=STEPS, title=TEXT)
def test_every_list_survives_drawing_writing_and_reading(steps: list[Step], title: str) -> None:
    model = to_model(steps, title)
    again = read(write(model))
    assert same(again, model)
    assert to_steps(again) == steps


@each([path for path in shared_files() if path.stem not in REFUSED])
def test_a_real_file_written_anew_reads_the_same_apart_from_details(path: Path) -> None:
    def bare(model: Model) -> dict[str, Node]:
        return {node.id: replace(node, details={}) for node in model.nodes.values()}

    model = read(path.read_bytes())
    again = read(write(model))
    assert bare(again) == bare(model)
    assert again.flows == model.flows and again.processes == model.processes
    drawn = [({s.element for s in plane.shapes}, {e.element for e in plane.edges}) for plane in model.planes]
    assert drawn == [({s.element for s in plane.shapes}, {e.element for e in plane.edges}) for plane in again.planes]


def test_a_laid_out_model_reads_back_with_its_places() -> None:
    model = lay_out(to_model(LIST, "Wohngeld"))
    assert list(read(write(model)).planes) == list(model.planes)


PASTED = "Wer\tWas\tMit welchem System?\tWenn …\tHinweis\n"
ROW = "Bürgerservice\tAntrag prüfen\tPROSOZ\tvollständig\tsofort\n"
STEP = Step("Bürgerservice", "Antrag prüfen", "PROSOZ", "vollständig", "sofort")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PASTED + ROW, [STEP]),
        (ROW, [STEP]),
        (ROW.replace("\t", ";"), [STEP]),
        (ROW.replace("\n", "\r\n"), [STEP]),
        ("\ufeff" + ROW, [STEP]),
        ("\n\t\t\n" + ROW + "\n", [STEP]),
        ("1.\t" + ROW + "2.\t" + ROW, [STEP, STEP]),
        ("Nr.\tTätigkeit\tZuständig\n1\tPrüfen\tAmt\n", [Step("Amt", "Prüfen")]),
        ("Prüfen\nVersenden", [Step("", "Prüfen"), Step("", "Versenden")]),
        (
            "Amt\tPrüfen\n\tVersenden\nPost\tAblegen",
            [Step("Amt", "Prüfen"), Step("Amt", "Versenden"), Step("Post", "Ablegen")],
        ),
        ('Amt\t"Prüfen\nund ablegen"', [Step("Amt", "Prüfen und ablegen")]),
        ('Amt\tVordruck "A prüfen\nAmt\tAblegen', [Step("Amt", 'Vordruck "A prüfen'), Step("Amt", "Ablegen")]),
        ("Amt\t\tPROSOZ", [Step("Amt", "", "PROSOZ")]),
        ("", []),
        (PASTED, []),
    ],
)
def test_a_pasted_table_becomes_steps(text: str, expected: list[Step]) -> None:
    assert parse_pasted(text) == expected


@settings(max_examples=200, deadline=None, derandomize=True)
@given(text=st.text(st.sampled_from('ab\t;\n\r"\x00\x01,1.'), max_size=60))
def test_whatever_is_pasted_gives_steps_and_no_error(text: str) -> None:
    for step in parse_pasted(text):
        assert step == step.cleaned()
    to_model(parse_pasted(text), "Titel")


def test_a_huge_cell_is_cut_and_no_error() -> None:
    assert len(parse_pasted("Amt\t" + "x" * 300_000)[0].activity) <= 300
