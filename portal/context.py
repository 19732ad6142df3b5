"""What the frame of every page shows: navigation, number of tasks, whether this is the demo."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from governance import worklists
from governance.http import standing_of
from portal.following.queries import keys_followed, read_followed


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor; nothing is read from the database until a template asks for it."""
    standing = getattr(request, "standing", None)
    return {
        "standing": standing,
        "frame": SimpleLazyObject(lambda: _frame(request)),
        "demo": settings.DEMO,
        "followed": SimpleLazyObject(lambda: followed(request)),
        "portal_name": settings.PORTAL_NAME,
    }


def _frame(request: HttpRequest) -> dict[str, Any]:
    entries = [
        (_("Start"), reverse("home")),
        (_("Learnings"), reverse("learnings:list")),
        (_("Prozesse"), reverse("processmodels:list")),
        (_("Weitergeben"), reverse("transfer:formats")),
        (_("Nachnutzen"), reverse("transfer:adoptions")),
    ]
    here = _current([url for _label, url in entries], request.path)
    nav = [{"label": label, "url": url, "current": url == here} for label, url in entries]
    signed_in = request.user.is_authenticated
    return {
        "nav": nav if signed_in else [],
        "tasks": sum(task_counts(request).values()) if signed_in else 0,
    }


def task_counts(request: HttpRequest) -> dict[str, int]:
    """What waits for the person, by work list; counted once for a request."""
    known: dict[str, int] | None = getattr(request, "task_counts", None)
    if known is None:
        standing = standing_of(request)
        known, followed = worklists.counts_and(standing, keys_followed(standing.user_id))
        request.task_counts, request.followed = known, followed  # type: ignore[attr-defined]
    return known


def followed(request: HttpRequest) -> Collection[str]:
    """What the person follows, such as "tag:7"; comes with the number of tasks, where that is counted."""
    task_counts(request)
    known: list[str] | None = request.followed  # type: ignore[attr-defined]
    if known is None:
        known = request.followed = read_followed(standing_of(request).user_id)  # type: ignore[attr-defined]
    return known


# Pages of "Nachnutzen" that stand beside its first one.
_REUSE = "/transfer/adoptions/"
_BESIDE_IT = ("/transfer/transferability/", "/transfer/measures/", "/transfer/proofs/", "/transfer/sources/")
# How well a process model can be carried over: read from its page.
_PROCESSES = "/processmodels/"
_OF_A_PROCESS = re.compile(r"/transfer/records/[^/]+/assessment/")


def _current(urls: Collection[str], path: str) -> str:
    """The entry that a page belongs to: the one whose address it begins with, the longest of several."""
    if path.startswith(_BESIDE_IT):
        return _REUSE
    if _OF_A_PROCESS.match(path):
        return _PROCESSES
    fitting = [url for url in urls if (path == url if url == "/" else path.startswith(url))]
    return max(fitting, key=len, default="")
