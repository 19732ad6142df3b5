"""The list of exchange formats, the page of each, founding, changing and ending them, and the overview."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance.http import standing_of, told_ok, told_refused
from governance.models import Team
from governance.rules import Standing
from transfer import rules
from transfer.formats import queries, services
from transfer.formats.forms import FormatForm, initial_of
from transfer.http import Attempt, attempt
from transfer.models import ExchangeFormat
from transfer.newsletter.views import reading as newsletter

SHOWN = 20
OCCURRENCES_SHOWN = 12


@require_safe
def formats(request: HttpRequest) -> HttpResponse:
    """Living formats, those with the next date first; or those that have ended."""
    ended = request.GET.get("show") == "ended"
    found = queries.with_next().filter(ended_on__isnull=not ended)
    page = Paginator(queries.by_next_date(found), SHOWN).get_page(request.GET.get("page"))
    context = {"page": page, "ended": ended, "may_found": bool(rules.organised_team_ids(standing_of(request)))}
    return render(request, "transfer/formats/list.html", context)


@require_safe
def exchange_format(request: HttpRequest, slug: str) -> HttpResponse:
    """One format: what it is for, its next date, and all that were."""
    standing = standing_of(request)
    found = get_object_or_404(ExchangeFormat.objects.select_related("team"), slug=slug)
    coming = (
        [] if found.is_newsletter else list(found.occurrences.coming().select_related("format")[:OCCURRENCES_SHOWN])
    )
    past = Paginator(queries.past_occurrences(found), OCCURRENCES_SHOWN).get_page(request.GET.get("page"))
    context = {
        "format": found,
        "facts": facts(found),
        "coming": coming,
        "past": past,
        "may_prepare": rules.may_prepare(standing, found),
        "may_organise": rules.may_organise(standing, found),
        "way": [(_("Weitergeben"), reverse("transfer:formats")), (found.name, None)],
    }
    context |= newsletter.archive(request, standing, found)
    return render(request, "transfer/formats/format.html", context)


def facts(found: ExchangeFormat) -> list[tuple[str, Any]]:
    """What is known of a format, as names and values."""
    since = date_format(found.since, "F Y") if found.since else ""
    rows = [
        (_("Für wen?"), found.audience),
        (_("Wie oft?"), found.rhythm),
        (_("Übliche Dauer"), _("%d Minuten") % found.minutes if found.minutes else ""),
        (_("Ort oder Link"), found.place),
        (_("Seit"), since),
        (_("Herkunft"), _("neu gegründet, um Wissen weiterzugeben") if found.is_new else _("gab es schon im Haus")),
        (_("Beendet am"), date_format(found.ended_on, "j. F Y") if found.ended_on else ""),
    ]
    return [row for row in rows if row[1]]


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Enter a format, for those who lead a team."""
    standing = standing_of(request)
    teams = _teams(standing)
    if not teams:
        raise PermissionDenied
    form = FormatForm(request.POST or None, teams=teams, initial={"opened_on": 0, "team": teams[0].pk})
    made: list[ExchangeFormat] = []

    def step(data: dict[str, Any]) -> None:
        made.append(services.found(standing=standing, **form.values()))

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Eingetragen. Als Nächstes: Wann ist der nächste Termin?"))
        return redirect(made[0])
    return _form(request, form, tried)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Other words for a format, or its end."""
    standing = standing_of(request)
    shown = get_object_or_404(ExchangeFormat.objects.select_related("team"), slug=slug)
    if not rules.may_organise(standing, shown):
        raise PermissionDenied
    if request.POST.get("do") == "end":
        return _end(request, shown)
    form = FormatForm(request.POST or None, teams=_teams(standing), initial=initial_of(shown))

    def step(data: dict[str, Any]) -> None:
        services.change(standing=standing, exchange_format=shown, opened_on=data["opened_on"], **form.values())

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Gespeichert."))
        return redirect(shown)
    return _form(request, form, tried, shown)


def _form(request: HttpRequest, form: FormatForm, tried: Attempt, shown: ExchangeFormat | None = None) -> HttpResponse:
    here = _("Format ändern") if shown else _("Neues Austauschformat")
    way = [(_("Weitergeben"), reverse("transfer:formats"))]
    if shown:
        way.append((shown.name, shown.get_absolute_url()))
    current = tried.current
    now = []
    if isinstance(current, ExchangeFormat):
        now = [(_("Name"), current.name), (_("Wozu?"), current.purpose), *facts(current)]
    context = {"form": form, "conflict": tried.conflict, "now": now, "heading": here, "way": [*way, (here, None)]}
    return render(request, "transfer/form.html", context, status=tried.status)


def _teams(standing: Standing) -> list[Team]:
    return list(Team.objects.filter(pk__in=rules.organised_team_ids(standing)))


def _end(request: HttpRequest, shown: ExchangeFormat) -> HttpResponse:
    """Take no more into this format."""
    try:
        services.end(standing=standing_of(request), exchange_format=shown)
    except ValidationError as error:
        told_refused(request, error)
    else:
        told_ok(request, _("Beendet. Was darin war, bleibt zu lesen."))
    return redirect(shown)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Which formats carry knowledge, which sleep, and what was never carried by any."""
    formats = Paginator(queries.carried(ExchangeFormat.objects.living()), SHOWN).get_page(request.GET.get("formats"))
    never = Paginator(queries.never_carried(), SHOWN).get_page(request.GET.get("page"))
    context = {
        "formats": formats,
        "never": never,
        "sleeping": queries.sleeping(),
        "may_take": rules.may_take_somewhere(standing_of(request)),
        "way": [(_("Weitergeben"), reverse("transfer:formats")), (_("Überblick"), None)],
    }
    return render(request, "transfer/formats/overview.html", context)
