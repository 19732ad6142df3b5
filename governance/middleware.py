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
        # After an error nobody is looked up: the database may be what failed, and each try waits.
        if response.status_code >= 500 or request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """All pages and files of a record that is not published any more answer with 410."""
        return gone(request, exception.record) if isinstance(exception, Gone) else None


def gone(request: HttpRequest, record: Record) -> HttpResponse:
    """What is left of a record that is not published any more: last title, since when, for archived ones why.

    A record that was opened again has no reason and no successor: its team is at work on it.
    """
    standing = standing_of(request)
    last = record.publications.order_by("-number").first()
    archived = record.state == Record.State.ARCHIVED
    title = queries.title_for(standing, record)
    context = {
        "record": record,
        "archived": archived,
        "kind": kinds.get(record.kind),
        "title": title,
        "slug": slugify_de(title),
        "since": last.until_at if last else None,
        "successor": queries.catalogue().filter(pk=record.successor_id).first() if archived else None,
        "may_open": queries.records_visible_to(standing).filter(pk=record.pk).exists(),
    }
    return render(request, "governance/gone.html", context, status=410)


def _standing(request: HttpRequest) -> Standing:
    return load_standing(request.user)  # type: ignore[arg-type]
