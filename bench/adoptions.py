"""How long the overview of adoptions takes, and how many queries: 40 and 5 000 adoptions, as a Markdown table.

The floor is the very statements of the page, sent again without the portal around them.

bench/adoptions.py [--rounds 30]    on a database of its own that is dropped afterwards
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, get_runner  # noqa: E402

from governance.models import Record  # noqa: E402
from portal import embedded  # noqa: E402
from tests.factories import Cast, DepartmentFactory, make_cast, make_published  # noqa: E402
from transfer.models import Adoption  # noqa: E402

# Queries of a page's frame: session, user, memberships, counts for the navigation.
FRAME = 4
RECORDS, ALLOWED = 40, 4
PAGES = {
    "first page": "",
    "last page": "?page=999",
    "on the way": "?state=open",
    "one department": "?department=bereich-1",
    "CSV": "list.csv",
}


def fill(records: list[Record], number: int) -> None:
    """So many adoptions, evenly over the records, in all states."""
    chance = random.Random(7)
    departments = DepartmentFactory.create_batch(number // len(records))
    Adoption.objects.bulk_create(
        Adoption(
            record=record,
            department=department,
            title=f"Maßnahme {record.number}",
            issue=1,
            state=state,
            adapted="Bei uns ohne Unterschrift. " * 8,
            reason="Passt nicht." if state == Adoption.State.DROPPED else "",
        )
        for record in records
        for department in departments
        for state in [chance.choice(Adoption.State.values)]
    )


def measure(cast: Cast, rounds: int) -> None:
    client = Client()
    client.force_login(cast.staff, backend="django.contrib.auth.backends.ModelBackend")
    ask(client, "/learnings/")
    for name, path in PAGES.items():
        url = f"/transfer/adoptions/{path}"
        with CaptureQueriesContext(connection) as queries:
            ask(client, url)
        statements = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
        # The next request forgets what was captured.
        beyond = len(queries) - FRAME
        page = middle(rounds, lambda url=url: ask(client, url))
        if streamed := path.endswith(".csv"):
            floor, multiple = "–", "–"
        else:
            bare = middle(rounds, lambda statements=statements: run(statements))
            floor, multiple = f"{bare:.1f}", f"{page / bare:.1f}"
        row = (Adoption.objects.count(), name, floor, f"{page:.1f}", multiple, "–" if streamed else beyond, ALLOWED)
        print("|", " | ".join(map(str, row)), "|")


def ask(client: Client, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    response.getvalue()


def run(statements: list[str]) -> None:
    """The floor: what the page reads, and nothing else."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def middle(rounds: int, step: Callable[[], None]) -> float:
    """The median of so many, in milliseconds."""
    times = []
    for _round in range(rounds):
        begun = time.perf_counter()
        step()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    server = None if os.environ.get("DATABASE_URL") else embedded.Server(settings.VAR_DIR, durable=False)
    if server:
        server.start()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        cast = make_cast()
        records = [make_published(cast, title=f"Maßnahme {number}") for number in range(RECORDS)]
        print("| adoptions | page | floor ms | page ms | multiple | queries beyond the frame | may be |")
        print("|--:|---|--:|--:|--:|--:|--:|")
        for more in (RECORDS, 5_000 - RECORDS):
            fill(records, more)
            measure(cast, rounds)
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()
        if server:
            server.stop()


if __name__ == "__main__":
    main()
