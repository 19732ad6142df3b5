"""What the portal's search is compared with: PostgreSQL as it comes, and BM25 by bm25s (MIT).

bm25s is no part of the portal and stands in no lock file. To have its rows in the table:

    python3.13 -m pip install --target var/bench-packages bm25s
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping, Sequence

import snowballstemmer
from corpus import HERE, Row
from django.db import connection

from portal.language.analysis import words
from portal.language.word_lists import STOP_WORDS

Ranker = Callable[[str], list[str]]
_TABLE = """
DROP TABLE IF EXISTS bench_baseline;
CREATE TABLE bench_baseline (id text PRIMARY KEY, title text, search tsvector);
"""
_INSERT = """
INSERT INTO bench_baseline SELECT id, title, setweight(to_tsvector('german', title || ' ' || tags), 'A')
    || to_tsvector('german', body)
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS d (id, title, tags, body)
"""
_STOCK = (
    "SELECT id FROM bench_baseline, (SELECT {query} AS query) AS asked WHERE {where} ORDER BY {rank} DESC, id LIMIT 10"
)
_ALL = "plainto_tsquery('german', %(text)s)"
_ANY = f"replace({_ALL}::text, '&', '|')::tsquery"
_LIKE = "word_similarity(%(text)s, title)"


def all_of(documents: Sequence[Row]) -> dict[str, Ranker]:
    """Every baseline by its name, ready to be asked."""
    _fill(documents)
    matches = "search @@ query"
    return {
        "PostgreSQL german, all words, ts_rank_cd": _stock(_ALL, matches, "ts_rank_cd(search, query)"),
        "PostgreSQL german, any word, ts_rank": _stock(_ANY, matches, "ts_rank(search, query)"),
        "the same with trigrams of the title": _stock(
            _ANY, f"({matches} OR {_LIKE} > 0.4)", f"ts_rank(search, query) + {_LIKE}"
        ),
        **_bm25(documents),
    }


def _fill(documents: Sequence[Row]) -> None:
    columns = [[d["id"] for d in documents], [d["title"] for d in documents]]
    columns += [[" ".join(d["tags"]) for d in documents], [d["text"] for d in documents]]
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute(_INSERT, columns)


def _stock(query: str, where: str, rank: str) -> Ranker:
    sql = _STOCK.format(query=query, where=where, rank=rank)

    def ranker(text: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(sql, {"text": text})
            return [key for (key,) in cursor.fetchall()]

    return ranker


def _bm25(documents: Sequence[Row]) -> Mapping[str, Ranker]:
    sys.path.append(str(HERE.parents[1] / "var" / "bench-packages"))
    try:
        import bm25s
    except ImportError:
        print("bm25s is not installed: its rows are left out (see bench/search/baselines.py)", file=sys.stderr)
        return {}
    logging.getLogger("bm25s").setLevel(logging.WARNING)

    def ranker_of(terms_of: Callable[[str], list[str]]) -> Ranker:
        texts = [f"{d['title']}\n{' '.join(d['tags'])}\n{d['text']}" for d in documents]
        index = bm25s.BM25()
        index.index([terms_of(text) for text in texts], show_progress=False)

        def ranker(text: str) -> list[str]:
            if not (terms := [term for term in terms_of(text) if term in index.vocab_dict]):
                return []
            found, scores = index.retrieve([terms], k=10, show_progress=False)
            return [documents[at]["id"] for at, score in zip(found[0], scores[0], strict=True) if score > 0]

        return ranker

    return {
        "BM25 (bm25s), stemmed": ranker_of(_stems),
        "BM25 (bm25s), with our splitting": ranker_of(_with_parts),
    }


_stemmer = snowballstemmer.stemmer("german")


def _stems(text: str) -> list[str]:
    found = re.findall(r"\w+", text.lower())
    return _stemmer.stemWords([word for word in found if word not in STOP_WORDS])


def _with_parts(text: str) -> list[str]:
    return [term for word in words(text) for term in (word.whole, *(part.term for part in word.parts))]
