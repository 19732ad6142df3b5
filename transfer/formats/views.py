"""The list of exchange formats and the page of each."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.http import standing_of
from transfer import rules
from transfer.models import ExchangeFormat

SHOWN = 20


@require_safe
def formats(request: HttpRequest) -> HttpResponse:
    """All living formats, by name."""
    found = ExchangeFormat.objects.living().select_related("team")
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    return render(request, "transfer/formats/list.html", {"page": page})


@require_safe
def exchange_format(request: HttpRequest, slug: str) -> HttpResponse:
    """One format: what it is for, how often, who organises it."""
    found = get_object_or_404(ExchangeFormat.objects.select_related("team"), slug=slug)
    facts = [
        (_("Art"), found.get_kind_display()),
        (_("Für wen?"), found.audience),
        (_("Wie oft?"), found.rhythm),
    ]
    may_prepare = rules.may_prepare(standing_of(request), found)
    context = {"format": found, "facts": facts, "may_prepare": may_prepare}
    return render(request, "transfer/formats/format.html", context)
