"""Packages for others: what there is, choosing what goes into a new one, how far it is, fetching it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance import hashing
from governance.http import standing_of, taken, told_refused
from governance.models import CatalogueEntry, Record
from governance.rules import Standing
from transfer.models import PackageExport, PackageImport
from transfer.packages import exports, rules
from transfer.packages.forms import OUTSIDE, ExportForm

SHOWN = 20


@require_safe
def packages(request: HttpRequest) -> HttpResponse:
    """What was made and what was brought in lately, as far as the person has to do with it."""
    standing = standing_of(request)
    if not (rules.may_export(standing) or rules.may_import(standing)):
        raise PermissionDenied
    made = PackageExport.objects.select_related("requested_by")
    if not standing.is_committee:
        made = made.filter(requested_by=standing.user_id)
    brought = PackageImport.objects.filter(team__in=standing.team_ids).select_related("team")
    context = {
        "exports": made[:SHOWN],
        "imports": brought[:SHOWN],
        "may_import": rules.may_import(standing),
        "may_set_reach": standing.is_committee,
        "way": [(_("Weitergeben"), reverse("transfer:formats")), (_("Pakete"), None)],
    }
    return render(request, "transfer/packages/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose what goes into a package: first for whom, then which of the records that may go there."""
    standing = standing_of(request)
    if not rules.may_export(standing):
        raise PermissionDenied
    asked = request.GET.get("reach", "")
    reach = asked if asked in exports.GOES_TO else Record.Reach.OTHER_MUNICIPALITIES
    entries = list(exports.allowed(reach).defer("page", "weighted", "facets").order_by("kind", "number"))
    chosen = [entry.pk for entry in entries if entry.short_number == request.GET.get("record")]
    form = ExportForm(
        request.POST or None,
        records=[(entry.pk, f"{entry.short_number} {entry.title}") for entry in entries],
        initial={"records": chosen, "municipality": settings.MUNICIPALITY or _named_last()},
    )
    made: list[PackageExport] = []

    def ask(data: dict[str, Any]) -> None:
        made.append(exports.request(standing=standing, reach=reach, **data))

    if request.method == "POST" and taken(form, ask):
        return redirect(made[0])
    return render(
        request,
        "transfer/packages/new.html",
        {
            "form": form,
            "reach": reach,
            "reaches": OUTSIDE,
            "entries": entries,
            "not_allowed": _not_allowed(request, chosen),
            "may_set_reach": standing.is_committee,
            "way": way_to(_("Neues Paket")),
        },
        status=422 if form.errors else 200,
    )


def _named_last() -> str:
    """How the municipality was called in the last package."""
    return PackageExport.objects.values_list("municipality", flat=True).first() or ""


def _not_allowed(request: HttpRequest, chosen: list[int]) -> str:
    """The record that somebody came from, when it may not go out to these."""
    number = request.GET.get("record", "")
    if not number or chosen or len(number) > 20:
        return ""
    return number if CatalogueEntry.objects.filter(short_number=number).exists() else ""


def way_to(here: str) -> list[tuple[str, str | None]]:
    """The way to a page about packages."""
    return [
        (_("Weitergeben"), reverse("transfer:formats")),
        (_("Pakete"), reverse("transfer:packages")),
        (here, None),
    ]


@require_safe
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a package is, and the way to fetch it."""
    export = _fetch(standing_of(request), pk)
    context = {
        "export": export,
        "reason": exports.REASONS.get(exports.Reason(export.reason)) if export.reason else "",
        "records": CatalogueEntry.objects.filter(pk__in=export.records.values("pk")).order_by("kind", "number"),
        "mark": hashing.mark(export.fingerprint),
        "way": way_to(_("Paket vom %(day)s") % {"day": f"{export.requested_at:%d.%m.%Y}"}),
    }
    return render(request, "transfer/packages/export.html", context)


@require_safe
def package_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole file."""
    standing = standing_of(request)
    export = _fetch(standing, pk)
    try:
        opened = exports.open_file(standing=standing, export=export)
    except ValidationError as error:
        told_refused(request, error)
        return redirect(export)
    name = f"wissenspaket-{export.requested_at:%Y-%m-%d}-{export.pk}.zip"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/zip")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _fetch(standing: Standing, pk: int) -> PackageExport:
    export = PackageExport.objects.select_related("requested_by").filter(pk=pk).first()
    if export is None or not rules.may_fetch(standing, export):
        raise Http404
    return export
