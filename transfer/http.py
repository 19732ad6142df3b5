"""What the views of this app share: trying what was posted, and keeping it when the state under it has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from transfer.errors import Stale

if TYPE_CHECKING:
    from transfer.errors import Versioned


@dataclass(frozen=True)
class Attempt:
    """How a request with a form ended: `done`, or a page with this status, perhaps because of a conflict."""

    status: int = 200
    done: bool = False
    conflict: Stale | None = None

    @property
    def current(self) -> Versioned | None:
        """What it is now, where somebody else had changed it."""
        return self.conflict.current if self.conflict else None


def attempt(request: HttpRequest, form: forms.Form, step: Callable[[dict[str, Any]], Any]) -> Attempt:
    """Give what was posted to `step`. What it refuses is told in the form, which keeps what was typed.

    After a conflict the form stands on the newest state: sent again, it counts.
    """
    if request.method != "POST":
        return Attempt()
    if not form.is_valid():
        return Attempt(status=422)
    try:
        step(form.cleaned_data)
    except Stale as error:
        data = request.POST.copy()
        for name, value in error.newest.items():
            data[name] = str(value)
        form.data = data
        return Attempt(status=409, conflict=error)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return Attempt(status=422)
    return Attempt(done=True)


def download(data: bytes, media_type: str, name: str) -> HttpResponse:
    """A file that nothing is guessed about."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}
