"""Each dangerous combination of settings is refused, by its id, on a server; and only there."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import checks

ROOT = Path(__file__).resolve().parents[2]
SECRET = "nur-im-test-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ"
SERVER: dict[str, Any] = {
    "DEBUG": False,
    "DEVELOPMENT": False,
    "DEMO": False,
    "SECRET_KEY": SECRET,
    "EMBEDDED_DATABASE": False,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "ALLOWED_HOSTS": ["wissen.stadt.example"],
    "PORTAL_BASE_URL": "https://wissen.stadt.example",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "SECURE_SSL_REDIRECT": True,
    "BEHIND_TLS_PROXY": True,
    "CLIENT_ADDRESS_HEADER": "X-Real-IP",
    "METRICS_TOKEN": "",
}


@pytest.fixture
def ids(settings: Any) -> Callable[..., list[str | None]]:
    def found(**changes: Any) -> list[str | None]:
        for name, value in (SERVER | changes).items():
            setattr(settings, name, value)
        return [message.id for message in checks.safe_settings()]

    return found


def test_a_well_configured_server_passes(ids: Callable[..., list[str]]) -> None:
    assert ids() == []
    checks.refuse_unsafe_settings()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"SECRET_KEY": ""}, "portal.E001"),
        ({"SECRET_KEY": "kurz"}, "portal.E001"),
        ({"SECRET_KEY": "x" * 60}, "portal.E001"),
        ({"SECRET_KEY": "development-only" * 4}, "portal.E001"),
        ({"SECRET_KEY": "changeme-" * 6}, "portal.E001"),
        ({"SECRET_KEY": "bitte-vor-dem-Start-ersetzen!" * 2}, "portal.E001"),
        ({"SECRET_KEY": "0123456789" * 6}, "portal.E001"),
        ({"EMBEDDED_DATABASE": True}, "portal.E002"),
        ({"SESSION_COOKIE_SECURE": False}, "portal.E003"),
        ({"CSRF_COOKIE_SECURE": False}, "portal.E003"),
        ({"ALLOWED_HOSTS": ["wissen.stadt.example", "*"]}, "portal.E004"),
        ({"ALLOWED_HOSTS": ["wissen.stadt.example", ".example"]}, "portal.E004"),
        ({"PORTAL_BASE_URL": "http://wissen.stadt.example"}, "portal.E007"),
        ({"PORTAL_BASE_URL": "https://anders.example"}, "portal.E007"),
    ],
)
def test_each_wrong_setting_is_an_error_that_says_what_to_set(
    ids: Callable[..., list[str]], changes: dict[str, Any], expected: str
) -> None:
    assert ids(**changes) == [expected]
    assert all(message.hint for message in checks.safe_settings())
    with pytest.raises(ImproperlyConfigured, match=expected):
        checks.refuse_unsafe_settings()


def test_no_host_at_all_is_an_error(ids: Callable[..., list[str]]) -> None:
    assert "portal.E005" in ids(ALLOWED_HOSTS=[])


def test_a_missing_mail_server_is_a_warning_and_no_obstacle(ids: Callable[..., list[str]]) -> None:
    backend = "django.core.mail.backends.filebased.EmailBackend"
    assert ids(EMAIL_BACKEND=backend) == ["portal.W001"]
    checks.refuse_unsafe_settings()


def test_who_speaks_tls_must_be_said(ids: Callable[..., list[str]]) -> None:
    assert ids(BEHIND_TLS_PROXY=None) == ["portal.W002"]
    checks.refuse_unsafe_settings()
    assert ids(BEHIND_TLS_PROXY=False) == []
    assert ids(BEHIND_TLS_PROXY=None, SECURE_SSL_REDIRECT=False) == []


@pytest.mark.parametrize("make", [secrets.token_urlsafe, secrets.token_hex])
def test_random_secrets_pass(ids: Callable[..., list[str]], make: Callable[[int], str]) -> None:
    assert {str(ids(SECRET_KEY=make(40))) for _number in range(200)} == {"[]"}


def test_a_proxy_that_names_nobody_is_told_and_no_obstacle(ids: Callable[..., list[str]]) -> None:
    assert ids(CLIENT_ADDRESS_HEADER="") == ["portal.I001"]
    assert ids(CLIENT_ADDRESS_HEADER="", BEHIND_TLS_PROXY=False) == []


def test_a_token_for_metrics_is_long_and_its_counts_are_shared(
    ids: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    assert ids(METRICS_TOKEN="kurz") == ["portal.E009", "portal.W003"]
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "/run/wissensportal-web/metrics")
    assert ids(METRICS_TOKEN=secrets.token_urlsafe(32)) == []


def test_the_demo_may_only_answer_this_machine(ids: Callable[..., list[str]]) -> None:
    assert ids(DEMO=True, ALLOWED_HOSTS=["localhost", "127.0.0.1", "[::1]"]) == []
    assert ids(DEMO=True, ALLOWED_HOSTS=["localhost", "wissen.stadt.example"]) == ["portal.E006"]
    assert ids(DEMO=True, ALLOWED_HOSTS=["*"]) == ["portal.E006"]


def test_development_is_left_alone(ids: Callable[..., list[str]]) -> None:
    assert ids(DEVELOPMENT=True, SECRET_KEY="", EMBEDDED_DATABASE=True, ALLOWED_HOSTS=["*"]) == []


def _start(code: list[str], **env: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, *code],
        cwd=ROOT,
        env=kept | env,
        text=True,
        capture_output=True,
        timeout=60,
    )


def test_an_empty_environment_starts_neither_command_nor_web_server() -> None:
    """Nothing set is the worst case: it must be refused by both entrances."""
    for code in (["manage.py", "check"], ["manage.py", "migrate"], ["-c", "import portal.wsgi"]):
        done = _start(code)
        assert done.returncode != 0
        for number in ("E001", "E002", "E005", "E007"):
            assert f"portal.{number}" in done.stderr


def test_the_settings_of_a_server_are_strict() -> None:
    code = (
        "import django; from django.conf import settings as s; django.setup();"
        "print(s.DEBUG, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SECURE_HSTS_SECONDS >= 31536000,"
        " s.SECURE_SSL_REDIRECT, s.SECURE_REFERRER_POLICY, s.SESSION_COOKIE_SECURE)"
    )
    done = _start(
        ["-c", code],
        DJANGO_SETTINGS_MODULE="portal.settings",
        SECRET_KEY=SECRET,
        ALLOWED_HOSTS="wissen.stadt.example",
        DATABASE_URL="postgres://portal@localhost/portal",
    )
    assert done.stdout.split() == [
        "False",
        "__Host-sessionid",
        "__Host-csrftoken",
        "True",
        "True",
        "same-origin",
        "True",
    ]
