"""Every kind of answer tells the browser the same strict things, also those that no view of ours makes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.contrib.auth import SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from governance import attachments, workflow
from governance.models import Record
from portal.following import services
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit

ROOT = Path(__file__).resolve().parents[2]
SERVER = {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "SECRET_KEY": "nur-im-test-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ",
    "ALLOWED_HOSTS": "wissen.stadt.example",
    "PORTAL_BASE_URL": "https://wissen.stadt.example",
    # Nobody listens there: what is answered here needs no database.
    "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
    "DATABASE_POOL": "0",
    "BEHIND_TLS_PROXY": "1",
    "LOG_LEVEL": "CRITICAL",
}


def wrong(headers: dict[str, str], signed_in: bool = False) -> list[str]:
    """What is missing or loose."""
    parts = [part.strip().partition(" ") for part in headers.get("content-security-policy", "").split(";")]
    policy = {name: value for name, _blank, value in parts}
    scripts = policy.get("script-src", policy.get("default-src", ""))
    found = [] if scripts in ("'self'", "'none'") else [f"script-src {scripts}"]
    if "unsafe" in str(policy) or "http" in str(policy) or "*" in str(policy):
        found.append(f"loose policy {policy}")
    if policy.get("frame-ancestors") != "'none'" or headers.get("x-frame-options") != "DENY":
        found.append("framing")
    expected = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
    }
    found += [name for name, value in expected.items() if headers.get(name) != value]
    if signed_in and "no-store" not in headers.get("cache-control", ""):
        found.append("no-store")
    return found


def lower(response: HttpResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.items()}


# -- with the database of the tests ----------------------------------------------------------------


def _with_file(cast: Cast) -> Record:
    upload = SimpleUploadedFile("notiz.txt", b"Eine Notiz.")
    record = make_draft(cast, title="Mit Anlage")
    kept, info = attachments.store(upload, upload.name or "", record)
    row = {"sha256": kept.sha256, "name": info.name, "media_type": info.media_type, "description": ""}
    save(cast, record, attachments=[row])
    approve(cast, submit(cast, record))
    return record


def _gone(cast: Cast) -> Record:
    record = make_published(cast, title="Archiviert")
    workflow.archive(record=record, standing=cast.standing("lead"), reason="überholt")
    return record


def _broken(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("broken on purpose")


Ask = Callable[[Client], HttpResponse]


@pytest.fixture
def kinds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[int, Ask]]:
    """Name of the kind of answer -> its status, and how to get it."""
    file, gone, draft = _with_file(cast), _gone(cast), make_draft(cast)
    approve(cast, submit(cast, draft))
    save(cast, reload(draft), answer="Neu.")
    monkeypatch.setattr("portal.search.search", _broken)
    token = services.new_address(standing=cast.standing("author"), replaces=None)
    edit = reverse("learnings:edit", args=[draft.number, "x"])
    return {
        "page": (200, lambda c: c.get("/")),
        "list": (200, lambda c: c.get("/learnings/")),
        "redirect": (302, lambda c: c.get(f"/L-{file.number}")),
        "host": (400, lambda c: c.get("/", headers={"host": "evil.example"})),
        "body": (400, lambda c: c.post("/learnings/preview/", {f"x{n}": 1 for n in range(5100)})),
        "denied": (403, lambda c: c.get("/governance/reviews/")),
        "csrf": (403, lambda c: _without_token(c).post(edit)),
        "missing": (404, lambda c: c.get("/gibt-es-nicht/")),
        "method": (405, lambda c: c.post("/")),
        "gone": (410, lambda c: c.get(reverse("learnings:record", args=[gone.number, "archiviert"]))),
        "broken": (500, lambda c: c.get("/search/")),
        "file": (200, lambda c: c.get(reverse("learnings:file", args=[file.number, "x", 2, 1]))),
        "slides": (200, lambda c: c.get(reverse("learnings:presentation", args=[file.number, "x"]))),
        "json": (200, lambda c: c.get("/tags/suggest.json?q=o")),
        "fragment": (200, lambda c: c.post("/learnings/preview/", {"text": "x"})),
        "healthz": (200, lambda c: c.get("/healthz")),
        "feed": (200, lambda c: Client().get(f"/feeds/{token}/")),
    }


def _without_token(client: Client) -> Client:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    return strict


KINDS = (
    *("page", "list", "redirect", "host", "body", "denied", "csrf", "missing", "method", "gone", "broken"),
    *("file", "slides", "json", "fragment", "healthz", "feed"),
)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_of_each_kind_is_strict(cast: Cast, kinds: dict[str, tuple[int, Ask]], kind: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.author, live.AUTHENTICATION_BACKENDS[1])
    status, ask = kinds[kind]
    response = ask(client)
    assert response.status_code == status
    # Refused before anybody knows who asks: nothing personal in it. A feed holds what is published, and asks again.
    assert wrong(lower(response), signed_in=kind not in ("host", "feed")) == []


@pytest.mark.django_db
def test_the_admin_is_strict_and_not_stored(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin, live.AUTHENTICATION_BACKENDS[1])
    assert SESSION_KEY in client.session
    for name in ("admin:index", "admin:governance_user_changelist", "admin:governance_team_add"):
        response = client.get(reverse(name))
        assert response.status_code == 200
        assert wrong(lower(response), signed_in=True) == []


@pytest.mark.django_db
def test_the_answer_to_a_locked_sign_in_is_strict() -> None:
    for _attempt in range(live.AXES_FAILURE_LIMIT):
        response = Client().post("/accounts/login/", {"username": "a", "password": "b"})
    assert response.status_code == 429
    assert wrong(lower(response)) == []


@pytest.mark.django_db
def test_the_sign_in_page_is_not_stored(client: Client) -> None:
    response = client.get("/accounts/login/")
    assert wrong(lower(response), signed_in=True) == []


# -- as on a server --------------------------------------------------------------------------------

ASK = """
import json, django; django.setup()
from django.core.management import call_command
call_command("collectstatic", verbosity=0, interactive=False)
from django.test import Client
from django.templatetags.static import static
client = Client(raise_request_exception=False)
name = "wissen.stadt.example"
tls = {"host": name, "x-forwarded-proto": "https"}
asked = {
    "sign-in": client.get("/accounts/login/", headers=tls),
    "static": client.get(static("portal/portal.css"), headers=tls),
    "no-static": client.get("/static/nicht-da.css", headers=tls),
    "host": client.get("/", headers=tls | {"host": "evil.example"}),
    "healthz": client.get("/healthz"),
    "plain": client.get("/accounts/login/", headers={"host": name}),
    "plain-forged": client.get("/accounts/login/", headers={"host": name, "x-forwarded-ssl": "on"}),
}
client.cookies["__Host-sessionid"] = "a" * 32
asked["broken"] = client.get("/", headers=tls)
def row(r):
    body = b"".join(r.streaming_content) if r.streaming else r.content
    cookies = {k: {a: v[a] for a in ("secure", "httponly", "samesite", "path", "domain")} for k, v in r.cookies.items()}
    return [r.status_code, {k.lower(): v for k, v in r.items()}, cookies, body.decode(errors="replace")]
