"""The pages of countersigning: a member puts forward, the lead gives back, the department switches it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import rules
from governance.countersigning import page, queries, services
from governance.countersigning.forms import GiveBackForm, PutForwardForm, SwitchForm
from governance.http import standing_of, taken, told_ok, told_refused
from governance.models import Department, Record
from governance.transitions import Verb
from governance.views.records import context_of, fetch_for, form_page, url_of


@form_page
def put_forward(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    """Put the saved text on the lead's work list. Who may submit is led to the page for that."""
    record, standing = fetch_for(request, kind, number, Verb.SAVE), standing_of(request)
    if rules.may_submit(standing, record):
        if request.method == "POST":
            told_refused(request, ValidationError(_("Sie können selbst vorlegen; eine Mitzeichnung braucht es nicht.")))
        return redirect(url_of(request, record, "submit"))
    form = PutForwardForm(request.POST or None)
    code = 422 if form.is_bound else 200
    if form.is_valid():
        note = form.cleaned_data["note"]
        try:
            services.put_forward(record=record, standing=standing, version_id=form.cleaned_data["version"], note=note)
        except ValidationError as error:
            told_refused(request, error, "conflict")
            record, code = fetch_for(request, kind, number, Verb.SAVE), 409
            return _put_forward(request, page.put_forward_context(standing, record, note=note), record, code)
        told_ok(request, _told(record.owner_id))
        return redirect(url_of(request, record, "versions"))
    more = page.put_forward_context(standing, record, form if form.is_bound else None)
    return _put_forward(request, more, record, code)


def _put_forward(request: HttpRequest, more: dict[str, Any], record: Record, code: int) -> HttpResponse:
    context = context_of(request, record) | more
    return render(request, "governance/countersigning/put_forward.html", context, status=code)


def _told(team_id: int) -> str:
    leads = queries.leads_of(team_id)
    if not leads:
        return _("Vorgelegt. Ihr Team hat zurzeit keine Leitung; bitte wenden Sie sich an die Administration.")
    if queries.back_on(leads):
        return _("Vorgelegt. Die Teamleitung ist abwesend; die Vertretung weiß Bescheid, vorlegen kann sie nicht.")
    return _("Vorgelegt. Die Teamleitung hat eine Mitteilung bekommen. Sie können weiterschreiben.")


@form_page
def give_back(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    """The lead says what is to be done before it goes to the committee."""
    record, standing = fetch_for(request, kind, number, Verb.SAVE), standing_of(request)
    if not rules.leads_owner(standing, record):
        raise PermissionDenied
    form = GiveBackForm(request.POST or None)
    if queries.open_one(record) is None:
        words = ValidationError(_("Dieser Text liegt nicht (mehr) zur Mitzeichnung vor."))
        if not form.is_bound:
            told_refused(request, words, "conflict")
            return redirect(url_of(request, record, "versions"))
    if taken(form, lambda d: services.give_back(record=record, standing=standing, answer=d["reason"]), "reason"):
        told_ok(request, _("Zurückgegeben. Wer den Text vorgelegt hat, bekommt eine Mitteilung."))
        return redirect(url_of(request, record, "versions"))
    context = context_of(
        request,
        record,
        form=form,
        heading=_("Aus der Mitzeichnung zurückgeben"),
        explanation=_("Der Text bleibt Entwurf. Ihr Team liest Ihren Hinweis auf der Seite des Textes."),
        action=_("Zurückgeben"),
    )
    return render(request, "governance/reason.html", context, status=422 if form.is_bound else 200)


@form_page
def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """On or off for one department."""
    department, standing = get_object_or_404(Department, slug=slug, dissolved_on=None), standing_of(request)
    if not queries.may_set(standing, department):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = SwitchForm(posted, initial={"countersigned": department.countersigned})
    if form.is_valid():
        on = form.cleaned_data["countersigned"]
        services.switch(department=department, standing=standing, on=on)
        told_ok(
            request,
            _("Gespeichert. Ab sofort legt nur die Teamleitung vor.")
            if on
            else _("Gespeichert. Ab sofort legen alle Mitglieder selbst vor."),
        )
        return redirect(department)
    way = [
        (_("Bereiche und Teams"), reverse("governance:departments")),
        (department.name, department.get_absolute_url()),
    ]
    context = {"form": form, "department": department, "way": [*way, (_("Mitzeichnung"), None)]}
    return render(request, "governance/countersigning/switch.html", context)
