"""The import of the town hall's list of processes: upload, preview line by line, confirm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from governance import rules
from governance.http import standing_of, told_ok, told_refused
from governance.models import Version
from processmodels import importing, process_list


class ListForm(forms.Form):
    """The list as a file."""

    file = forms.FileField(
        label=gettext_lazy("Prozessliste"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "Excel (.xlsx) oder .csv mit einer Kopfzeile. Nötig ist eine Spalte „Prozess“ oder „Titel“; erkannt werden "
            "auch Amt, Zweck, Leistungsschlüssel, Fallzahl, Fachverfahren, Rechtsgrundlage und Zuständigkeit."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Nothing is made before the preview is confirmed."""
    if not rules.may_import(standing_of(request)):
        raise PermissionDenied
    if "payload" in request.POST:
        return _confirm(request)
    form = ListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            context |= _preview(request, form.cleaned_data["file"])
        except ValidationError as error:
            form.add_error("file", error.messages)
    return render(request, "processmodels/import.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, upload: Any) -> dict[str, Any]:
    found = process_list.read(upload.read(process_list.MAX_BYTES + 1), upload.name)
    candidates = importing.judge(found.entries, standing_of(request))
    return {
        "candidates": candidates,
        "unknown": found.unknown,
        "taken": sum(not candidate.reason for candidate in candidates),
        "payload": importing.seal(found.entries, standing_of(request)),
    }


def _confirm(request: HttpRequest) -> HttpResponse:
    try:
        entries = importing.unseal(request.POST["payload"], standing_of(request))
        made = importing.make_drafts(entries, standing_of(request))
    except ValidationError as error:
        told_refused(request, error)
        return redirect(request.path)
    told_ok(request, _done(standing_of(request), made))
    return redirect("processmodels:list")


def _done(standing: rules.Standing, made: Sequence[Version]) -> str:
    """Where the drafts are found; those of other teams only by these."""
    own = sum(rules.may_edit(standing, version.record) for version in made)
    if own == len(made):
        return _("%(n)d Entwürfe sind angelegt. Sie stehen unter „Meine Aufgaben“.") % {"n": own}
    return _(
        "%(n)d Entwürfe sind angelegt. Die Teams finden sie unter „Meine Aufgaben“ und vervollständigen sie. "
        "Über diese Texte entscheiden andere aus „%(committee)s“, weil Sie daran mitgeschrieben haben."
    ) % {"n": len(made), "committee": standing.committee_name}
