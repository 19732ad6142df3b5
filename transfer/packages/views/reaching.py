"""The committee's page: how far each published record may go, set for several at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from governance import administration
from governance.http import standing_of, taken, told_ok
from governance.models import CatalogueEntry, Record
from transfer.packages.forms import ReachForm
from transfer.packages.views.exporting import way_to

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def reach(request: HttpRequest) -> HttpResponse:
    """Published records with their reach, the latest first; one or several are changed at a time."""
    standing = standing_of(request)
    if not standing.is_committee:
        raise PermissionDenied
    shown = request.GET.get("reach", "")
    entries = CatalogueEntry.objects.select_related("record").defer("page", "weighted", "facets")
    if shown in Record.Reach.values:
        entries = entries.filter(record__reach=shown)
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    form = ReachForm(request.POST or None, records=[entry.pk for entry in page])

    def change(data: dict[str, Any]) -> None:
        with transaction.atomic():
            for record in Record.objects.filter(pk__in=data["records"]).exclude(reach=data["goes_to"]).order_by("pk"):
                administration.change_reach(record=record, standing=standing, reach=data["goes_to"])

    if request.method == "POST" and taken(form, change):
        number = len(form.cleaned_data["records"])
        told_ok(request, ngettext("%(n)d Eintrag geändert.", "%(n)d Einträge geändert.", number) % {"n": number})
        return redirect(request.get_full_path())
    context = {
        "page": page,
        "form": form,
        "shown": shown,
        "reaches": Record.Reach.choices,
        "chosen": set(request.POST.getlist("records")),
        "way": way_to(_("Was hinaus darf")),
    }
    return render(request, "transfer/packages/reach.html", context, status=422 if form.errors else 200)
