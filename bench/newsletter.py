"""How long cards and newsletters take: the median by how much stands in them, as a Markdown table.

bench/newsletter.py [--rounds 9]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from django.utils import translation  # noqa: E402

from governance import kinds, short_texts  # noqa: E402
from governance.models import CatalogueEntry  # noqa: E402
from transfer.cards import printing  # noqa: E402
from transfer.newsletter import files  # noqa: E402
from transfer.newsletter.letter import Letter, Piece  # noqa: E402
from transfer.published import Told  # noqa: E402

ALLOWED = 1.0
Thing = TypeVar("Thing", Told, Letter)
WORDS = ("Antrag", "Frist", "Bescheid", "Formular", "Fachverfahren", "Rückfrage", "Sachbearbeitung", "Termin")


def told(number: int) -> Told:
    """Another record each time, so that nothing is remembered; its text is long."""
    chance = random.Random(number)
    sentences = [" ".join(chance.choices(WORDS, k=9)) + "." for _ in range(200)]
    kind = kinds.get("learning")
    values = {"everyday_benefit": " ".join(sentences), "answer": " ".join(sentences[:4])}
    entry = CatalogueEntry(
        short_number=f"L-{number}",
        title=f"{sentences[5]} {number}",
        owner_name="Change-Management-Team Steueramt",
        department_name="Steueramt",
    )
    return Told(entry, kind, short_texts.of(kind, values))


def letter(number: int, pieces: int) -> Letter:
    records = [told(number * 1_000 + at) for at in range(pieces)]
    return Letter(
        title=f"Neues {number}",
        newsletter="Rathaus kompakt",
        line="Ausgabe 3",
        intro="Guten *Tag*.",
        pieces=[
            Piece(at, one.title, one.texts.paragraphs, short_number=one.short_number, address=one.address)
            for at, one in enumerate(records)
        ],
        address="https://wissensportal.example/transfer/issues/1/",
        team="Change-Management-Team",
        is_released=True,
    )


def measured(name: str, size: str, things: Sequence[Thing], make: Callable[[Thing], bytes]) -> None:
    """One row. The first thing is made before the time is taken."""
    times, worked, data = [], [], b""
    make(things[0])
    for one in things[1:]:
        begun, at_work = time.perf_counter(), time.process_time()
        data = make(one)
        times.append(time.perf_counter() - begun)
        worked.append(time.process_time() - at_work)
    medians = f"{statistics.median(times):.2f} | {statistics.median(worked):.2f}"
    print(f"| {name} | {size} | {medians} | {ALLOWED:.1f} | {len(data) / 1_000:.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    numbers = range(parser.parse_args().rounds + 1)
    translation.activate("de")
    print("| what | size | median s | of it at work s | may take | kB |\n|---|---|--:|--:|--:|--:|")
    cards = [told(number) for number in numbers]
    measured("card", "A6", cards, lambda one: printing.make([one], sheet=False))
    measured("card", "four on A4", cards, lambda one: printing.make([one], sheet=True))
    for pieces in (6, 40):
        letters = [letter(number, pieces) for number in numbers]
        for ending, kind in files.KINDS.items():
            measured(f"newsletter, {ending}", f"{pieces} articles", letters, kind.make)


if __name__ == "__main__":
    main()
