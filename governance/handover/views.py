"""Pages of the administrator and the committee's chair: a team hands over; a department is renamed, moved, merged."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from governance import people, queries, rules
from governance.forms import AbsenceForm
from governance.handover import addresses, departments, parts, services
from governance.handover.forms import HandOverForm, MergeForm, MoveForm, RenameForm, ToForm
from governance.handover.moving import Changed
from governance.http import standing_of, taken, told_ok, told_refused
from governance.models import Department, Membership, Team

Way = list[tuple[str, str | None]]


def _way(*more: tuple[str, str | None]) -> Way:
    return [(_("Übergeben und umbauen"), reverse("governance:handover")), *more]


def _may_hand_over(request: HttpRequest) -> None:
    if not rules.may_hand_over(standing_of(request)):
        raise PermissionDenied


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All departments with their change teams, and from there on: hand over, rename, move, merge."""
    _may_hand_over(request)
    living = Team.objects.filter(kind=Team.Kind.CHANGE_TEAM, dissolved_on=None).annotate(owned=Count("records"))
    teams: dict[int | None, list[Team]] = {}
    for team in living.order_by("name"):
        teams.setdefault(team.department_id, []).append(team)
    rows = [
        {"department": one, "depth": depth, "teams": teams.get(one.pk, [])} for one, depth in queries.department_tree()
    ]
    context = {"rows": rows, "may_keep": rules.may_manage_people(standing_of(request))}
    return render(request, "governance/handover/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """A team hands over: to whom, what that means, done. The choice stands in the URL."""
    _may_hand_over(request)
    found = get_object_or_404(Team.objects.select_related("department"), slug=slug, kind=Team.Kind.CHANGE_TEAM)
    choice = ToForm({"to": request.GET["to"]} if "to" in request.GET else None, team=found)
    to = choice.cleaned_data["to"] if choice.is_bound and choice.is_valid() else None
    keeps_people = rules.may_manage_people(standing_of(request))
    if request.method == "POST" and request.POST.get("do") == "dissolve":
        return _dissolve(request, found)
    form = HandOverForm(request.POST if request.method == "POST" else None, keeps_people=keeps_people)
    if to is None or found.dissolved_on:
        return _chosen(request, found, choice, 422 if request.method == "POST" or choice.is_bound else 200)
    status = 200
    if request.method == "POST":
        status = _hand_over(request, found, to, form)
        if not status:
            return redirect("governance:handover_team", slug=found.slug)
    shown = parts.preview(found, to)
    if status == 409:
        form.data = {**form.data.dict(), "seen": shown.seen}  # type: ignore[attr-defined]
    elif not form.is_bound:
        form.initial["seen"] = shown.seen
    return _chosen(request, found, choice, status, preview=shown, form=form)


def _hand_over(request: HttpRequest, found: Team, to: Team, form: HandOverForm) -> int:
    """0 when it is done, else the status of the page that says why not."""
    if not form.is_valid():
        return 422
    try:
        moved = services.hand_over(standing=standing_of(request), team=found, to=to, **form.cleaned_data)
    except Changed:
        return 409
    except ValidationError as error:
        form.add_error(None, error.messages)
        return 422
    told = ngettext("%(n)d Eintrag gehört jetzt %(to)s.", "%(n)d Einträge gehören jetzt %(to)s.", moved)
    done = told % {"n": moved, "to": to.name}
    if form.cleaned_data.get("then_dissolve"):
        done = f"{done} {_('%s ist aufgelöst.') % found.name}"
    told_ok(request, done)
    return 0


def _chosen(request: HttpRequest, found: Team, choice: ToForm, status: int, **more: Any) -> HttpResponse:
    standing = standing_of(request)
    context = {
        "team": found,
        "choice": choice,
        "entries": found.records.count(),
        "may_dissolve": rules.may_manage_people(standing) and not found.dissolved_on,
        "changed": Changed().messages[0] if status == 409 else "",
        "way": _way((found.name, None)),
        **more,
    }
    return render(request, "governance/handover/team.html", context, status=status)


def _dissolve(request: HttpRequest, found: Team) -> HttpResponse:
    try:
        people.dissolve(standing=standing_of(request), team=found)
    except ValidationError as error:
        told_refused(request, error)
    else:
        told_ok(request, _("%s ist aufgelöst. Alle Mitgliedschaften sind beendet.") % found.name)
    return redirect("governance:handover_team", slug=found.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """The administrator renames, moves or merges a department."""
    if not rules.may_manage_people(standing_of(request)):
        raise PermissionDenied
    found = addresses.find(slug)
    if found.slug != slug:
        return redirect("governance:handover_department", slug=found.slug)
    do = request.POST.get("do", "")
    values = {"name": found.name, "short_name": found.short_name, "slug": found.slug}
    rename = RenameForm(request.POST if do == "rename" else None, initial=values)
    parent = found.parent.slug if found.parent else ""
    move = MoveForm(request.POST if do == "move" else None, initial={"parent": parent}, department=found)
    merge = MergeForm(request.POST if do == "merge" else None, department=found)
    if now := _changed(request, found, do, rename, move, merge):
        return redirect("governance:handover_department", slug=now.slug)
    context = {
        "department": found,
        "rename": rename,
        "move": move,
        "merge": merge,
        "merging": departments.merging(found),
        "addresses": found.addresses.exclude(slug=found.slug).order_by("slug"),
        "former": found.former_names.all(),
        "way": _way((found.name, None)),
    }
    return render(request, "governance/handover/department.html", context, status=422 if do else 200)


def _changed(
    request: HttpRequest, found: Department, do: str, rename: RenameForm, move: MoveForm, merge: MergeForm
) -> Department | None:
    """The department to go on with when the step was done; else the form says why not."""
    given: dict[str, Any] = {"standing": standing_of(request), "department": found}
    made: list[Department] = []
    if do == "rename" and taken(rename, lambda data: made.append(departments.rename(**given, **data))):
        told_ok(request, _("Gespeichert. Die bisherige Adresse, Filter und Feeds führen weiter hierher."))
    elif do == "move" and taken(move, lambda data: made.append(departments.move(**given, **data))):
        told_ok(request, _("Verschoben, mit allem, was dazugehört."))
    elif do == "merge" and taken(merge, lambda data: made.append(departments.merge(**given, **data))):
        told_ok(
            request,
            _("%(old)s gehört jetzt zu %(new)s. Die bisherige Adresse führt dorthin.") % {"old": found, "new": made[0]},
        )
    return made[0] if made else None


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own absence in a team: from when to when, and who gets the mails meanwhile."""
    standing = standing_of(request)
    mine = Membership.objects.current().select_related("team", "user", "substitute")
    membership = get_object_or_404(mine, team__slug=slug, user=standing.user)
    form = AbsenceForm(request.POST if request.method == "POST" else None, membership=membership)
    if request.method == "POST" and taken(
        form, lambda data: people.set_absence(standing=standing, membership=membership, **data)
    ):
        told_ok(request, _("Gespeichert. Ihre Abwesenheit gilt in diesem Team."))
        return redirect(membership.team)
    context = {"team": membership.team, "form": form}
    return render(request, "governance/handover/absence.html", context, status=422 if form.is_bound else 200)
