"""How long the overview of adoptions takes, and how many queries: 50 and 5 000 adoptions, as a Markdown table.

bench/adoptions.py [--rounds 30]    on a database of its own that is dropped afterwards
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
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
    client.get("/learnings/")
    with CaptureQueriesContext(connection) as frame:
        client.get("/help/")
    for name, path in PAGES.items():
        url = f"/transfer/adoptions/{path}"
        with CaptureQueriesContext(connection) as queries:
            client.get(url).getvalue()
        times = []
        for _round in range(rounds):
            begun = time.perf_counter()
            client.get(url).getvalue()
            times.append(time.perf_counter() - begun)
        beyond = len(queries) - len(frame)
        print(f"| {Adoption.objects.count()} | {name} | {statistics.median(times) * 1000:.1f} | {beyond} | {ALLOWED} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    server = None if os.environ.get("DATABASE_URL") else embedded.Server(settings.VAR_DIR, durable=False)
    if server:
        server.start()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        cast = make_cast()
        records = [make_published(cast, title=f"Maßnahme {number}") for number in range(RECORDS)]
        print("| adoptions | page | median ms | queries beyond the frame | may take |\n|--:|---|--:|--:|--:|")
        for more in (RECORDS, 5_000 - RECORDS):
            fill(records, more)
            measure(cast, rounds)
    finally:
        runner.teardown_databases(databases)
        if server:
            server.stop()


if __name__ == "__main__":
    main()
