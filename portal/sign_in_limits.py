"""How often one may try to sign in: by name and address together (django-axes), and by address alone.

The second limit is higher, since a whole town hall may share an address. It stops whoever tries one
password with many names.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Who asks: as the proxy says in the header of the setting, else who speaks to us directly."""
    direct = request.META.get("REMOTE_ADDR") or None
    if not (settings.BEHIND_TLS_PROXY and settings.CLIENT_ADDRESS_HEADER):
        return direct
    # What the proxy adds stands last; what stands before it may be forged.
    told = request.headers.get(settings.CLIENT_ADDRESS_HEADER, "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(told.partition("%")[0]))
    except ValueError:
        return direct


def tells_people_apart() -> bool:
    """Whether `client_address` is the person's; behind a proxy that does not name them it is the proxy's."""
    return bool(settings.CLIENT_ADDRESS_HEADER) or not settings.BEHIND_TLS_PROXY


class Handler(AxesDatabaseHandler):
    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
        """While the house's directory is away, nobody has guessed anything."""
        if not getattr(request, "directory_is_away", False):
            super().user_login_failed(sender, credentials, request, **kwargs)

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        failures: int = super().get_failures(request, credentials)
        if tells_people_apart() and _failures_of_address(request) >= settings.SIGN_IN_ATTEMPTS_PER_ADDRESS:
            return max(failures, settings.AXES_FAILURE_LIMIT)
        return failures


def _failures_of_address(request: HttpRequest) -> int:
    since, address = get_cool_off_threshold(request), request.axes_ip_address  # type: ignore[attr-defined]
    lately = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
    return lately.aggregate(total=Sum("failures_since_start"))["total"] or 0
