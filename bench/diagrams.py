"""How long reading, drawing and comparing take: medians for small, large and huge models, as a Markdown table.

bench/diagrams.py [--rounds 15]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from models import made_up  # noqa: E402

from processmodels.bpmn.comparison import compare  # noqa: E402
from processmodels.bpmn.layout import lay_out  # noqa: E402
from processmodels.bpmn.model import TASKS, Model  # noqa: E402
from processmodels.bpmn.reading import read  # noqa: E402
from processmodels.bpmn.writing import write  # noqa: E402
from processmodels.diagram import render  # noqa: E402

# Elements (nodes and flows), and the milliseconds that rendering may take.
SIZES = ((20, 30), (300, 200), (3_000, 2_000))


def median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds. The first round, which loads the hyphenation, counts like the others."""
    times = []
    for _round in range(rounds):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1_000)
    return statistics.median(times)


def changed(file: bytes) -> Model:
    """As another tool leaves it: ids are new, every tenth step has another name, every fifteenth is gone."""
    model = read(file.replace(b"Process_", b"Other_"))
    tasks = [key for key, node in model.nodes.items() if node.type in TASKS]
    gone, named = set(tasks[::15]), set(tasks[::10])
    nodes = {
        key: replace(node, name=f"{node.name} und ablegen") if key in named else node
        for key, node in model.nodes.items()
        if key not in gone
    }
    flows = {key: flow for key, flow in model.flows.items() if not gone & {flow.source, flow.target}}
    return replace(model, nodes=nodes, flows=flows)


def row(model: Model, elements: int, allowed: int, rounds: int) -> str:
    file = write(model)
    other = changed(file)
    times = [
        median(lambda: read(file), rounds),
        median(lambda: lay_out(model), rounds),
        median(lambda: compare(model, other), rounds),
        median(lambda: render(model), rounds),
    ]
    size = len(render(model)) / 1_000
    return f"| {elements} | {' | '.join(f'{ms:.1f}' for ms in times)} | {allowed} | {size:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    heads = ("elements", "read ms", "lay out ms", "compare ms", "render ms", "render may take", "SVG kB")
    print(f"| {' | '.join(heads)} |\n|{'--:|' * len(heads)}")
    for elements, allowed in SIZES:
        print(row(made_up(elements), elements, allowed, rounds if elements < 1_000 else max(3, rounds // 3)))


if __name__ == "__main__":
    main()
