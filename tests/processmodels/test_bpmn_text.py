"""A model as text says everything the picture says, once, in the order of the process."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from processmodels.bpmn.model import Model
from processmodels.bpmn.reading import read
from processmodels.bpmn.text import ItemKind, TextItem, as_text, rows, walk

from .bpmn_samples import EVERYTHING, REFUSED, REFUSED_HOSTILE, definitions, each, flows, process, shared_files


def outline(model: Model) -> list[str]:
    """The text as a reader meets it: indented, numbered, notes in brackets."""
    found = []
    for row in rows(as_text(model)):
        number = f"{row.item.number}. " if row.item.number else ""
        notes = f" [{' '.join(row.item.notes)}]" if row.item.notes else ""
        found.append("  " * row.depth + number + row.item.text + notes)
    return found


def tasks(*names: str) -> str:
    return "".join(f"<task id='{name}' name='{name.upper()}'/>" for name in names)


@each([path for path in shared_files() + shared_files("hostile") if path.stem not in REFUSED | REFUSED_HOSTILE])
def test_every_named_element_of_real_files_is_exactly_one_item(path: Path) -> None:
    _assert_complete(read(path.read_bytes()))


def test_every_named_element_of_every_kind_is_exactly_one_item() -> None:
    _assert_complete(read(EVERYTHING))


def _assert_complete(model: Model) -> None:
    items = list(walk(as_text(model)))
    elements = [item.element for item in items if item.element]
    assert len(elements) == len(set(elements))
    assert {node.id for node in model.nodes.values() if node.name} <= set(elements)
    texts = {item.element: item.text for item in items}
    for node in model.nodes.values():
        if node.name and len(node.name) < 100:
            assert " ".join(node.name.split()) in " ".join(texts[node.id].split())
    told = "\n".join(" ".join([item.text, *item.notes]) for item in items)
    for flow in model.flows.values():
        assert flow.name in told
    for described in [*model.nodes.values(), *model.processes.values()]:
        assert not described.documentation or any(described.documentation in item.documentation for item in items)
    numbers = [item.number for item in items if item.number]
    assert numbers == list(range(1, len(numbers) + 1))


def test_steps_name_lane_element_and_kind() -> None:
    model = process(
        "<laneSet><lane id='l' name='Bürgerservice'><flowNodeRef>t</flowNodeRef></lane></laneSet>"
        "<startEvent id='s'/><task id='t' name='Antrag prüfen'/><endEvent id='e' name='Fertig'/>" + flows("s t", "t e")
    )
    assert outline(model) == [
        "Ablauf",
        "  Bereiche",
        "    Bürgerservice",
        "  1. Startereignis",
        "  2. Bürgerservice: Antrag prüfen (Aufgabe)",
        "  3. Fertig (Endereignis)",
    ]


def test_branches_are_nested_and_loops_lead_back_to_the_step() -> None:
    model = process(
        tasks("a", "more", "b")
        + "<startEvent id='s'/><exclusiveGateway id='g' name='Vollständig?'/><endEvent id='e'/>"
        + flows("s a", "a g", "g more nein", "more a", "g b ja", "b e")
    )
    assert outline(model)[1:] == [
        "  1. Startereignis",
        "  2. A (Aufgabe)",
        "  3. Vollständig? (Entscheidung)",
        "    Wenn nein:",
        "      4. MORE (Aufgabe) [Weiter mit Schritt 2.]",
        "    Wenn ja: weiter mit Schritt 5",
        "  5. B (Aufgabe)",
        "  6. Endereignis",
    ]


def test_parallel_branches_end_where_they_meet() -> None:
    model = process(
        tasks("a", "b")
        + "<startEvent id='s'/><parallelGateway id='g'/><parallelGateway id='j'/><endEvent id='e'/>"
        + flows("s g", "g a", "g b", "a j", "b j", "j e")
    )
    assert outline(model)[2:] == [
        "  2. Gleichzeitige Wege",
        "    Gleichzeitig:",
        "      3. A (Aufgabe) [Weiter mit Schritt 5.]",
        "    Gleichzeitig:",
        "      4. B (Aufgabe) [Weiter mit Schritt 5.]",
        "  5. Zusammenführung",
        "  6. Endereignis",
    ]


def test_gateways_without_a_name_that_only_bring_ways_together_are_passed_over() -> None:
    model = process(
        tasks("a", "b", "c")
        + "<startEvent id='s'/><exclusiveGateway id='g'/><exclusiveGateway id='j'/><exclusiveGateway id='k'/>"
        + flows("s g", "g a x", "g b y", "a j", "b j", "j k", "g k z", "k c")
    )
    assert "Weiter mit Schritt 5." in outline(model)[4]
    assert outline(model)[-1] == "  5. C (Aufgabe)"
    assert not [line for line in outline(model) if "Zusammenführung" in line]


def test_default_conditions_and_silent_ways_are_told_apart() -> None:
    model = process(
        tasks("a", "b", "c")
        + "<exclusiveGateway id='g' default='d'/><sequenceFlow id='d' sourceRef='g' targetRef='a'/>"
        "<sequenceFlow id='f' sourceRef='g' targetRef='b'><conditionExpression>x > 3</conditionExpression>"
        "</sequenceFlow>" + flows("g c")
    )
    lines = [line.strip() for line in outline(model)]
    assert "Sonst:" in [line[:6] for line in lines]
    assert any(line.startswith("Wenn x > 3:") for line in lines)
    assert any(line.startswith("Weg 3:") for line in lines)


def test_events_at_the_edge_are_branches_of_their_activity() -> None:
    model = process(
        tasks("a", "late", "b")
        + "<startEvent id='s'/><boundaryEvent id='x' attachedToRef='a'><timerEventDefinition><timeDuration>P14D"
        "</timeDuration></timerEventDefinition></boundaryEvent><endEvent id='e'/><boundaryEvent id='y' name='Anruf'"
        " attachedToRef='a' cancelActivity='false'><messageEventDefinition/></boundaryEvent>"
        + flows("s a", "a b", "b e", "x late", "late b", "y b")
    )
    assert outline(model)[2:] == [
        "  2. A (Aufgabe)",
        "    3. Bei Fristablauf [Zeit: P14D.]",
        "      4. LATE (Aufgabe) [Weiter mit Schritt 6.]",
        "    5. Bei „Anruf“ (Nachricht, ohne zu unterbrechen) [Weiter mit Schritt 6.]",
        "  6. B (Aufgabe)",
        "  7. Endereignis",
    ]


def test_sub_processes_have_their_content_below_and_event_sub_processes_come_last() -> None:
    model = process(
        "<startEvent id='s'/><subProcess id='sub' name='Teil'><task id='in' name='Innen'/></subProcess>"
        "<subProcess id='es' name='Widerruf' triggeredByEvent='true'><startEvent id='es_s'><errorEventDefinition/>"
        "</startEvent></subProcess><endEvent id='e'/>" + flows("s sub", "sub e")
    )
    assert outline(model)[2:] == [
        "  2. Teil (Teilprozess)",
        "    3. Innen (Aufgabe)",
        "  4. Endereignis",
        "  5. Widerruf (Ereignis-Teilprozess)",
        "    6. Startereignis: Fehler",
    ]


def test_what_nothing_leads_to_stands_at_the_end() -> None:
    model = process("<startEvent id='s'/>" + tasks("a", "x", "y") + flows("s a", "x y"))
    assert outline(model)[3:] == ["  Ohne Verbindung zum Ablauf", "    3. X (Aufgabe)", "    4. Y (Aufgabe)"]


def test_several_starts_share_what_follows() -> None:
    model = process("<startEvent id='s'/><startEvent id='t'/>" + tasks("a") + flows("s a", "t a"))
    assert outline(model)[1:] == [
        "  1. Startereignis",
        "  2. A (Aufgabe)",
        "  3. Startereignis [Weiter mit Schritt 2.]",
    ]


def test_messages_data_and_annotations_are_told_where_they_belong() -> None:
    model = read(EVERYTHING)
    items = {item.element: item for item in walk(as_text(model))}
    assert items["citizen"].notes == ("Sendet „Antrag“ an Stadt, Schritt 1.",)
    assert "Erhält „Antrag“ von Bürgerin." in items["start"].notes
    assert "Schreibt: Bauakte." in items["start"].notes
    assert "Liest: Bauakte." in items["check"].notes
    assert "Schreibt: Fachverfahren." in items["loop"].notes
    assert "Ausführung: Sachbearbeitung." in items["check"].notes
    assert [child.element for child in items["check"].children if child.kind is ItemKind.NOTE] == ["note"]
    assert items["check"].documentation == "Erst lesen."
    assert items["town"].text == "Stadt: Antrag bearbeiten"
    assert [child.text for child in items["office"].children] == ["Schalter"]


def test_links_jump_and_compensation_is_a_branch() -> None:
    model = process(
        "<startEvent id='s'/><intermediateThrowEvent id='out'><linkEventDefinition name='A'/></intermediateThrowEvent>"
        "<intermediateCatchEvent id='in'><linkEventDefinition name='A'/></intermediateCatchEvent>"
        + tasks("pay")
        + "<boundaryEvent id='c' attachedToRef='pay'><compensateEventDefinition/></boundaryEvent>"
        "<task id='back' name='Erstatten' isForCompensation='true'/>"
        "<association id='x' sourceRef='c' targetRef='back' associationDirection='One'/>" + flows("s out", "in pay")
    )
    assert outline(model)[1:] == [
        "  1. Startereignis",
        "  2. Auslösendes Zwischenereignis: Sprung",
        "  3. Zwischenereignis: Sprung",
        "  4. PAY (Aufgabe)",
        "    5. Bei Rückabwicklung",
        "      6. Erstatten (Aufgabe, macht rückgängig)",
    ]


def test_flows_into_or_out_of_a_sub_process_count_for_the_sub_process() -> None:
    model = process(
        "<startEvent id='s'/><subProcess id='sub' name='Teil'><task id='in' name='Innen'/></subProcess>"
        "<endEvent id='e'/>" + flows("s in", "in e")
    )
    assert outline(model)[2:] == ["  2. Teil (Teilprozess)", "    3. Innen (Aufgabe)", "  4. Endereignis"]


@pytest.mark.parametrize("content", ["", "<exclusiveGateway id='a'/><exclusiveGateway id='b'/>" + flows("a b", "b a")])
def test_models_without_a_beginning_have_a_text(content: str) -> None:
    assert len(outline(process(content))) == (3 if content else 0)


def test_early_ends_do_not_push_the_main_line_to_the_right() -> None:
    gateways = "".join(f"<exclusiveGateway id='g{i}' name='G{i}'/>" for i in range(40))
    ends = [f"g{i} g{i + 1} ja" for i in range(39)] + [f"g{i} e{i} nein" for i in range(40)]
    finals = "".join(f"<endEvent id='e{i}' name='E{i}'/>" for i in range(40))
    model = process(f"<startEvent id='s'/>{gateways}{finals}" + flows("s g0", *ends))
    assert max(row.depth for row in rows(as_text(model))) == 3


def test_deep_nesting_is_bounded() -> None:
    """Splits within splits and sub-processes within sub-processes, far beyond what anybody reads."""
    gateways = "".join(f"<parallelGateway id='g{i}' name='G{i}'/><task id='t{i}' name='T{i}'/>" for i in range(400))
    ways = [f"g{i} g{i + 1}" for i in range(399)] + [f"g{i} t{i}" for i in range(400)] + [f"t{i} e" for i in range(400)]
    content = f"<startEvent id='s'/>{gateways}<endEvent id='e'/>" + flows("s g0", *ways)
    assert max(row.depth for row in rows(as_text(process(content)))) < 30
    nested = "<task id='x' name='X'/>"
    for i in range(44):
        nested = f"<subProcess id='n{i}' name='N{i}'>{nested}</subProcess>"
    assert max(row.depth for row in rows(as_text(process(nested)))) == 45


@pytest.mark.parametrize("data", [EVERYTHING, definitions("<process id='p'/>")])
def test_rows_make_well_formed_nested_lists_without_recursion(data: bytes) -> None:
    written = []
    for row in rows(as_text(read(data))):
        written.append("<ol><li>" if row.opens else "</li><li>")
        written.append(f"<i id='{row.item.element}'></i>")
        written += ["</li></ol>"] * len(row.closes)
    text = "".join(written)
    assert text.count("<ol>") == text.count("</ol>")
    assert text.count("<li>") == text.count("</li>")

    def shape(items: list[TextItem]) -> list[object]:
        return [[item.element, shape(list(item.children))] for item in items]

    def parsed(lists: list[html.HtmlElement]) -> list[object]:
        return [[li.find("i").get("id"), parsed(li.findall("ol"))] for ol in lists for li in ol.findall("li")]

    tree = html.fromstring(f"<div>{text}</div>")
    assert parsed(tree.findall("ol")) == shape(as_text(read(data)))
