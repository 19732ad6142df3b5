"""What every request of a signed-in person carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from governance.rules import Standing, load_standing


class StandingMiddleware:
    """Puts the person's `Standing` on the request, read from the database when first asked for.

    Nothing is kept between requests: an ended membership counts from the next click on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.standing = SimpleLazyObject(lambda: _standing(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def _standing(request: HttpRequest) -> Standing:
    return load_standing(request.user)  # type: ignore[arg-type]
