"""Several briefs in one file: choose published learnings, take them along."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import queries
from governance.models import CatalogueEntry
from learnings import taking
from learnings.models import KIND
from learnings.views.taking import file_response

SHOWN = 50
_LONGEST_KEY = 18


@require_safe
def choose_briefs(request: HttpRequest) -> HttpResponse:
    """Published learnings to choose from; what is chosen stays chosen while one looks for more."""
    return _page(request)


@require_safe
def download_briefs(request: HttpRequest) -> HttpResponse:
    """The briefs of what was chosen, in the order of the page."""
    chosen = list(_chosen(request))
    try:
        data = taking.briefs(entry.pk for entry in chosen)
    except ValidationError as error:
        return _page(request, error.messages)
    return file_response(data, taking.DOCX, f"{_('Kurzinformationen')}.docx")


def _page(request: HttpRequest, refused: list[str] | None = None) -> HttpResponse:
    typed = request.GET.get("q", "").strip()[:200]
    chosen = list(_chosen(request))
    entries = queries.catalogue().filter(kind=KIND).exclude(pk__in=[entry.pk for entry in chosen])
    if typed:
        entries = entries.filter(Q(title__icontains=typed) | Q(short_number__iexact=typed))
    context = {
        "chosen": chosen,
        "entries": entries[:SHOWN],
        "q": typed,
        "refused": refused or [],
        "shown": SHOWN,
    }
    return render(request, "learnings/briefs.html", context, status=422 if refused else 200)


def _chosen(request: HttpRequest) -> QuerySet[CatalogueEntry]:
    keys = [int(key) for key in request.GET.getlist("record") if key.isdecimal() and len(key) <= _LONGEST_KEY]
    return queries.catalogue().filter(kind=KIND, pk__in=keys)
