"""Departments with their teams, and the upkeep of a team by its lead."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance import clock, people, queries, rules
from governance.audit import record_event
from governance.countersigning import queries as countersigning
from governance.forms import AboutForm, AbsenceForm, NewMemberForm
from governance.handover import addresses
from governance.http import standing_of, taken, told_ok, told_refused
from governance.models import CatalogueEntry, Membership, Team

SHOWN = 20


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """All departments as a tree, with team, contact and number of published records."""
    counts = dict(CatalogueEntry.objects.order_by().values_list("department_id").annotate(n=Count("pk")))
    teams: dict[int, list[Team]] = {}
    committee = None
    for team in Team.objects.filter(dissolved_on=None):
        if team.is_committee:
            committee = team
        else:
            teams.setdefault(team.department_id or 0, []).append(team)
    rows = [
        {
            "department": d,
            "depth": depth,
            "teams": teams.get(d.pk, []),
            "published": counts.get(d.pk, 0),
        }
        for d, depth in queries.department_tree()
    ]
    return render(request, "governance/departments.html", {"rows": rows, "committee": committee})


@require_safe
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """One department: head, contact, teams, what it has published. Former addresses lead here, too."""
    found = addresses.find(slug)
    if found.slug != slug:
        return redirect(found)
    entries = queries.catalogue().filter(department=found)
    context = {
        "department": found,
        "children": found.children.filter(dissolved_on=None),
        "teams": found.teams.filter(dissolved_on=None),
        "entries": entries[:SHOWN],
        "total": entries.count(),
        "may_set_countersigning": not found.dissolved_on and countersigning.may_set(standing_of(request), found),
        "former": found.former_names.all(),
        "may_keep": rules.may_manage_people(standing_of(request)),
    }
    return render(request, "governance/department.html", context)


def _members(team: Team) -> list[Membership]:
    return list(
        Membership.objects.current()
        .filter(team=team)
        .select_related("user", "substitute")
        .order_by("role", "user__full_name")
    )


def _sees_names(request: HttpRequest, team: Team) -> bool:
    standing = standing_of(request)
    return team.is_committee or standing.is_committee or team.pk in standing.teams or standing.is_admin


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """A team: what it does, how to reach it; names for itself, the committee and the administrator."""
    found = get_object_or_404(Team.objects.select_related("department"), slug=slug)
    context: dict[str, Any] = {
        "team": found,
        "sees_names": _sees_names(request, found),
        "members": _members(found),
        "today": clock.today(),
        "may_manage": rules.may_manage_team(standing_of(request), found),
        "may_hand_over": not (found.is_committee or found.dissolved_on) and rules.may_hand_over(standing_of(request)),
        "is_mine": found.pk in standing_of(request).teams,
        "entries": queries.catalogue().filter(owner=found)[:SHOWN],
    }
    if found.pk in standing_of(request).team_ids:
        context["drafts"] = queries.drafts_of_teams(standing_of(request)).filter(owner=found)[:SHOWN]
    return render(request, "governance/team.html", context)


def _managed(request: HttpRequest, slug: str) -> Team:
    found = get_object_or_404(Team.objects.select_related("department"), slug=slug)
    if not rules.may_manage_team(standing_of(request), found):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def team_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The lead keeps the own team: what it is for, who is in it, who is away."""
    found, standing = _managed(request, slug), standing_of(request)
    do = request.POST.get("do", "")
    about = AboutForm(request.POST if do == "about" else None, instance=found)
    new = NewMemberForm(request.POST if do == "add" else None)
    if do == "about" and about.is_valid():
        about.save()
        record_event("change_team", actor=standing.user, team=found.pk)
        told_ok(request, _("Gespeichert."))
        return redirect(request.path)
    if do == "add" and taken(
        new, lambda data: people.add_member(standing=standing, team=found, user=data["person"]), "person"
    ):
        told_ok(
            request, _("%(name)s ist aufgenommen. Die Rechte gelten ab sofort.") % {"name": new.cleaned_data["person"]}
        )
        return redirect(request.path)
    return _team_edit(request, found, about, new)


