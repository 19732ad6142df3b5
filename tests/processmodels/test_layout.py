"""Models without a drawing are laid out so that nothing covers anything else."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from processmodels.bpmn.layout import lay_out
from processmodels.bpmn.model import DATA, FLOW_NODES, Bounds, Flow, Model, Node, Process

from .drawings import random_model


def boxes(model: Model) -> dict[str, Bounds]:
    return {shape.element: shape.bounds for shape in model.planes[0].shapes}


def overlap(one: Bounds, other: Bounds) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def inside(inner: Bounds, outer: Bounds) -> bool:
    return (
        inner.x >= outer.x
        and inner.y >= outer.y
        and inner.right <= outer.right + 0.1
        and inner.bottom <= outer.bottom + 0.1
    )


def chain(*kinds: str, flows: list[tuple[int, int]] | None = None) -> Model:
    nodes = {f"n{at}": Node(f"n{at}", kind, f"Schritt {at}", container="p") for at, kind in enumerate(kinds)}
    ends = flows if flows is not None else list(pairwise(range(len(kinds))))
    made = {f"f{a}-{b}": Flow(f"f{a}-{b}", "sequenceFlow", f"n{a}", f"n{b}", container="p") for a, b in ends}
    return Model({"p": Process("p")}, nodes, made)


@pytest.mark.parametrize("seed", range(80))
def test_no_two_nodes_overlap_and_all_stay_inside_what_holds_them(seed: int) -> None:
    model = lay_out(random_model(seed))
    found = boxes(model)
    held = [node for node in model.nodes.values() if node.type in FLOW_NODES | DATA | {"textAnnotation"}]
    assert {node.id for node in held} <= found.keys()
    # Data and notes stand where the node stands that they belong to.
    beside = {flow.source: model.nodes[flow.target] for flow in model.flows.values() if flow.type == "association"}
    held = [replace(node, container=beside.get(node.id, node).container) for node in held]
    for one, other in combinations(held, 2):
        if one.container == other.container and "boundaryEvent" not in (one.type, other.type):
            assert not overlap(found[one.id], found[other.id]), (one.id, other.id)
    for node in held:
        outer = found.get(node.container) or found["pool"]
        if node.type == "boundaryEvent":
            continue
        assert inside(found[node.id], outer), node.id
        if node.lane:
            assert inside(found[node.id], found[node.lane]), node.id


@pytest.mark.parametrize("seed", range(80))
def test_every_flow_is_drawn_level_and_upright_between_its_ends(seed: int) -> None:
    model = lay_out(random_model(seed))
    found = boxes(model)
    edges = {edge.element: edge for edge in model.planes[0].edges}
    for flow in model.flows.values():
        if flow.source == flow.target and flow.id not in edges:
            continue
        points = edges[flow.id].points
        for end, point in ((flow.source, points[0]), (flow.target, points[-1])):
            box = found[end]
            assert box.x - 0.1 <= point.x <= box.right + 0.1 and box.y - 0.1 <= point.y <= box.bottom + 0.1
        same_scope = model.nodes[flow.source].container == model.nodes[flow.target].container
        if flow.type == "sequenceFlow" and same_scope:
            assert all(a.x == b.x or a.y == b.y for a, b in pairwise(points)), flow.id


def test_the_same_model_is_laid_out_the_same_way() -> None:
    assert lay_out(random_model(3)) == lay_out(random_model(3))
    assert lay_out(lay_out(random_model(3))) == lay_out(random_model(3))


def test_a_chain_runs_from_left_to_right_on_one_line() -> None:
    model = lay_out(chain("startEvent", "task", "task", "endEvent"))
    placed = [boxes(model)[f"n{at}"] for at in range(4)]
    assert [box.centre.y for box in placed] == [placed[0].centre.y] * 4
    assert all(a.right < b.x for a, b in pairwise(placed))
    assert all(len(edge.points) == 2 for edge in model.planes[0].edges)


def test_a_loop_is_led_back_around_the_nodes() -> None:
    model = lay_out(chain("task", "task", "task", flows=[(0, 1), (1, 2), (2, 0)]))
    back = next(edge for edge in model.planes[0].edges if edge.element == "f2-0")
    lowest = max(box.bottom for box in boxes(model).values())
    assert any(point.y > lowest for point in back.points)
    assert boxes(model)["n0"].x < boxes(model)["n2"].x


def test_boundary_events_stand_on_the_border_of_their_host() -> None:
    model = chain("task", "task")
    nodes = dict(model.nodes) | {
        f"b{at}": Node(f"b{at}", "boundaryEvent", container="p", attached_to="n0") for at in range(4)
    }
    found = boxes(lay_out(Model(model.processes, nodes, model.flows)))
    for at in range(4):
        assert found[f"b{at}"].centre.y == found["n0"].bottom
        assert found["n0"].x <= found[f"b{at}"].x and found[f"b{at}"].right <= found["n0"].right
    assert not any(overlap(found[f"b{a}"], found[f"b{b}"]) for a, b in combinations(range(4), 2))


def test_lanes_are_bands_in_the_order_of_the_file_and_outer_lanes_reach_around_inner_ones() -> None:
    nodes = {
        "pool": Node("pool", "participant", "Stadt", container="c"),
        "outer": Node("outer", "lane", "Fachbereich", container="p"),
        "in1": Node("in1", "lane", "Stelle 1", container="outer"),
        "in2": Node("in2", "lane", "Stelle 2", container="outer"),
        "last": Node("last", "lane", "Poststelle", container="p"),
        "a": Node("a", "task", container="p", lane="in1"),
        "b": Node("b", "task", container="p", lane="last"),
    }
    found = boxes(lay_out(Model({"p": Process("p", participant="pool")}, nodes, {})))
    assert found["in1"].bottom == found["in2"].y and found["outer"].bottom == found["last"].y
    assert inside(found["in1"], found["outer"]) and inside(found["in2"], found["outer"])
    assert inside(found["a"], found["in1"]) and inside(found["b"], found["last"])
    assert all(inside(found[lane], found["pool"]) for lane in ("outer", "last"))


def test_pools_lie_below_each_other_and_message_flows_run_upright_between_them() -> None:
    nodes = {
        "citizen": Node("citizen", "participant", "Bürgerin", container="c"),
        "town": Node("town", "participant", "Stadt", container="c"),
        "a": Node("a", "task", container="p"),
    }
    flows = {"m": Flow("m", "messageFlow", "citizen", "a", container="c")}
    model = lay_out(Model({"p": Process("p", participant="town")}, nodes, flows))
    found = boxes(model)
    assert found["citizen"].bottom < found["town"].y
    assert found["citizen"].width == found["town"].width
    first, last = model.planes[0].edges[0].points
    assert first.x == last.x and first.y == found["citizen"].bottom and last.y == found["a"].y


def test_deep_and_long_models_need_no_recursion_and_little_time() -> None:
    nested = {f"s{at}": Node(f"s{at}", "subProcess", container=f"s{at - 1}" if at else "p") for at in range(1_500)}
    begun = time.process_time()
    lay_out(Model({"p": Process("p")}, nested, {}))
    lay_out(chain(*["task"] * 3_000))
    assert time.process_time() - begun < 4
