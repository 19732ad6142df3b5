"""What the pages of published records of all kinds share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from governance import hashing, kinds, panels, queries, rules, status
from governance.errors import Gone
from governance.http import standing_of
from governance.models import CatalogueEntry, Record
from governance.text.clean import slugify_de


def open_entry(
    request: HttpRequest, kind: str, number: int, slug: str, rest: str = ""
) -> CatalogueEntry | HttpResponse:
    """The published face of a record; or where to go instead. `rest` is what follows in the page's address.

    An old address leads to the present one; what is not published leads those who may work on it to its
    working side. Raises Gone or Http404 for all others.
    """
    entry = queries.fetch_entry(kind, number)
    if entry is None:
        return _not_published(request, kind, number)
    if slug != entry.slug:
        return redirect(f"{entry.url}{rest}", permanent=False)
    return entry


def _not_published(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    standing = standing_of(request)
    found = queries.fetch_readable_record(standing, kind, number)
    may_open = queries.records_visible_to(standing).filter(pk=found.pk).exists()
    if found.state != Record.State.ARCHIVED and may_open:
        title = queries.title_for(standing, found)
        return redirect(kinds.get(kind).url("versions", number, slugify_de(title)))
    raise Gone(found)


def entry_context(request: HttpRequest, entry: CatalogueEntry) -> dict[str, Any]:
    """What the page of every kind shows of a published record."""
    standing = standing_of(request)
    return {
        "entry": entry,
        "kind": kinds.get(entry.kind),
        "page": entry.page,
        "mark": hashing.mark(entry.content_hash),
        "neighbours": queries.neighbours(entry),
        "is_team": rules.may_edit(standing, entry),
        "panels": panels.shown_for(standing, entry),
        "status": status.shown(
            standing,
            entry,
            entry.record,
            published_at=entry.published_at,
            due_on=vars(entry)["review_due_on"],
        ),
    }
