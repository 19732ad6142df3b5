"""BPMN for tests: small files written inline, and the real ones beside the repository."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from processmodels.bpmn.model import Model
from processmodels.bpmn.reading import read
from tests.conftest import NO_BPMN_FILES

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "bpmn"
REFUSED = {"not-well-formed-genmymodel-C.1.1"}
REFUSED_HOSTILE = {"xxe-file", "xxe-dtd", "billion-laughs", "deep-nesting", "wrong-root"}

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" '
    'xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0" xmlns:v="urn:vendor"'
)


def shared_files(folder: str = "") -> list[Path]:
    return sorted((SHARED / folder).glob("*.bpmn"))


def each(paths: list[Path]) -> pytest.MarkDecorator:
    """One test for each file; a skipped one that says so when the folder is missing."""
    missing = [pytest.param(None, marks=pytest.mark.skip(reason=NO_BPMN_FILES))]
    return pytest.mark.parametrize("path", paths or missing, ids=lambda path: path.stem if path else "missing")


def definitions(content: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f"{declaration}\n<definitions {NAMESPACES} id='d'>{content}</definitions>".encode()


def process(content: str, rest: str = "") -> Model:
    """A model of one process with this content; what belongs beside the process goes into `rest`."""
    return read(definitions(f"<process id='p'>{content}</process>{rest}"))


def flows(*ends: str) -> str:
    """Sequence flows: "a b" or "a b name"."""
    found = []
    for end in ends:
        source, target, *name = end.split(" ", 2)
        label = f" name='{name[0]}'" if name else ""
        found.append(f"<sequenceFlow id='{source}-{target}' sourceRef='{source}' targetRef='{target}'{label}/>")
    return "".join(found)


def chain(length: int) -> bytes:
    """A long process with a diagram: tasks one after the other."""
    parts = ["<process id='p'><startEvent id='n0'/>"]
    for i in range(1, length):
        parts.append(
            f"<task id='n{i}' name='Aufgabe {i}'><incoming>f{i}</incoming><outgoing>f{i + 1}</outgoing></task>"
            f"<sequenceFlow id='f{i}' sourceRef='n{i - 1}' targetRef='n{i}'/>"
        )
    parts.append("</process><bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement='p'>")
    for i in range(length):
        parts.append(
            f"<bpmndi:BPMNShape bpmnElement='n{i}'><dc:Bounds x='{i}' y='80' width='100' height='80'/>"
            f"</bpmndi:BPMNShape>"
        )
    for i in range(1, length):
        parts.append(
            f"<bpmndi:BPMNEdge bpmnElement='f{i}'><di:waypoint x='{i}' y='80'/><di:waypoint x='{i + 9}' y='80'/>"
            "</bpmndi:BPMNEdge>"
        )
    parts.append("</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>")
    return definitions("".join(parts))


def drawn(kind: str, number: int, letters: int, width: int, diagrams: int = 1) -> bytes:
    """Elements of one kind in diagrams, each `width` wide, with names of so many letters that nobody has seen."""
    chance = random.Random(number)

    def word() -> str:
        return "".join(chance.choices("abcdefghijklmnopqrstuvwxyzäöü", k=chance.randrange(3, 18)))

    elements, shapes = [], []
    for i in range(number):
        name = " ".join(word() for _ in range(letters // 7))[:letters]
        said = f"><text>{name}</text></{kind}>" if kind == "textAnnotation" else f" name='{name}'/>"
        elements.append(f"<{kind} id='n{i}'{said}")
        at = f"x='{i % 100 * 120}' y='{i // 100 * 100}' width='{width}' height='80'"
        shapes.append(f"<bpmndi:BPMNShape bpmnElement='n{i}'><dc:Bounds {at}/></bpmndi:BPMNShape>")
    plane = f"<bpmndi:BPMNPlane bpmnElement='p'>{''.join(shapes)}</bpmndi:BPMNPlane>"
    diagram = f"<bpmndi:BPMNDiagram>{plane}</bpmndi:BPMNDiagram>"
    return definitions(f"<process id='p'>{''.join(elements)}</process>{diagram * diagrams}")


# One of nearly everything, so that the tests are complete without the files of other tools.
EVERYTHING = definitions(
    """
    <message id="msg" name="Antrag"/><signal id="sig" name="Alarm"/><error id="err" name="Abbruch" errorCode="E1"/>
    <escalation id="esc" name="Frist" escalationCode="F"/><dataStore id="ds" name="Fachverfahren"/>
    <category id="c"><categoryValue id="cv" value="Prüfung"/></category>
    <globalUserTask id="g" name="Bescheid erstellen"/><resource id="r" name="Sachbearbeitung"/>
    <timerEventDefinition id="shared_timer"><timeCycle>R/P1D</timeCycle></timerEventDefinition>
    <collaboration id="k">
      <participant id="citizen" name="Bürgerin"><participantMultiplicity maximum="5"/></participant>
      <participant id="town" name="Stadt" processRef="p"/>
      <messageFlow id="mf" sourceRef="citizen" targetRef="start" messageRef="msg"/>
    </collaboration>
    <process id="p" name="Antrag bearbeiten">
      <documentation>Wie ein &lt;b&gt;Antrag&lt;/b&gt; läuft.</documentation>
      <ioSpecification><dataInput id="din" name="Formular"/><dataOutput id="dout" name="Akte" isCollection="true"/>
      </ioSpecification>
      <laneSet id="ls">
        <lane id="office" name="Amt"><flowNodeRef>start</flowNodeRef><flowNodeRef>check</flowNodeRef>
          <childLaneSet id="cls"><lane id="desk" name="Schalter"><flowNodeRef>check</flowNodeRef></lane></childLaneSet>
        </lane>
      </laneSet>
      <startEvent id="start" name="Antrag da"><dataOutput id="start_out"/><dataOutputAssociation id="doa">
        <sourceRef>start_out</sourceRef><targetRef>ref</targetRef></dataOutputAssociation>
        <messageEventDefinition messageRef="msg"/></startEvent>
      <userTask id="check" name="Antrag
         prüfen" default="no"><documentation>Erst lesen.</documentation><v:thing run="me"/>
        <ioSpecification><dataInput id="inner" name="innen"/></ioSpecification>
        <dataInputAssociation id="dia"><sourceRef>ref</sourceRef><targetRef>inner</targetRef></dataInputAssociation>
        <potentialOwner><resourceRef>r</resourceRef></potentialOwner>
        <multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3</loopCardinality>
        </multiInstanceLoopCharacteristics></userTask>
      <boundaryEvent id="late" name="Frist um" attachedToRef="check" cancelActivity="false">
        <eventDefinitionRef>shared_timer</eventDefinitionRef></boundaryEvent>
      <task id="loop" name="Mahnen"><standardLoopCharacteristics loopMaximum="2"/></task>
      <manualTask id="manual" name="Abheften" isForCompensation="true"/>
      <serviceTask id="service" name="Registerabfrage" implementation="##WebService"/>
      <scriptTask id="script" name="Rechnen" scriptFormat="text/x"><script>1+1</script></scriptTask>
      <businessRuleTask id="rule" name="Festsetzen"/><sendTask id="send" name="Senden" messageRef="msg"/>
      <receiveTask id="receive" name="Empfangen"><multiInstanceLoopCharacteristics/></receiveTask>
      <callActivity id="call" name="Aufruf" calledElement="g"/>
      <subProcess id="sub" name="Teil"><startEvent id="sub_start"/><task id="sub_task" name="Innen"/>
        <sequenceFlow id="sf" sourceRef="sub_start" targetRef="sub_task"/></subProcess>
      <subProcess id="event_sub" name="Widerruf" triggeredByEvent="true">
        <startEvent id="es" isInterrupting="false"><signalEventDefinition signalRef="sig"/></startEvent></subProcess>
      <transaction id="trans" name="Zahlung"><endEvent id="cancel"><cancelEventDefinition/></endEvent></transaction>
      <adHocSubProcess id="adhoc" name="Nach Bedarf" ordering="Parallel"><task id="free" name="Frei"/>
        <completionCondition>alles da</completionCondition></adHocSubProcess>
      <exclusiveGateway id="xor" name="Vollständig?"/><parallelGateway id="and"/><inclusiveGateway id="or"/>
      <complexGateway id="complex"/>
      <eventBasedGateway id="event_gw" instantiate="true" eventGatewayType="Parallel"/>
      <intermediateCatchEvent id="multi"><messageEventDefinition/><timerEventDefinition/></intermediateCatchEvent>
      <intermediateCatchEvent id="all" parallelMultiple="true"><messageEventDefinition/><timerEventDefinition>
        <timeDate>2025-01-01</timeDate></timerEventDefinition></intermediateCatchEvent>
      <intermediateThrowEvent id="throw"><linkEventDefinition name="Sprung"/></intermediateThrowEvent>
      <intermediateCatchEvent id="catch"><linkEventDefinition name="Sprung"/></intermediateCatchEvent>
      <intermediateThrowEvent id="comp"><compensateEventDefinition activityRef="manual"/></intermediateThrowEvent>
      <intermediateThrowEvent id="escalate"><escalationEventDefinition escalationRef="esc"/></intermediateThrowEvent>
      <intermediateCatchEvent id="cond"><conditionalEventDefinition><condition>voll</condition>
        </conditionalEventDefinition></intermediateCatchEvent>
      <endEvent id="fail"><errorEventDefinition errorRef="err"/></endEvent>
      <endEvent id="stop"><terminateEventDefinition/></endEvent>
      <dataObject id="obj" name="Bauakte" isCollection="true"/>
      <dataObjectReference id="ref" dataObjectRef="obj"><dataState name="geprüft"/></dataObjectReference>
      <dataStoreReference id="store" dataStoreRef="ds"/>
      <textAnnotation id="note"><text>Achtung:
        zwei Zeilen</text></textAnnotation><group id="grp" categoryValueRef="cv"/>
      <association id="as1" sourceRef="check" targetRef="note"/>
      <association id="as2" sourceRef="note" targetRef="yes" associationDirection="Both"/>
      <association id="as3" sourceRef="loop" targetRef="store" associationDirection="One"/>
      <sequenceFlow id="f0" sourceRef="start" targetRef="check"/>
      <sequenceFlow id="no" name="nein" sourceRef="check" targetRef="loop"/>
      <sequenceFlow id="yes" sourceRef="check" targetRef="xor"><conditionExpression>${ok}</conditionExpression>
      </sequenceFlow>
      <sequenceFlow id="dangling" sourceRef="xor" targetRef="nirgends"/>
    </process>
    <bpmndi:BPMNDiagram name="Bild"><bpmndi:BPMNPlane bpmnElement="k">
      <bpmndi:BPMNShape bpmnElement="town" isHorizontal="false"><dc:Bounds x="0" y="0" width="600" height="300"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="check" bioc:fill="#ABC" bioc:stroke="rgb(1, 2, 300)">
        <dc:Bounds x="10" y="20.5" width="100" height="80"/>
        <bpmndi:BPMNLabel><dc:Bounds x="1" y="2" width="3" height="4"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="xor" isMarkerVisible="true" color:background-color="#00FF00"
        color:border-color="red;background:url(http://x)"><dc:Bounds x="1" y="2" width="50" height="50"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="sub" isExpanded="false"><dc:Bounds x="1" y="2" width="9" height="9"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="adhoc"><dc:Bounds x="1" y="2" width="9" height="9"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="free"><dc:Bounds x="2" y="3" width="4" height="4"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="call"><dc:Bounds x="2" y="3" width="4" height="4"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="ds"><dc:Bounds x="2" y="3" width="4" height="4"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="niemand"><dc:Bounds x="2" y="3" width="4" height="4"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="loop"><dc:Bounds x="NaN" y="3" width="4" height="4"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="rule"><dc:Bounds x="1e99" y="3" width="4" height="4"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape bpmnElement="send"><dc:Bounds x="1" y="3" width="-4" height="4"/></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge bpmnElement="yes" color:border-color="#123456"><di:waypoint x="1" y="2"/>
        <di:waypoint x="INF" y="2"/><di:waypoint x="3" y="4"/></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge bpmnElement="no"><di:waypoint x="1" y="2"/></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
    <bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="sub"><bpmndi:BPMNShape bpmnElement="sub_task">
      <dc:Bounds x="2" y="3" width="4" height="4"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
    """
)
