"""Measures the portal beside its floor, on one database, in one run; prints a Markdown table.

    make bench                          10 000 records, 1 and 8 clients
    make bench ARGS="--records 1000"    quicker

Both are served by gunicorn (2 processes, 4 threads) on this machine. Each client is a process of its own
with one kept-alive connection and waits for the whole answer before it asks again. Floor and portal take
turns, page by page. See README.md for what is measured.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
PORTAL_PORT, FLOOR_PORT = 8797, 8798


@dataclass(frozen=True)
class Page:
    """One column: addresses of floor and portal, made for each request; a body makes it a POST."""

    name: str
    floor: list[str]
    portal: list[str]
    body: list[str] | None = None
    floor_body: str = ""


def client(
    port: int,
    cookie: str,
    token: str,
    urls: list[str],
    bodies: list[str] | None,
    expected: set[int],
) -> list[float]:
    """Seconds for each request of `urls`, one after another on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie, "Host": f"127.0.0.1:{port}", "X-CSRFToken": token}
    if bodies is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    times = []
    for at, url in enumerate(urls):
        start = time.perf_counter()
        if bodies is None:
            connection.request("GET", url, headers=headers)
        else:
            connection.request("POST", url, body=bodies[at], headers=headers)
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - start)
        if response.status not in expected:
            raise SystemExit(f"{url} answered {response.status}")
    return times


def measure(
    port: int, cookie: str, token: str, urls: list[str], bodies: list[str] | None, clients: int
) -> tuple[float, float, float]:
    """Requests a second, and median and 95th percentile in milliseconds."""
    expected = {200, 302}
    parts = [urls[at::clients] for at in range(clients)]
    body_parts = [bodies[at::clients] if bodies else None for at in range(clients)]
    start = time.perf_counter()
    if clients == 1:
        times = client(port, cookie, token, urls, bodies, expected)
    else:
        with multiprocessing.Pool(clients) as pool:
            start = time.perf_counter()
            jobs = [
                pool.apply_async(client, (port, cookie, token, part, body, expected))
                for part, body in zip(parts, body_parts, strict=True)
            ]
            times = [seconds for job in jobs for seconds in job.get()]
    rate = len(urls) / (time.perf_counter() - start)
    times.sort()
    return rate, statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000


@contextmanager
def served(application: str, port: int, environment: dict[str, str]) -> Iterator[None]:
    """gunicorn with 2 processes and 4 threads, until the block ends."""
    command = [sys.executable, "-m", "gunicorn", application, "--workers", "2", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--keep-alive", "30"]
    process = subprocess.Popen(command, env=environment, cwd=HERE)
    try:
        for _attempt in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--only", default="", help="pages whose names begin so")
    parser.add_argument("--cpu", action="store_true", help="CPU time of the pages that are read, without a server")
    arguments = parser.parse_args()
    # This process keeps no pool: it changes the database under its connections.
    os.environ.update(DJANGO_SETTINGS_MODULE="portal.settings", DEBUG="0", DEMO="1", DATABASE_POOL="0")
    import world

    with world.database(arguments.records) as facts:
        if arguments.cpu:
            report_cpu(facts, arguments.requests, arguments.only)
            return
        environment = os.environ | {
            "BENCH_DSN": facts.dsn,
            "DATABASE_POOL": "1",
            "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}",
        }
        with (
            served("portal_app", PORTAL_PORT, environment),
            served("floor", FLOOR_PORT, environment | {"DJANGO_SETTINGS_MODULE": ""}),
        ):
            report(facts, arguments.requests, arguments.only)


def report_cpu(facts: object, requests: int, only: str) -> None:
    import world

    print(f"{world.describe(facts)}\n\n| page | CPU ms | queries |\n|---|--:|--:|")
    for page in world.pages(facts, requests, 1):
        if page.name.startswith(only) and page.body is None:
            print(
                f"| {page.name} | {world.cpu_time(page, facts):.1f} | {world.count_queries(page, facts)} |", flush=True
            )


def report(facts: object, requests: int, only: str) -> None:
    import world

    print(f"{world.describe(facts)}\n")
    print("| page | clients | floor p50 ms | portal p50 | p95 | requests/s | multiple p50 | queries |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for clients in (1, 8):
        for page in world.pages(facts, requests, clients):
            # Earlier runs on this database may have left nothing to save or to decide.
            if not page.name.startswith(only) or not page.portal:
                continue
            cookie, token = world.session(facts, page)
            half = len(page.portal) // 2
            floor, portal = [], []
            for part in (slice(0, half), slice(half, None)):  # A B A B: drift hits both alike
                floor_bodies = [page.floor_body] * len(page.floor[part]) if page.body else None
                floor.append(measure(FLOOR_PORT, "", "", page.floor[part], floor_bodies, clients))
                bodies = page.body[part] if page.body else None
                portal.append(measure(PORTAL_PORT, cookie, token, page.portal[part], bodies, clients))
            base = statistics.mean(row[1] for row in floor)
            rate, p50, p95 = (statistics.mean(column) for column in zip(*portal, strict=True))
            queries = world.count_queries(page, facts) if clients == 1 else ""
            print(
                f"| {page.name} | {clients} | {base:.2f} | {p50:.2f} | {p95:.2f} | {rate:.0f} "
                f"| **{p50 / base:.1f}** | {queries} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
