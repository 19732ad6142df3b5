"""Signing in and out: Django's own views, that lead in no circle and say what they did."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from governance.http import told_ok
from portal.account_forms import SignInForm

NO_WAY_ON = {"login", "logout"}
# The pages whose forms the browser keeps copies of (static/portal/backup.js).
KEEP_TEXT = {f"learnings:{page}" for page in ("new", "edit", "edit_step", "edit_all", "conflict")}


def _name_of(address: str) -> str:
    """The name of the page at an address of this portal, or "" when there is none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


class SignIn(LoginView):
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:
        target: str = super().get_redirect_url()
        return "" if _name_of(target) in NO_WAY_ON else target

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text_is_kept = _name_of(self.get_redirect_url()) in KEEP_TEXT
        return super().get_context_data(text_is_kept=text_is_kept, **kwargs)


class SignOut(LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post(request, *args, **kwargs)
        told_ok(request, _("Sie sind abgemeldet. An diesem Gerät ist im Portal nichts mehr von Ihnen zu sehen."))
        return answer
