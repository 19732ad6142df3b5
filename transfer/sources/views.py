"""External sources: the list with its search links, one source, keeping the list, a learning from a find."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance.http import standing_of, taken, told_ok, told_refused
from governance.models import Version
from governance.writing import desk
from transfer.http import attempt, without
from transfer.models import ExternalSource
from transfer.models.sources import LONGEST_QUERY
from transfer.sources import queries, rules, services
from transfer.sources.forms import FindForm, SourceForm, initial_of

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def sources(request: HttpRequest) -> HttpResponse:
    """The whole list; the committee takes over the one that comes with the portal by a post."""
    standing = standing_of(request)
    may_keep = rules.may_keep(standing)
    if request.method == "POST":
        if not may_keep:
            raise PermissionDenied
        number = services.take_beginning(standing=standing)
        told_ok(request, _("%(n)d Quellen sind eingetragen.") % {"n": number})
        return redirect("transfer:sources")
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    context = {
        "sources": queries.links_for(query),
        "query": query,
        "may_keep": may_keep,
        "may_write": rules.may_write_from_find(standing),
        "way": [(_("Nachnutzen"), reverse("transfer:adoptions")), (_("Externe Quellen"), None)],
    }
    return render(request, "transfer/sources/list.html", context)


def _fetch(pk: int) -> ExternalSource:
    return get_object_or_404(ExternalSource, pk=pk, removed_at=None)


def _way(here: str) -> list[tuple[str, str | None]]:
    return [
        (_("Nachnutzen"), reverse("transfer:adoptions")),
        (_("Externe Quellen"), reverse("transfer:sources")),
        (here, None),
    ]


@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One source, and what was published here on the grounds of something found there."""
    standing, found = standing_of(request), _fetch(pk)
    context = {
        "source": found,
        "link": found.link_for(""),
        "entries": queries.entries_from(found),
        "may_keep": rules.may_keep(standing),
        "may_write": rules.may_write_from_find(standing),
        "way": _way(found.name),
    }
    return render(request, "transfer/sources/source.html", context)


@form_page
def add(request: HttpRequest) -> HttpResponse:
    """Enter a source."""
    standing = standing_of(request)
    if not rules.may_keep(standing):
        raise PermissionDenied
    form = SourceForm(request.POST or None, initial={"opened_on": 0})
    ended = attempt(request, form, lambda data: services.add(standing=standing, **without(data, "opened_on")))
    if ended.done:
        told_ok(request, _("Die Quelle ist eingetragen."))
        return redirect("transfer:sources")
    context = {"form": form, "heading": _("Externe Quelle eintragen"), "way": _way(_("Neue Quelle"))}
    return render(request, "transfer/form.html", context, status=ended.status)


@form_page
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a source, or take it off the list."""
    standing, found = standing_of(request), _fetch(pk)
    if not rules.may_keep(standing):
        raise PermissionDenied
    if request.POST.get("do") == "remove":
        try:
            services.remove(standing=standing, source=found)
        except ValidationError as error:
            told_refused(request, error)
        else:
            told_ok(request, _("Die Quelle steht nicht mehr in der Liste."))
        return redirect("transfer:sources")
    form = SourceForm(request.POST or None, initial=initial_of(found))
    ended = attempt(request, form, lambda data: services.change(standing=standing, source=found, **data))
    if ended.done:
        told_ok(request, _("Die Quelle ist geändert."))
        return redirect(found)
    context = {
        "form": form,
        "heading": _("Externe Quelle ändern"),
        "way": _way(found.name),
        "conflict": ended.conflict,
        "now": [(_("Name"), found.name), (_("Link zur Suche"), found.search_link), (_("Inhalt"), found.finds)],
        "source": found,
    }
    return render(request, "transfer/sources/edit.html", context, status=ended.status)


@form_page
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a learning with something found in a source."""
    standing, found = standing_of(request), _fetch(pk)
    if not rules.may_write_from_find(standing):
        raise PermissionDenied
    teams = {team: standing.team_names[team] for team in standing.team_ids}
    form = FindForm(request.POST or None, teams=teams, initial={"title": request.GET.get("q", "")[:LONGEST_QUERY]})
    made: list[Version] = []

    def write(data: dict[str, Any]) -> None:
        made.append(services.write_from_find(standing=standing, source=found, **data))

    if request.method == "POST" and taken(form, write):
        told_ok(request, _("Ihr Entwurf ist angelegt, die Quelle steht darin. Sie können gleich weiterschreiben."))
        return redirect(desk.url_of(made[0].record, "edit"))
    context = {"form": form, "source": found, "way": _way(_("Fund festhalten"))}
    return render(request, "transfer/sources/find.html", context, status=422 if form.errors else 200)
