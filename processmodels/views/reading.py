"""The page of a published process model, from the catalogue; and its two states compared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance import versions
from governance.views.reading import entry_context, open_entry
from processmodels import states
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


@require_safe
def changes(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Before and after the measure compared, in words and as two pictures, from the published version."""
    entry = open_entry(request, KIND, number, slug, rest="changes/")
    if isinstance(entry, HttpResponse):
        return entry
    entry.version.record = entry.record
    change = states.between_states(versions.text_of(entry.version))
    return render(request, "processmodels/changes.html", {"entry": entry, "change": change})
