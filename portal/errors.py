"""Error pages in the portal's design.

Who is signed in keeps navigation and search. All others, and everybody while the database is away, get a plain
frame; the page for 500 has no other, since it needs neither database nor session.
"""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _in_frame(request, "403.html", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _in_frame(request, "404.html", 404)


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    response = _in_frame(request, "405.html", 405)
    response.headers["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _in_frame(request, "403_csrf.html", 403)


def locked_out(request: HttpRequest, credentials: object = None) -> HttpResponse:
    """django-axes: too many failed attempts to sign in."""
    minutes = math.ceil(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "429.html", {"minutes": minutes}, status=429)


def _in_frame(request: HttpRequest, template: str, status: int) -> HttpResponse:
    user: Any = getattr(request, "user", None)
    try:
        if user is not None and user.is_authenticated:
            return render(request, template, {"error_frame": "error_portal.html"}, status=status)
    except DatabaseError:
        pass  # what is left is the plain frame
    return HttpResponse(render_to_string(template), status=status)
