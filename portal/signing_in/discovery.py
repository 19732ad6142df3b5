"""What the provider says of itself: its addresses and its keys, asked when needed and kept for a while.

Asked at the first sign-in and never at the start: a portal whose directory is away still starts, and local accounts
still sign in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from django.conf import settings

from portal.signing_in.problems import Away, BadAnswer

KEPT_SECONDS = 60
# How long the provider is left alone after it did not answer: requests must not pile up behind it.
AWAY_SECONDS = 10
# Unknown keys make us look again, but not more often than this, whoever sends them.
KEYS_AGAIN_SECONDS = 10
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class _Known:
    asked_at: float = 0.0
    document: dict[str, Any] = field(default_factory=dict)
    away_until: float = 0.0
    keys_at: float = 0.0
    keys: dict[str, Any] = field(default_factory=dict)


_lock = threading.Lock()
_known = _Known()


def forget() -> None:
    """Ask anew at the next occasion."""
    global _known
    _known = _Known()


def document() -> Mapping[str, Any]:
    """The provider's description of itself; raises Away or BadAnswer."""
    with _lock:
        now = time.monotonic()
        if _known.document and now - _known.asked_at < KEPT_SECONDS:
            return _known.document
        if now < _known.away_until:
            raise Away
        found = _fetch(f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration")
        _check(found)
        _known.document, _known.asked_at = found, now
        return found


def _check(found: dict[str, Any]) -> None:
    """It must speak for the issuer of the settings, and its addresses must be as safe as that of the issuer."""
    if any(not isinstance(found.get(name), str) for name in NEEDED):
        raise BadAnswer("discovery lacks an address")
    if found["issuer"].rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
        raise BadAnswer("discovery speaks for another issuer")
    if settings.OIDC_ISSUER.startswith("https:"):
        for name in (*NEEDED, "userinfo_endpoint", "end_session_endpoint"):
            if not str(found.get(name) or "https:").startswith("https:"):
                raise BadAnswer(f"discovery names an address without TLS: {name}")


def endpoint(name: str) -> str:
    return str(document().get(name) or "")


def is_there() -> bool:
    try:
        document()
    except (Away, BadAnswer):
        return False
    return True


def keys(*, again: bool = False) -> Mapping[str, Any]:
    """The provider's public keys. `again`: a token names one that is not among those we know."""
    address = endpoint("jwks_uri")
    with _lock:
        age = time.monotonic() - _known.keys_at
        if not _known.keys or age > KEPT_SECONDS or (again and age > KEYS_AGAIN_SECONDS):
            _known.keys, _known.keys_at = _fetch(address), time.monotonic()
        return _known.keys


def _fetch(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=settings.OIDC_TIMEOUT, allow_redirects=False)
        if answer.status_code >= 500:
            raise requests.ConnectionError
    except requests.RequestException as error:
        _known.away_until = time.monotonic() + AWAY_SECONDS
        raise Away from error
    return parsed(answer)


def parsed(answer: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer that is good; raises BadAnswer."""
    if answer.status_code != 200:
        raise BadAnswer(f"status {answer.status_code}")
    try:
        found = answer.json()
    except ValueError as error:
        raise BadAnswer("no JSON") from error
    if not isinstance(found, dict):
        raise BadAnswer("no JSON object")
    return found
