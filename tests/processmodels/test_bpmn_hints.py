"""What is unusual about a model is said in words; nothing is refused for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from processmodels.bpmn.hints import Hint, HintKind, Severity, hints
from processmodels.bpmn.model import Model
from processmodels.bpmn.reading import read

from .bpmn_samples import EVERYTHING, REFUSED, chain, definitions, each, flows, process, shared_files

ENDS = "<startEvent id='s'/><endEvent id='e'/>"


def found(model: Model) -> list[tuple[HintKind, str]]:
    """Without the hint every file made here gets: that it has no picture."""
    return [(hint.kind, hint.element) for hint in hints(model) if hint.kind is not HintKind.NO_DIAGRAM]


@each([path for path in shared_files() if path.stem not in REFUSED])
def test_hints_for_real_files_name_the_element_in_a_sentence(path: Path) -> None:
    model = read(path.read_bytes())
    for hint in hints(model):
        assert hint.message.endswith((".", "?"))
        assert not hint.element or hint.element in model.nodes or hint.element in model.flows
    kinds = {hint.kind for hint in hints(model)}
    # The test suite of the standard draws nothing that cannot be reached, though it labels not every way.
    assert not kinds & {HintKind.UNREACHABLE, HintKind.NO_START, HintKind.NO_END, HintKind.DANGLING_FLOW}


def test_a_plain_process_has_no_hints() -> None:
    assert found(process(ENDS + "<task id='t' name='T'/>" + flows("s t", "t e"))) == []


def test_a_file_without_steps_is_told() -> None:
    assert found(read(definitions("<process id='p'/>"))) == [(HintKind.EMPTY, "")]


def test_missing_and_several_diagrams_are_told() -> None:
    assert [hint.kind for hint in hints(process(ENDS + flows("s e")))] == [HintKind.NO_DIAGRAM]
    assert (HintKind.SEVERAL_DIAGRAMS, "") in found(read(EVERYTHING))
    assert hints(read(chain(3)))[0].kind is HintKind.NO_END


@pytest.mark.parametrize(
    ("content", "kind", "element"),
    [
        ("<task id='t' name='T'/><endEvent id='e'/>" + flows("t e"), HintKind.NO_START, "p"),
        ("<startEvent id='s'/><task id='t' name='T'/>" + flows("s t"), HintKind.NO_END, "p"),
        (ENDS + flows("s e", "s weg"), HintKind.DANGLING_FLOW, "s-weg"),
        (ENDS + flows("s e", "weg e"), HintKind.DANGLING_FLOW, "weg-e"),
        (ENDS + "<task id='t' name='T'/>" + flows("s e", "t e"), HintKind.UNREACHABLE, "t"),
        (ENDS + "<task id='t'/>" + flows("s t", "t e"), HintKind.NO_NAME, "t"),
        (ENDS + "<exclusiveGateway id='g'/>" + flows("s g", "g e"), HintKind.USELESS_GATEWAY, "g"),
        (ENDS + "<boundaryEvent id='b' attachedToRef='x'/>" + flows("s e"), HintKind.DETACHED_EVENT, "b"),
        (
            ENDS + "<exclusiveGateway id='g'/><endEvent id='f'/>" + flows("s g", "g e", "g f"),
            HintKind.UNLABELLED_WAYS,
            "g",
        ),
        (
            ENDS + "<laneSet><lane id='l'><flowNodeRef>s</flowNodeRef></lane></laneSet>" + flows("s e"),
            HintKind.OUTSIDE_LANES,
            "e",
        ),
        (
            ENDS + "<subProcess id='u' name='U'><startEvent id='us'/></subProcess>" + flows("s u", "u e"),
            HintKind.NO_END,
            "u",
        ),
    ],
)
def test_one_problem_gives_one_hint_about_the_element(content: str, kind: HintKind, element: str) -> None:
    assert found(process(content)) == [(kind, element)]


@pytest.mark.parametrize(
    "content",
    [
        ENDS + "<exclusiveGateway id='g'/><endEvent id='f'/>" + flows("s g", "g e ja", "g f"),
        ENDS + "<parallelGateway id='g'/><endEvent id='f'/>" + flows("s g", "g e", "g f"),
        ENDS + "<adHocSubProcess id='a' name='A'><task id='t' name='T'/></adHocSubProcess>" + flows("s a", "a e"),
        ENDS + "<subProcess id='a' name='A'/>" + flows("s a", "a e"),
        ENDS
        + "<laneSet><lane id='l'><flowNodeRef>s</flowNodeRef><flowNodeRef>e</flowNodeRef><flowNodeRef>t</flowNodeRef>"
        "</lane></laneSet><task id='t' name='T'/><boundaryEvent id='b' attachedToRef='t'/>"
        + flows("s t", "t e", "b e"),
    ],
)
def test_what_is_usual_gives_no_hint(content: str) -> None:
    assert found(process(content)) == []


def test_flows_that_take_the_wrong_way_between_pools_are_told() -> None:
    model = read(
        definitions(
            "<collaboration id='k'><participant id='a' processRef='p'/><participant id='b' processRef='q'/>"
            "<messageFlow id='m' sourceRef='s' targetRef='e'/><messageFlow id='good' sourceRef='s' targetRef='b'/>"
            f"</collaboration><process id='p'>{ENDS}{flows('s e', 's qs')}</process>"
            f"<process id='q'><startEvent id='qs'/><endEvent id='qe'/>{flows('qs qe')}</process>"
        )
    )
    assert found(model) == [(HintKind.FLOW_LEAVES_POOL, "s-qs"), (HintKind.MESSAGE_INSIDE_POOL, "m")]


def test_steps_that_are_not_in_the_picture_are_told() -> None:
    drawn = chain(3).replace(b"<task id='n1'", b"<endEvent id='x'/><task id='n1'")
    assert (HintKind.NOT_DRAWN, "x") in found(read(drawn))


def test_hints_read_as_sentences() -> None:
    model = process(ENDS + "<task id='t' name='Antrag prüfen'/>" + flows("s e", "t e"))
    assert hints(model)[1] == Hint(
        HintKind.UNREACHABLE,
        Severity.WARNING,
        "„Antrag prüfen“ wird nie erreicht: Vom Start führt kein Weg dorthin.",
        "t",
        "Antrag prüfen",
    )
