"""The backend of OpenID Connect: mozilla-django-oidc fetches and asks, we decide what its answers are worth."""

from __future__ import annotations

from typing import Any

import requests
from django.conf import settings
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from governance import directory
from governance.models import User
from portal.signing_in import discovery, problems, tokens
from portal.signing_in.claims import person_of

REFUSALS: dict[type[directory.Refused], type[problems.Problem]] = {
    directory.NotReleased: problems.NotReleased,
    directory.Deactivated: problems.Deactivated,
    directory.NoKey: problems.BadAnswer,
}


class Backend(OIDCAuthenticationBackend):
    def __init__(self) -> None:
        """Nothing: the library reads all addresses here, and Django makes a backend with each request."""
        self.UserModel = User
        self.OIDC_RP_CLIENT_ID = settings.OIDC_RP_CLIENT_ID
        self.OIDC_RP_CLIENT_SECRET = settings.OIDC_RP_CLIENT_SECRET

    @property
    def OIDC_OP_TOKEN_ENDPOINT(self) -> str:  # noqa: N802 - the library's name
        return discovery.endpoint("token_endpoint")

    @property
    def OIDC_OP_USER_ENDPOINT(self) -> str:  # noqa: N802
        return discovery.endpoint("userinfo_endpoint")

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """As the provider wants it: the client's secret in a header wherever that is known, which is the default."""
        if attr == "OIDC_TOKEN_USE_BASIC_AUTH":
            ways = discovery.document().get("token_endpoint_auth_methods_supported")
            return not isinstance(ways, list) or "client_secret_basic" in ways
        return OIDCAuthenticationBackend.get_settings(attr, *args)

    def authenticate(self, request: HttpRequest | None, **kwargs: Any) -> User | None:
        """Only from our callback, which alone knows the nonce; a form with a name and a password comes here too.

        Raises a Problem instead of answering None: nobody has guessed anything, so nothing is counted as an attempt.
        """
        if request is None or not kwargs.get("nonce"):
            return None
        try:
            user: User | None = super().authenticate(request, **kwargs)
        except ValueError as error:  # the library of the requests counts unreadable JSON among its own errors too
            raise problems.BadAnswer("no JSON") from error
        except requests.RequestException as error:
            answer = error.response
            raise problems.BadAnswer if answer is not None and answer.status_code < 500 else problems.Away from error
        return user

    def get_user(self, user_id: Any) -> User | None:
        """As Django's own and unlike the library's: who is locked is nobody, from the next click on."""
        return User.objects.filter(pk=user_id, is_active=True).first()

    def verify_token(self, token: object, **kwargs: Any) -> dict[str, Any]:
        return tokens.read_id_token(token, kwargs["nonce"])

    def get_token(self, payload: dict[str, Any]) -> dict[str, Any]:
        found = super().get_token(payload)
        if not isinstance(found, dict):
            raise problems.BadAnswer("no JSON object")
        return found

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """What the provider tells beside the token, if it has a place for that; it must be about the same person."""
        if not self.OIDC_OP_USER_ENDPOINT:
            return {}
        answer = requests.get(
            self.OIDC_OP_USER_ENDPOINT,
            headers={"Authorization": f"Bearer {access_token}"},
            timeout=settings.OIDC_TIMEOUT,
            allow_redirects=False,
        )
        if answer.status_code >= 500:
            raise problems.Away
        found = discovery.parsed(answer)
        if found.get("sub") != payload["sub"]:
            raise problems.BadAnswer("userinfo is about somebody else")
        return found

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> User:
        """What is signed counts more than what is told beside it."""
        person = person_of({**self.get_userinfo(access_token, id_token, payload), **payload})
        try:
            signed_in = directory.sign_in(person)
        except directory.Refused as refused:
            raise REFUSALS[type(refused)] from refused
        self.request.signed_in = signed_in
        return signed_in.user
