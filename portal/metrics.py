"""`/metrics` for Prometheus: few figures, none about a person.

Requests are counted by method and status alone. What waits is asked of the database when Prometheus asks. Whoever does
not show the token of the settings is told that there is nothing; a local address is no proof behind a proxy.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from psycopg_pool import PoolTimeout

from governance.models import OutgoingMail, PeriodicJob
from portal.backup.making import JOB as BACKUP
from portal.clocks import offset
from portal.middleware import HEALTH_HEADERS

PATH = "/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = frozenset({"GET", "HEAD", "POST"})
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# Where the web's processes put their counts together; read by prometheus_client itself.
SHARED = "PROMETHEUS_MULTIPROC_DIR"


class MetricsMiddleware:
    """Counts what the portal answers, and answers Prometheus."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == PATH:
            response = _answer(request)
            for name, value in HEALTH_HEADERS.items():
                response.headers[name] = value
            return response
        if not settings.METRICS_TOKEN or request.path == "/healthz" or request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        begun = time.perf_counter()
        response = self.get_response(request)
        _requests().count(request.method or "", response.status_code, time.perf_counter() - begun)
        return response


def _answer(request: HttpRequest) -> HttpResponse:
    """Without host and TLS checks, as Prometheus may ask by address."""
    shown = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not secrets.compare_digest(shown.encode(), wanted.encode()):
        return HttpResponseNotFound("not found\n", content_type="text/plain")
    response = HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


# -- requests --------------------------------------------------------------------------------------


class Requests:
    def __init__(self) -> None:
        if shared := os.environ.get(SHARED):
            os.makedirs(shared, exist_ok=True)
        self.registry = CollectorRegistry()
        self._answered = Counter(
            "portal_requests", "Answers by method and status", ["method", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "portal_request_seconds", "Time until the answer", buckets=SECONDS, registry=self.registry
        )

    def count(self, method: str, status: int, seconds: float) -> None:
        """Other methods are one: whoever invents some must not make figures."""
        self._answered.labels(method if method in METHODS else "other", str(status)).inc()
        self._seconds.observe(seconds)


@cache
def _requests() -> Requests:
    """Made in the process that counts."""
    return Requests()


def _registry() -> CollectorRegistry:
    """All processes of the web together, if they share a folder, and what waits now."""
    if os.environ.get(SHARED):
        _requests()
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    else:
        registry = CollectorRegistry()
        registry.register(_Same(_requests().registry))
    registry.register(State())
    return registry


class _Same(Collector):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        return self._registry.collect()


# -- what waits ------------------------------------------------------------------------------------


class State(Collector):
    """What the database knows, as of now."""

    def collect(self) -> Iterator[Metric]:
        try:
            figures = list(_figures())
        except (DatabaseError, psycopg.Error, PoolTimeout):
            yield _gauge("portal_database_up", "Whether the database answers", 0)
            return
        yield _gauge("portal_database_up", "Whether the database answers", 1)
        yield from figures


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _figures() -> Iterator[Metric]:
    now = timezone.now()
    with connection.cursor() as cursor:
        yield _gauge("portal_clock_offset_seconds", "Our clock minus that of the database", offset(cursor))
    tasks = DBTaskResult.objects.filter(Q(run_after=None) | Q(run_after__lte=now), status="READY")
    waiting = tasks.aggregate(number=Count("pk"), since=Min("enqueued_at"))
    yield _gauge("portal_tasks_waiting", "Tasks that the worker has not begun", waiting["number"])
    yield _gauge("portal_tasks_oldest_seconds", "How long the oldest of them waits", _age(now, waiting["since"]))
    failed = DBTaskResult.objects.filter(status="FAILED").count()
    yield _gauge("portal_tasks_failed", "Tasks that failed and are still kept", failed)
    unsent = OutgoingMail.objects.filter(sent_at=None, dropped_at=None)
    mails = unsent.aggregate(number=Count("pk"), since=Min("created_at"))
    yield _gauge("portal_mails_waiting", "Mails not sent yet", mails["number"])
    yield _gauge("portal_mails_oldest_seconds", "How long the oldest of them waits", _age(now, mails["since"]))
    yield from _jobs()


def _age(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _jobs() -> Iterator[Metric]:
    jobs = PeriodicJob.objects.exclude(pk=BACKUP)
    ran = jobs.aggregate(at=Max("last_run_at"))["at"]
    yield _gauge("portal_run_due_timestamp_seconds", "When a periodic job ran last", ran.timestamp() if ran else 0)
    yield _gauge("portal_jobs_failed", "Periodic jobs whose last run failed", jobs.exclude(last_error="").count())
    backup = PeriodicJob.objects.filter(pk=BACKUP).first()
    at = backup.last_run_at if backup else None
    yield _gauge("portal_backup_timestamp_seconds", "When a backup was made last", at.timestamp() if at else 0)
    failed = bool(backup and backup.last_error)
    yield _gauge("portal_backup_failed", "Whether the last attempt failed or was not whole", failed)
