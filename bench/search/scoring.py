"""What a ranking is worth: recall, MRR and nDCG of its first ten, as `evaluate.py` of the shared set has them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

MEASURES = ("r@1", "r@5", "r@10", "mrr@10", "ndcg@10")
Scores = Mapping[str, float]


def score(relevant: Mapping[str, int], ranked: Sequence[str]) -> dict[str, float]:
    """Of one question: `relevant` has the grade of each document that answers it."""
    ranked = list(dict.fromkeys(ranked))[:10]
    found = {f"r@{k}": len(set(ranked[:k]) & relevant.keys()) / min(len(relevant), k) for k in (1, 5, 10)}
    first = next((place for place, key in enumerate(ranked, start=1) if key in relevant), 0)
    best = sorted(relevant.values(), reverse=True)[:10]
    return found | {
        "mrr@10": 1 / first if first else 0.0,
        "ndcg@10": _gain([relevant.get(key, 0) for key in ranked]) / _gain(best),
    }


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, start=1))


def mean(rows: Sequence[Scores], measure: str) -> float:
    return sum(row[measure] for row in rows) / len(rows) if rows else 0.0
