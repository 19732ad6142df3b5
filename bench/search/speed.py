"""How fast the search answers, beside PostgreSQL's own and an empty view in the same run; prints Markdown tables.

    bench/search/speed.py                     10 000 records
    bench/search/speed.py --records 100000    the first run fills the database, which takes long
    bench/search/speed.py --slowest           and the questions that took longest

The texts are made up of 30 000 words of the German dictionary, the more frequent the nearer the front (Zipf's law), so
that some forty words stand in half of all records and most in a few. Only 100 records are published with all that
belongs to them; of the others there is the row of the catalogue alone, which is all that search, page and index read.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent), str(HERE)]
os.environ.update(DJANGO_SETTINGS_MODULE="portal.settings", DEBUG="0", DEMO="1", DATABASE_POOL="0")

import world
from django.db import connection, transaction
from run import FLOOR_PORT, PORTAL_PORT, measure, served

from governance.models import CatalogueEntry
from portal.asked import Query
from portal.index import building
from portal.language.base_forms import dictionary
from portal.language.word_lists import STOP_WORDS
from portal.search import search

WHOLE_RECORDS = 100
VOCABULARY = 30_000
FIRST_KEY = 1_000_000
BATCH = 2_000
QUESTIONS = 1_000
_STOCK = """
SELECT record_id, count(*) OVER () FROM bench_stock, to_tsquery('german', %s) AS query
WHERE search @@ query ORDER BY ts_rank(search, query, 1) DESC LIMIT 10
"""


def vocabulary() -> list[str]:
    """Words, the most frequent first: those of speech, those of the town hall, then any of the dictionary."""
    rng = random.Random(1)
    nouns = sorted({word for word in dictionary().values() if word[:1].isupper() and word.isalpha()})
    first = [*sorted(STOP_WORDS)[:60], *dict.fromkeys(world.WORDS)]
    return [*first, *rng.sample(nouns, VOCABULARY - len(first))]


WORDS = vocabulary()
SHARES = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(WORDS))))


def text(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, cum_weights=SHARES, k=words)) + "."


def fill(records: int) -> None:
    """A few whole records, and rows of the catalogue like theirs for the rest."""
    world.fill(WHOLE_RECORDS)
    patterns = list(CatalogueEntry.objects.order_by("pk"))
    rng = random.Random(2)
    for start in range(0, records - WHOLE_RECORDS, BATCH):
        numbers = range(start, min(start + BATCH, records - WHOLE_RECORDS))
        with transaction.atomic(), connection.cursor() as cursor:
            # Their records are not there: foreign keys are not looked at.
            cursor.execute("SET LOCAL session_replication_role = replica")
            CatalogueEntry.objects.bulk_create(_row(rng, patterns[n % len(patterns)], n) for n in numbers)
    begun = time.perf_counter()
    building.build()
    print(f"index built: {records / (time.perf_counter() - begun):.0f} records a second\n", flush=True)
    world.fill_stock()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _row(rng: random.Random, pattern: CatalogueEntry, number: int) -> CatalogueEntry:
    entry = CatalogueEntry.objects.model(
        **{field.attname: getattr(pattern, field.attname) for field in CatalogueEntry._meta.concrete_fields}
    )
    entry.record_id = FIRST_KEY + number
    entry.number = FIRST_KEY + number
    entry.short_number, entry.slug = f"L-{entry.number}", f"eintrag-{number}"
    entry.title, entry.summary = text(rng, 5).capitalize(), text(rng, 20).capitalize()
    entry.weighted = {"B": entry.summary, "C": text(rng, 10), "D": text(rng, 260)}
    return entry


def questions() -> list[str]:
    """A thousand that differ: one to three words, whole sentences, and some with a typing error."""
    rng = random.Random(3)
    found: dict[str, None] = {}
    while len(found) < QUESTIONS:
        length = rng.choices((1, 2, 3, 8), (35, 30, 20, 15))[0]
        words = [word for word in rng.choices(WORDS, cum_weights=SHARES, k=4 * length) if word not in STOP_WORDS]
        words = words[:length]
        if words and rng.random() < 0.1:
            at = rng.randrange(1, max(2, len(words[0])))
            words[0] = words[0][:at] + words[0][at + 1 :]
        if words:
            found[" ".join(words)] = None
    return list(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--slowest", action="store_true")
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--queries-only", action="store_true", help="without a server")
    parser.add_argument("--rebuild", action="store_true", help="measure building the index anew")
    arguments = parser.parse_args()
    with world.filled(f"portal_bench_words_{arguments.records}", lambda: fill(arguments.records)) as dsn:
        facts = world.facts(dsn, arguments.records)
        print(f"{arguments.records} records; load average {os.getloadavg()[0]:.0f}; {time.strftime('%d.%m.%Y')}\n")
        if arguments.rebuild:
            begun = time.perf_counter()
            building.build()
            print(f"index built: {arguments.records / (time.perf_counter() - begun):.0f} records a second\n")
        report_size(arguments.records)
        report_queries(questions()[: arguments.questions], slowest=arguments.slowest)
        if not arguments.queries_only:
            report_pages(facts, dsn)


def report_size(records: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' "
            "AND (relname LIKE 'portal_search%' OR relname = 'bench_stock') ORDER BY relname"
        )
        rows = cursor.fetchall()
    ours = sum(size for name, size in rows if name != "bench_stock")
    for name, size in rows:
        print(f"- {name}: {size / 1e6:.1f} MB")
    print(f"\nindex: {ours / records / 1000:.1f} kB a record\n", flush=True)


def report_queries(asked: Sequence[str], *, slowest: bool) -> None:
    """The statement alone, in this process; the two take turns."""
    ours: list[tuple[float, str]] = []
    stock: list[float] = []
    for question in asked:
        ours.append((_milliseconds(lambda q=question: search(Query(text=q))), question))
        stock.append(_milliseconds(lambda q=question: _ask_stock(q)))
    print("| query alone | p50 ms | p95 | longest |\n|---|--:|--:|--:|")
    for name, times in (("portal.search.search", [t for t, _q in ours]), ("PostgreSQL german, any word", stock)):
        times = sorted(times)
        print(f"| {name} | {statistics.median(times):.1f} | {times[int(len(times) * 0.95)]:.1f} | {times[-1]:.0f} |")
    print(flush=True)
    for took, question in sorted(ours, reverse=True)[: 15 if slowest else 0]:
        print(f"- {took:.0f} ms: {question}")


def _milliseconds(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000


def _ask_stock(question: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_STOCK, [" | ".join(question.split())])
        return cursor.fetchall()


def report_pages(facts: world.Facts, dsn: str) -> None:
    """The whole page as it is served, beside the floor's search and an empty view, in turns."""
    environment = os.environ | {
        "BENCH_DSN": dsn,
        "DATABASE_POOL": "1",
        "PYTHONPATH": os.pathsep.join((str(HERE.parents[1]), str(HERE.parent))),
    }
    page = world.Page("search", [], [])
    cookie, token = world.session(facts, page)
    with (
        served("portal_app", PORTAL_PORT, environment),
        served("floor", FLOOR_PORT, environment | {"DJANGO_SETTINGS_MODULE": ""}),
    ):
        print(
            "| served | clients | p50 ms | p95 | requests/s | multiple of the floor at p50 |\n|---|--:|--:|--:|--:|--:|"
        )
        for clients in (1, 8):
            rows = {
                name: [statistics.mean(column) for column in zip(*parts, strict=True)]
                for name, parts in _turns(clients, cookie, token)
            }
            for name, (rate, p50, p95) in rows.items():
                multiple = p50 / rows["floor's search"][1]
                print(f"| {name} | {clients} | {p50:.1f} | {p95:.1f} | {rate:.0f} | {multiple:.2f} |", flush=True)


def _turns(clients: int, cookie: str, token: str) -> Iterator[tuple[str, list[tuple[float, float, float]]]]:
    asked = questions()
    parts: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for half in (asked[: QUESTIONS // 2], asked[QUESTIONS // 2 :]):  # A B A B: drift hits all alike
        queries = [urlencode({"q": question}) for question in half]
        begun = [urlencode({"q": question.split()[0][: 3 + n % 6]}) for n, question in enumerate(half)]
        for name, port, path, sent in (
            ("empty view", FLOOR_PORT, "/empty", queries),
            ("floor's search", FLOOR_PORT, "/search", queries),
            ("search page", PORTAL_PORT, "/search/", queries),
            ("suggestions", PORTAL_PORT, "/search/suggest.json", begun),
        ):
            person = (cookie, token) if port == PORTAL_PORT else ("", "")
            parts[name].append(measure(port, *person, [f"{path}?{query}" for query in sent], None, clients))
    yield from parts.items()


if __name__ == "__main__":
    main()
