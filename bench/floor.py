"""The floor: the least-work Django view for each page of the portal.

No middleware, no sign-in, no templates: one or two bare psycopg statements on a connection kept by each
thread, and string formatting. Served by the same gunicorn as the portal, on the same database.
Started by `bench/run.py` as `gunicorn floor:application`.
"""

from __future__ import annotations

import difflib
import html
import json
import os
import threading
from typing import Any

import psycopg
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__,
        SECRET_KEY="floor",
        ALLOWED_HOSTS=["127.0.0.1"],
        MIDDLEWARE=[],
    )

_local = threading.local()
CARD = "<li><a href='/learnings/{0}-{1}/'>{2}</a><p>{3}</p><p>{4} · {5}</p></li>"


def rows(sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
    connection = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = psycopg.connect(os.environ["BENCH_DSN"], autocommit=True)
    return connection.execute(sql, params).fetchall()


def transaction() -> Any:
    rows("SELECT 1")
    return _local.connection.transaction()


def answer(*parts: str) -> HttpResponse:
    return HttpResponse("<!doctype html><title>x</title>" + "".join(parts))


def cards(found: list[tuple[Any, ...]]) -> str:
    return "<ol>" + "".join(CARD.format(*(html.escape(str(v)) for v in row)) for row in found) + "</ol>"


COLUMNS = "number, slug, title, summary, owner_name, published_at"


def start(request: HttpRequest) -> HttpResponse:
    newest = rows(f"SELECT {COLUMNS} FROM governance_catalogueentry ORDER BY published_at DESC LIMIT 6")
    mine = rows(
        f"SELECT {COLUMNS} FROM governance_catalogueentry WHERE department_id = "
        "(SELECT min(department_id) FROM governance_catalogueentry) ORDER BY published_at DESC LIMIT 4"
    )
    return answer(cards(newest), cards(mine))


def record(request: HttpRequest, number: int) -> HttpResponse:
    ((pk, title, summary, owner, page),) = rows(
        "SELECT record_id, title, summary, owner_name, page FROM governance_catalogueentry "
        "WHERE kind = 'learning' AND number = %s",
        [number],
    )
    related = rows(
        f"SELECT {COLUMNS} FROM governance_catalogueentry WHERE record_id IN (SELECT target_id FROM "
        "governance_publishedlink WHERE source_id = %s UNION SELECT source_id FROM governance_publishedlink "
        "WHERE target_id = %s) ORDER BY published_at DESC LIMIT 12",
        [pk, pk],
    )
    page = page if isinstance(page, dict) else json.loads(page)
    body = "".join(section["html"] for section in page["sections"])
    return answer(f"<h1>{html.escape(title)}</h1><p>{html.escape(summary)}</p>{body}<p>{owner}</p>", cards(related))


def process(request: HttpRequest, number: int) -> HttpResponse:
    """The rendered parts of a process model: pictures by address, the same as text."""
    ((title, summary, page),) = rows(
        "SELECT title, summary, page FROM governance_catalogueentry WHERE kind = 'process_model' AND number = %s",
        [number],
    )
    page = page if isinstance(page, dict) else json.loads(page)
    parts = [f"<h1>{html.escape(title)}</h1><p>{html.escape(summary)}</p>"]
    for state in page["states"]:
        parts.append(f"<img src='{state['svg']}'>")
        parts += [f"<li>{html.escape(row['text'])}</li>" for row in state["text"]]
    return answer(*parts, *(section["html"] for section in page["sections"]))


def picture(request: HttpRequest, number: int) -> HttpResponse:
    """The kept SVG of the state before."""
    ((svg,),) = rows(
        "SELECT svg FROM processmodels_picture JOIN processmodels_publishedprocess ON as_is_id = diagram_id "
        "JOIN governance_catalogueentry ON record_id = entry_id WHERE kind = 'process_model' AND number = %s",
        [number],
    )
    return HttpResponse(svg, content_type="image/svg+xml")


def landscape(request: HttpRequest) -> HttpResponse:
    """One page of process models by title, and their number."""
    found = rows(
        f"SELECT {COLUMNS}, count(*) OVER () FROM governance_catalogueentry JOIN processmodels_publishedprocess "
        "ON entry_id = record_id ORDER BY title LIMIT 48"
    )
    return answer(cards(found))


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = rows(
        f"SELECT {COLUMNS}, count(*) OVER () FROM governance_catalogueentry WHERE tag_keys @> "
        "ARRAY(SELECT id FROM governance_tag WHERE slug = %s) ORDER BY published_at DESC LIMIT 20",
        [slug],
    )
    return answer(cards(found))


def search(request: HttpRequest) -> HttpResponse:
    """Any word, ranked, ten hits with excerpts; no facets, no second try."""
    words = " | ".join(word for word in request.GET["q"].split() if word.isalnum())
    found = rows(
        f"SELECT {COLUMNS}, total, ts_headline('german', text, query) FROM ("
        f"  SELECT {COLUMNS}, text, query, count(*) OVER () AS total"
        "  FROM governance_catalogueentry JOIN bench_stock USING (record_id), to_tsquery('german', %s) AS query"
        "  WHERE search @@ query ORDER BY ts_rank(search, query, 1) DESC LIMIT 10) AS best",
        [words],
    )
    return answer(cards(found))


def empty(request: HttpRequest) -> HttpResponse:
    return answer("")


def compare(request: HttpRequest, number: int) -> HttpResponse:
    """The two newest versions, field by field, words marked by difflib."""
    texts = rows(
        "SELECT h.* FROM learnings_historicallearning h JOIN governance_version v ON v.id = h.history_id "
        "JOIN governance_record r ON r.id = v.record_id WHERE r.kind = 'learning' AND r.number = %s "
        "ORDER BY v.number DESC LIMIT 2",
        [number],
    )
    parts = []
    for new, old in zip(*texts, strict=True):
        if isinstance(new, str) and new != old:
            one, two = old.split(" "), new.split(" ")
            for tag_, a, b, c, d in difflib.SequenceMatcher(None, one, two, False).get_opcodes():
                mark = "span" if tag_ == "equal" else "del"
                parts.append(f"<{mark}>{html.escape(' '.join(one[a:b]))}</{mark}>")
                if tag_ != "equal":
                    parts.append(f"<ins>{html.escape(' '.join(two[c:d]))}</ins>")
        else:
            parts.append(f"<p>{html.escape(str(new))}</p>")
    return answer(*parts)


@csrf_exempt
def save(request: HttpRequest, number: int) -> HttpResponse:
    """A new version: one row each in version and history, the content row changed; one transaction."""
    text = request.POST["what_was_done"]
    with transaction():
        ((pk, current, last),) = rows(
            "SELECT r.id, r.current_version_id, (SELECT max(number) FROM governance_version "
            "WHERE record_id = r.id) FROM governance_record r WHERE kind = 'learning' AND number = %s "
            "FOR UPDATE",
            [number],
        )
        ((version,),) = rows(
            "INSERT INTO governance_version (record_id, number, author_id, created_at, note, schema, "
            "content_hash, title) SELECT record_id, %s, author_id, now(), '', schema, md5(%s), title "
            "FROM governance_version WHERE id = %s RETURNING id",
            [last + 1, text, current],
        )
        columns = _history_columns()
        rows(
            f"INSERT INTO learnings_historicallearning (history_id, what_was_done, {columns}) "
            f"SELECT %s, %s, {columns} FROM learnings_historicallearning WHERE history_id = %s "
            "RETURNING 1",
            [version, text, current],
        )
        rows(
            "UPDATE learnings_learning SET what_was_done = %s WHERE record_id = %s RETURNING 1",
            [text, pk],
        )
        rows(
            "UPDATE governance_record SET current_version_id = %s, state = 'draft' WHERE id = %s RETURNING 1",
            [version, pk],
        )
    return answer("ok")


_columns: list[str] = []


def _history_columns() -> str:
    if not _columns:
        found = rows(
            "SELECT column_name FROM information_schema.columns WHERE table_name = "
            "'learnings_historicallearning' AND column_name NOT IN ('history_id', 'what_was_done')"
        )
        _columns.append(", ".join(name for (name,) in found))
    return _columns[0]


@csrf_exempt
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve an open review: close it, open the publication, write its catalogue row's new date."""
    with transaction():
        ((record, version, authors),) = rows(
            "SELECT record_id, version_id, authors FROM governance_review WHERE id = %s FOR UPDATE",
            [pk],
        )
        rows(
            "UPDATE governance_review SET status = 'approved', verdict = 'approve', decided_at = now(), "
            "decided_by_id = (SELECT id FROM governance_user WHERE id <> ALL(%s) LIMIT 1) "
            "WHERE id = %s RETURNING 1",
            [authors, pk],
        )
        rows(
            "UPDATE governance_publication SET until_at = now() WHERE record_id = %s AND until_at IS NULL RETURNING 1",
            [record],
        )
        rows(
            "INSERT INTO governance_publication (record_id, version_id, review_id, review_status, number, "
            "team_id, from_at) SELECT %s, %s, %s, 'approved', (SELECT coalesce(max(number), 0) + 1 FROM "
            "governance_publication WHERE record_id = %s), owner_id, now() FROM governance_record "
            "WHERE id = %s RETURNING 1",
            [record, version, pk, record, record],
        )
        rows("UPDATE governance_record SET state = 'settled' WHERE id = %s RETURNING 1", [record])
        rows(
            "UPDATE governance_catalogueentry SET published_at = now() WHERE record_id = %s RETURNING 1",
            [record],
        )
    return answer("ok")


urlpatterns = [
    path("start", start),
    path("record/<int:number>", record),
    path("tag/<slug:slug>", tag),
    path("process/<int:number>", process),
    path("picture/<int:number>", picture),
    path("landscape", landscape),
    path("search", search),
    path("empty", empty),
    path("compare/<int:number>", compare),
    path("save/<int:number>", save),
    path("decide/<int:pk>", decide),
]
application = get_wsgi_application()
