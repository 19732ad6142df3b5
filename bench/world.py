"""What is measured: the database with its records, the addresses, signed-in sessions, query counts."""

from __future__ import annotations

import datetime as dt
import os
import platform
import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
import django

django.setup()

import processes
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from run import Page

from governance import bulk, rules, versions, workflow
from governance.models import (
    CatalogueEntry,
    Department,
    Membership,
    Record,
    Review,
    Tag,
    Team,
    User,
)
from learnings.kind import LEARNING
from learnings.models import Learning

WORDS = [
    "Antrag",
    "Bescheid",
    "Formular",
    "Verfahren",
    "Prüfung",
    "Nachweis",
    "Frist",
    "Termin",
    "Schalter",
    "Rückfrage",
    "Unterlage",
    "Sachbearbeitung",
    "Akte",
    "Posteingang",
    "Zahlung",
    "Mahnung",
    "Genehmigung",
    "Auskunft",
    "Register",
    "Adresse",
    "Bürgerin",
    "Beratung",
    "Zuständigkeit",
    "Schnittstelle",
    "Meldung",
    "Gebühr",
    "Erstattung",
    "Wohnung",
    "Bauantrag",
    "Hundesteuer",
    "Kita",
    "Sensor",
    "Straße",
    "Baum",
    "Winterdienst",
    "prüfen",
    "senden",
    "erfassen",
    "ändern",
    "kürzen",
    "melden",
    "warten",
    "bearbeiten",
    "bewilligen",
    "ablehnen",
    "digital",
    "vollständig",
    "schnell",
    "richtig",
    "gemeinsam",
    "vorher",
    "nachher",
    "täglich",
    "monatlich",
    "und",
    "oder",
    "mit",
    "ohne",
    "für",
    "bei",
    "nach",
    "seit",
    "durch",
    "wenn",
    "weil",
    "damit",
    "sofort",
    "oft",
    "selten",
    "immer",
    "wieder",
    "neu",
    "alt",
]
WORDS += [
    f"{a}{b}"
    for a in ("Steuer", "Wohn", "Bau", "Melde", "Sozial")
    for b in ("amt", "stelle", "frist", "akte", "fall", "brief", "liste", "daten")
]


@dataclass
class Facts:
    dsn: str
    records: int
    author: User
    committee: User
    staff: User
    team: Team
    slugs: dict[int, str] = field(default_factory=dict)


@contextmanager
def database(records: int) -> Iterator[Facts]:
    """The database for so many records."""
    with filled(f"portal_bench_{records}", lambda: fill(records)) as dsn:
        processes.fill()
        fill_stock()
        yield facts(dsn, records)


_STOCK = """
CREATE TABLE bench_stock AS SELECT record_id, text,
    setweight(to_tsvector('german', title), 'A') || setweight(to_tsvector('german', summary), 'B')
    || to_tsvector('german', text) AS search
FROM (SELECT record_id, title, summary, coalesce(weighted->>'D', '') AS text FROM governance_catalogueentry) AS entry;
ALTER TABLE bench_stock ADD PRIMARY KEY (record_id);
CREATE INDEX bench_stock_search ON bench_stock USING gin (search);
ANALYZE bench_stock;
"""


