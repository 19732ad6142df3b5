"""The diagrams of the demo municipality: without hints, drawn, used, and comparable with one another."""

from __future__ import annotations

from itertools import groupby, pairwise

import pytest
from django.conf import settings

from processmodels.bpmn.hints import hints
from processmodels.bpmn.model import CONTAINERS, FLOW_NODES, Model
from processmodels.bpmn.reading import read

DEMO = settings.BASE_DIR / "fixtures" / "demo"
FILES = sorted((DEMO / "bpmn").glob("*.bpmn"))


def _read(name: str) -> Model:
    return read((DEMO / "bpmn" / name).read_bytes(), max_bytes=settings.DIAGRAM_MAX_BYTES)


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_a_diagram_is_drawn_and_gives_no_hint(name: str) -> None:
    model = _read(name)
    assert hints(model) == []
    assert {shape.element for plane in model.planes for shape in plane.shapes} == set(model.nodes)


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_no_element_of_a_diagram_covers_another(name: str) -> None:
    model = _read(name)
    boxes = {
        shape.element: shape.bounds
        for shape in model.planes[0].shapes
        if model.nodes[shape.element].type not in CONTAINERS
    }
    covered = [
        (one, other)
        for one, a in boxes.items()
        for other, b in boxes.items()
        if one < other and a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom
    ]
    borders = {(node.id, node.attached_to) for node in model.nodes.values() if node.attached_to}
    assert [pair for pair in covered if pair not in borders and pair[::-1] not in borders] == []


def test_every_diagram_is_named_by_a_story() -> None:
    stories = "".join(path.read_text() for path in (DEMO / "processmodels").glob("*.toml"))
    assert len(FILES) >= 30
    assert [path.name for path in FILES if f'"{path.name}"' not in stories] == []


def test_the_same_tasks_have_the_same_ids_before_and_after() -> None:
    for process, paths in groupby(FILES, key=lambda path: path.stem.partition("-nachher")[0].removesuffix("-vorher")):
        nodes = [{n.id for n in _read(path.name).nodes.values() if n.type in FLOW_NODES} for path in paths]
        for one, other in pairwise(nodes):
            assert len(one & other) >= min(len(one), len(other)) / 3, process
