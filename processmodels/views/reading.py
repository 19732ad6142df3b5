"""The page of a published process model, from the catalogue alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.views.reading import entry_context, open_entry
from processmodels.models import KIND


@require_safe
def record(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Fact sheet, pictures of both states and the same as text, key figures."""
    entry = open_entry(request, KIND, number, slug)
    if isinstance(entry, HttpResponse):
        return entry
    context = entry_context(request, entry)
    context["has_poster"] = any("svg" in state for state in entry.page["states"])
    return render(request, "processmodels/record.html", context)
