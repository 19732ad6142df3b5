"""A process model's assessment with its plot; the form for it; the committee's page of factors."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance import queries as records
from governance.http import standing_of, told_ok, told_refused
from governance.models import CatalogueEntry
from governance.rules import Standing
from transfer.http import Attempt, attempt, without
from transfer.published import parse
from transfer.transferability import assessing, carrying, factors, plot, rules
from transfer.transferability.errors import ChangedAssessment, ChangedFactor, ChangedFactors
from transfer.transferability.forms import AssessmentForm, FactorForm, in_one_line
from transfer.transferability.sources import SOURCES


def _fetch(standing: Standing, short_number: str) -> CatalogueEntry:
    """A published process model; raises Gone or Http404."""
    kind, number = parse(short_number)
    entry = records.catalogue().select_related("record__owner").filter(kind=kind.key, number=number).first()
    if entry is None:
        raise records.not_there(records.fetch_readable_record(standing, kind.key, number))
    if not rules.can_be_assessed(entry):
        raise Http404
    return entry


@require_safe
def assessment(request: HttpRequest, short_number: str) -> HttpResponse:
    """How well it can be carried over, what is missing next, and every answer with its evidence."""
    standing = standing_of(request)
    entry = _fetch(standing, short_number)
    newest = assessing.newest_of(entry.pk)
    answers = assessing.answers_of(newest) if newest else []
    context = {
        "entry": entry,
        "assessment": newest,
        "answers": answers,
        "plot": plot.draw(answers) if answers else None,
        "missing": assessing.missing_next(answers),
        "origin": carrying.from_origin(entry.pk),
        "is_current": assessing.still_asked(answers, factors.living()),
        "may_assess": rules.may_assess(standing, entry),
        "sources": SOURCES,
        "way": [*_way(entry), (_("Übertragbarkeit"), None)],
    }
    return render(request, "transfer/transferability/assessment.html", context)


def _way(entry: CatalogueEntry) -> list[tuple[str, str | None]]:
    return [(_("Prozesse"), reverse("processmodels:list")), (f"{entry.short_number} {entry.title}", entry.url)]


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, short_number: str) -> HttpResponse:
    """The form; the answers of last time stand in it."""
    standing = standing_of(request)
    entry = _fetch(standing, short_number)
    if not rules.may_assess(standing, entry):
        raise PermissionDenied
    newest = assessing.newest_of(entry.pk)
    known = {one.factor.key: one for one in assessing.answers_of(newest)} if newest else {}
    form = AssessmentForm(
        request.POST if request.method == "POST" else None,
        factors=factors.living(),
        known=known,
        opened_on=newest.number if newest else 0,
    )

    def step(data: dict[str, Any]) -> None:
        assessing.assess(standing=standing, record=entry.record, opened_on=data["opened_on"], given=form.given())

    orphans = form.orphans()
    tried = _tried(request, form, step)
    if tried.done:
        told_ok(request, _("Die Einschätzung ist gespeichert und steht für alle auf dieser Seite."))
        return redirect("transfer:assessment", short_number=short_number)
    conflict = tried.conflict
    context = {
        "entry": entry,
        "form": form,
        "conflict": conflict,
        "now": conflict.in_words() if isinstance(conflict, ChangedFactors) else _theirs(conflict),
        "orphans": orphans,
        "way": [*_way(entry), (_("Übertragbarkeit einschätzen"), None)],
    }
    return render(request, "transfer/transferability/assess.html", context, status=tried.status)


def _tried(request: HttpRequest, form: AssessmentForm, step: Any) -> Attempt:
    """As `attempt`; that the factors have changed is told first: new ones cannot be answered yet."""
    if request.method == "POST" and form.is_outdated:
        conflict = ChangedFactors(form.factors, form.editions)
        data = request.POST.copy()
        data["asked"] = in_one_line(form.factors)
        form.data = data
        return Attempt(status=409, conflict=conflict)
    return attempt(request, form, step)


def _theirs(conflict: Any) -> list[tuple[str, str]]:
    if not isinstance(conflict, ChangedAssessment):
        return []
    return [(one.factor.name, one.get_answer_display()) for one in assessing.answers_of(conflict.assessment)]


# -- the factors -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def factor_list(request: HttpRequest) -> HttpResponse:
    """What is asked, for everybody to read; the committee changes, adds and removes."""
    standing = standing_of(request)
    may_keep = rules.may_keep_factors(standing)
    if request.method == "POST":
        if not may_keep:
            raise PermissionDenied
        return _remove(request)
    living = factors.living()
    context = {
        "factors": living,
        "may_keep": may_keep,
        "may_add": may_keep and len(living) < factors.MOST,
        "most": factors.MOST,
        "sources": SOURCES,
        "way": [(_("Nachnutzen"), reverse("transfer:adoptions")), (_("Übertragbarkeit"), None)],
    }
    return render(request, "transfer/transferability/factors.html", context)


def _remove(request: HttpRequest) -> HttpResponse:
    try:
        factors.remove(standing=standing_of(request), key=request.POST.get("remove", ""))
    except ValidationError as error:
        told_refused(request, error)
    else:
        told_ok(
            request, _("Entfernt. Wer gerade eine Einschätzung schreibt, erfährt es beim Speichern; frühere bleiben.")
        )
    return redirect("transfer:factors")


@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: HttpRequest, key: str = "") -> HttpResponse:
    """Other words for a factor, or a new one."""
    standing = standing_of(request)
    if not rules.may_keep_factors(standing):
        raise PermissionDenied
    found = next((one for one in factors.living() if one.key == key), None)
    if key and found is None and request.method != "POST":
        raise Http404
    form = FactorForm(request.POST if request.method == "POST" else None, factor=found)

    def step(data: dict[str, Any]) -> None:
        words = without(data, "opened_on")
        if key:
            factors.change(standing=standing, key=key, opened_on=data["opened_on"], **words)
        else:
            factors.add(standing=standing, **words)

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Gespeichert. Ab jetzt wird so gefragt; frühere Einschätzungen behalten ihre Frage."))
        return redirect("transfer:factors")
    heading = _("Faktor ändern") if key else _("Neuer Faktor")
    way = [
        (_("Nachnutzen"), reverse("transfer:adoptions")),
        (_("Faktoren der Übertragbarkeit"), reverse("transfer:factors")),
        (heading, None),
    ]
    conflict = tried.conflict
    now = (
        [(_("Name"), conflict.factor.name), (_("Frage"), conflict.factor.question)]
        if isinstance(conflict, ChangedFactor)
        else []
    )
    context = {"form": form, "heading": heading, "way": way, "conflict": conflict, "now": now}
    return render(request, "transfer/form.html", context, status=tried.status)
