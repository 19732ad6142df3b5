"""Where it goes on after signing in: to the page that was asked for, if it is one of ours and not about signing in."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

NO_WAY_ON = {
    *("login", "logout", "second_factor", "second_factor_set_up", "recovery_codes", "end_sessions"),
    *("oidc_authentication_init", "oidc_authentication_callback", "oidc_logout", "oidc_signed_out"),
}


def name_of(address: str) -> str:
    """The name of the page at an address of this portal, or "" when there is none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except (Resolver404, ValueError):
        return ""


def safe(request: HttpRequest, address: str) -> str:
    """The address if it is this portal's own, else ""."""
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if own and name_of(address) not in NO_WAY_ON else ""


def onward(address: str) -> str:
    """An address that is known to be our own, or the start page when it would lead in a circle."""
    if address and name_of(address) not in NO_WAY_ON:
        return address
    return resolve_url(settings.LOGIN_REDIRECT_URL)
