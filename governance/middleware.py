"""What every request of a signed-in person carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from governance import kinds, queries
from governance.errors import Gone
from governance.http import standing_of
from governance.models import Record
from governance.rules import Standing, load_standing
from governance.text.clean import slugify_de


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

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of an archived record, its older publications and its files, answer with 410."""
        return gone(request, exception.record) if isinstance(exception, Gone) else None


def gone(request: HttpRequest, record: Record) -> HttpResponse:
    """What is left of an archived record for its readers: last title, reason, date, successor."""
    last = record.publications.select_related("version").order_by("-number").first()
    title = last.version.title if last else record.short_number
    may_open = queries.records_visible_to(standing_of(request)).filter(pk=record.pk).exists()
    context = {
        "record": record,
        "kind": kinds.get(record.kind),
        "title": title,
        "slug": slugify_de(title),
        "successor": queries.catalogue().filter(pk=record.successor_id).first(),
        "may_open": may_open,
    }
    return render(request, "governance/gone.html", context, status=410)


def _standing(request: HttpRequest) -> Standing:
    return load_standing(request.user)  # type: ignore[arg-type]
