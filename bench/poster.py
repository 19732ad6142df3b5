"""How long a poster takes: the median for models of several sizes, as a Markdown table.

bench/poster.py [--rounds 9]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from models import made_up  # noqa: E402

from processmodels.poster import Contact, PosterData, PosterFigure, make  # noqa: E402
from processmodels.poster.plan import plan  # noqa: E402

# Elements: nodes and flows together. A normal model has some 30.
SIZES = (20, 30, 60, 120, 300)
ALLOWED = 1.0


def poster(elements: int, number: int) -> PosterData:
    return PosterData(
        title=f"Wohngeld beantragen {number}",
        purpose="Wer Wohngeld braucht, stellt den Antrag von zu Hause und erfährt jederzeit, wie weit er ist.",
        number="P-8",
        address="https://wissensportal.example/P-8",
        contact=Contact("Change-Management-Team Soziales", "Kim Sommer", "Raum 214, Telefon 4711"),
        printed_at=datetime(2025, 6, 4, 9, 30, tzinfo=UTC),
        model=made_up(elements, seed=number),
        changes="Anträge kommen nur noch über das Formular und liegen sofort im Fachverfahren.",
        figures=(PosterFigure("Durchlaufzeit", "42 Tage", "12 Tage", "30 Tage weniger"),),
        issue=3,
        released_on=date(2025, 5, 3),
        check_mark="3f2a-91c0-77de",
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    print("| elements | sheets | median s | may take | kB |\n|--:|--:|--:|--:|--:|")
    for elements in SIZES:
        # typst remembers what it has set, so every round prints another poster.
        posters, times, size = [poster(elements, number) for number in range(rounds)], [], 0
        for data in posters:
            begun = time.perf_counter()
            size = len(make(data))
            times.append(time.perf_counter() - begun)
        sheets = statistics.median_low(len(plan(data).sheets) for data in posters)
        print(f"| {elements} | {sheets} | {statistics.median(times):.2f} | {ALLOWED:.1f} | {size / 1_000:.0f} |")


if __name__ == "__main__":
    main()
