"""To the provider and back, signing out there, and being told by it that somebody is signed out."""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import View
from mozilla_django_oidc.views import OIDCAuthenticationRequestView, get_next_url

from governance import directory
from governance.http import told_ok
from governance.models import DirectoryIdentity, User
from portal.signing_in import discovery, tokens, ways
from portal.signing_in.config import OIDC_BACKEND
from portal.signing_in.oidc import Backend
from portal.signing_in.problems import Away, Declined, Expired, Problem

logger = logging.getLogger("portal.signing_in")
STATES, NEXT, CONFIRMED_UNTIL = "oidc_states", "oidc_login_next", "oidc_id_token_expiration"
STATE_SECONDS = 15 * 60


def told(request: HttpRequest, problem: Problem, target: str = "") -> HttpResponse:
    """A page that says what happened; the reason for the administration goes to the log, without names."""
    logger.warning("signing in by the directory failed: %s %s", type(problem).__name__, problem)
    context = {"problem": problem, "next": target}
    return render(request, "portal/signing_in/problem.html", context, status=problem.status)


@method_decorator([login_not_required, never_cache], name="dispatch")
class Begin(OIDCAuthenticationRequestView):
    """Sends the person to the provider; where they wanted to go waits in the session."""

    def __init__(self, **kwargs: Any) -> None:
        View.__init__(self, **kwargs)  # the library reads the provider's addresses here, once for ever
        self.OIDC_RP_CLIENT_ID = settings.OIDC_RP_CLIENT_ID

    @property
    def OIDC_OP_AUTH_ENDPOINT(self) -> str:  # noqa: N802 - the library's name
        return discovery.endpoint("authorization_endpoint")

    def get(self, request: HttpRequest) -> HttpResponse:
        target = ways.onward(get_next_url(request, "next") or "")
        if request.user.is_authenticated:
            return redirect(target)
        try:
            answer: HttpResponse = super().get(request)
        except Problem as problem:
            return told(request, problem, target)
        request.session[NEXT] = target
        return answer


@method_decorator([login_not_required, never_cache], name="dispatch")
class Callback(View):
    """Where the provider sends the person back to, after signing in and after a silent renewal."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            begun = self._begun(request)
            if request.GET.get("error"):
                return self._declined(request)
            user = Backend().authenticate(request, nonce=begun["nonce"], code_verifier=begun["code_verifier"])
            if user is None:
                raise Expired
        except Problem as problem:
            target = request.session.get(NEXT) or ""
            if not isinstance(problem, Away | Expired):
                auth.logout(request)  # a renewal that was refused ends the session
            return told(request, problem, target)
        return self._let_in(request, user)

    def _begun(self, request: HttpRequest) -> dict[str, Any]:
        """What this browser's session knows of the sign-in that is being answered; each answer counts once."""
        begun = request.session.get(STATES, {}).pop(request.GET.get("state", ""), None)
        request.session.save()
        if begun is None or time.time() - begun["added_on"] > STATE_SECONDS:
            raise Expired
        return begun

    def _declined(self, request: HttpRequest) -> HttpResponse:
        """The silent renewal ends here when the directory has ended the person's session, or their access."""
        if not request.user.is_authenticated:
            raise Declined
        target = request.session.get(NEXT) or ""
        auth.logout(request)
        text = _("Das Verzeichnis hat Ihre Anmeldung nicht verlängert. Bitte melden Sie sich dort neu an.")
        messages.info(request, text)
        return redirect(f"{reverse('login')}?{urlencode({'next': target})}")

    def _let_in(self, request: HttpRequest, user: User) -> HttpResponse:
        target = request.session.get(NEXT) or ""
        signed_in: directory.SignedIn = request.signed_in  # type: ignore[attr-defined]
        if request.user.pk != user.pk:
            auth.login(request, user, backend=OIDC_BACKEND)
            _welcome(request, signed_in)
        # Whoever is only renewed keeps key and token of the session: forms in other windows go on.
        request.session[CONFIRMED_UNTIL] = time.time() + settings.OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS
        request.session.pop(NEXT, None)
        return HttpResponseRedirect(ways.onward(target))


def _welcome(request: HttpRequest, signed_in: directory.SignedIn) -> None:
    if signed_in.is_new:
        told_ok(request, _("Willkommen! Ihr Konto im Portal ist eingerichtet."))
    if signed_in.unknown_department:
        text = _(
            "Das Verzeichnis nennt für Sie den Bereich „%s“, den das Portal nicht kennt. Die Administration sieht das."
        )
        messages.info(request, text % signed_in.unknown_department)


@login_not_required
@never_cache
@require_GET
def sign_out_there(request: HttpRequest) -> HttpResponse:
    """To the provider's own page for signing out, from the page that says that one is signed out here."""
    try:
        address = discovery.endpoint("end_session_endpoint")
    except Problem as problem:
        return told(request, problem)
    if not address:
        return redirect("login")
    back = {
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("login")),
    }
    return redirect(f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(back)}")


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def signed_out_there(request: HttpRequest) -> HttpResponse:
    """The provider's word that a person is signed out (OpenID Connect Back-Channel Logout): ends all their sessions."""
    try:
        claims = tokens.read_logout_token(request.POST.get("logout_token"))
    except Problem as problem:
        logger.warning("a logout token was refused: %s %s", type(problem).__name__, problem)
        return HttpResponse(status=503 if isinstance(problem, Away) else 400)
    known = DirectoryIdentity.objects.filter(issuer=claims["iss"], subject=claims["sub"]).select_related("user").first()
    if known is not None:
        directory.end_sessions(known.user)
    return HttpResponse(status=200)
