"""Process models of any size, made up: pools with lanes, tasks of all kinds, gateways, notes. The same each time."""

from __future__ import annotations

import random

from processmodels.bpmn.layout import lay_out
from processmodels.bpmn.model import GATEWAYS, TASKS, Flow, Model, Node, Process

_VERBS = ("prüfen", "berechnen", "versenden", "nachfordern", "freigeben", "ablegen", "weiterleiten")
_NOUNS = ("Wohngeldantrag", "Gewerbeanmeldung", "Bescheid", "Aufenthaltserlaubnis", "Unterlagen", "Gebührenrechnung")
_LANES = 4
# Nodes of one pool: real files of this size have many pools, not one endless line.
_POOL = 60


def made_up(elements: int, seed: int = 4) -> Model:
    """A laid out model of about so many nodes and flows together."""
    chance = random.Random(seed)
    nodes: dict[str, Node] = {}
    flows: dict[str, Flow] = {}
    processes: dict[str, Process] = {}
    number = 0
    while len(nodes) + len(flows) < elements:
        process, pool = f"Process_{number}", f"Pool_{number}"
        number += 1
        processes[process] = Process(process, f"Verfahren {number}", participant=pool)
        nodes[pool] = Node(pool, "participant", f"Verfahren {number}", container="Collaboration")
        lanes = [f"{process}_Lane_{at}" for at in range(_LANES)]
        nodes.update({lane: Node(lane, "lane", f"Stelle {lane[-1]}", container=process) for lane in lanes})
        _fill(process, lanes, min(_POOL, (elements - len(nodes) - len(flows)) // 2), nodes, flows, chance)
    return lay_out(Model(processes, nodes, flows))


def _fill(
    process: str,
    lanes: list[str],
    number: int,
    nodes: dict[str, Node],
    flows: dict[str, Flow],
    chance: random.Random,
) -> None:
    ids: list[str] = []
    for at in range(max(number, 2)):
        identity = f"{process}_{at}"
        kind = chance.choice(sorted(TASKS)) if at % 5 else chance.choice(sorted(GATEWAYS))
        kind = "startEvent" if at == 0 else kind
        name = f"{chance.choice(_NOUNS)} {chance.choice(_VERBS)}"
        nodes[identity] = Node(identity, kind, name, container=process, lane=lanes[at // 8 % _LANES])
        ids.append(identity)
    for at, identity in enumerate(ids[1:], start=1):
        before = ids[at - 1] if chance.random() < 0.8 else ids[max(0, at - chance.randrange(1, 6))]
        flow = f"{identity}_flow"
        flows[flow] = Flow(flow, "sequenceFlow", before, identity, "ja" if at % 7 == 0 else "", container=process)
