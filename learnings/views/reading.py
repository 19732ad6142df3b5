"""What readers see: the list and the page of a learning."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from governance import queries
from governance.http import standing_of
from governance.views.reading import entry_context, open_entry
from learnings.models import KIND, Audience
from learnings.views.taking import audience_for

LIST_SIZE = 20
# In the URL: what most departments have taken over comes first.
USES = "used"


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """All published learnings, the newest first or those of most use to others, and the way to a new one."""
    entries = queries.catalogue().filter(kind=KIND)
    audience = request.GET.get("audience", "")
    if audience in Audience.values:
        entries = entries.filter(audiences__contains=[audience])
    by_use = request.GET.get("sort") == USES
    if by_use:
        entries = entries.order_by("-used_by__len", "-published_at", "-record_id")
    page = Paginator(entries, LIST_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "audience": audience,
        "audiences": Audience.choices,
        "by_use": by_use,
        "kept": urlencode({"audience": audience} if audience in Audience.values else {}),
        "query": urlencode(
            {name: value for name, value in (("audience", audience), ("sort", USES if by_use else "")) if value}
        ),
        "may_write": standing_of(request).is_change_team_member,
    }
    return render(request, "learnings/list.html", context)


@require_safe
def record(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """The page of a published learning, from the catalogue alone."""
    entry = open_entry(request, KIND, number, slug)
    if isinstance(entry, HttpResponse):
        return entry
    messages = entry.page["messages"]
    audience = audience_for(request, entry, [row["audience"] for row in messages])
    context = entry_context(request, entry) | {
        "audience": audience,
        "audiences": Audience.choices,
        "my_message": next((row for row in messages if row["audience"] == audience), None),
        "other_messages": [row for row in messages if row["audience"] != audience],
    }
    return render(request, "learnings/record.html", context)