def _team_edit(
    request: HttpRequest,
    found: Team,
    about: AboutForm,
    new: NewMemberForm,
    refused: AbsenceForm | None = None,
) -> HttpResponse:
    """The page; `refused` is an absence that could not be noted, with what was typed."""
    rows = [
        {
            "membership": member,
            "form": refused if refused and refused.membership.pk == member.pk else AbsenceForm(membership=member),
        }
        for member in _members(found)
    ]
    context = {"team": found, "about": about, "new": new, "rows": rows, "roles": Membership.Role}
    code = 422 if request.method == "POST" else 200
    return render(request, "governance/team_edit.html", context, status=code)


@require_http_methods(["GET", "HEAD", "POST"])
def membership(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a membership, change its role, or note an absence; the first two are asked back first."""
    found = _managed(request, slug)
    member = get_object_or_404(Membership.objects.select_related("team", "user"), pk=pk, team=found)
    if request.method != "POST":
        return _ask_back(request, found, member)
    match request.POST.get("do"):
        case "absence":
            return _absence(request, found, member)
        case "end" | "role" as do:
            return _change(request, found, member, do)
    raise Http404


def _change(request: HttpRequest, found: Team, member: Membership, do: str) -> HttpResponse:
    standing, role = standing_of(request), request.POST.get("role", "")
    names = {"name": member.user, "team": found.name}
    try:
        if do == "end":
            people.end_membership(standing=standing, membership=member)
            done = _("%(name)s ist nicht mehr Mitglied von %(team)s. Das gilt ab sofort.") % names
        else:
            changed = people.change_role(standing=standing, membership=member, role=role)
            done = _("%(name)s ist in %(team)s jetzt: %(role)s.") % (names | {"role": changed.get_role_display()})
    except ValidationError as error:
        told_refused(request, error)
    else:
        told_ok(request, done)
        if member.user_id == standing.user_id:
            # Whoever gives up the lead may not keep the team any more.
            return redirect(found.get_absolute_url())
    return redirect("governance:team_edit", slug=found.slug)


def _ask_back(request: HttpRequest, found: Team, member: Membership) -> HttpResponse:
    """The page before a step that takes rights or gives them, with the person's name."""
    names = {"name": member.user, "team": found.name}
    is_lead = member.role == Membership.Role.LEAD
    match request.GET.get("do"):
        case "end":
            texts = {
                "heading": _("Mitgliedschaft von %(name)s beenden?") % names,
                "explanation": _("%(name)s verliert sofort alle Rechte in %(team)s. Geschriebenes bleibt.") % names,
                "action": _("Mitgliedschaft beenden"),
            }
        case "role" if is_lead:
            texts = {
                "heading": _("%(name)s gibt die Leitung ab?") % names,
                "explanation": _("%(name)s bleibt Mitglied von %(team)s, pflegt das Team aber nicht mehr.") % names,
                "action": _("Leitung abgeben"),
            }
        case "role":
            texts = {
                "heading": _("%(name)s zur Leitung machen?") % names,
                "explanation": _("%(name)s pflegt dann das Team, archiviert und bestätigt Einträge.") % names,
                "action": _("Zur Leitung machen"),
            }
        case _:
            return redirect("governance:team_edit", slug=found.slug)
    other_role = Membership.Role.MEMBER if is_lead else Membership.Role.LEAD
    context = {"team": found, "do": request.GET["do"], "role": other_role, **texts}
    return render(request, "governance/membership.html", context)


def _absence(request: HttpRequest, found: Team, member: Membership) -> HttpResponse:
    form = AbsenceForm(request.POST, membership=member)
    standing = standing_of(request)
    if taken(form, lambda data: people.set_absence(standing=standing, membership=member, **data)):
        told_ok(request, _("Abwesenheit von %(name)s gespeichert. Sie gilt sofort.") % {"name": member.user})
        return redirect("governance:team_edit", slug=found.slug)
    return _team_edit(request, found, AboutForm(instance=found), NewMemberForm(), form)
