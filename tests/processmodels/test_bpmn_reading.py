"""What a BPMN file says is in the model, whatever tool wrote it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree

from processmodels.bpmn.model import ACTIVITIES, DATA, EVENTS, FLOW_NODES, GATEWAYS, Bounds, Marker, Point, Trigger
from processmodels.bpmn.reading import BpmnError, labels, read

from . import bpmn_samples
from .bpmn_samples import EVERYTHING, REFUSED, definitions, each, process, shared_files

NAMED = FLOW_NODES | {"participant", "lane", "dataObjectReference", "dataStoreReference"}


@each(shared_files())
def test_files_of_real_tools_are_read_with_every_named_element(path: Path) -> None:
    data = path.read_bytes()
    if path.stem in REFUSED:
        with pytest.raises(BpmnError) as refused:
            read(data)
        assert refused.value.line == 26
        assert "Zeile 26" in refused.value.message
        return
    model = read(data)
    for element in etree.fromstring(data).iter(f"{{{bpmn_samples.NAMESPACES.split(chr(34))[1]}}}*"):
        if etree.QName(element).localname in NAMED and element.get("name"):
            node = model.nodes[element.get("id")]
            assert node.name == " ".join(element.get("name").split())
            assert node.type == etree.QName(element).localname
    assert model.has_diagram is not path.stem.startswith("no-di")


def test_every_kind_of_flow_node_data_and_artifact_is_read() -> None:
    model = read(EVERYTHING)
    types = {node.type for node in model.nodes.values()}
    # The data object is merged into its reference.
    assert types == (ACTIVITIES | EVENTS | GATEWAYS | DATA | {"textAnnotation", "group", "participant", "lane"}) - {
        "dataObject"
    }


def test_names_are_on_one_line_and_html_stays_text() -> None:
    model = read(EVERYTHING)
    assert model.nodes["check"].name == "Antrag prüfen"
    assert model.nodes["check"].documentation == "Erst lesen."
    assert model.processes["p"].documentation == "Wie ein <b>Antrag</b> läuft."
    assert model.nodes["note"].name == "Achtung:\nzwei Zeilen"


def test_a_process_knows_its_pool_and_elements_their_innermost_lane() -> None:
    model = read(EVERYTHING)
    assert model.processes["p"].participant == "town"
    assert model.nodes["citizen"].markers == {Marker.PARALLEL}
    assert model.nodes["start"].lane == "office"
    assert model.nodes["check"].lane == "desk"
    assert model.nodes["desk"].container == "office"
    assert model.nodes["office"].container == "p"
    assert model.nodes["town"].container == "k"


def test_contents_of_sub_processes_are_nested() -> None:
    model = read(EVERYTHING)
    assert model.nodes["sub_task"].container == "sub"
    assert model.flows["sf"].container == "sub"
    assert model.nodes["event_sub"].is_event_sub_process
    assert not model.nodes["sub"].is_event_sub_process
    assert model.nodes["adhoc"].markers == {Marker.AD_HOC}
    assert model.nodes["adhoc"].details == {"completion_condition": "alles da", "ordering": "Parallel"}


@pytest.mark.parametrize(
    ("element", "trigger", "details"),
    [
        ("start", Trigger.MESSAGE, {"message": "Antrag"}),
        ("late", Trigger.TIMER, {"timer": "R/P1D"}),
        ("es", Trigger.SIGNAL, {"signal": "Alarm"}),
        ("cancel", Trigger.CANCEL, {}),
        ("multi", Trigger.MULTIPLE, {}),
        ("all", Trigger.PARALLEL_MULTIPLE, {"timer": "2025-01-01"}),
        ("throw", Trigger.LINK, {"link": "Sprung"}),
        ("comp", Trigger.COMPENSATION, {"compensates": "manual"}),
        ("escalate", Trigger.ESCALATION, {"escalation": "Frist (F)"}),
        ("cond", Trigger.CONDITIONAL, {"event_condition": "voll"}),
        ("fail", Trigger.ERROR, {"error": "Abbruch (E1)"}),
        ("stop", Trigger.TERMINATE, {}),
        ("sub_start", Trigger.NONE, {}),
    ],
)
def test_events_have_their_trigger_and_its_words(element: str, trigger: Trigger, details: dict[str, str]) -> None:
    node = read(EVERYTHING).nodes[element]
    assert node.trigger is trigger
    assert node.details == details


def test_events_at_the_edge_know_their_host_and_whether_they_interrupt() -> None:
    model = read(EVERYTHING)
    assert model.nodes["late"].attached_to == "check"
    assert not model.nodes["late"].interrupting
    assert not model.nodes["es"].interrupting
    assert model.nodes["start"].interrupting


@pytest.mark.parametrize(
    ("element", "marker"),
    [
        ("check", Marker.SEQUENTIAL),
        ("loop", Marker.LOOP),
        ("receive", Marker.PARALLEL),
        ("manual", Marker.COMPENSATION),
        ("ref", Marker.COLLECTION),
        ("din", Marker.INPUT),
    ],
)
def test_markers_are_read(element: str, marker: Marker) -> None:
    assert read(EVERYTHING).nodes[element].markers == {marker}


def test_details_are_in_words_and_defaults_of_tools_are_none() -> None:
    model = read(EVERYTHING)
    assert model.nodes["check"].details == {"instances": "3", "performer": "Sachbearbeitung"}
    assert model.nodes["call"].details == {"called_element": "Bescheid erstellen"}
    assert model.nodes["script"].details == {"script": "1+1", "script_format": "text/x"}
    assert model.nodes["loop"].details == {"loop_maximum": "2"}
    assert model.nodes["send"].details == {"message": "Antrag"}
    assert model.nodes["service"].details == {}
    assert model.nodes["event_gw"].instantiates == "parallel"


def test_data_is_named_by_what_it_refers_to_and_joined_to_the_task() -> None:
    model = read(EVERYTHING)
    assert model.nodes["ref"].name == "Bauakte"
    assert model.nodes["ref"].details == {"data_state": "geprüft"}
    assert model.nodes["store"].name == "Fachverfahren"
    assert model.nodes["dout"].markers == {Marker.OUTPUT, Marker.COLLECTION}
    assert "inner" not in model.nodes
    assert (model.flows["dia"].source, model.flows["dia"].target) == ("ref", "check")
    assert (model.flows["doa"].source, model.flows["doa"].target) == ("start", "ref")
    assert model.nodes["grp"].name == "Prüfung"


def test_flows_have_conditions_defaults_directions_and_names() -> None:
    model = read(EVERYTHING)
    assert model.flows["no"].is_default
    assert model.flows["yes"].condition == "${ok}"
    assert model.flows["yes"].is_conditional
    assert model.flows["mf"].name == "Antrag"
    assert [model.flows[f"as{i}"].direction for i in (1, 2, 3)] == ["none", "both", "one"]
    assert model.flows["as2"].target == "yes"
    assert (model.flows["dangling"].source, model.flows["dangling"].target) == ("xor", "")


def test_the_diagram_is_read_and_what_cannot_be_drawn_is_left_out() -> None:
    first, second = read(EVERYTHING).planes
    shapes = {shape.element: shape for shape in first.shapes}
    assert (first.element, first.name) == ("k", "Bild")
    assert set(shapes) == {"town", "check", "xor", "sub", "adhoc", "free", "call", "store"}
    assert shapes["check"].bounds == Bounds(10, 20.5, 100, 80)
    assert shapes["check"].label == Bounds(1, 2, 3, 4)
    assert not shapes["town"].is_horizontal
    assert shapes["xor"].is_marker_visible
    assert [edge.element for edge in first.edges] == ["yes"]
    assert first.edges[0].points == (Point(1, 2), Point(3, 4))
    assert (second.element, [shape.element for shape in second.shapes]) == ("sub", ["sub_task"])


def test_sub_processes_are_expanded_when_the_file_says_so_or_draws_their_content() -> None:
    shapes = {shape.element: shape for shape in read(EVERYTHING).planes[0].shapes}
    assert not shapes["sub"].is_expanded
    assert shapes["adhoc"].is_expanded
    assert not shapes["call"].is_expanded


def test_colours_of_both_conventions_are_read_and_nothing_but_colours() -> None:
    plane = read(EVERYTHING).planes[0]
    shapes = {shape.element: shape for shape in plane.shapes}
    assert (shapes["check"].fill, shapes["check"].stroke) == ("#aabbcc", "#0102ff")
    assert (shapes["xor"].fill, shapes["xor"].stroke) == ("#00ff00", "")
    assert plane.edges[0].stroke == "#123456"


def test_elements_without_an_id_or_with_one_that_is_taken_are_kept() -> None:
    model = process("<task id='a' name='Eins'/><task id='a' name='Zwei'/><task name='Drei'/><sequenceFlow/>")
    assert [node.name for node in model.nodes.values()] == ["Eins", "Zwei", "Drei"]
    assert model.nodes["a"].name == "Eins"
    assert not model.flows


def test_references_with_a_prefix_are_followed() -> None:
    model = read(
        definitions(
            "<process id='p'><task id='a'/><task id='b'/>"
            "<sequenceFlow id='f' sourceRef='x:a' targetRef='x:b'/></process>"
            "<collaboration id='k'><participant id='pool' processRef='x:p'/></collaboration>"
        )
    )
    assert (model.flows["f"].source, model.flows["f"].target) == ("a", "b")
    assert model.processes["p"].participant == "pool"


def test_references_to_nothing_are_left_out() -> None:
    model = process(
        "<laneSet><lane id='l'><flowNodeRef>weg</flowNodeRef></lane></laneSet>"
        "<boundaryEvent id='b' attachedToRef='weg'/>"
        "<task id='t'><dataInputAssociation><sourceRef>weg</sourceRef></dataInputAssociation></task>"
        "<association id='a' sourceRef='t' targetRef='weg'/><sequenceFlow id='f' sourceRef='weg' targetRef='fort'/>"
        "<dataObjectReference id='d' dataObjectRef='weg'/><group id='g' categoryValueRef='weg'/>"
    )
    assert model.nodes["b"].attached_to == ""
    assert not model.flows


def test_controls_and_bidi_overrides_are_taken_out_of_texts() -> None:
    model = process("<task id='t' name='Antrag &#x202E;nef&#x200B;ürp&#x85; &#xA0; jetzt'/>")
    assert model.nodes["t"].name == "Antrag nefürp jetzt"


def test_very_long_texts_are_cut() -> None:
    model = process(f"<task id='t' name='{'x' * 10_000}'><documentation>{'y ' * 100_000}</documentation></task>")
    assert len(model.nodes["t"].name) == 5_000
    assert len(model.nodes["t"].documentation) <= 20_000


def test_labels_are_all_names_and_annotations_once_each() -> None:
    found = labels(read(EVERYTHING))
    assert {"Antrag prüfen", "Achtung:\nzwei Zeilen", "nein", "Prüfung", "Fachverfahren", "Amt", "Stadt"} <= set(found)
    assert len(found) == len(set(found))
    assert found.index("Antrag da") < found.index("Antrag prüfen") < found.index("Mahnen")


def test_a_model_of_three_thousand_elements_is_read_well_under_a_second() -> None:
    data = bpmn_samples.chain(3_000)
    begun = time.process_time()
    model = read(data)
    assert time.process_time() - begun < 1
    assert len(model.nodes) == 3_000
    assert len(model.planes[0].edges) == 2_999
