"""How well the search finds what was meant; prints a Markdown table.

bench/search/quality.py              the portal's search, overall and by kind of question
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent), str(HERE)]

import world  # noqa: E402, I001 - sets Django up
import corpus  # noqa: E402

from portal.asked import Query  # noqa: E402
from portal.index import building  # noqa: E402
from portal.search import search  # noqa: E402

sys.path.append(str(corpus.DATA))
from evaluate import score  # noqa: E402


def main() -> None:
    documents, questions = corpus.lines("docs.jsonl"), corpus.lines("queries.jsonl")
    with world.filled("portal_bench_search", lambda: corpus.load(documents)):
        building.build()
        ids = corpus.records(documents)
        sets = defaultdict(list)
        for question in questions:
            results = search(Query(text=question["query"]))
            ranked = [ids[hit.entry.pk] for hit in results.hits]
            found = score(question["relevant"], ranked)
            sets[question["set"]].append(found)
            sets["ALL"].append(found)
            if found["ndcg@10"] < 0.8 and "-v" in sys.argv:
                print(question["set"], question["query"], question["relevant"], ranked[:5], results.mended)
        for name, rows in sets.items():
            print(
                f"{name:12} {len(rows):3}",
                *(f"{sum(r[k] for r in rows) / len(rows):.3f}" for k in ("r@1", "r@10", "mrr@10", "ndcg@10", "empty")),
            )


main()
