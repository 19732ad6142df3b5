"""What is like a record: below its page, and beside the title of a new text."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from governance import queries
from governance.http import standing_of
from governance.writing import hints
from portal.asked import MAX_LENGTH, clean
from portal.search import similar as searching


@require_safe
@vary_on_headers("HX-Request")
def similar(request: HttpRequest, short_number: str) -> HttpResponse:
    """Published records like this one: a part of its page for htmx, else a page."""
    entry = queries.catalogue().filter(short_number=short_number.upper()).first()
    if entry is None:
        raise Http404
    template = "_similar.html" if _is_htmx(request) else "similar.html"
    context = {"of": entry, "similar": searching.similar_to(entry)}
    return render(request, f"portal/search_page/{template}", context)


@require_safe
@vary_on_headers("HX-Request")
def alike(request: HttpRequest) -> HttpResponse:
    """Whether there is a record of this title already; whoever asks without htmx gets the search for it."""
    title = clean(request.GET.get("title", "")[:MAX_LENGTH])
    if not _is_htmx(request):
        return redirect(f"{reverse('search')}?{urlencode({'q': title})}")
    standing = standing_of(request)
    short_number = clean(request.GET.get("record", ""))
    record = next((one for one in queries.drafts_of_teams(standing) if one.short_number == short_number), None)
    found = hints.alike(standing, record, title)
    return render(request, "governance/writing/_alike_list.html", {"alike": found})


def _is_htmx(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]
