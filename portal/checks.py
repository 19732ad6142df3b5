"""Refuses settings that are dangerous on a server, and says what to set instead.

Run by every management command and by `portal.wsgi`. DEBUG (development) and DEMO (this machine only)
lift them; DEMO in turn may name no other host, since its passwords are public.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host
from django.utils.translation import gettext as _

from portal.signing_in.checks import signing_in

SECRET_LENGTH = 50
# Random digits of base 16 have all of theirs; a long word has fewer.
SECRET_CHARACTERS = 12
REPEATED_PIECE = 8
SHORTEST_TOKEN = 32
THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def _secret() -> Iterator[CheckMessage]:
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:
        secret = ""
    if len(secret) < SECRET_LENGTH or len(set(secret)) < SECRET_CHARACTERS or _repeats(secret):
        yield Error(
            _("SECRET_KEY fehlt oder ist zu schwach."),
            hint=_(
                "SECRET_KEY auf mindestens 50 zufällige Zeichen setzen, zum Beispiel aus: "
                "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
            ),
            id="portal.E001",
        )


def _repeats(secret: str) -> bool:
    """Whether a piece of it comes twice, as in a word that was copied until it was long enough."""
    pieces = [secret[at : at + REPEATED_PIECE] for at in range(len(secret) - REPEATED_PIECE + 1)]
    return len(set(pieces)) < len(pieces)


def _database() -> Iterator[CheckMessage]:
    if settings.EMBEDDED_DATABASE:
        yield Error(
            _("Die eingebettete Datenbank ist nur für Demo, Entwicklung und Tests."),
            hint=_("DATABASE_URL setzen: postgres://konto:passwort@server:5432/datenbank"),
            id="portal.E002",
        )


def _cookies() -> Iterator[CheckMessage]:
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield Error(
            _("Die Cookies der Anmeldung würden auch unverschlüsselt übertragen."),
            hint=_("HTTPS nicht auf 0 setzen und das Portal hinter TLS betreiben."),
            id="portal.E003",
        )


def _hosts() -> Iterator[CheckMessage]:
    if any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        yield Error(
            _("ALLOWED_HOSTS enthält einen Platzhalter."),
            hint=_("Die Namen einzeln nennen: ALLOWED_HOSTS=wissen.stadt.example"),
            id="portal.E004",
        )
    if not settings.ALLOWED_HOSTS:
        yield Error(
            _("ALLOWED_HOSTS ist leer, das Portal würde jede Anfrage ablehnen."),
            hint=_("Den Namen des Portals nennen: ALLOWED_HOSTS=wissen.stadt.example"),
            id="portal.E005",
        )


def _base_url() -> Iterator[CheckMessage]:
    address = urlsplit(settings.PORTAL_BASE_URL)
    known = validate_host(address.hostname or "", settings.ALLOWED_HOSTS)
    if address.scheme != "https" or not known:
        yield Error(
            _("PORTAL_BASE_URL ist nicht die Adresse dieses Portals; Links in Mails führten irre."),
            hint=_("Mit https und einem Namen aus ALLOWED_HOSTS: https://wissen.stadt.example"),
            id="portal.E007",
        )


def _mail() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND.rsplit(".", 2)[-2] in {"filebased", "console", "dummy", "locmem"}:
        yield Warning(
            _("Es ist kein Mailserver eingerichtet, Mails erreichen niemanden."),
            hint=_("EMAIL_URL setzen: smtp+tls://konto:passwort@server:587"),
            id="portal.W001",
        )


def _tls() -> Iterator[CheckMessage]:
    if settings.SECURE_SSL_REDIRECT and settings.BEHIND_TLS_PROXY is None:
        yield Warning(
            _("Es ist nicht gesagt, wer TLS spricht. Hinter einem Proxy leitet das Portal sonst endlos auf https um."),
            hint=_(
                "BEHIND_TLS_PROXY=1 setzen, wenn ein Proxy davor X-Forwarded-Proto selbst setzt und ein fremdes "
                "überschreibt; BEHIND_TLS_PROXY=0, wenn gunicorn selbst TLS spricht."
            ),
            id="portal.W002",
        )


def _client_address() -> Iterator[CheckMessage]:
    if settings.BEHIND_TLS_PROXY and not settings.CLIENT_ADDRESS_HEADER:
        yield Info(
            _("Hinter dem Proxy haben alle dieselbe Adresse; Anmeldeversuche werden nur je Konto begrenzt."),
            hint=_(
                "CLIENT_ADDRESS_HEADER=X-Real-IP setzen, wenn der Proxy diesen Kopf selbst setzt und einen fremden "
                "überschreibt."
            ),
            id="portal.I001",
        )


def _metrics() -> Iterator[CheckMessage]:
    if not settings.METRICS_TOKEN:
        return
    if len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        yield Error(
            _("METRICS_TOKEN ist zu kurz."),
            hint=_(
                "Mindestens %d zufällige Zeichen, zum Beispiel aus: "
                "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
            % SHORTEST_TOKEN,
            id="portal.E009",
        )
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        yield Warning(
            _("Jeder Prozess des Webs zählt für sich; /metrics zeigt die Zahlen eines einzigen."),
            hint=_("PROMETHEUS_MULTIPROC_DIR auf einen leeren Ordner setzen, den nur das Web beschreibt."),
            id="portal.W003",
        )


def _demo() -> Iterator[CheckMessage]:
    if foreign := sorted(set(settings.ALLOWED_HOSTS) - THIS_MACHINE):
        yield Error(
            _("DEMO läuft nur auf diesem Rechner, aber ALLOWED_HOSTS nennt: %s") % ", ".join(foreign),
            hint=_("Die Passwörter der Demo sind öffentlich. DEMO oder ALLOWED_HOSTS weglassen."),
            id="portal.E006",
        )


SERVER: Sequence[Callable[[], Iterator[CheckMessage]]] = (
    _secret,
    _database,
    _cookies,
    _hosts,
    _base_url,
    _mail,
    _tls,
    _client_address,
    _metrics,
)


@register(Tags.security)
def safe_settings(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What is wrong with the settings for the way the portal is started."""
    if settings.DEMO:
        return list(_demo())
    # Not settings.DEBUG: Django's test runner switches that off behind our back.
    if settings.DEVELOPMENT:
        return []
    return [message for check in SERVER for message in check()]


def refuse_unsafe_settings() -> None:
    """For the web process, which Django starts without any check."""
    errors = [message for message in (*safe_settings(), *signing_in()) if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))
