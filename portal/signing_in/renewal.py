"""Asks the directory every quarter of an hour whether the person is still there, without anybody noticing.

The question is a redirect to the provider and back (`prompt=none`), so it can be put only where a browser goes from
page to page. What is posted, or fetched by a script, is taken for another hour: nobody loses what took an hour to
write. After that the session ends. While the directory is away, the same hour counts.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from mozilla_django_oidc.middleware import SessionRefresh

from portal.signing_in import discovery
from portal.signing_in.config import OIDC_BACKEND
from portal.signing_in.oidc_views import CONFIRMED_UNTIL

GRACE_SECONDS = 60 * 60


class RenewalMiddleware(SessionRefresh):
    def __init__(self, get_response: object) -> None:
        """Without the library's own, which reads the provider's addresses at the start."""
        MiddlewareMixin.__init__(self, get_response)  # type: ignore[arg-type]
        self.OIDC_EXEMPT_URLS = ["login", "logout", "oidc_signed_out"]
        self.OIDC_RP_CLIENT_ID = settings.OIDC_RP_CLIENT_ID
        self.OIDC_STATE_SIZE = self.OIDC_NONCE_SIZE = 32
        self.OIDC_AUTHENTICATION_CALLBACK_URL = "oidc_authentication_callback"
        self.OIDC_RP_SCOPES = settings.OIDC_RP_SCOPES
        self.OIDC_USE_NONCE = True

    @property
    def OIDC_OP_AUTHORIZATION_ENDPOINT(self) -> str:  # noqa: N802 - the library's name
        return discovery.endpoint("authorization_endpoint")

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.session.get(BACKEND_SESSION_KEY) != OIDC_BACKEND:
            return None
        overdue = time.time() - request.session.get(CONFIRMED_UNTIL, 0)
        if overdue < 0 or request.path in self.exempt_urls:
            return None
        if _goes_from_page_to_page(request) and discovery.is_there():
            return super().process_request(request)
        if overdue > GRACE_SECONDS:
            auth.logout(request)
        return None

    def is_refreshable_url(self, request: HttpRequest) -> bool:
        """Asked after everything that speaks against it; of a person who is not let in any more nothing is asked."""
        return request.user.is_authenticated


def _goes_from_page_to_page(request: HttpRequest) -> bool:
    by_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate" or "HX-Request" in request.headers
    return request.method == "GET" and not by_script
