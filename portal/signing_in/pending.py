"""Between password and second factor: nobody is signed in yet, the session only knows who has shown a password."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from governance.models import User
from portal.signing_in.second_factor import LOCAL_BACKEND, SHOWN

PENDING, KEY = "second_factor_pending", "second_factor_key"
PENDING_SECONDS = 10 * 60


@dataclass(frozen=True)
class Subject:
    """Who is asked for the second factor: between password and session, or in a session that lacks it."""

    user: User
    backend: str
    next: str
    is_signed_in: bool


def remember(request: HttpRequest, user: User, target: str) -> None:
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "mark": user.get_session_auth_hash(),
        "next": target,
        "at": time.time(),
    }


def subject_of(request: HttpRequest, target: str) -> Subject | None:
    """None: nobody has shown a password of this portal, or that was too long ago, or it was changed since."""
    if request.user.is_authenticated:
        backend = request.session.get(BACKEND_SESSION_KEY, "")
        return Subject(request.user, backend, target, is_signed_in=True) if backend == LOCAL_BACKEND else None
    known = request.session.get(PENDING)
    if not known or not 0 <= time.time() - known["at"] <= PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=known["user"], is_active=True).first()
    if user is None or not constant_time_compare(known["mark"], user.get_session_auth_hash()):
        return None
    return Subject(user, LOCAL_BACKEND, known["next"], is_signed_in=False)


def let_in(request: HttpRequest, subject: Subject) -> None:
    """Both factors were shown."""
    if not subject.is_signed_in:
        auth.login(request, subject.user, backend=subject.backend)
    request.session.pop(PENDING, None)
    request.session.pop(KEY, None)
    request.session[SHOWN] = True
