"""Taking records along, own topics, changing items and their order."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance import kinds
from governance import queries as records
from governance.http import standing_of, told_ok, told_refused
from governance.models import CatalogueEntry, Record
from governance.rules import Standing, may_edit
from governance.text.clean import slugify_de
from transfer import rules
from transfer.agenda import queries, services
from transfer.agenda.forms import DETAILS, ItemForm, NewItemForm, TakeForm, listed
from transfer.http import Attempt, attempt, without
from transfer.models import AgendaItem, Occurrence
from transfer.occurrences import paper
from transfer.occurrences.queries import fetch
from transfer.occurrences.views import way_to
from transfer.published import parse

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, short_number: str) -> HttpResponse:
    """Where a record was talked about, and taking it into a coming occurrence."""
    standing = standing_of(request)
    found, title, is_published = _fetch(standing, short_number)
    if request.method == "POST" and not rules.may_take_somewhere(standing):
        raise PermissionDenied
    occurrences = list(queries.coming_for(standing, found, is_published=is_published)[:SHOWN])
    form = TakeForm(request.POST if request.method == "POST" else None, occurrences=occurrences)
    made: list[AgendaItem] = []

    def step(data: dict[str, Any]) -> None:
        chosen, seen = form.chosen()
        values = {name: data[name] for name in DETAILS}
        made.append(services.take_along(standing=standing, occurrence=chosen, seen=seen, record=found, **values))

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Steht auf der Tagesordnung."))
        return redirect(made[0])
    if tried.conflict:
        posted = request.POST.copy()
        posted["listed"] = listed(occurrences)
        form = TakeForm(posted, occurrences=occurrences)
    context = {
        "record": found,
        "title": title,
        "is_published": is_published,
        "form": form,
        "conflict": tried.conflict,
        "occurrences": occurrences,
        "may_take": rules.may_take_somewhere(standing),
        "was_in": queries.occurrences_of(standing, found)[:SHOWN],
        "way": _way(found, title),
    }
    return render(request, "transfer/agenda/record.html", context, status=tried.status)


def _fetch(standing: Standing, short_number: str) -> tuple[Record, str, bool]:
    """The record, what it is called here, and whether it is published. A draft exists for its team alone."""
    kind, number = parse(short_number)
    found = records.fetch_readable_record(standing, kind.key, number)
    published = CatalogueEntry.objects.filter(pk=found.pk).values_list("title", flat=True).first()
    if published is not None:
        return found, published, True
    if not may_edit(standing, found) or found.state == Record.State.ARCHIVED:
        raise records.not_there(found)
    return found, records.title_for(standing, found), False


def _way(found: Record, title: str) -> list[tuple[str, str | None]]:
    kind = kinds.get(found.kind)
    page = kind.record_url(found.number, slugify_de(title))
    return [
        (str(kind.label_plural), reverse(f"{kind.url_namespace}:list")),
        (f"{found.short_number} {title}", page),
        (_("Weitergeben"), None),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def new_item(request: HttpRequest, pk: int) -> HttpResponse:
    """A record by its short number, or a topic of its own."""
    standing = standing_of(request)
    occurrence = fetch(pk)
    if not rules.may_prepare(standing, occurrence.format):
        raise PermissionDenied
    initial = {"seen": occurrence.version}
    form = NewItemForm(request.POST or None, standing=standing, initial=initial)

    def step(data: dict[str, Any]) -> None:
        details = {"standing": standing, "occurrence": occurrence, **without(data, "title")}
        if form.record is None:
            services.add_topic(title=data["title"], **details)
        else:
            _take(standing, form.record, details)

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Steht auf der Tagesordnung."))
        return redirect(occurrence)
    return _form(request, form, tried, _("Punkt hinzufügen"), way_to(occurrence, _("Punkt hinzufügen")))


def _take(standing: Standing, found: Record, details: dict[str, Any]) -> None:
    """As `services.take_along`; what is refused is told in the form."""
    is_published = CatalogueEntry.objects.filter(pk=found.pk).exists()
    if not rules.may_take(standing, details["occurrence"].format, found, is_published=is_published):
        raise ValidationError(
            _("%s ist nicht veröffentlicht. Entwürfe nimmt nur das eigene Team in das eigene Format mit.")
            % found.short_number
        )
    services.take_along(record=found, **details)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one item, remove it, or give it another place."""
    standing = standing_of(request)
    found = queries.fetch_item(standing, pk)
    if not rules.may_change_item(standing, found):
        raise PermissionDenied
    do = request.POST.get("do")
    if do == "remove":
        return _remove(request, found)
    if do in (services.UP, services.DOWN):
        services.move(standing=standing, item=found, way=do)
        return redirect(found)
    form = ItemForm(request.POST or None, item=found)
    tried = attempt(request, form, lambda data: services.change(standing=standing, item=found, **data))
    if tried.done:
        told_ok(request, _("Gespeichert."))
        return redirect(found)
    more = {"item": found, "name": paper.named(found), "may_remove": not found.has_outcome}
    return _form(request, form, tried, _("Punkt ändern"), way_to(found.occurrence, _("Punkt ändern")), **more)


def _remove(request: HttpRequest, found: AgendaItem) -> HttpResponse:
    try:
        services.take_off(standing=standing_of(request), item=found)
    except ValidationError as error:
        told_refused(request, error)
    else:
        told_ok(request, _("„%s“ steht nicht mehr auf der Tagesordnung.") % found.title)
    return redirect(found.occurrence)


def _form(request: HttpRequest, form: Any, tried: Attempt, heading: str, way: list[Any], **more: Any) -> HttpResponse:
    current = tried.current
    now = []
    if isinstance(current, AgendaItem):
        now = [(_("Thema"), current.title), (_("Angaben"), paper.details(current))]
    if isinstance(current, Occurrence):
        now = paper.facts(current)
    context = {"form": form, "conflict": tried.conflict, "now": now, "heading": heading, "way": way, **more}
    return render(request, "transfer/form.html", context, status=tried.status)
