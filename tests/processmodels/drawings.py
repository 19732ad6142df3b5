"""Models made for tests of pictures, and what stands in an SVG."""

from __future__ import annotations

import random
from typing import Any

from lxml import etree

from processmodels.bpmn.model import Bounds, Edge, Flow, Model, Node, Plane, Point, Process, Shape
from processmodels.diagram import render

SVG = "{http://www.w3.org/2000/svg}"
FORBIDDEN = ("style", "script", "foreignObject", "image", "a", "use", "animate", "set")


def parsed(svg: str) -> Any:
    """The root of a picture, after looking that it is static: presentation attributes only, nothing fetched."""
    root = etree.fromstring(svg.encode())
    for item in root.iter():
        assert item.tag.removeprefix(SVG) not in FORBIDDEN, item.tag
        for name, value in item.attrib.items():
            assert name not in ("style", "class", "id") and "href" not in name and not name.startswith("on"), name
            assert "url(" not in value or name == "data-element", value
    return root


def one(node: Node, *, width: float = 100, height: float = 80, **shape: Any) -> Model:
    """A model with one drawn node."""
    drawn = Shape(node.id, Bounds(0, 0, width, height), **shape)
    return Model({"p": Process("p")}, {node.id: node}, {}, [Plane("p", "", [drawn])])


def picture(node: Node, **shape: Any) -> str:
    """The SVG of one node, looked over, without the frame of the page."""
    svg = render(one(node, **shape))
    parsed(svg)
    return svg.split("</title>", 1)[1]


def two(flow: Flow, kind: str = "task", **edge: Any) -> Model:
    """Nodes "a" (of `kind`) and "b" with one line between them, from x = 100 to x = 200 at y = 40."""
    nodes = {"a": Node("a", kind, container="p"), "b": Node("b", "task", container="p")}
    shapes = [Shape("a", Bounds(0, 0, 100, 80)), Shape("b", Bounds(200, 0, 100, 80))]
    line = Edge(flow.id, (Point(100, 40), Point(200, 40)), **edge)
    return Model({"p": Process("p")}, nodes, {flow.id: flow}, [Plane("p", "", shapes, [line])])


def group_of(root: Any, element: str) -> Any:
    return next(item for item in root.iter(f"{SVG}g") if item.get("data-element") == element)


def texts(item: Any) -> list[str]:
    """Every line of text under an element."""
    return [span.text for span in item.iter(f"{SVG}tspan")]


def random_model(seed: int) -> Model:
    """A process of up to forty nodes: loops, boundary events, lanes, data, notes, sub-processes, loose parts."""
    chance = random.Random(seed)
    nodes: dict[str, Node] = {"pool": Node("pool", "participant", "Amt", container="c")}
    lanes = [f"lane{at}" for at in range(chance.randrange(4))]
    nodes.update({lane: Node(lane, "lane", lane, container="p") for lane in lanes})
    containers = ["p"]
    kinds = ["task", "userTask", "exclusiveGateway", "intermediateThrowEvent", "endEvent", "callActivity", "subProcess"]
    for at in range(chance.randrange(1, 40)):
        identity, kind = f"n{at}", chance.choice(kinds)
        container = chance.choice(containers)
        lane = chance.choice(lanes) if lanes and container == "p" and chance.random() < 0.9 else ""
        is_apart = kind == "subProcess" and chance.random() < 0.3
        nodes[identity] = Node(
            identity, kind, "Antrag prüfen", container=container, lane=lane, is_event_sub_process=is_apart
        )
        if kind == "subProcess":
            containers.append(identity)
        if kind in ("task", "subProcess") and chance.random() < 0.4:
            event = f"b{at}"
            nodes[event] = Node(event, "boundaryEvent", "Frist", container=container, lane=lane, attached_to=identity)
    flows: dict[str, Flow] = {}
    ids = [identity for identity, node in nodes.items() if node.type not in ("lane", "participant")]
    for at in range(chance.randrange(60)):
        source, target = chance.choice(ids), chance.choice(ids)
        if nodes[target].type != "boundaryEvent":
            flows[f"f{at}"] = Flow(
                f"f{at}", "sequenceFlow", source, target, chance.choice(["", "ja"]), container=nodes[source].container
            )
    for at in range(chance.randrange(5)):
        kind = chance.choice(["textAnnotation", "dataObjectReference"])
        nodes[f"d{at}"] = Node(f"d{at}", kind, "Hinweis für alle", container="p")
        flows[f"a{at}"] = Flow(f"a{at}", "association", f"d{at}", chance.choice(ids), container="p")
    return Model({"p": Process("p", participant="pool")}, nodes, flows)