print("ANSWERS" + json.dumps({k: row(r) for k, r in asked.items()}))
"""
Answers = dict[str, tuple[int, dict[str, str], dict[str, Any], str]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """Answers of a process with the settings of a server, whose database is away."""
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=SERVER | {"VAR_DIR": str(tmp_path_factory.mktemp("var")), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    yield json.loads(done.stdout.rpartition("ANSWERS")[2])


def test_a_server_is_strict_in_each_answer_and_insists_on_tls(server: Answers) -> None:
    expected = {"sign-in": 200, "static": 200, "no-static": 404, "host": 400, "broken": 500}
    for name, status in expected.items():
        got, headers, _cookies, _body = server[name]
        assert got == status, name
        assert wrong(headers) == [], name
        seconds, *rest = headers["strict-transport-security"].split("; ")
        assert int(seconds.removeprefix("max-age=")) >= 31_536_000, name
        assert "includeSubDomains" in rest, name


def test_only_a_fingerprinted_file_is_kept_for_long(server: Answers) -> None:
    assert "immutable" in server["static"][1]["cache-control"]


def test_the_cookies_of_a_server_stay_with_it(server: Answers) -> None:
    cookies = server["sign-in"][2]
    assert cookies["__Host-csrftoken"] == {
        "secure": True,
        "httponly": True,
        "samesite": "Lax",
        "path": "/",
        "domain": "",
    }


def test_without_tls_a_server_only_answers_with_the_way_to_it(server: Answers) -> None:
    for name in ("plain", "plain-forged"):
        status, headers, cookies, body = server[name]
        assert (status, headers["location"]) == (301, "https://wissen.stadt.example/accounts/login/")
        assert wrong(headers) == []
        assert (cookies, body) == ({}, "")


def test_the_load_balancer_is_answered_without_host_and_tls(server: Answers) -> None:
    status, headers, _cookies, body = server["healthz"]
    assert (status, body) == (503, "database unavailable\n")
    assert wrong(headers, signed_in=True) == []


def test_the_page_of_an_error_needs_no_database(server: Answers) -> None:
    body = server["broken"][3]
    assert 'data-outcome="invalid"' in body
    assert 'href="/"' in body
    assert "Traceback" not in body
    assert "127.0.0.1" not in body
