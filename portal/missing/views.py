"""Opening a result, asking for what is missing, and the committee's pages about it."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance.http import standing_of, taken, told_ok, told_refused
from governance.models import CatalogueEntry
from governance.rules import may_answer_missing
from portal.asked import Query
from portal.missing import counting, queries, services
from portal.missing.forms import AskForm, DecideForm
from portal.missing.models import MissingNote

_SHORT_NUMBER = re.compile(r"([A-Z])-([0-9]{1,9})", re.ASCII)


@require_safe
def open_hit(request: HttpRequest) -> HttpResponse:
    """The way from a result to its record, counted; leads to records and nowhere else."""
    wanted = _SHORT_NUMBER.fullmatch(request.GET.get("to", ""))
    if wanted is None:
        raise Http404
    entry = CatalogueEntry.objects.filter(short_number=wanted[0]).first()
    if entry is None:
        # Archived meanwhile: that page says so.
        return redirect("short_number", letter=wanted[1], number=wanted[2])
    if request.method == "GET":
        counting.count_opened(Query.read(request.GET).text)
    return redirect(entry.url)


@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest) -> HttpResponse:
    """Searches that led to nothing, and what was noted of them; a post notes one."""
    standing = standing_of(request)
    if not may_answer_missing(standing):
        raise PermissionDenied
    if request.method == "POST":
        try:
            services.want(standing=standing, words=request.POST.get("words", "")[:300])
        except ValidationError as error:
            told_refused(request, error)
        else:
            told_ok(request, _("Vorgemerkt. Die Notiz steht oben in der Liste und in Ihren Aufgaben."))
        return redirect("missing")
    closed = (MissingNote.Status.REJECTED, MissingNote.Status.ANSWERED)
    context = {
        "days": settings.SEARCHES_KEPT_DAYS,
        "fewest": queries.FEWEST_DAYS,
        "notes": queries.notes().exclude(status__in=closed)[: queries.LISTED],
        "closed": queries.notes().filter(status__in=closed).order_by("-decided_at")[: queries.CLOSED_SHOWN],
        "fruitless": queries.fruitless()[: queries.LISTED],
        "unopened": queries.unopened()[: queries.LISTED],
    }
    return render(request, "portal/missing/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """One note: the committee takes, rejects or answers it."""
    standing = standing_of(request)
    if not may_answer_missing(standing):
        raise PermissionDenied
    found = get_object_or_404(queries.notes(), pk=pk)
    if request.method != "POST" or found.is_closed:
        return _note(request, found, DecideForm(note=found))
    form = DecideForm(request.POST, note=found)
    if not form.is_valid():
        return _note(request, found, form, 422)
    try:
        services.decide(standing=standing, note=found, **form.cleaned_data)
    except ValidationError as error:
        told_refused(request, error, "conflict")
        return redirect("missing_note", pk=pk)
    told_ok(request, _("Gespeichert. Wer gefragt hat, bekommt eine E-Mail.") if found.asked_by else _("Gespeichert."))
    return redirect("missing")


def _note(request: HttpRequest, found: MissingNote, form: DecideForm, code: int = 200) -> HttpResponse:
    way = [(_("Was in der Suche fehlt"), reverse("missing")), (found.text, None)]
    return render(request, "portal/missing/note.html", {"note": found, "form": form, "way": way}, status=code)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Everybody: tell the committee what is missing; also posted from a page without results."""
    query = Query.read(request.GET)
    if request.method != "POST":
        return render(request, "portal/missing/ask.html", {"question": query.text})
    form = AskForm(request.POST)
    if taken(form, lambda data: services.ask(standing=standing_of(request), **data)):
        told_ok(request, _("Danke, Ihre Frage liegt beim Gremium. Die Antwort bekommen Sie per E-Mail."))
        return redirect(f"{reverse('search')}?{urlencode({'q': query.text})}" if query.text else reverse("search"))
    return render(request, "portal/missing/ask.html", {"form": form, "question": query.text}, status=422)
