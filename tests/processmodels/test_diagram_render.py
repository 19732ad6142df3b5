"""The picture as a whole: static, escaped, cropped, and there for every model, however odd."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from processmodels.bpmn.layout import lay_out
from processmodels.bpmn.model import Bounds, Edge, Flow, Model, Node, Plane, Point, Process, Shape
from processmodels.bpmn.reading import read
from processmodels.diagram import render
from processmodels.diagram.render import render_all

from .bpmn_samples import EVERYTHING, REFUSED, each, process, shared_files
from .drawings import SVG, group_of, one, parsed, picture, random_model, texts, two

HOSTILE = "</text><script>alert(1)</script>\"' onload='x' &lt; ]]> \x00\x0b\ud800 url(#x)"


def test_every_diagram_of_a_file_is_drawn_below_the_first_with_its_name() -> None:
    shape = "<bpmndi:BPMNShape bpmnElement='%s'><dc:Bounds x='-50' y='900' width='100' height='80'/></bpmndi:BPMNShape>"
    planes = (("p", "t", ""), ("sub", "inner", ""), ("p", "t", "name='Überblick'"), ("", "inner", ""))
    drawn = "".join(
        f"<bpmndi:BPMNDiagram {name}><bpmndi:BPMNPlane bpmnElement='{shown}'>{shape % element}</bpmndi:BPMNPlane>"
        "</bpmndi:BPMNDiagram>"
        for shown, element, name in planes
    )
    content = (
        "<task id='t' name='Prüfen'/><subProcess id='sub' name='Klären'><task id='inner' name='Anrufen'/></subProcess>"
    )
    picture = etree.fromstring(render_all(process(content, drawn)).encode())
    texts = ["".join(text.itertext()) for text in picture.iter("{*}text")]
    assert texts == ["Prüfen", "Klären", "Anrufen", "Überblick", "Prüfen", "Diagramm 4", "Anrufen"]
    _x, _y, width, height = map(float, picture.get("viewBox").split())
    assert width < 200 and 4 * 80 < height < 4 * 200


def test_hostile_names_are_text_and_nothing_else() -> None:
    for kind in ("task", "startEvent", "exclusiveGateway", "participant", "lane", "textAnnotation", "group"):
        model = one(Node(HOSTILE, kind, HOSTILE), width=3_000, height=400)
        root = parsed(render(replace(model, name=HOSTILE)))
        assert "alert(1)" in " ".join(texts(root))
    flow = Flow(HOSTILE, "sequenceFlow", "a", "b", HOSTILE)
    assert "alert(1)" in "".join(texts(parsed(render(two(flow)))))


def test_a_colour_that_is_none_is_not_written() -> None:
    assert "evil" not in picture(Node("x", "task"), fill='evil"', stroke="url(http://evil.example)")


def test_the_picture_has_a_role_a_title_and_a_size() -> None:
    root = parsed(render(one(Node("x", "task")), title="Wohngeld <heute>"))
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title" and root[0].text == "Wohngeld <heute>"
    assert [float(value) for value in root.get("viewBox").split()] == [-12, -12, 124, 104]
    assert (root.get("width"), root.get("height")) == ("124", "104")


def test_the_title_falls_back_to_the_names_in_the_file() -> None:
    model = one(Node("x", "task"))
    assert parsed(render(model))[0].text == "Prozessdiagramm"
    assert parsed(render(replace(model, name="Wohngeld")))[0].text == "Wohngeld"


def test_no_plane_and_empty_planes_give_an_empty_picture() -> None:
    empty = Model({}, {}, {})
    for model in (empty, replace(empty, planes=[Plane("p")])):
        assert texts(parsed(render(model))) == []
    assert texts(parsed(render(one(Node("x", "task", "A")), plane=3))) == []


@pytest.mark.parametrize("value", [0.0, -5.0, math.nan, math.inf, -math.inf, 1e300])
def test_broken_numbers_give_a_picture_all_the_same(value: float) -> None:
    node = Node("x", "startEvent", "Antrag", container="p")
    shape = Shape("x", Bounds(value, value, value, value), label=Bounds(value, 0, value, 0))
    edges = [Edge("f", (Point(value, 0), Point(0, value), Point(5, 5)), Bounds(value, value, value, value))]
    flows = {"f": Flow("f", "sequenceFlow", "x", "x", "ja")}
    svg = render(Model({}, {"x": node}, flows, [Plane("p", "", [shape], edges)]))
    parsed(svg)
    assert "nan" not in svg and "inf" not in svg and "e+" not in svg


def test_shapes_of_unknown_elements_are_passed_over_and_missing_ends_do_no_harm() -> None:
    shapes = [Shape("gone", Bounds(0, 0, 10, 10)), Shape("x", Bounds(0, 0, 100, 80))]
    edges = [Edge("f", (Point(0, 0), Point(50, 50))), Edge("gone", (Point(0, 0), Point(1, 1))), Edge("f", ())]
    flows = {"f": Flow("f", "sequenceFlow", "", "nowhere")}
    model = Model({}, {"x": Node("x", "task", "A"), "y": Node("y", "task")}, flows, [Plane("p", "", shapes, edges)])
    assert texts(parsed(render(model))) == ["A"]


def test_a_line_that_runs_into_a_shape_is_cut_at_its_border() -> None:
    model = two(Flow("f", "sequenceFlow", "a", "b"))
    line = replace(model.planes[0].edges[0], points=(Point(50, 40), Point(250, 40)))
    model = replace(model, planes=[replace(model.planes[0], edges=[line])])
    head = group_of(parsed(render(model)), "f").find(f".//{SVG}polygon")
    tip = head.get("points").split()[0].split(",")
    assert float(tip[0]) == pytest.approx(200, abs=3)


def test_the_name_of_a_gateway_stands_clear_of_the_lines_that_leave_it() -> None:
    nodes = {"g": Node("g", "exclusiveGateway", "Vollständig?"), "t": Node("t", "task")}
    shapes = [Shape("g", Bounds(0, 0, 50, 50)), Shape("t", Bounds(-25, 150, 100, 80))]
    edge = Edge("f", (Point(25, 50), Point(25, 150)))
    flow = Flow("f", "sequenceFlow", "g", "t")
    free = Model({}, nodes, {}, [Plane("p", "", shapes)])
    crossed = Model({}, nodes, {"f": flow}, [Plane("p", "", shapes, [edge])])
    where = [float(next(parsed(render(model)).iter(f"{SVG}tspan")).get("y")) for model in (free, crossed)]
    assert where[0] > 50 > 0 > where[1]


def test_the_same_model_gives_the_same_picture() -> None:
    assert render(lay_out(random_model(7))) == render(lay_out(random_model(7)))


@each([path for path in shared_files() if path.stem not in REFUSED])
def test_a_real_file_is_drawn_with_all_its_names(path: Path) -> None:
    model = read(path.read_bytes())
    model = model if model.has_diagram else lay_out(model)
    for number, plane in enumerate(model.planes):
        root = parsed(render(model, plane=number))
        shown = "".join(texts(root)).replace("-", "").replace(" ", "")
        for shape in plane.shapes:
            node = model.nodes[shape.element]
            name = "".join(node.name.split()).replace("-", "")
            assert name in shown or any(t.text == node.name for t in root.iter(f"{SVG}title")), node.name


def test_a_file_with_one_of_everything_is_drawn() -> None:
    model = lay_out(read(EVERYTHING))
    root = parsed(render(model))
    drawn = {item.get("data-element") for item in root.iter(f"{SVG}g")}
    left_out = {node.type for node in model.nodes.values() if node.id not in drawn}
    assert left_out <= {"group"}


def test_three_thousand_elements_are_drawn_within_two_seconds() -> None:
    nodes = {f"n{at}": Node(f"n{at}", "userTask", f"Wohngeldantrag {at} prüfen", container="p") for at in range(1_500)}
    flows = {f"f{at}": Flow(f"f{at}", "sequenceFlow", f"n{at}", f"n{at + 1}", "ja") for at in range(1_499)}
    flows = {identity: replace(flow, container="p") for identity, flow in flows.items()}
    model = lay_out(Model({"p": Process("p")}, nodes, flows))
    begun = time.process_time()
    assert render(model).count("data-element") == 2_999
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("name", ["Wohngeldantrag" * 35, "a/" * 250, "X" * 500, "a\u00ad" * 250, "漢" * 500])
def test_names_that_want_to_keep_us_busy_do_not(name: str) -> None:
    nodes = {f"n{at}": Node(f"n{at}", "startEvent" if at % 2 else "userTask", f"{at}{name}") for at in range(500)}
    shapes = [Shape(identity, Bounds(0, 0, 100, 80)) for identity in nodes]
    begun = time.process_time()
    render(Model({}, nodes, {}, [Plane("p", "", shapes)]))
    assert time.process_time() - begun < 2


def test_a_model_without_processes_is_laid_out_and_drawn() -> None:
    assert render(lay_out(Model({}, {}, {})))
    assert render(lay_out(Model({"p": Process("p", "Leer")}, {}, {})))
