"""The page of an occurrence, setting, moving and calling it off, and the files that go to the house's calendar."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance import clock
from governance.http import standing_of, told_ok, told_refused
from governance.models import Record
from governance.rules import Standing
from governance.text.clean import slugify_de
from learnings import taking
from learnings.models import KIND as LEARNING
from learnings.models import Audience
from learnings.views.taking import file_response
from transfer import rules
from transfer.afterwards.queries import learning_for, points_of, rows_of
from transfer.agenda import queries as agenda
from transfer.http import Attempt, attempt
from transfer.models import ExchangeFormat, FollowUp, Occurrence, ReflectionNote
from transfer.occurrences import calendar, paper, queries, services
from transfer.occurrences.forms import CancelForm, DateForm, initial_after, initial_of


@require_safe
def occurrence(request: HttpRequest, pk: int) -> HttpResponse:
    """When and where, the agenda with the time it takes, and what came of each item."""
    standing = standing_of(request)
    found = queries.fetch(pk)
    items = list(agenda.items_of(standing, found))
    leaving = [item for item in items if not item.is_draft]
    context = {
        "occurrence": found,
        "format": found.format,
        "when": paper.when(found),
        "place": found.place or found.format.place,
        "rows": rows_of(standing, found, items),
        "times": agenda.times(found, items),
        "drafts": len(items) - len(leaving),
        "has_slides": any(item.record and _has_slides(item.record) for item in leaving),
        "audiences": Audience.choices,
        "text": paper.agenda_text(found, leaving),
        "may_prepare": rules.may_prepare(standing, found.format),
        "may_write": rules.may_write_from_notes(standing, found.format),
        "way": way_to(found),
    }
    if found.format.kind == ExchangeFormat.Kind.REFLECTION_ROUND:
        context |= _reflection(standing, found)
    return render(request, "transfer/occurrences/occurrence.html", context)


def _has_slides(record: Record) -> bool:
    return record.kind == LEARNING and record.state != Record.State.ARCHIVED


def _reflection(standing: Standing, found: Occurrence) -> dict[str, Any]:
    """The points of a round by kind, each with the draft made of it, and what the round told of earlier trials."""
    points = points_of(found)
    rows = [(note, learning_for(standing, note)) for note in points]
    kinds = [(kind.label, [row for row in rows if row[0].kind == kind]) for kind in ReflectionNote.Kind]
    return {"reflection": kinds, "told": found.answered_trials.select_related("occurrence"), "has_points": bool(points)}


def way_to(found: Occurrence, *more: str) -> list[tuple[str, str | None]]:
    """The breadcrumb of an occurrence and of the pages below it."""
    day = f"{clock.local(found.starts_at):%d.%m.%Y}"
    way: list[tuple[str, str | None]] = [
        (_("Weitergeben"), reverse("transfer:formats")),
        (found.format.name, found.format.get_absolute_url()),
        (day, found.get_absolute_url()),
    ]
    return way + [(label, None) for label in more]


@require_http_methods(["GET", "HEAD", "POST"])
def set_date(request: HttpRequest, slug: str) -> HttpResponse:
    """The next date of a format."""
    standing = standing_of(request)
    shown = get_object_or_404(ExchangeFormat.objects.select_related("team"), slug=slug)
    if not rules.may_prepare(standing, shown) or shown.has_ended or shown.is_newsletter:
        raise PermissionDenied
    last = shown.occurrences.held().first()
    form = DateForm(request.POST or None, initial=initial_after(shown, last))
    made: list[Occurrence] = []

    def step(data: dict[str, Any]) -> None:
        made.append(services.set_date(standing=standing, exchange_format=shown, **form.values()))

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(
            request,
            _("Der Termin ist eingetragen. Die Einladung kommt aus Ihrem Kalender: Die Datei dafür steht hier."),
        )
        return redirect(made[0])
    way = [(_("Weitergeben"), reverse("transfer:formats")), (shown.name, shown.get_absolute_url())]
    return _form(request, form, tried, _("Neuer Termin"), [*way, (_("Neuer Termin"), None)])


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Move it, or change its length or place."""
    standing = standing_of(request)
    found = queries.fetch(pk)
    if not rules.may_prepare(standing, found.format):
        raise PermissionDenied
    form = DateForm(request.POST or None, initial=initial_of(found))

    def step(data: dict[str, Any]) -> None:
        services.change(standing=standing, occurrence=found, opened_on=data["opened_on"], **form.values())

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Gespeichert. Bitte ändern Sie auch die Einladung in Ihrem Kalender."))
        return redirect(found)
    return _form(request, form, tried, _("Termin ändern"), way_to(found, _("Termin ändern")))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off."""
    standing = standing_of(request)
    found = queries.fetch(pk)
    if not rules.may_prepare(standing, found.format):
        raise PermissionDenied
    form = CancelForm(request.POST if request.method == "POST" else None)
    tried = attempt(request, form, lambda data: services.cancel(standing=standing, occurrence=found, **data))
    if tried.done:
        told_ok(request, _("Abgesagt. Die Tagesordnung bleibt zu lesen."))
        return redirect(found)
    return _form(request, form, tried, _("Termin absagen"), way_to(found, _("Termin absagen")))


def _form(request: HttpRequest, form: Any, tried: Attempt, heading: str, way: list[Any]) -> HttpResponse:
    current = tried.current
    now = []
    if isinstance(current, Occurrence):
        now = paper.facts(current)
    context = {"form": form, "conflict": tried.conflict, "now": now, "heading": heading, "way": way}
    return render(request, "transfer/form.html", context, status=tried.status)


# -- files -----------------------------------------------------------------------------------------


@require_safe
def calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    """For the house's own calendar."""
    found = queries.fetch(pk)
    data = calendar.calendar_file(found, list(agenda.open_items(found)))
    return file_response(data, calendar.MEDIA_TYPE, _name(found, "ics"))


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda, with what came of it, for Word."""
    found = queries.fetch(pk)
    items = list(agenda.open_items(found))
    to_do = list(FollowUp.objects.filter(item__in=items))
    data = paper.agenda_document(found, items, to_do, list(found.reflections.all()))
    return file_response(data, taking.DOCX, _name(found, "docx"))


@require_safe
def slides(request: HttpRequest, pk: int) -> HttpResponse:
    """The learnings on the agenda as one presentation, in the order of the agenda."""
    found = queries.fetch(pk)
    keys = [item.record_id for item in agenda.open_items(found) if item.record_id]
    asked = request.GET.get("audience", "")
    audience = Audience(asked) if asked in Audience.values else Audience.MUNICIPALITY
    title = f"{found.format.name}, {date_format(clock.local(found.starts_at), 'j. F Y')}"
    try:
        data = taking.slides(keys, audience, title=title)
    except ValidationError as error:
        told_refused(request, error)
        return redirect(found)
    return file_response(data, taking.PPTX, _name(found, "pptx"))


def _name(found: Occurrence, ending: str) -> str:
    return f"{slugify_de(found.format.name)}-{clock.local(found.starts_at):%Y-%m-%d}.{ending}"
