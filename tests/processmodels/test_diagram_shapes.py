"""Every kind of element is drawn with what tells it apart."""

from __future__ import annotations

from itertools import combinations

import pytest

from processmodels.bpmn.model import ACTIVITIES, GATEWAYS, TASKS, Flow, Marker, Node, Trigger
from processmodels.diagram import Mark, colours, icons, render

from .drawings import SVG, group_of, one, parsed, picture, texts, two


def test_each_kind_of_task_and_gateway_looks_different() -> None:
    for kinds in (sorted(TASKS), sorted(GATEWAYS)):
        pictures = {kind: picture(Node("x", kind), is_marker_visible=True, is_expanded=False) for kind in kinds}
        for one_kind, other in combinations(kinds, 2):
            assert pictures[one_kind] != pictures[other], (one_kind, other)


def test_a_plain_task_has_no_icon_and_the_others_have_theirs() -> None:
    assert "<path" not in picture(Node("x", "task"))
    for kind, draw in icons.TASKS.items():
        assert draw(colours.INK, colours.PAPER) in picture(Node("x", kind))


@pytest.mark.parametrize("trigger", [trigger for trigger in Trigger if trigger])
def test_an_event_that_catches_is_outlined_and_one_that_throws_is_filled(trigger: Trigger) -> None:
    caught = picture(Node("x", "intermediateCatchEvent", trigger=trigger), width=36, height=36)
    thrown = picture(Node("x", "intermediateThrowEvent", trigger=trigger), width=36, height=36)
    assert icons.symbol(trigger, colours.INK, colours.PAPER, filled=trigger is Trigger.TERMINATE) in caught
    assert icons.symbol(trigger, colours.INK, colours.PAPER, filled=True) in thrown
    if trigger not in (Trigger.TIMER, Trigger.CONDITIONAL, Trigger.TERMINATE):
        assert caught != thrown


def test_all_signs_of_events_look_different() -> None:
    drawn = [icons.symbol(trigger, "#000000", "#ffffff", filled=False) for trigger in Trigger]
    assert len(set(drawn)) == len(Trigger)


def test_start_intermediate_and_end_have_one_ring_two_rings_and_a_thick_one() -> None:
    def rings(kind: str) -> list[str]:
        root = parsed(render(one(Node("x", kind), width=36, height=36)))
        return [ring.get("stroke-width") for ring in group_of(root, "x").iter(f"{SVG}circle")]

    assert rings("startEvent") == ["1.5"]
    assert rings("intermediateCatchEvent") == rings("boundaryEvent") == ["1.5", "1.25"]
    assert rings("endEvent") == ["3.5"]


def test_an_event_that_does_not_interrupt_has_dashed_rings() -> None:
    for kind in ("startEvent", "boundaryEvent"):
        assert "stroke-dasharray" in picture(Node("x", kind, interrupting=False))
        assert "stroke-dasharray" not in picture(Node("x", kind))


def test_an_exclusive_gateway_shows_its_cross_only_where_the_file_says_so() -> None:
    cross = icons.gateway("exclusiveGateway", "", colours.INK)
    assert cross in picture(Node("x", "exclusiveGateway"), is_marker_visible=True)
    assert cross not in picture(Node("x", "exclusiveGateway"))


def test_event_based_gateways_differ_by_what_they_start() -> None:
    assert (
        len({picture(Node("x", "eventBasedGateway", instantiates=how)) for how in ("", "exclusive", "parallel")}) == 3
    )


@pytest.mark.parametrize("marker", [*icons.ORDER, Marker.AD_HOC])
def test_markers_stand_at_the_lower_edge_of_every_activity(marker: Marker) -> None:
    for kind in ACTIVITIES:
        drawn = picture(Node("x", kind, markers=frozenset({marker})), is_expanded=False)
        assert icons.marker(marker, colours.INK) in drawn


def test_a_collapsed_sub_process_has_a_plus_and_an_expanded_one_its_name_at_the_top() -> None:
    for kind in ("subProcess", "transaction", "adHocSubProcess", "callActivity"):
        node = Node("x", kind, "Antrag prüfen")
        assert icons.collapsed() in picture(node, width=300, height=200, is_expanded=False)
        expanded = render(one(node, width=300, height=200))
        assert icons.collapsed() not in expanded
        line = next(parsed(expanded).iter(f"{SVG}tspan"))
        assert float(line.get("y")) < 30


def test_frames_tell_transaction_call_activity_and_event_sub_process_apart() -> None:
    assert picture(Node("x", "transaction")).count("<rect") == picture(Node("x", "subProcess")).count("<rect") + 1
    assert 'stroke-width="3.5"' in picture(Node("x", "callActivity"))
    assert "stroke-dasharray" in picture(Node("x", "subProcess", is_event_sub_process=True))
    assert icons.marker(Marker.AD_HOC, colours.INK) in picture(Node("x", "adHocSubProcess"))


