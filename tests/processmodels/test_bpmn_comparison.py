"""Two models are compared by what they say, in words, for each element, and apart from how they are drawn."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path

import pytest

from processmodels.bpmn.comparison import ChangeKind, Comparison, compare
from processmodels.bpmn.model import Model
from processmodels.bpmn.reading import read
from processmodels.steps import Step, to_model

from .bpmn_samples import EVERYTHING, REFUSED, chain, definitions, each, flows, process, shared_files

LANES = (
    "<laneSet><lane id='front' name='Bürgerservice'>{front}</lane><lane id='back' name='Fachstelle'>{back}</lane>"
    "</laneSet>"
)
STEPS = (
    "<startEvent id='s' name='Antrag da'/><userTask id='check' name='Antrag prüfen'/>"
    "<task id='answer' name='Bescheiden'/>"
    "<endEvent id='e' name='Fertig'/>"
)
FLOWS = ("s check", "check answer", "answer e")


def lanes(front: str, back: str) -> str:
    refs = [" ".join(names.split()) for names in (front, back)]
    return LANES.format(
        front="".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in refs[0].split()),
        back="".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in refs[1].split()),
    )


OLD = process(lanes("s check", "answer e") + STEPS + flows(*FLOWS))


def sentences(comparison: Comparison) -> list[str]:
    return [change.sentence for change in comparison.changes]


def main_sentences(comparison: Comparison) -> list[str]:
    return [change.sentence for change in comparison.main_changes]


def told(old: list[Step], new: list[Step]) -> list[str]:
    """The main changes between the diagrams of two lists."""
    return main_sentences(compare(to_model(old, "Hund anmelden"), to_model(new, "Hund anmelden")))


def renewed(data: bytes) -> bytes:
    """The same file as a tool writes it that gives every element a new id."""
    ids = sorted({value for value in re.findall(rb'\bid="([^"]+)"', data) if len(value) > 6}, key=len, reverse=True)
    pattern = rb'(?<=["> :])(' + b"|".join(re.escape(value) for value in ids) + rb')(?=["<])'
    return re.sub(pattern, rb"new-\1", data) if ids else data


@each([path for path in shared_files() if path.stem not in REFUSED])
def test_a_real_file_equals_itself_and_itself_with_new_ids(path: Path) -> None:
    data = path.read_bytes()
    model = read(data)
    assert compare(model, model) == Comparison()
    # Here some names are ids as well, and would change with them.
    if path.stem != "miwg-C.1.0":
        assert sentences(compare(model, read(renewed(data)))) == []


def test_a_model_of_every_kind_equals_itself() -> None:
    assert compare(read(EVERYTHING), read(EVERYTHING)).is_empty


def test_elements_without_ids_equal_themselves() -> None:
    model = process("<task/><task/><task name='A'/><endEvent/><textAnnotation/>")
    assert compare(model, model).is_empty


def test_a_step_that_moved_to_another_lane_is_told() -> None:
    new = process(lanes("s", "check answer e") + STEPS + flows(*FLOWS))
    comparison = compare(OLD, new)
    assert sentences(comparison) == ["„Antrag prüfen“ wurde von „Bürgerservice“ nach „Fachstelle“ verschoben."]
    assert comparison.old_marks == comparison.new_marks == {"check": ChangeKind.MOVED}


def test_a_new_step_is_told_and_the_flows_around_it_only_follow() -> None:
    steps = STEPS + "<task id='sign' name='Mitzeichnen'/>"
    new = process(lanes("s check", "sign answer e") + steps + flows("s check", "check sign", "sign answer", "answer e"))
    comparison = compare(OLD, new)
    assert main_sentences(comparison) == ["„Mitzeichnen“ (Aufgabe) ist neu, in „Fachstelle“."]
    assert sentences(comparison)[1:] == [
        "Neu: Ablaufpfeil von „Antrag prüfen“ nach „Mitzeichnen“.",
        "Entfallen: Ablaufpfeil von „Antrag prüfen“ nach „Bescheiden“.",
        "Neu: Ablaufpfeil von „Mitzeichnen“ nach „Bescheiden“.",
    ]
    assert comparison.new_marks["sign"] is ChangeKind.ADDED
    assert "sign" not in comparison.old_marks
    assert comparison.old_marks == {"check-answer": ChangeKind.REMOVED}
    back = compare(new, OLD)
    assert main_sentences(back) == ["„Mitzeichnen“ (Aufgabe) ist entfallen."]
    assert back.old_marks["sign"] is ChangeKind.REMOVED


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("name='Antrag prüfen'", "name='Antrag sichten'"), "„Antrag prüfen“ heißt jetzt „Antrag sichten“."),
        (("userTask", "serviceTask"), "„Antrag prüfen“: Art jetzt „automatische Aufgabe“ (vorher „Benutzeraufgabe“)."),
        (
            ("<endEvent id='e' name='Fertig'/>", "<endEvent id='e' name='Fertig'><messageEventDefinition/></endEvent>"),
            "„Fertig“: Auslöser neu: „Nachricht“.",
        ),
        (
            (
                "<task id='answer' name='Bescheiden'/>",
                "<task id='answer' name='Bescheiden'><documentation>In Ruhe.</documentation>"
                "<standardLoopCharacteristics/></task>",
            ),
            "„Bescheiden“: Beschreibung neu: „In Ruhe.“; Kennzeichen neu: „wird wiederholt“.",
        ),
    ],
)
def test_changed_attributes_are_told_with_old_and_new(change: tuple[str, str], sentence: str) -> None:
    new = process(lanes("s check", "answer e") + STEPS.replace(*change) + flows(*FLOWS))
    comparison = compare(OLD, new)
    assert sentences(comparison) == [sentence]
    assert [change.kind for change in comparison.changes] == [ChangeKind.CHANGED]
    for attribute in comparison.changes[0].attributes:
        assert attribute.old != attribute.new


def test_details_conditions_and_hosts_of_events_are_compared() -> None:
    def model(timer: str, condition: str, host: str, name: str) -> Model:
        return process(
            f"<task id='a' name='A'/><task id='b' name='B'/><boundaryEvent id='x' name='X' attachedToRef='{host}'>"
            f"<timerEventDefinition><timeDuration>{timer}</timeDuration></timerEventDefinition></boundaryEvent>"
            f"<sequenceFlow id='f' sourceRef='a' targetRef='b' name='{name}'>"
            f"<conditionExpression>{condition}</conditionExpression></sequenceFlow>"
        )

    comparison = compare(model("P14D", "ja", "a", ""), model("P7D", "nein", "b", "weiter"))
    assert sentences(comparison) == [
        "„X“: angeheftet an jetzt „B“ (vorher „A“); Zeit jetzt „P7D“ (vorher „P14D“).",
        "Ablaufpfeil „weiter“ von „A“ nach „B“: Name neu: „weiter“; Bedingung jetzt „nein“ (vorher „ja“).",
    ]


def test_a_flow_that_leads_elsewhere_is_redirected() -> None:
    steps = "<task id='a' name='A'/><task id='b' name='B'/><task id='c' name='C'/>"
    old = process(steps + "<sequenceFlow id='f' sourceRef='a' targetRef='b'/>")
    new = process(steps + "<sequenceFlow id='f' sourceRef='a' targetRef='c'/>")
    other = process(steps + "<sequenceFlow id='f' sourceRef='b' targetRef='c'/>")
    assert sentences(compare(old, new)) == ["Ablaufpfeil von „A“ führt jetzt zu „C“ (vorher zu „B“)."]
    assert sentences(compare(new, other)) == ["Ablaufpfeil zu „C“ kommt jetzt von „B“ (vorher von „A“)."]
    assert not compare(old, new).changes[0].follows


def test_a_step_put_into_a_sub_process_moved() -> None:
    sub = "<subProcess id='sub' name='Prüfung'>{0}</subProcess>{1}"
    task = "<task id='t' name='T'/>"
    assert sentences(compare(process(sub.format("", task)), process(sub.format(task, "")))) == [
        "„T“ wurde von „Ablauf“ nach „Prüfung“ verschoben."
    ]


def test_changes_stand_in_the_order_of_the_process_and_what_is_gone_where_it_was() -> None:
    def line(*names: str) -> Model:
        steps = "".join(f"<task id='{name}' name='{name.upper()}'/>" for name in reversed(names))
        ends = [f"{first} {second}" for first, second in itertools.pairwise(names)]
        return process("<startEvent id='s'/>" + steps + flows(f"s {names[0]}", *ends))

    comparison = compare(line("a", "b", "c", "d"), line("x", "a", "c", "y"))
    assert [change.name for change in comparison.main_changes] == ["X", "B", "D", "Y"]


def test_processes_are_compared_too() -> None:
    old = read(definitions("<process id='p' name='Alt'><task id='t' name='T'/></process>"))
    new = read(definitions("<process id='p' name='Neu'><task id='t' name='T'/></process>"))
    assert sentences(compare(old, new)) == ["Prozess „Neu“: Name jetzt „Neu“ (vorher „Alt“)."]


def test_a_changed_layout_is_no_change_of_the_process() -> None:
    old = chain(4)
    new = old.replace(b"x='2' y='80' width='100'", b"x='500' y='80' width='120'")
    comparison = compare(read(old), read(new))
    assert comparison.is_empty
    assert list(comparison.layout) == ["n2"]
    assert not comparison.new_marks


def test_a_file_that_loses_its_picture_says_the_same() -> None:
    data = chain(4)
    comparison = compare(read(data), read(re.sub(rb"<bpmndi:BPMNDiagram>.*</bpmndi:BPMNDiagram>", b"", data)))
    assert comparison.is_empty


def test_steps_recreated_under_new_ids_are_recognised_by_name_and_the_nameless_by_their_neighbours() -> None:
    nameless = STEPS.replace(" name='Fertig'", "") + "<exclusiveGateway id='g'/>"
    old = process(lanes("s check", "answer e") + nameless + flows("s check", "check g", "g answer", "answer e"))
    text = lanes("s2 check2", "answer2 e2") + re.sub(r"id='(\w+)'", r"id='\g<1>2'", nameless)
    text += flows("s2 check2", "check2 g2", "g2 answer2", "answer2 e2")
    comparison = compare(old, process(text))
    assert comparison.is_empty
    moved = process(text.replace("<flowNodeRef>check2</flowNodeRef>", "").replace(
        "<flowNodeRef>e2", "<flowNodeRef>check2</flowNodeRef><flowNodeRef>e2"
    ))  # fmt: skip
    assert sentences(compare(old, moved)) == ["„Antrag prüfen“ wurde von „Bürgerservice“ nach „Fachstelle“ verschoben."]


def test_every_mark_belongs_to_an_element_of_its_picture() -> None:
    old, new = read(EVERYTHING), read(chain(20))
    comparison = compare(old, new)
    assert set(comparison.old_marks) <= set(old.nodes) | set(old.flows) | set(old.processes)
    assert set(comparison.new_marks) <= set(new.nodes) | set(new.flows) | set(new.processes)
    assert {node.id for node in new.nodes.values() if node.type == "task"} <= set(comparison.new_marks)


def test_three_thousand_elements_are_compared_in_time() -> None:
    old = read(chain(3_000))
    new = read(chain(3_000).replace(b"'n", b"'m").replace(b"'f", b"'g").replace(b"Aufgabe 7'", b"Schritt 7'"))
    begun = time.process_time()
    comparison = compare(old, new)
    assert time.process_time() - begun < 2
    assert main_sentences(comparison) == [
        "„Aufgabe 7“ (Aufgabe) ist entfallen.",
        "„Schritt 7“ (Aufgabe) ist neu, in „Ablauf“.",
    ]


def test_two_lists_drawn_apart_are_compared_by_names_and_not_by_counted_ids() -> None:
    """Both have an Activity_1; a step that stayed is the same one wherever it stands in its list."""
    before = [Step("Bürgerservice", "Formular annehmen"), Step("Amt", "Abtippen"), Step("Amt", "Bescheiden")]
    after = [Step("Amt", "Online-Antrag prüfen"), Step("Amt", "Bescheiden")]
    assert told(before, after) == [
        "„Formular annehmen“ (Aufgabe) ist entfallen.",
        "„Abtippen“ (Aufgabe) ist entfallen.",
        "„Online-Antrag prüfen“ (Aufgabe) ist neu, in „Amt“.",
        "„Bürgerservice“ (Bereich) ist entfallen.",
    ]


def test_a_row_put_into_a_list_renames_no_other_row_and_a_renamed_row_is_told_as_one() -> None:
    steps = [Step("Amt", name) for name in ("Annehmen", "Prüfen", "Bescheiden", "Ablegen")]
    put_in = [*steps[:1], Step("Amt", "Mitzeichnen"), *steps[1:]]
    assert told(steps, put_in) == ["„Mitzeichnen“ (Aufgabe) ist neu, in „Amt“."]
    renamed = [*steps[:1], Step("Amt", "Online prüfen"), *steps[2:]]
    assert told(steps, renamed) == ["„Prüfen“ heißt jetzt „Online prüfen“."]


def test_a_step_that_a_system_takes_over_is_the_same_step_done_otherwise() -> None:
    before = [Step("Amt", "Annehmen"), Step("Amt", "Bescheid versenden")]
    after = [Step("Amt", "Bescheid versenden", "SAP"), Step("Amt", "Ablegen")]
    found = [sentence for sentence in told(before, after) if "Bescheid versenden" in sentence]
    assert len(found) == 1 and "Art jetzt „Benutzeraufgabe“ (vorher „Aufgabe“)" in found[0]
