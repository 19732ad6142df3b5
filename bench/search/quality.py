"""How well the search finds what was meant, beside what PostgreSQL and BM25 find; prints Markdown tables.

bench/search/quality.py             the portal's search and its baselines, overall and by kind of question
bench/search/quality.py --parts     and what each part of it brings
bench/search/quality.py --choose    and whether other constants help, chosen on half of the questions
bench/search/quality.py -v          and each question that is not answered well
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent), str(HERE)]

import baselines
import variants
from corpus import QuestionSet, Row, published, sets
from scoring import MEASURES, Scores, mean, score

from portal.asked import Query
from portal.index import building
from portal.search import search
from portal.synonyms import services as synonyms
from portal.synonyms.models import SynonymGroup

Ids = Mapping[int, str]
# Of the splits into halves: one to choose on, one to report on.
SEEDS = range(8)
OURS, WITH_SYNONYMS = "ours, no synonyms", "ours, synonyms of the demo"
SYNONYMS = HERE.parents[1] / "fixtures" / "synonyms.csv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", action="store_true")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    for of in sets():
        print(f"\n### The {of.name} set: {len(of.documents)} documents, {len(of.questions)} questions\n", flush=True)
        with published(of) as ids:
            report(of, ids, verbose=arguments.verbose)
            if arguments.parts:
                report_parts(of, ids)
            if arguments.choose:
                report_choices(of, ids)


def report(of: QuestionSet, ids: Ids, *, verbose: bool) -> None:
    """Every search beside each other."""
    found = {
        name: [score(question["relevant"], ranker(question["query"])) for question in of.questions]
        for name, ranker in baselines.all_of(of.documents).items()
    }
    SynonymGroup.objects.all().delete()
    found[OURS] = answers(of, ids)
    synonyms.load_file(SYNONYMS)
    found[WITH_SYNONYMS] = answers(of, ids)
    SynonymGroup.objects.all().delete()
    if verbose:
        for question, scores in zip(of.questions, found[OURS], strict=True):
            if scores["ndcg@10"] < 0.8:
                print(question["set"], question["query"], question["relevant"], ask(question, ids)[:5])
    table(("search", *MEASURES), {name: [mean(rows, m) for m in MEASURES] for name, rows in found.items()})
    print("\nnDCG@10 · recall@10 by kind of question (number of questions):\n")
    sizes = {kind: len(of_kind(of, kind, found[OURS])) for kind in of.kinds}
    table(
        ("search", *(f"{kind} ({n})" for kind, n in sizes.items())),
        {
            name: [
                f"{mean(chosen, 'ndcg@10'):.2f} · {mean(chosen, 'r@10'):.2f}"
                for chosen in (of_kind(of, kind, rows) for kind in of.kinds)
            ]
            for name, rows in found.items()
        },
    )


def report_parts(of: QuestionSet, ids: Ids) -> None:
    """What is lost when one part is left out."""
    whole = answers(of, ids)
    print("\nnDCG@10 lost without each part, overall and by kind of question:\n", flush=True)
    rows = {}
    for name, changes in variants.LEFT_OUT.items():
        with variants.changed(*changes):
            without = answers(of, ids)
        rows[name] = [
            mean(a, "ndcg@10") - mean(b, "ndcg@10")
            for a, b in (
                (whole, without),
                *((of_kind(of, kind, whole), of_kind(of, kind, without)) for kind in of.kinds),
            )
        ]
    table(("without", "all", *of.kinds), rows)
    building.build()


def report_choices(of: QuestionSet, ids: Ids) -> None:
    """Each constant chosen on half of the questions, several times; what that brings on the other half."""
    today = [row["ndcg@10"] for row in answers(of, ids)]
    halves = [split(len(today), seed) for seed in SEEDS]
    print(f"\nConstants chosen on half of the questions, {len(SEEDS)} splits; nDCG@10:\n", flush=True)
    rows = {}
    for name, (change, values) in variants.CHOICES.items():
        by_value = {}
        for value in values:
            with variants.changed(change(value)):
                by_value[value] = [row["ndcg@10"] for row in answers(of, ids)]
        chosen = [max(values, key=lambda v, h=half: of_half(by_value[v], h)) for half, _other in halves]
        gains = [
            of_half(by_value[value], other) - of_half(today, other)
            for value, (_half, other) in zip(chosen, halves, strict=True)
        ]
        whole = " ".join(f"{value}: {sum(by_value[value]) / len(today):.4f}" for value in values)
        better = sum(gain > 0 for gain in gains) - sum(gain < 0 for gain in gains)
        rows[name] = [whole, " ".join(map(str, chosen)), f"{sum(gains) / len(gains):+.4f}", f"{better:+d}"]
        print(name, rows[name], file=sys.stderr, flush=True)
    table(("constant", "value: all questions", "chosen", "gain on the other half", "better − worse"), rows)
    building.build()


def split(size: int, seed: int) -> tuple[list[int], list[int]]:
    """Two halves of the questions, by their places."""
    places = random.Random(seed).sample(range(size), size)
    return places[: size // 2], places[size // 2 :]


def of_half(values: Sequence[float], half: Iterable[int]) -> float:
    chosen = [values[place] for place in half]
    return sum(chosen) / len(chosen)


def of_kind(of: QuestionSet, kind: str, rows: Sequence[Scores]) -> list[Scores]:
    return [row for question, row in zip(of.questions, rows, strict=True) if question["set"] == kind]


def answers(of: QuestionSet, ids: Ids) -> list[Scores]:
    """The scores of all questions, by an index that is built for it."""
    building.build()
    return [score(question["relevant"], ask(question, ids)) for question in of.questions]


def ask(question: Row, ids: Ids) -> list[str]:
    return [ids[hit.entry.pk] for hit in search(Query(text=question["query"])).hits]


def table(head: Sequence[str], rows: Mapping[str, Sequence[float | str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|---" + "|--:" * (len(head) - 1) + "|")
    for name, values in rows.items():
        cells = [value if isinstance(value, str) else f"{value:.3f}" for value in values]
        print("| " + " | ".join([name, *cells]) + " |", flush=True)


if __name__ == "__main__":
    main()
