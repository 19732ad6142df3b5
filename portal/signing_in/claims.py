"""From the claims of a provider to a `directory.Person`. A claim may be missing, or be anything at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from governance.directory import Person

MAX_GROUPS = 1_000


def person_of(claims: Mapping[str, Any]) -> Person:
    return Person(
        issuer=_text(claims.get("iss")),
        subject=_text(claims.get(settings.OIDC_SUBJECT_CLAIM)),
        user_name=_text(claims.get(settings.OIDC_USER_NAME_CLAIM)),
        full_name=_text(claims.get(settings.OIDC_NAME_CLAIM)),
        email=_text(claims.get("email")),
        email_is_verified=claims.get("email_verified") is True,
        departments=tuple(_texts(claims.get(settings.OIDC_DEPARTMENT_CLAIM)) or ()),
        groups=_groups(claims),
    )


def _groups(claims: Mapping[str, Any]) -> frozenset[str] | None:
    """No claim means no groups: else whoever leaves the last one would keep what it gave.

    Entra ID names groups elsewhere when there are too many: that, and what is no list of texts, says nothing.
    """
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, dict) and settings.OIDC_GROUPS_CLAIM in elsewhere:
        return None
    found = _texts(claims.get(settings.OIDC_GROUPS_CLAIM, []))
    return None if found is None or len(found) > MAX_GROUPS else frozenset(found)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str] | None:
    """One text or a list of texts; None when it is neither."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    return None
