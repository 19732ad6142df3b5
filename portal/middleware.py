"""What stands around all requests: `/healthz`, what cannot be read, and the log of what was refused."""

from __future__ import annotations

import codecs
import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from portal import errors
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


class ReadableMiddleware:
    """Refuses what no page can read: NUL in an address, which no column of the database takes, and posts in
    another encoding than UTF-8, among which Python counts some that are none (hex, rot13)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_nul(request) or not _is_utf8((request.content_params or {}).get("charset", "")):
            return errors.bad_request(request)
        return self.get_response(request)


def _has_nul(request: HttpRequest) -> bool:
    return "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", "")


def _is_utf8(charset: str) -> bool:
    try:
        return not charset or codecs.lookup(charset).name == "utf-8"
    except LookupError:
        return False


class WrongMethodMiddleware:
    """Django's answer to a wrong method is an empty page; ours leads on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return errors.method_not_allowed(request, response.headers["Allow"])
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
