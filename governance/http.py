"""What views of all apps share: the standing of a request, telling how a post ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from governance.models import Record
from governance.rules import Standing


def standing_of(request: HttpRequest) -> Standing:
    """The signed-in person's standing, loaded once per request."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    return standing


def only_for(may: Callable[[Standing], bool]) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Makes a view that refuses everybody whom `may` does not allow."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(standing_of(request)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return inner

    return decorate


def posted_from(page: Callable[..., str]) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Makes a view that takes posts alone; `page` gives, from the view's arguments, the page they come from.

    Whoever arrives by GET is sent there: after a session timeout, signing in leads back to the address of the post.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inner(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, **arguments)
            if request.method in ("GET", "HEAD"):
                return redirect(page(**arguments))
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return inner

    return decorate


def backup_key(request: HttpRequest, record: Record | None = None) -> str:
    """What the browser files its own copies of this person's typing under; without a record: a new one."""
    return f"{request.user.pk}:{record.short_number if record else 'new'}"


def told_ok(request: HttpRequest, text: str, *, saved: str = "", dropped: str = "", is_here: bool = False) -> None:
    """A message that the step was done; its data-outcome is "ok".

    `saved` or `dropped` is the backup key of a text whose copies in the browser are no longer needed.
    `is_here`: not at the top, but where the page that follows shows such messages itself.
    """
    clears = f" saved={saved}" if saved else f" dropped={dropped}" if dropped else ""
    place = " here" if is_here else ""
    messages.success(request, text, extra_tags=f"ok{place}{clears}")


def told_refused(request: HttpRequest, error: ValidationError, outcome: str = "invalid") -> None:
    """A message for each reason why the step was not done."""
    for text in error.messages:
        messages.error(request, text, extra_tags=outcome)


def taken(form: forms.BaseForm, step: Callable[[dict[str, Any]], Any], field: str | None = None) -> bool:
    """Whether the form was valid and `step` took its data; if not, the form says why and keeps what was typed.

    What the service refuses is told at `field`, or for the whole form.
    """
    if not form.is_valid():
        return False
    try:
        step(form.cleaned_data)
    except ValidationError as error:
        form.add_error(field, error.messages)
        return False
    return True
