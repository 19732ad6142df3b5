"""Adopting: one click, the page of an adoption, carrying it on, the fit check."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance import queries as records
from governance.http import posted_from, standing_of, told_ok, told_refused
from governance.models import CatalogueEntry, Record
from governance.rules import Standing
from governance.text.markdown import render as render_markdown
from governance.writing import desk
from transfer.adoption import figures, fitting, queries, rules, services
from transfer.adoption.forms import AdoptionForm, FitForm, HandOverForm
from transfer.errors import Stale
from transfer.http import Attempt, attempt
from transfer.models import Adoption
from transfer.published import parse

IN_USE, LEARNING, HAND_OVER = "in_use", "learning", "hand_over"


def _page_of(short_number: str) -> str:
    """The published record's page; what is none is left to the short number."""
    entry = records.catalogue().filter(short_number=short_number).first()
    return f"{entry.url}#nachnutzen" if entry else f"/{short_number}"


@posted_from(_page_of)
def adopt(request: HttpRequest, short_number: str) -> HttpResponse:
    """ "Das interessiert uns" and "Wir nutzen das schon"."""
    standing = standing_of(request)
    kind, number = parse(short_number)
    record = records.fetch_readable_record(standing, kind.key, number)
    in_use = request.POST.get("do") == IN_USE
    try:
        click = services.say_in_use if in_use else services.show_interest
        adoption, is_new = click(standing=standing, record=record)
    except ValidationError as error:
        told_refused(request, error)
        return redirect(_page_of(short_number))
    told_ok(request, _told(adoption, is_new, in_use))
    return redirect(adoption)


def _told(adoption: Adoption, is_new: bool, in_use: bool) -> str:
    if not is_new:
        return _("Ihr Bereich ist schon dabei: Stand „%s“.") % adoption.get_state_display()
    if in_use:
        return _("Eingetragen: Ihr Bereich nutzt das. Das Team dort erfährt es.")
    return _("Ihr Interesse ist eingetragen. Ihr Change-Management-Team und die Ansprechperson dort erfahren es.")


@require_http_methods(["GET", "HEAD", "POST"])
def adoption(request: HttpRequest, pk: int) -> HttpResponse:
    """One adoption, for everybody; for its team the ways to carry it on."""
    standing = standing_of(request)
    found = queries.fetch(pk)
    hand_over_form = HandOverForm(request.POST if request.POST.get("do") == HAND_OVER else None)
    if request.method == "POST":
        if request.POST.get("do") == LEARNING:
            return _write_learning(request, found)
        tried = attempt(
            request,
            hand_over_form,
            lambda data: services.hand_over(standing=standing, adoption=found, department=data["to"]),
        )
        if tried.done:
            told_ok(request, _("Übergeben. Der Bereich ist benachrichtigt."))
            return redirect(found)
    else:
        tried = Attempt()
    context = _context(standing, found, hand_over_form)
    return render(request, "transfer/adoption/adoption.html", context, status=tried.status)


def _context(standing: Standing, found: Adoption, hand_over_form: HandOverForm) -> dict[str, Any]:
    entry = _entry_of(found)
    teams = queries.teams_of(found.department_id)
    team_ids = [team.pk for team in teams]
    may_carry_on = rules.may_carry_on(standing, team_ids)
    states = dict(Adoption.State.choices)
    has_dissolved = found.department.dissolved_on is not None
    return {
        "adoption": found,
        "source": entry,
        "source_url": queries.source_url(found),
        "steps": [{"day": date.fromisoformat(step["on"]), "label": states[step["state"]]} for step in found.steps],
        "adapted": render_markdown(found.adapted) if found.adapted else "",
        "plan": render_markdown(found.plan) if found.plan else "",
        "fit": fitting.summary(found),
        "figures": figures.beside(figures.source_figures(entry) if entry else [], found.figures),
        "has_own_figures": bool(found.figures),
        "teams": teams,
        "rests": found.record.department_id == found.department_id,
        "may_carry_on": may_carry_on,
        "may_write": may_carry_on and not set(team_ids).isdisjoint(standing.team_ids),
        "learning": _learning(standing, found),
        "may_hand_over": has_dissolved and rules.may_hand_over(standing, team_ids),
        "hand_over_form": hand_over_form,
        "way": [(_("Nachnutzen"), reverse("transfer:adoptions")), (found.department.name, None)],
    }


def _entry_of(found: Adoption) -> CatalogueEntry | None:
    """The published face of the source, with what the figures are read from."""
    return CatalogueEntry.objects.select_related("record", "version").filter(pk=found.record_id).first()


