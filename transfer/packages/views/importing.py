"""Packages from others: bringing one in, looking at what would come of it, and having it made into drafts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance import hashing, kinds
from governance.http import standing_of, taken, told_refused
from governance.models import Record, Team
from governance.text.clean import slugify_de
from transfer.models import PackageImport
from transfer.models.packages import Licence
from transfer.packages import imports, rules
from transfer.packages.forms import UploadForm
from transfer.packages.views.exporting import way_to


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Bring a package in; nothing is made of it before it has been looked at."""
    standing = standing_of(request)
    if not rules.may_import(standing):
        raise PermissionDenied
    teams = {pk: standing.team_names[pk] for pk in standing.team_ids}
    form = UploadForm(request.POST or None, request.FILES or None, teams=teams)
    made: list[PackageImport] = []

    def bring_in(data: dict[str, Any]) -> None:
        team = Team.objects.get(pk=data["team"])
        made.append(imports.bring_in(standing=standing, team=team, upload=data["file"], name=data["file"].name))

    if request.method == "POST" and taken(form, bring_in, "file"):
        return redirect(made[0])
    context = {"form": form, "way": way_to(_("Paket übernehmen"))}
    return render(request, "transfer/packages/upload.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """One package: being checked, refused, to be chosen from, being taken over, or what came of it."""
    standing = standing_of(request)
    found = PackageImport.objects.select_related("team", "uploaded_by").filter(pk=pk).first()
    if found is None or not rules.may_see_import(standing, found):
        raise Http404
    if request.method == "POST":
        try:
            imports.confirm(standing=standing, package=found, chosen=request.POST.getlist("chosen"))
        except ValidationError as error:
            told_refused(request, error)
        return redirect(found)
    manifest = found.manifest
    context = {
        "package": found,
        "manifest": manifest,
        "licence": dict(Licence.choices).get(manifest.get("licence", ""), ""),
        "mark": hashing.mark(manifest.get("fingerprint", "")),
        "candidates": imports.candidates(found, standing) if found.status == found.Status.CHECKED else [],
        "drafts": [(draft, _edit_url(draft)) for draft in imports.drafts_of(found)],
        "way": way_to(found.name),
    }
    context["coming"] = sum(one.can_come for one in context["candidates"])
    return render(request, "transfer/packages/import.html", context)


def _edit_url(record: Record) -> str:
    title = record.current_version.title if record.current_version else ""
    return reverse(f"{kinds.get(record.kind).url_namespace}:versions", args=[record.number, slugify_de(title)])
