"""The committee's pages of synonyms: the list, one group with its preview, the list as a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from governance import rules
from governance.http import standing_of, taken, told_ok, told_refused
from portal.synonyms import services, table
from portal.synonyms.forms import GroupForm, TableForm
from portal.synonyms.models import SynonymGroup
from portal.synonyms.preview import effects

View = Callable[..., HttpResponse]


def for_keepers(view: View) -> View:
    """Refuses everybody but those who keep the vocabulary."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.may_keep_vocabulary(standing_of(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner


@require_safe
@for_keepers
def synonyms(request: HttpRequest) -> HttpResponse:
    """All groups by their first word."""
    groups = SynonymGroup.in_force.select_related("changed_by").order_by("words", "pk")
    return render(request, "portal/synonyms/list.html", {"groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def new(request: HttpRequest) -> HttpResponse:
    """Add a group, perhaps for a word that was searched in vain; the preview saves nothing."""
    form = GroupForm(_posted(request), initial={"words": [request.GET.get("word", "")[:60]]})
    if _is_preview(request) or request.method != "POST":
        return _group(request, form)
    standing = standing_of(request)
    if taken(form, lambda data: services.add(standing=standing, **_without_version(data))):
        told_ok(request, _("Angelegt. Die nächste Suche kennt diese Wörter."))
        return redirect("synonyms")
    return _group(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or remove a group."""
    shown = get_object_or_404(SynonymGroup.in_force.select_related("changed_by"), pk=pk)
    if request.POST.get("do") == "remove":
        return _remove(request, shown)
    values = {"words": shown.words, "leads_to": shown.leads_to, "note": shown.note, "opened_on": shown.version}
    form = GroupForm(_posted(request), initial=values)
    if _is_preview(request) or request.method != "POST":
        return _group(request, form, shown)
    try:
        if form.is_valid():
            opened_on = form.cleaned_data["opened_on"] or 0
            data = _without_version(form.cleaned_data)
            services.change(standing=standing_of(request), group=shown, opened_on=opened_on, **data)
            told_ok(request, _("Gespeichert. Die nächste Suche kennt diese Wörter."))
            return redirect("synonyms")
    except services.Changed as error:
        return _conflict(request, error)
    except services.Removed as error:
        told_refused(request, error, "conflict")
        return redirect("synonyms")
    return _group(request, form, shown)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _is_preview(request: HttpRequest) -> bool:
    return request.POST.get("do") == "preview"


def _without_version(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "opened_on"}


def _group(request: HttpRequest, form: GroupForm, shown: SynonymGroup | None = None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "group": shown, "way": _way(shown)}
    if _is_preview(request) and form.is_valid():
        context["effects"] = effects(form.cleaned_data["words"], form.cleaned_data["leads_to"], shown)
    return render(request, "portal/synonyms/group.html", context, status=422 if form.errors else 200)


def _conflict(request: HttpRequest, error: services.Changed) -> HttpResponse:
    """The form as typed, now on what the group has become."""
    data = request.POST.copy()
    data["opened_on"] = str(error.current.version)
    context = {
        "form": GroupForm(data),
        "group": error.current,
        "way": _way(error.current),
        "conflict": error.messages[0],
    }
    return render(request, "portal/synonyms/group.html", context, status=409)


def _way(shown: SynonymGroup | None) -> list[tuple[str, str | None]]:
    here = _("Gruppe ändern") if shown else _("Neue Gruppe")
    return [(_("Synonyme"), reverse("synonyms")), (here, None)]


def _remove(request: HttpRequest, shown: SynonymGroup) -> HttpResponse:
    opened_on = request.POST.get("opened_on", "")
    try:
        services.remove(
            standing=standing_of(request),
            group=shown,
            opened_on=int(opened_on) if opened_on.isdecimal() and len(opened_on) < 10 else 0,
        )
    except services.Changed as error:
        told_refused(request, error, "conflict")
        return redirect(shown)
    except services.Removed as error:
        told_refused(request, error, "conflict")
    else:
        told_ok(request, _("Entfernt. Die nächste Suche kennt diese Gruppe nicht mehr."))
    return redirect("synonyms")


@require_safe
@for_keepers
def export(request: HttpRequest) -> HttpResponse:
    """The list as a file for Excel, which can be taken over here and in other town halls."""
    response = HttpResponse(
        table.write(SynonymGroup.in_force.order_by("words", "pk")), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="synonyme.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def take_over(request: HttpRequest) -> HttpResponse:
    """Add the groups of a file: all that are not there yet, or none."""
    form = TableForm(_posted(request), request.FILES)
    new = 0

    def step(data: dict[str, Any]) -> None:
        nonlocal new
        rows = table.read(data["file"].read(table.MAX_BYTES + 1))
        new = services.take_over(standing=standing_of(request), rows=rows)

    if request.method == "POST" and taken(form, step, "file"):
        told_ok(request, ngettext("%d Gruppe ist neu.", "%d Gruppen sind neu.", new) % new)
        return redirect("synonyms")
    context = {"form": form, "way": [(_("Synonyme"), reverse("synonyms")), (_("Liste übernehmen"), None)]}
    return render(request, "portal/synonyms/take_over.html", context, status=422 if form.errors else 200)
