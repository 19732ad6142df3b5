"""What readers see: what is being tried, what came of it, and the page of each."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import queries as records
from governance import rules
from governance.http import standing_of
from governance.models import Record
from governance.views.reading import entry_context, open_entry
from transfer.models.proofs import KIND
from transfer.proofs import queries
from transfer.proofs.reminding import path_of

LIST_SIZE = 20


@require_safe
def proofs(request: HttpRequest) -> HttpResponse:
    """What is being tried now, those of the own team, and what is published, the newest first."""
    standing = standing_of(request)
    page = Paginator(records.catalogue().filter(kind=KIND), LIST_SIZE).get_page(request.GET.get("page"))
    own = list(queries.own_unpublished(standing)) if standing.is_change_team_member else []
    context = {
        "page": page,
        "announced": [(row, queries.phase_of(row.record)) for row in queries.announced()],
        "own": [(record, path_of(record), queries.phase_of(record)) for record in own],
        "may_write": standing.is_change_team_member,
        "way": [(_("Nachnutzen"), reverse("transfer:adoptions")), (_("Proofs of Concept"), None)],
    }
    return render(request, "transfer/proofs/list.html", context)


@require_safe
def record(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """The page of a published one, from the catalogue alone; the own team's unpublished one is its trial."""
    if not records.catalogue().filter(kind=KIND, number=number).exists():
        found = records.fetch_readable_record(standing_of(request), KIND, number)
        if rules.may_edit(standing_of(request), found) and found.state != Record.State.ARCHIVED:
            return redirect("proofs:trial", number=number, slug=slug)
    entry = open_entry(request, KIND, number, slug)
    if isinstance(entry, HttpResponse):
        return entry
    return render(request, "transfer/proofs/record.html", entry_context(request, entry))
