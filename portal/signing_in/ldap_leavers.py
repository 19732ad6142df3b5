"""Asks the LDAP directory each hour who is still there; who is not any more has no access from then on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import ldap
from django.conf import settings
from ldap.controls import SimplePagedResultsControl

from governance import directory
from governance.models import DirectoryIdentity
from portal.signing_in.ldap_backend import Backend, issuer, subject_of

logger = logging.getLogger("portal.signing_in")
PAGE = 500
# More at once are rather a wrong setting, or half a directory, than people who left: then nothing is done.
MANY, SHARE = 5, 0.2


class TooMany(Exception):
    """Says in the list of periodic jobs what to look at."""


def look_up() -> list[DirectoryIdentity]:
    """End the access of all whom the directory does not find; returns them."""
    known = DirectoryIdentity.objects.filter(issuer=issuer(), left_at=None, user__is_active=True)
    identities = list(known.select_related("user"))
    if not identities:
        return []
    there = set(_subjects())
    gone = [identity for identity in identities if identity.subject not in there]
    if len(gone) > MANY and len(gone) > SHARE * len(identities):
        raise TooMany(f"{len(gone)} of {len(identities)} are not found: check LDAP_USER_BASE and LDAP_USER_FILTER")
    for identity in gone:
        directory.leave(identity)
    return gone


def _subjects() -> Iterator[str]:
    """The keys of all whom the settings' filter finds, page by page. Any error of the directory is raised."""
    connection = _connect()
    wanted = settings.LDAP_USER_FILTER.replace("%(user)s", "*")
    page = SimplePagedResultsControl(True, size=PAGE, cookie="")
    attribute = settings.LDAP_SUBJECT_ATTRIBUTE
    try:
        while True:
            asked = connection.search_ext(
                settings.LDAP_USER_BASE, ldap.SCOPE_SUBTREE, wanted, [attribute], serverctrls=[page]
            )
            _kind, entries, _number, controls = connection.result3(asked, timeout=settings.LDAP_TIMEOUT_SECONDS * 6)
            yield from (subject_of(_values(found, attribute)) for dn, found in entries if dn)
            cookies = [control.cookie for control in controls if control.controlType == page.controlType]
            if not cookies or not cookies[0]:
                return
            page.cookie = cookies[0]
    finally:
        connection.unbind_s()


def _values(found: dict[str, list[bytes]], attribute: str) -> list[bytes]:
    return next((values for name, values in found.items() if name.casefold() == attribute.casefold()), [])


def _connect() -> Any:
    given = Backend().settings
    connection = ldap.initialize(settings.LDAP_URI)
    for option, value in given.CONNECTION_OPTIONS.items():
        connection.set_option(option, value)
    if given.START_TLS:
        connection.start_tls_s()
    connection.simple_bind_s(settings.LDAP_BIND_DN, settings.LDAP_BIND_PASSWORD)
    return connection
