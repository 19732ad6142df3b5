"""How long slides, handout and brief take: the median for short, usual and endless texts, as a Markdown table.

bench/handing_on.py [--rounds 9]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from django.utils import translation  # noqa: E402
from models import made_up  # noqa: E402

from learnings import brief, handout, presentation  # noqa: E402
from learnings.models import Audience, Learning  # noqa: E402
from learnings.story import Picture, Source  # noqa: E402
from processmodels import diagrams  # noqa: E402

ALLOWED = 1.0
# Characters of each of the eight texts of a learning: a quick note, a usual one, and what nobody should write.
SIZES = (200, 900, 30_000)
TEXTS = (
    "occasion",
    "what_was_done",
    "results",
    "difficulties",
    "everyday_benefit",
    "prerequisites",
    "recommendation",
    "next_step",
)
WORDS = ("Antrag", "Frist", "Bescheid", "Formular", "Fachverfahren", "Rückfrage", "Sachbearbeitung", "Termin")


def source(size: int, number: int) -> Source:
    """Another text for every round, so that nothing is remembered."""
    chance = random.Random(number)

    def text() -> str:
        sentence = " ".join(chance.choice(WORDS) for _ in range(9))
        return "\n\n".join([f"{sentence}."] * max(1, size // len(sentence)))[:size]

    values: dict[str, Any] = {field.name: field.get_default() for field in Learning._meta.concrete_fields}
    values |= {name: text() for name in TEXTS} | {"title": f"Learning {number}", "answer": text()[:600]}
    values |= {"audiences": list(Audience.values), "share_difficulties": True, "effort_time": "drei Wochen"}
    values["figures"] = [
        {"label": f"Dauer, {side}", "number": str(at), "unit": "Tage", "period": "2026", "source": "Zählung"}
        for at, side in ((59, "vorher"), (number + 20, "nachher"))
    ]
    svg = diagrams.draw(made_up(30, seed=number))
    picture = Picture(svg, "Antrag prüfen", "P-4", "Ablauf des Prozesses P-4.")
    return Source(
        values,
        f"L-{number}",
        f"https://x.example/L-{number}",
        "Team",
        "Kim",
        "k@x.example",
        3,
        date(2026, 5, 3),
        "3f2a",
        [picture],
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    translation.activate("de")
    makers: dict[str, Callable[[Source], bytes]] = {
        "slides, own team": lambda one: presentation.make([one], Audience.TEAM),
        "slides, decision makers": lambda one: presentation.make([one], Audience.DECISION_MAKERS),
        "handout, own team": lambda one: handout.make(one, Audience.TEAM),
        "handout, decision makers": lambda one: handout.make(one, Audience.DECISION_MAKERS),
        "brief": lambda one: brief.make([one]),
    }
    print("| what | characters of a text | median s | of it at work s | may take | kB |\n|---|--:|--:|--:|--:|--:|")
    for name, make in makers.items():
        make(source(200, 0))
        for size in SIZES:
            times, worked, data = [], [], b""
            for one in [source(size, number) for number in range(1, rounds + 1)]:
                begun, at_work = time.perf_counter(), time.process_time()
                data = make(one)
                times.append(time.perf_counter() - begun)
                worked.append(time.process_time() - at_work)
            medians = f"{statistics.median(times):.2f} | {statistics.median(worked):.2f}"
            print(f"| {name} | {size} | {medians} | {ALLOWED:.1f} | {len(data) / 1_000:.0f} |", flush=True)


if __name__ == "__main__":
    main()
