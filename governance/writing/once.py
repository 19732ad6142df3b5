"""A form that is sent twice, as by a double click, is taken once."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from governance.http import standing_of
from governance.people import lock_person

REMEMBERED = 20
_KEY, _LENGTH = "once", 32


def token_of(request: HttpRequest) -> str:
    """The one-time token of the form that was posted, or a new one for a new form."""
    return request.POST.get("once", "")[:_LENGTH] or get_random_string(_LENGTH)


@transaction.atomic
def once(request: HttpRequest, token: str, do: Callable[[], int]) -> int:
    """What `do` returned when it was first called for this token; called again only for another.

    The second of two posts at a time waits for the first, and finds its result in the session as saved.
    """
    lock_person(standing_of(request).user_id)
    saved = type(request.session)(request.session.session_key)
    done: dict[str, int] = saved.get(_KEY, {})
    if token not in done:
        done[token] = do()
    request.session[_KEY] = dict(list(done.items())[-REMEMBERED:])
    request.session.save()
    return done[token]
