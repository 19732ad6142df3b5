"""What stands around all requests: `/healthz`, and the log of what was refused."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.views import healthz

security = logging.getLogger("portal.security")
# `/healthz` is answered before any other middleware, so it carries its own.
HEALTH_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# What no form of the portal asks for: whoever posts it tries to set what only a step of the workflow sets.
NEVER_ASKED_FOR = frozenset(
    {
        *("state", "status", "kind", "number", "owner", "owner_id", "department", "reach"),
        *("author", "authors", "submitted_by", "approved_by", "decided_by", "claimed_by"),
        *("current_version", "published_at", "is_staff", "is_superuser", "is_active"),
    }
)
ADMIN = "admin"


class HealthMiddleware:
    """`/healthz` is answered before host and TLS checks, so that a load balancer may ask by address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != "/healthz":
            return self.get_response(request)
        response = healthz(request)
        for name, value in HEALTH_HEADERS.items():
            response.headers[name] = value
        return response


class SecurityLogMiddleware:
    """One line for each refused step and for each field that no form asked for.

    The line names keys and the route, never a name, an address or what was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_refusal(request, response):
            security.warning("refused status=%s %s", response.status_code, _where(request))
        if extra := _over_posted(request, response):
            security.warning("over-posted fields=%s %s", ",".join(extra), _where(request))
        return response


def _is_refusal(request: HttpRequest, response: HttpResponse) -> bool:
    """Also a post to something that this person may not even know of; reading it may be a mistyped address."""
    hidden = response.status_code == 404 and request.method == "POST" and request.resolver_match is not None
    return hidden or response.status_code in (403, 429)


def _over_posted(request: HttpRequest, response: HttpResponse) -> list[str]:
    match = request.resolver_match
    # 400: the body could not be read; asking for it again would raise again.
    if request.method != "POST" or match is None or match.namespace == ADMIN or response.status_code == 400:
        return []
    return sorted(NEVER_ASKED_FOR & set(request.POST))


def _where(request: HttpRequest) -> str:
    match = request.resolver_match
    route = match.view_name if match else "-"
    keys = {name: value for name, value in (match.kwargs if match else {}).items() if isinstance(value, int)}
    if match and not keys and isinstance(match.kwargs.get("slug"), str):
        keys = {"slug": match.kwargs["slug"]}  # a team or a department; of a record it would be the title
    shown = " ".join(f"{name}={value}" for name, value in keys.items()) or "-"
    return f"actor={request.user.pk or '-'} {request.method} {route} object: {shown}"