def _learning(standing: Standing, found: Adoption) -> Record | None:
    """The draft that was made of it, for those who may know of it."""
    if found.learning is None:
        return None
    return found.learning if found.learning_id in records.readable_among(standing, [found.learning_id]) else None


def _write_learning(request: HttpRequest, found: Adoption) -> HttpResponse:
    try:
        key = services.write_learning(standing=standing_of(request), adoption=found)
    except ValidationError as error:
        told_refused(request, error)
        return redirect(found)
    record = Record.objects.select_related("current_version").get(pk=key)
    told_ok(request, _("Der Entwurf ist angelegt, mit allem, was hier steht."))
    return redirect(desk.url_of(record, "edit"))


def _open(request: HttpRequest, pk: int) -> tuple[Standing, Adoption]:
    """The adoption for those who may carry it on; raises Http404 and PermissionDenied."""
    standing, found = standing_of(request), queries.fetch(pk)
    if not rules.may_carry_on(standing, [team.pk for team in queries.teams_of(found.department_id)]):
        raise PermissionDenied
    return standing, found


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """State, what was adapted, plan and own figures. After a fit check an empty plan begins with its draft."""
    standing, found = _open(request, pk)
    entry = _entry_of(found)
    source = figures.source_figures(entry) if entry else list(map(figures.KeyFigure.read, found.figures))
    form = AdoptionForm(
        request.POST if request.method == "POST" else None,
        adoption=found,
        plan="" if found.plan else fitting.plan(found, entry),
        source=source,
    )

    def step(data: dict[str, Any]) -> None:
        services.carry_on(standing=standing, adoption=found, opened_on=data["opened_on"], **form.values())

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Gespeichert. Das Team dort erfährt von jedem neuen Stand."))
        return redirect(found)
    context = _form_context(found, form, tried, _("Stand und Plan eintragen"))
    context["is_draft_of_plan"] = bool(not found.plan and form["plan"].initial)
    return render(request, "transfer/adoption/edit.html", context, status=tried.status)


@require_http_methods(["GET", "HEAD", "POST"])
def fit(request: HttpRequest, pk: int) -> HttpResponse:
    """At most ten questions; what comes of them stands on the page of the adoption, and begins its plan."""
    standing, found = _open(request, pk)
    entry = _entry_of(found)
    if entry is None:
        gone = _("Der Eintrag ist nicht mehr veröffentlicht. Einen Passungscheck gibt es nur für Veröffentlichtes.")
        told_refused(request, ValidationError(gone))
        return redirect(found)
    asked = fitting.questions(entry)
    form = FitForm(request.POST if request.method == "POST" else None, adoption=found, questions=asked)

    def step(data: dict[str, Any]) -> None:
        if data["asked"] != fitting.stamp(asked):
            raise _OtherQuestions(fitting.stamp(asked))
        kept = fitting.kept(asked, form.answers())
        services.note_fit(standing=standing, adoption=found, opened_on=data["opened_on"], fit=kept)

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Der Passungscheck ist gespeichert. Er entscheidet nichts; er hilft beim Planen."))
        return redirect(f"{found.get_absolute_url()}#passung")
    context = _form_context(found, form, tried, _("Passt das zu uns?"))
    return render(request, "transfer/adoption/fit.html", context, status=tried.status)


class _OtherQuestions(Stale):
    """What is asked has changed since the form was opened."""

    def __init__(self, newest: str) -> None:
        super().__init__(
            _("Die Fragen haben sich inzwischen geändert. Ihre Antworten stehen noch da. Bitte sehen Sie sie durch.")
        )
        self.newest = {"asked": newest}


def _form_context(found: Adoption, form: Any, tried: Attempt, heading: str) -> dict[str, Any]:
    current = tried.conflict.current if tried.conflict else None
    return {
        "adoption": found,
        "form": form,
        "conflict": tried.conflict,
        "now": _now(current) if isinstance(current, Adoption) else [],
        "heading": heading,
        "way": [
            (_("Nachnutzen"), reverse("transfer:adoptions")),
            (found.title, found.get_absolute_url()),
            (heading, None),
        ],
    }


def _now(current: Adoption) -> list[tuple[str, str]]:
    """What somebody else has saved meanwhile."""
    state = f"{current.get_state_display()}, {_('seit')} {date_format(current.since, 'j. F Y')}"
    texts = [
        (_("Was angepasst wurde"), current.adapted),
        (_("Plan"), current.plan),
        (_("Warum nicht weiter"), current.reason),
    ]
    return [(_("Stand"), state), *((name, text) for name, text in texts if text)]
