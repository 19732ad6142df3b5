"""Name and password are checked by the house's LDAP directory; what follows is the same as with OpenID Connect."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import ldap
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django_auth_ldap.backend import LDAPBackend, _LDAPUser, ldap_error

from governance import directory
from governance.models import User

# Numbers of 16 bytes in Active Directory; all other attributes are text.
BINARY = {"objectguid"}


def issuer() -> str:
    """The directory as a whole, by where its people are; a new server of the same directory changes nothing."""
    return f"ldap:{settings.LDAP_USER_BASE.casefold()}"


class Backend(LDAPBackend):
    settings_prefix = "AUTH_LDAP_"

    def get_or_build_user(self, username: str, ldap_user: _LDAPUser) -> tuple[User, bool]:
        """The account by the stable key, never by the name that was typed."""
        try:
            signed_in = directory.sign_in(person_of(ldap_user))
        except directory.Refused as refused:
            # The form says what it says of a wrong password.
            raise _LDAPUser.AuthenticationFailed(type(refused).__name__) from refused
        return signed_in.user, False

    def get_user(self, user_id: Any) -> User | None:
        """As Django's own: who is locked is nobody."""
        return User.objects.filter(pk=user_id, is_active=True).first()


def person_of(ldap_user: _LDAPUser) -> directory.Person:
    attributes = ldap_user.attrs
    mail = _first(attributes, settings.LDAP_MAIL_ATTRIBUTE)
    return directory.Person(
        issuer=issuer(),
        subject=subject_of(attributes.get(settings.LDAP_SUBJECT_ATTRIBUTE) or []),
        user_name=ldap_user._username,
        full_name=_first(attributes, settings.LDAP_NAME_ATTRIBUTE),
        email=mail,
        # The house's own directory vouches for its addresses.
        email_is_verified=bool(mail),
        departments=tuple(_texts(attributes, settings.LDAP_DEPARTMENT_ATTRIBUTE)),
        groups=frozenset(ldap_user.group_names) if settings.LDAP_GROUP_BASE else frozenset(),
    )


def subject_of(values: list[Any]) -> str:
    """The stable key as text; "" when there is none, or several."""
    if len(values) != 1:
        return ""
    value = values[0]
    if not isinstance(value, bytes):
        return str(value)
    if settings.LDAP_SUBJECT_ATTRIBUTE.casefold() in BINARY and len(value) == 16:
        return str(UUID(bytes_le=value))
    return value.decode(errors="replace")


def _texts(attributes: Any, name: str) -> list[str]:
    return [value for value in attributes.get(name) or [] if isinstance(value, str)]


def _first(attributes: Any, name: str) -> str:
    return next(iter(_texts(attributes, name)), "")


@receiver(ldap_error)
def note_that_it_is_away(sender: object, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """So that the form says so, and nobody is counted as having guessed. A wrong password is no such error."""
    if request is not None and not isinstance(kwargs.get("exception"), ldap.INVALID_CREDENTIALS):
        request.directory_is_away = True  # type: ignore[attr-defined]