def test_data_shows_input_output_and_collection() -> None:
    kinds = [
        Node("x", "dataObjectReference"),
        Node("x", "dataInput"),
        Node("x", "dataOutput"),
        Node("x", "dataObjectReference", markers=frozenset({Marker.COLLECTION})),
        Node("x", "dataStoreReference"),
    ]
    assert len({picture(node, width=50, height=50) for node in kinds}) == len(kinds)


def test_pools_turn_their_name_and_one_without_content_has_it_in_the_middle() -> None:
    model = one(Node("x", "participant", "Bürgerservice"), width=600, height=200)
    assert "rotate(-90" not in render(model)
    process = next(iter(model.processes.values()))
    model.processes[process.id] = type(process)(process.id, participant="x")  # type: ignore[index]
    assert "rotate(-90" in render(model)
    upright = one(Node("x", "lane", "Bürgerservice"), width=200, height=600, is_horizontal=False)
    assert "rotate(-90" not in render(upright)


def test_a_group_and_an_annotation_leave_what_is_behind_them_visible() -> None:
    assert 'fill="none"' in picture(Node("x", "group", "Prüfung"))
    assert "Hinweis" in picture(Node("x", "textAnnotation", "Hinweis"))


def test_an_annotation_grows_with_its_text() -> None:
    long = "Die Bürgerin oder der Bürger reicht fehlende Unterlagen innerhalb von vier Wochen nach. " * 3
    root = parsed(render(one(Node("x", "textAnnotation", long), width=100, height=20)))
    bottom = float(root.get("viewBox").split()[1]) + float(root.get("height"))
    assert " ".join(texts(root)).replace("- ", "").count("Bürgerin") == 3
    assert bottom > 200


def test_flows_differ_by_kind_and_ends() -> None:
    flows = [
        Flow("f", "sequenceFlow", "a", "b"),
        Flow("f", "sequenceFlow", "a", "b", condition="x > 1"),
        Flow("f", "sequenceFlow", "a", "b", is_default=True),
        Flow("f", "messageFlow", "a", "b"),
        Flow("f", "association", "a", "b"),
        Flow("f", "association", "a", "b", direction="one"),
        Flow("f", "association", "a", "b", direction="both"),
    ]
    assert len({render(two(flow)) for flow in flows}) == len(flows)
    message = group_of(parsed(render(two(flows[3]))), "f")
    assert message.find(f".//{SVG}circle") is not None
    assert any(item.get("stroke-dasharray") for item in message.iter())


def test_a_condition_at_a_gateway_has_no_diamond() -> None:
    with_condition = Flow("f", "sequenceFlow", "a", "b", condition="x > 1")
    plain = Flow("f", "sequenceFlow", "a", "b")
    assert render(two(with_condition, "exclusiveGateway")) == render(two(plain, "exclusiveGateway"))


def test_each_mark_has_its_sign_its_word_and_its_kind_of_line() -> None:
    model = one(Node("x", "task", "Antrag prüfen"))
    drawn = {mark: render(model, marks={"x": mark}) for mark in Mark}
    words = {Mark.ADDED: "neu", Mark.REMOVED: "entfällt", Mark.CHANGED: "geändert", Mark.MOVED: "verschoben"}
    for mark, svg in drawn.items():
        assert f"<title>{words[mark]}</title>" in svg
    frames = {
        mark: (svg.count("<rect"), tuple(r.get("stroke-dasharray") for r in parsed(svg).iter(f"{SVG}rect")))
        for mark, svg in drawn.items()
    }
    assert len(set(frames.values())) == len(Mark)


def test_a_flow_can_be_marked_too_and_unknown_ids_are_passed_over() -> None:
    model = two(Flow("f", "sequenceFlow", "a", "b"))
    assert "<title>neu</title>" in render(model, marks={"f": Mark.ADDED})
    assert render(model, marks={"gone": Mark.ADDED}) == render(model)


@pytest.mark.parametrize("fill", ["#000000", "#ffffff", "#1e88e5", "#ffe0b2", "#808080"])
@pytest.mark.parametrize("stroke", ["#000000", "#ffffff", "#fb8c00", "#808080"])
def test_text_can_be_read_on_every_colour_of_a_file(fill: str, stroke: str) -> None:
    root = parsed(render(one(Node("x", "userTask", "Prüfen"), fill=fill, stroke=stroke)))
    text = next(root.iter(f"{SVG}text"))
    assert colours.contrast(text.get("fill"), fill) >= colours.READABLE
    assert root.findall(f".//{SVG}rect")[1].get("fill") == fill
