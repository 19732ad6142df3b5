"""Addresses that are used outside the portal: in mails and on paper."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """`path` at the portal's own address, whatever host the request came to."""
    return f"{settings.PORTAL_BASE_URL.rstrip('/')}{path}"
