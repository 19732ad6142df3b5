"""The demo as a person starts it: its mails lead to it, and it outlives what ends in the middle."""

from __future__ import annotations

import fcntl
import http.cookiejar
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from portal import supervision
from portal.embedded import DATABASE, ROLE, Server

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 90


def eventually(holds: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < deadline, f"not within {WITHIN} s: {what}"
        time.sleep(0.1)


@dataclass
class Demo:
    process: subprocess.Popen[str]
    port: int
    database: Server

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def sign_in(self) -> urllib.request.OpenerDirector:
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        address = f"http://127.0.0.1:{self.port}/accounts/login/"
        browser.open(address, timeout=60).read()
        token = next(str(cookie.value) for cookie in jar if cookie.name == "csrftoken")
        data = f"username=staff&password=demo&csrfmiddlewaretoken={token}".encode()
        browser.open(address, data, timeout=60).read()
        return browser

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(
            host=str(self.database.run), user=ROLE, password=self.database.password(), dbname=DATABASE
        ) as own:
            return own.execute(query.encode()).fetchall()

    def postmaster(self) -> int:
        return int((self.database.data / "postmaster.pid").read_text().split()[0])

    def worker(self) -> int:
        """The key of the worker's process: a child of the demo that runs db_worker."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", "db_worker"], capture_output=True, text=True, check=False
        )
        return int((found.stdout.split() or ["0"])[0])


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="portal-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=kept | {"VAR_DIR": name},
            stdout=subprocess.PIPE,
            text=True,
        )
        database = Server(folder)
        try:
            demo = Demo(process, port, database)
            eventually(lambda: process.poll() is not None or demo.status("/healthz") == 200, "the demo answers")
            yield demo
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
            assert process.returncode == 0
            assert not database.is_running()
            assert database.wipe()


def test_every_mail_leads_to_the_port_of_the_demo(demo: Demo) -> None:
    ((mails, right),) = demo.rows(
        "SELECT count(*), count(*) FILTER (WHERE body LIKE '%http://localhost:" + str(demo.port) + "/%')"
        " FROM governance_outgoingmail"
    )
    assert mails
    assert mails == right


def test_a_worker_that_ended_is_started_again_and_the_demo_goes_on(demo: Demo) -> None:
    eventually(demo.worker, "a worker runs")
    before = demo.worker()
    os.kill(before, signal.SIGKILL)
    eventually(lambda: demo.worker() not in (0, before), "another worker runs")
    assert demo.process.poll() is None


def test_a_restarted_database_fails_no_later_request(demo: Demo) -> None:
    browsers = [demo.sign_in() for _number in range(4)]
    os.kill(demo.postmaster(), signal.SIGINT)
    eventually(lambda: not (demo.database.data / "postmaster.pid").exists(), "the database is gone")
    with demo.database.running(), ThreadPoolExecutor() as several:
        pages = several.map(lambda browser: browser.open(f"http://127.0.0.1:{demo.port}/").status, browsers * 10)
        assert set(pages) == {200}
        eventually(demo.worker, "the worker runs again")
    assert demo.process.poll() is None


def test_without_its_database_the_portal_says_so_soon_while_requests_wait(demo: Demo) -> None:
    eventually(lambda: demo.status("/healthz") == 200, "all is well")
    browser = demo.sign_in()

    def page(_number: int) -> int:
        try:
            return int(browser.open(f"http://127.0.0.1:{demo.port}/", timeout=60).status)
        except urllib.error.HTTPError as error:
            return error.code

    # Held back, so that nobody starts it again before we have asked.
    with open(demo.database.home / "start.lock", "w") as lock, ThreadPoolExecutor(16) as several:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.kill(demo.postmaster(), signal.SIGINT)
        eventually(lambda: not (demo.database.data / "postmaster.pid").exists(), "the database is gone")
        waiting = [several.submit(page, number) for number in range(16)]
        asked = time.monotonic()
        assert demo.status("/healthz") == 503
        assert time.monotonic() - asked < 10
        assert {job.result() for job in waiting} == {500}
    eventually(lambda: demo.status("/healthz") == 200, "the database was started again with the worker")
    assert browser.open(f"http://127.0.0.1:{demo.port}/").status == 200


def test_who_keeps_ending_is_started_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is told to it, nobody sleeps."""
    starts: list[float] = []
    child = supervision._Child([sys.executable, "-c", ""], supervision._launch([sys.executable, "-c", ""]), 0.0)
    for tenth in range(1200):
        child.process.wait()
        if supervision._revive(child, tenth / 10):
            starts.append(tenth / 10)
    pauses = [round(after - before) for before, after in pairwise(starts)]
    assert pauses == [4, 8, 16, 30, 30]
    assert starts[0] == 2
