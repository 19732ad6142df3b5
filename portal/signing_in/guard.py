"""Holds sessions that lack a second factor at the page where it is shown or set up. The administration's pages too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from governance.http import standing_of
from portal.signing_in import second_factor

LET_THROUGH = {"logout", "second_factor", "second_factor_set_up"}


class SecondFactorMiddleware:
    """Asks the session and the standing, both of which every page has read anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *given: Any) -> HttpResponse | None:
        match = request.resolver_match
        if not getattr(view, "login_required", True) or (match and match.view_name in LET_THROUGH):
            return None
        if not request.user.is_authenticated or not second_factor.session_lacks_it(request, standing_of(request)):
            return None
        target = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(f"{reverse('second_factor')}?{urlencode(target)}")
