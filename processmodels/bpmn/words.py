"""German words for what BPMN calls by its element names; the one place that has them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .graph import Graph
from .model import GATEWAYS, Flow, Marker, Node, Trigger

_TYPES = {
    "task": gettext_lazy("Aufgabe"),
    "userTask": gettext_lazy("Benutzeraufgabe"),
    "manualTask": gettext_lazy("manuelle Aufgabe"),
    "serviceTask": gettext_lazy("automatische Aufgabe"),
    "scriptTask": gettext_lazy("Skriptaufgabe"),
    "businessRuleTask": gettext_lazy("Geschäftsregel"),
    "sendTask": gettext_lazy("Sendeaufgabe"),
    "receiveTask": gettext_lazy("Empfangsaufgabe"),
    "subProcess": gettext_lazy("Teilprozess"),
    "adHocSubProcess": gettext_lazy("Ad-hoc-Teilprozess"),
    "transaction": gettext_lazy("Transaktion"),
    "callActivity": gettext_lazy("Aufruf eines Prozesses"),
    "startEvent": gettext_lazy("Startereignis"),
    "endEvent": gettext_lazy("Endereignis"),
    "intermediateCatchEvent": gettext_lazy("Zwischenereignis"),
    "intermediateThrowEvent": gettext_lazy("auslösendes Zwischenereignis"),
    "boundaryEvent": gettext_lazy("angeheftetes Ereignis"),
    "exclusiveGateway": gettext_lazy("Entscheidung"),
    "inclusiveGateway": gettext_lazy("Entscheidung, mehrere Wege möglich"),
    "parallelGateway": gettext_lazy("gleichzeitige Wege"),
    "complexGateway": gettext_lazy("komplexe Entscheidung"),
    "eventBasedGateway": gettext_lazy("Warten auf das erste Ereignis"),
    "dataObject": gettext_lazy("Datenobjekt"),
    "dataObjectReference": gettext_lazy("Datenobjekt"),
    "dataStoreReference": gettext_lazy("Datenspeicher"),
    "dataInput": gettext_lazy("Dateneingang"),
    "dataOutput": gettext_lazy("Datenausgang"),
    "textAnnotation": gettext_lazy("Anmerkung"),
    "group": gettext_lazy("Gruppe"),
    "participant": gettext_lazy("Pool"),
    "lane": gettext_lazy("Bereich"),
    "process": gettext_lazy("Prozess"),
    "sequenceFlow": gettext_lazy("Ablaufpfeil"),
    "messageFlow": gettext_lazy("Nachrichtenfluss"),
    "association": gettext_lazy("Verbindung"),
    "dataInputAssociation": gettext_lazy("Verbindung zu Daten"),
    "dataOutputAssociation": gettext_lazy("Verbindung zu Daten"),
}
_TRIGGERS = {
    Trigger.NONE: gettext_lazy("ohne Auslöser"),
    Trigger.MESSAGE: gettext_lazy("Nachricht"),
    Trigger.TIMER: gettext_lazy("Zeit"),
    Trigger.ERROR: gettext_lazy("Fehler"),
    Trigger.SIGNAL: gettext_lazy("Signal"),
    Trigger.ESCALATION: gettext_lazy("Eskalation"),
    Trigger.CONDITIONAL: gettext_lazy("Bedingung"),
    Trigger.LINK: gettext_lazy("Sprung"),
    Trigger.COMPENSATION: gettext_lazy("Rückabwicklung"),
    Trigger.CANCEL: gettext_lazy("Abbruch"),
    Trigger.TERMINATE: gettext_lazy("beendet alles"),
    Trigger.MULTIPLE: gettext_lazy("mehrere Auslöser"),
    Trigger.PARALLEL_MULTIPLE: gettext_lazy("mehrere Auslöser gemeinsam"),
}
_BOUNDARY = {
    Trigger.MESSAGE: gettext_lazy("Bei einer Nachricht"),
    Trigger.TIMER: gettext_lazy("Bei Fristablauf"),
    Trigger.ERROR: gettext_lazy("Bei einem Fehler"),
    Trigger.SIGNAL: gettext_lazy("Bei einem Signal"),
    Trigger.ESCALATION: gettext_lazy("Bei einer Eskalation"),
    Trigger.CONDITIONAL: gettext_lazy("Wenn eine Bedingung eintritt"),
    Trigger.COMPENSATION: gettext_lazy("Bei Rückabwicklung"),
    Trigger.CANCEL: gettext_lazy("Bei Abbruch"),
}
_MARKERS = {
    Marker.LOOP: gettext_lazy("wird wiederholt"),
    Marker.PARALLEL: gettext_lazy("mehrfach gleichzeitig"),
    Marker.SEQUENTIAL: gettext_lazy("mehrfach nacheinander"),
    Marker.COMPENSATION: gettext_lazy("macht rückgängig"),
    Marker.AD_HOC: gettext_lazy("in beliebiger Reihenfolge"),
    Marker.COLLECTION: gettext_lazy("mehrere"),
    Marker.INPUT: gettext_lazy("Eingang"),
    Marker.OUTPUT: gettext_lazy("Ausgang"),
}
# What the type already says.
_SAID = {Marker.AD_HOC, Marker.INPUT, Marker.OUTPUT}
_ATTRIBUTES = {
    "name": gettext_lazy("Name"),
    "type": gettext_lazy("Art"),
    "documentation": gettext_lazy("Beschreibung"),
    "trigger": gettext_lazy("Auslöser"),
    "interrupting": gettext_lazy("unterbricht"),
    "attached_to": gettext_lazy("angeheftet an"),
    "markers": gettext_lazy("Kennzeichen"),
    "is_event_sub_process": gettext_lazy("Ereignis-Teilprozess"),
    "instantiates": gettext_lazy("startet den Prozess"),
    "condition": gettext_lazy("Bedingung"),
    "is_default": gettext_lazy("Standardweg"),
    "direction": gettext_lazy("Richtung"),
    "place": gettext_lazy("Ort"),
    "source": gettext_lazy("Beginn"),
    "target": gettext_lazy("Ziel"),
    # details
    "called_element": gettext_lazy("aufgerufener Prozess"),
    "completion_condition": gettext_lazy("fertig, wenn"),
    "compensates": gettext_lazy("macht rückgängig"),
    "data_state": gettext_lazy("Zustand"),
    "error": gettext_lazy("Fehler"),
    "escalation": gettext_lazy("Eskalation"),
    "event_condition": gettext_lazy("Bedingung"),
    "implementation": gettext_lazy("Umsetzung"),
    "instances": gettext_lazy("Anzahl"),
    "link": gettext_lazy("Sprung"),
    "loop_condition": gettext_lazy("Wiederholung, solange"),
    "loop_maximum": gettext_lazy("höchstens Wiederholungen"),
    "message": gettext_lazy("Nachricht"),
    "operation": gettext_lazy("Schnittstelle"),
    "ordering": gettext_lazy("Reihenfolge"),
    "performer": gettext_lazy("Ausführung"),
    "script": gettext_lazy("Skript"),
    "script_format": gettext_lazy("Sprache des Skripts"),
    "signal": gettext_lazy("Signal"),
    "timer": gettext_lazy("Zeit"),
}


def type_name(type_: str) -> str:
    return str(_TYPES.get(type_, type_))


def attribute_name(attribute: str) -> str:
    return str(_ATTRIBUTES.get(attribute, attribute))


def trigger_name(trigger: Trigger) -> str:
    return str(_TRIGGERS[trigger])


def marker_names(markers: frozenset[Marker]) -> str:
    return ", ".join(str(_MARKERS[marker]) for marker in sorted(markers))


def quoted(node: Node) -> str:
    """A node within a sentence: its name in quotation marks, or what it is when it has none."""
    return f"„{_short(node.name)}“" if node.name else plain(node)


def plain(node: Node) -> str:
    """A node by its name, or by what it is when it has none."""
    if node.name:
        return _short(node.name)
    name = type_name(node.type)
    return _("%s ohne Namen") % (name[:1].upper() + name[1:])


def description(node: Node, graph: Graph) -> str:
    """What a node is, in words: "Benutzeraufgabe, mehrfach gleichzeitig", "Startereignis: Nachricht"."""
    name = _("Ereignis-Teilprozess") if node.is_event_sub_process else type_name(node.type)
    if node.type in GATEWAYS and len(graph.links.get(node.id, ())) < 2 and len(graph.incoming.get(node.id, ())) > 1:
        name = _("Zusammenführung")
    if node.trigger is not Trigger.NONE:
        name += f": {trigger_name(node.trigger)}"
    if node.type == "boundaryEvent":
        name = trigger_name(node.trigger)
        if not node.interrupting:
            name += ", " + _("ohne zu unterbrechen")
    said = marker_names(node.markers - _SAID)
    return f"{name}, {said}" if said else name


def boundary(node: Node) -> str:
    """The beginning of the branch at the edge of an activity: "Bei Fristablauf", "Bei „Frist abgelaufen“"."""
    if node.name:
        return _("Bei „%s“") % _short(node.name)
    beginning = str(_BOUNDARY.get(node.trigger) or _("Bei einem Ereignis"))
    return beginning if node.interrupting else _("%s, ohne zu unterbrechen") % beginning


def branch(source: Node, flow: Flow | None, number: int) -> str:
    """The beginning of a branch after a split: "Wenn vollständig", "gleichzeitig", "sonst"."""
    reason = (flow.name or flow.condition) if flow else ""
    if source.type == "eventBasedGateway":
        return _("Wenn dies zuerst eintritt")
    if reason:
        return _("Wenn %s") % _short(reason)
    if flow and flow.is_default:
        return _("Sonst")
    if source.type == "parallelGateway" or source.type not in GATEWAYS:
        return _("Gleichzeitig")
    return _("Weg %d") % number


def _short(text: str) -> str:
    """Text of several lines (annotations) within a sentence."""
    joined = " ".join(text.split())
    return joined if len(joined) <= 120 else joined[:119].rstrip() + "…"
