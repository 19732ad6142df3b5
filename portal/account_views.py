"""Signing in and out: Django's own views, that lead in no circle and say what they did."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from governance.http import told_ok
from portal.account_forms import SignInForm
from portal.signing_in import pending, second_factor, ways
from portal.signing_in.config import OIDC_BACKEND

# The pages whose forms the browser keeps copies of (static/portal/backup.js).
KEEP_TEXT = {f"learnings:{page}" for page in ("new", "edit", "edit_step", "edit_all", "conflict")}


class SignIn(LoginView):
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:
        target: str = super().get_redirect_url()
        return "" if ways.name_of(target) in ways.NO_WAY_ON else target

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if settings.OIDC_ISSUER:  # the way by the directory stands first, and is read first
            form.fields["username"].widget.attrs.pop("autofocus", None)
        return form

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        """The password is right. Whoever has a second factor, or needs one, is not signed in yet."""
        user = form.get_user()
        if second_factor.is_missing(user, user.backend):  # type: ignore[attr-defined]
            pending.remember(self.request, user, self.get_redirect_url())
            return redirect("second_factor")
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text_is_kept = ways.name_of(self.get_redirect_url()) in KEEP_TEXT
        directory = {
            "directory": settings.DIRECTORY_NAME if settings.OIDC_ISSUER else "",
            "workplace_password": bool(settings.LDAP_URI),
            "signed_out_here": settings.OIDC_ISSUER and self.request.GET.get("out") == "directory",
        }
        return super().get_context_data(text_is_kept=text_is_kept, **directory, **kwargs)


class SignOut(LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by_directory = request.session.get(BACKEND_SESSION_KEY) == OIDC_BACKEND
        answer: HttpResponse = super().post(request, *args, **kwargs)
        told_ok(request, _("Sie sind abgemeldet. An diesem Gerät ist im Portal nichts mehr von Ihnen zu sehen."))
        if by_directory:
            # A link there and no redirect: forms may lead to no other host (form-action of the policy).
            answer.headers["Location"] += "?out=directory"
        return answer


class PasswordChange(PasswordChangeView):
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who signs in by the directory has no password here, and the page about signing in says so."""
        user = self.request.user
        if user.is_authenticated and not user.has_usable_password():
            return redirect("security")
        return super().dispatch(*args, **kwargs)
