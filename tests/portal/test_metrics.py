"""`/metrics`: only with the token, few figures, none of a person."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from governance import mail
from governance.models import OutgoingMail, PeriodicJob
from portal import metrics
from tests.factories import Cast

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "t" * 40
pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(settings: Settings) -> Iterator[None]:
    settings.METRICS_TOKEN = TOKEN
    metrics._requests.cache_clear()
    yield
    metrics._requests.cache_clear()


def figures(client: Client | None = None) -> dict[str, float]:
    answer = (client or Client()).get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_without_a_token_in_the_settings_there_is_no_such_page(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    for token in ("", "Bearer ", f"Bearer {TOKEN}"):
        assert Client().get("/metrics", headers={"authorization": token}).status_code == 404


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer falsch", TOKEN, f"bearer {TOKEN}", f"Bearer {TOKEN}ä"])
def test_a_wrong_token_is_told_that_there_is_nothing(shown: None, token: str, cast: Cast) -> None:
    answer = Client(REMOTE_ADDR="127.0.0.1").get("/metrics", headers={"authorization": token})
    assert (answer.status_code, answer.content) == (404, b"not found\n")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_requests_are_counted_by_method_and_status_alone(shown: None, cast: Cast) -> None:
    client = Client()
    client.get("/search/?q=Geheimwort")
    client.get("/help/datenschutz/")
    client.get("/help/datenschutz/")
    client.generic("BREW", "/help/datenschutz/")
    client.get("/healthz")
    found = figures()
    assert found['portal_requests_total{method="GET",status="200"}'] == 2
    assert found['portal_requests_total{method="GET",status="302"}'] == 1
    assert found['portal_requests_total{method="other",status="405"}'] == 1
    assert found["portal_request_seconds_count"] == 4
    assert {label for name in found for label in re.findall(r"(\w+)=", name)} == {"method", "status", "le"}


def test_what_waits_and_when_things_ran_last(shown: None, cast: Cast) -> None:
    mail.tell([cast.author, cast.lead], subject="Etwas", path="/")
    OutgoingMail.objects.update(created_at=timezone.now() - dt.timedelta(hours=2))
    ran = timezone.now() - dt.timedelta(minutes=10)
    PeriodicJob.objects.create(name="one", last_run_at=ran)
    PeriodicJob.objects.create(name="two", last_error="ValueError")
    PeriodicJob.objects.create(name="backup", last_run_at=timezone.now(), last_error="1 files missing, 0 damaged")
    found = figures()
    assert found["portal_database_up"] == 1
    assert found["portal_mails_waiting"] == 2
    assert 7195 < found["portal_mails_oldest_seconds"] < 7300
    assert found["portal_tasks_waiting"] == 0
    assert found["portal_run_due_timestamp_seconds"] == pytest.approx(ran.timestamp(), abs=1)
    assert found["portal_jobs_failed"] == 1
    assert found["portal_backup_timestamp_seconds"] > ran.timestamp()
    assert found["portal_backup_failed"] == 1
    assert abs(found["portal_clock_offset_seconds"]) < 5


def test_without_the_database_it_says_so_and_still_counts(shown: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> object:
        raise metrics.PoolTimeout

    monkeypatch.setattr(metrics, "_figures", away)
    found = figures()
    assert found["portal_database_up"] == 0
    assert "portal_mails_waiting" not in found


def test_several_processes_count_together(tmp_path: Path) -> None:
    count = (
        "import os, django; django.setup()\n"
        "from portal import metrics\n"
        "if os.fork() == 0:\n"
        "    metrics._requests().count('GET', 200, 0.2); os._exit(0)\n"
        "os.wait(); metrics._requests().count('GET', 200, 0.2)\n"
        "metrics.State.collect = lambda self: iter(())\n"
        "print(metrics.generate_latest(metrics._registry()).decode())"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "shared")}
    done = subprocess.run(
        [sys.executable, "-c", count],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert 'portal_requests_total{method="GET",status="200"} 2.0' in done.stdout
