from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import environ
import pytest
import requests
from django.conf import settings as live
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from governance.models import User
from portal.signing_in import config, discovery
from tests.conftest import NO_LDAP
from tests.portal.signing_in import provider as providers
from tests.portal.signing_in import slapd
from tests.portal.signing_in.provider import CLIENT, SECRET, Provider


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Gets an LDAP server before the first test, so that no test is charged with it."""
    mine = [item for item in items if item.path.name == "test_ldap.py"]
    if not mine or config.option.collectonly:
        return
    with open(Path(tempfile.gettempdir()) / "portal-slapd.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # parallel workers must not install it twice
        there = slapd.get()
    for item in mine:
        if not there:
            item.add_marker(pytest.mark.skip(reason=NO_LDAP))


def set_from(settings: Settings, given: dict[str, Any]) -> dict[str, Any]:
    """As if the portal had been started with these in its environment."""
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    with mock.patch.dict(os.environ, {"SECOND_FACTOR_REQUIRED": "0"} | texts):
        found = config.django_settings(environ.Env(), demo=False, development=True)
    for name, value in found.items():
        setattr(settings, name, value)
    assert settings.SIGNING_IN_PROBLEMS == []
    settings.AUTHENTICATION_BACKENDS = [*live.AUTHENTICATION_BACKENDS[:2], *config.backends(found)]
    return found


@pytest.fixture(scope="session")
def _provider() -> Iterator[Provider]:
    with providers.running() as provider:
        yield provider


@pytest.fixture
def provider(_provider: Provider, settings: Settings) -> Provider:
    """The house's provider, with nobody in it, and a portal that knows it."""
    fresh = Provider(address=_provider.address, key=_provider.key)
    _provider.__dict__.update(fresh.__dict__)
    set_directory(settings, _provider)
    discovery.forget()
    return _provider


def set_directory(settings: Settings, provider: Provider, **more: Any) -> None:
    given = {"OIDC_ISSUER": provider.address, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
    set_from(settings, given | more)
    settings.ROOT_URLCONF = "tests.portal.signing_in.urls"
    settings.OIDC_TIMEOUT = 0.3
    renewal = "portal.signing_in.renewal.RenewalMiddleware"
    if renewal not in settings.MIDDLEWARE:
        at = settings.MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1
        settings.MIDDLEWARE = [*settings.MIDDLEWARE[:at], renewal, *settings.MIDDLEWARE[at:]]


BEGIN, BACK = "/accounts/directory/", "/accounts/directory/back/"


def at_the_provider(answer: HttpResponse) -> str:
    """Follows a redirect to the provider as a browser would; the address that it sends back to."""
    assert answer.status_code == 302, answer.content.decode()
    sent = requests.get(answer["Location"], allow_redirects=False, timeout=5)
    assert sent.status_code == 302, sent.text
    address = urlsplit(sent.headers["Location"])
    return f"{address.path}?{address.query}"


def sign_in(client: Client, provider: Provider, sub: str, target: str = "", **claims: Any) -> HttpResponse:
    """The whole way there and back; the answer of the callback."""
    provider.people.setdefault(sub, {"name": "Kim Beispiel", "preferred_username": "kim"})
    provider.people[sub] |= claims
    provider.here = sub
    if "_auth_user_id" in client.session:
        client.post("/accounts/logout/")
    answer = client.get(BEGIN, {"next": target} if target else {})
    return client.get(at_the_provider(answer))  # type: ignore[return-value]


def user_of(client: Client) -> User | None:
    """Who is signed in, as a page sees it."""
    page = client.get("/accounts/security/", headers={"sec-fetch-mode": "cors"})
    return page.context["user"] if page.status_code == 200 else None  # type: ignore[index]


def query_of(answer: HttpResponse) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer["Location"]).query)


Enter = Callable[..., HttpResponse]