def fill_stock() -> None:
    """The same texts as PostgreSQL's own search has them, for the floor; made once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_stock')")
        if cursor.fetchone() == (None,):
            cursor.execute(_STOCK)


@contextmanager
def filled(name: str, fill: Callable[[], None]) -> Iterator[str]:
    """A database of this name, filled once and kept for the next run; how to reach it."""
    from portal import embedded

    server = None
    if settings.EMBEDDED_DATABASE:
        server = embedded.Server(settings.VAR_DIR)
        server.start()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        known = cursor.fetchone()
        if not known:
            cursor.execute(f"CREATE DATABASE {name}")
    connections["default"].close()
    if getattr(connections["default"], "pool", None):
        connections["default"].close_pool()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    if not known:
        fill()
    row = connection.settings_dict
    dsn = " ".join(
        f"{key}={row[field]}"
        for key, field in (
            ("host", "HOST"),
            ("port", "PORT"),
            ("user", "USER"),
            ("password", "PASSWORD"),
            ("dbname", "NAME"),
        )
        if row.get(field)
    )
    os.environ["BENCH_NAME"] = name
    try:
        yield dsn
    finally:
        connections["default"].close()
        if server is not None:
            server.stop()


def text(rng: random.Random, words: int) -> str:
    sentences = []
    while words > 0:
        length = rng.randint(8, 16)
        sentences.append(" ".join(rng.choices(WORDS, k=length)).capitalize() + ".")
        words -= length
    return "\n\n".join(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))


def fill(records: int) -> None:
    """Published records of about 340 words with 8 tags and two versions each, and the people for it."""
    rng = random.Random(20261124)
    departments = [
        Department.objects.create(name=f"Fachbereich {n}", short_name=f"FB {n}", slug=f"fb-{n}") for n in range(1, 11)
    ]
    teams = [
        Team.objects.create(name=f"Team {d}", slug=f"cmt-{d.slug}", kind="change_team", department=d)
        for d in departments
    ]
    committee = Team.objects.create(name="Data Steering Committee", slug="committee", kind="steering_committee")
    decider = User.objects.create(username="committee", full_name="Gremium", department=departments[0])
    Membership.objects.create(user=decider, team=committee, starts_on="2020-01-01")
    User.objects.create(username="staff", full_name="Beschäftigte", department=departments[1])
    authors = []
    for team in teams:
        author = User.objects.create(
            username=f"author-{team.slug}", full_name=f"Autorin {team}", department=team.department
        )
        Membership.objects.create(user=author, team=team, starts_on="2020-01-01")
        authors.append(author)
    tags = [
        Tag.objects.create(name=f"Schlagwort {n}", slug=f"schlagwort-{n}", confirmed_at=timezone.now())
        for n in range(1, 61)
    ]
    start = timezone.now() - dt.timedelta(days=1000)

    def items() -> Iterator[bulk.Published]:
        for number in range(records):
            at = number % len(teams)
            first = values(rng, number, [tag.pk for tag in rng.sample(tags, 8)])
            second = first | {"what_was_done": changed(rng, str(first["what_was_done"]))}
            moment = start + dt.timedelta(minutes=number * 100)
            yield bulk.Published(
                kind="learning",
                owner=teams[at],
                contact=authors[at],
                author=authors[at],
                decider=decider,
                versions=[first, second],
                at=[moment, moment + dt.timedelta(hours=1)],
                note="Zahlen ergänzt",
            )

    bulk.load_published(items())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def values(rng: random.Random, number: int, tag_ids: list[int]) -> dict[str, object]:
    content = Learning(
        kind="learning",
        title=f"{' '.join(rng.choices(WORDS, k=4)).capitalize()} {number}",
        answer=text(rng, 25),
        everyday_benefit=text(rng, 40),
        occasion=text(rng, 60),
        what_was_done=text(rng, 110),
        results=text(rng, 60),
        recommendation=text(rng, 40),
        audiences=["team", "municipality"],
        tag_ids=tag_ids,
    )
    content.clean()
    return versions.values_of(content, LEARNING)


def changed(rng: random.Random, old: str) -> str:
    words = old.split(" ")
    for _change in range(12):
        words[rng.randrange(len(words))] = rng.choice(WORDS)
    return " ".join(words)


def facts(dsn: str, records: int) -> Facts:
    team = Team.objects.get(slug="cmt-fb-1")
    return Facts(
        dsn=dsn,
        records=records,
        author=User.objects.get(username="author-cmt-fb-1"),
        committee=User.objects.get(username="committee"),
        staff=User.objects.get(username="staff"),
        team=team,
        slugs=dict(CatalogueEntry.objects.filter(kind=LEARNING.key).values_list("number", "slug")),
    )


def describe(facts: Facts) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return (
        f"{facts.records} published learnings, {processes.NUMBER} process models, PostgreSQL {version}, "
        f"Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}; gunicorn 2 × 4."
    )


def pages(facts: Facts, requests: int, clients: int) -> list[Page]:
    """The columns, with fresh addresses; saves and decisions work on records of one team in turn."""
    rng = random.Random(clients)
    numbers = rng.choices(sorted(facts.slugs), k=requests)
    questions = [" ".join(rng.sample(WORDS[:40], rng.randint(1, 3))) for _ in range(requests)]
    tags = [rng.randint(1, 60) for _ in range(requests)]
    read = [(n, facts.slugs[n]) for n in numbers]
    writes = max(40, requests // 4)
    return [
        Page("start page", ["/start"] * requests, ["/"] * requests),
        Page(
            "record page",
            [f"/record/{n}" for n, _ in read],
            [f"/learnings/{n}-{s}/" for n, s in read],
        ),
        Page(
            "tag page",
            [f"/tag/schlagwort-{t}" for t in tags],
            [f"/tags/schlagwort-{t}/" for t in tags],
        ),
        Page(
            "search",
            [f"/search?{urlencode({'q': q})}" for q in questions],
            [f"/search/?{urlencode({'q': q})}" for q in questions],
        ),
        Page(
            "comparison",
            [f"/compare/{n}" for n, _ in read],
            [f"/learnings/{n}-{s}/versions/1..2/" for n, s in read],
        ),
        _saving(facts, rng, writes),
        _deciding(facts, rng, writes),
        *(Page(name, *urls) for name, urls in processes.addresses(requests, clients).items()),
    ]


def _own_records(facts: Facts, rng: random.Random, count: int, *, even: bool) -> list[Record]:
    """Settled records of the author's team; saves take the even numbers, decisions the odd ones."""
    found = Record.objects.filter(kind=LEARNING.key, owner=facts.team, state="settled").select_related(
        "current_version", "owner__department"
    )
    rows = [record for record in found if (record.number // 10 % 2 == 0) == even]
    return rng.sample(rows, min(count, len(rows)))


def _saving(facts: Facts, rng: random.Random, count: int) -> Page:
    rows = _own_records(facts, rng, 2 * count, even=True)
    half = len(rows) // 2
    floor, portal = rows[:half], rows[half:]
    body = [
        urlencode(
            {
                "go": "save",
                "opened_on": record.current_version_id,
                "everyday_benefit": text(rng, 40),
                "occasion": text(rng, 60),
                "what_was_done": text(rng, 110),
                "results": text(rng, 60),
                "figures-TOTAL_FORMS": 0,
                "figures-INITIAL_FORMS": 0,
            }
        )
        for record in portal
    ]
    return Page(
        "save",
        [f"/save/{r.number}" for r in floor],
        [f"/learnings/{r.number}-{facts.slugs[r.number]}/edit/2/" for r in portal],
        body,
        urlencode({"what_was_done": text(rng, 110)}),
    )


def _deciding(facts: Facts, rng: random.Random, count: int) -> Page:
    """Each decision needs an open review: prepared through the services, outside the measurement."""
    standing = rules.load_standing(facts.author)
    reviews: list[Review] = []
    for record in _own_records(facts, rng, 2 * count, even=False):
        assert record.current_version_id is not None
        version = versions.write(
            record=record,
            standing=standing,
            opened_on=record.current_version_id,
            values={"results": text(rng, 60)},
        )
        assert version is not None
        reviews.append(workflow.submit(record=record, standing=standing, version_id=version.pk))
    half = len(reviews) // 2
    body = urlencode({"verdict": "approve", "reason": "", "meeting": ""})
    return Page(
        "decision",
        [f"/decide/{review.pk}" for review in reviews[:half]],
        [f"/governance/reviews/{review.pk}/decide/" for review in reviews[half:]],
        [body] * len(reviews[half:]),
        body,
    )


def user_of(facts: Facts, page: Page) -> User:
    return {"save": facts.author, "decision": facts.committee}.get(page.name, facts.staff)


def session(facts: Facts, page: Page) -> tuple[str, str]:
    """A signed-in session's cookies and CSRF token, as the browser would send them."""
    user = user_of(facts, page)
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    token = secrets.token_urlsafe(24)[:32].replace("-", "a").replace("_", "b")
    cookie = f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
    return cookie, token


def cpu_time(page: Page, facts: Facts) -> float:
    """Median milliseconds of CPU that one request takes in the process, the database aside: whatever the load."""
    client = Client()
    client.force_login(user_of(facts, page), backend="django.contrib.auth.backends.ModelBackend")
    times = []
    for url in page.portal[:60]:
        begun = time.process_time()
        client.get(url, HTTP_HOST="127.0.0.1")
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1000


def count_queries(page: Page, facts: Facts) -> int:
    """Statements of one request, frame included; for writes of the page that is shown instead."""
    client = Client()
    client.force_login(user_of(facts, page), backend="django.contrib.auth.backends.ModelBackend")
    host = "127.0.0.1"
    with CaptureQueriesContext(connection) as queries:
        if page.body:
            client.post(
                page.portal[-1],
                page.body[-1],
                content_type="application/x-www-form-urlencoded",
                HTTP_HOST=host,
            )
        else:
            client.get(page.portal[-1], HTTP_HOST=host)
    return len(queries)
