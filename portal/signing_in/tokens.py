"""Tokens of the provider: signature, issuer, audience, time. The library checks the signature alone."""

from __future__ import annotations

from typing import Any

import jwt
from django.conf import settings

from portal.signing_in import discovery
from portal.signing_in.problems import BadAnswer, WrongClock

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def read_id_token(token: object, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that was made for us and for this very sign-in."""
    claims = _verified(token, required=["exp", "iat", "iss", "aud", "sub"])
    if claims.get("nonce") != nonce:
        raise BadAnswer("nonce")
    return claims


def read_logout_token(token: object) -> dict[str, Any]:
    """The claims of a token by which the provider says that a person is signed out (back-channel logout)."""
    claims = _verified(token, required=["iat", "iss", "aud", "sub"])
    events = claims.get("events")
    if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in claims:
        raise BadAnswer("no logout token")
    return claims


def _verified(token: object, *, required: list[str]) -> dict[str, Any]:
    if not isinstance(token, str):
        raise BadAnswer("no token")
    algorithm, client = settings.OIDC_RP_SIGN_ALGO, settings.OIDC_RP_CLIENT_ID
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(token),
            algorithms=[algorithm],
            audience=client,
            issuer=discovery.endpoint("issuer"),
            leeway=settings.OIDC_CLOCK_SKEW_SECONDS,
            options={"require": required},
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
        raise WrongClock from error
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise BadAnswer(type(error).__name__) from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client:
        raise BadAnswer("azp")
    return claims


def _key(token: str) -> Any:
    """The provider's key that the token names; with a single key it need not name any."""
    wanted = jwt.get_unverified_header(token).get("kid")
    for again in (False, True):
        known = jwt.PyJWKSet.from_dict(dict(discovery.keys(again=again))).keys
        fitting = [key for key in known if key.key_id == wanted] if wanted else known
        if len(fitting) == 1:
            return fitting[0].key
    raise BadAnswer("unknown key")
