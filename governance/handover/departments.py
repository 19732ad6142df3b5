"""Departments are renamed, moved in the tree and merged. No address, filter or feed breaks: see `addresses`."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance import clock, rules, signals
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.handover.names import refresh_names
from governance.models import Department, DepartmentAddress, DepartmentName, Team, User
from governance.rules import Standing


def _lock_tree(standing: Standing) -> dict[int, Department]:
    """All departments, by key: whoever changes the tree meanwhile is waited for, so that no circle can arise."""
    if not rules.may_manage_people(standing):
        raise NotAllowed
    return {one.pk: one for one in Department.objects.select_for_update(no_key=True).order_by("pk")}


@transaction.atomic
def rename(*, standing: Standing, department: Department, name: str, short_name: str, slug: str = "") -> Department:
    """Another name, and another address if one is given; the former ones go on answering."""
    locked = _lock_tree(standing)[department.pk]
    if locked.dissolved_on:
        raise WrongState(_("Diesen Bereich gibt es nicht mehr. Umbenannt wird nur, was besteht."))
    before = (locked.name, locked.slug)
    locked.name, locked.short_name, locked.slug = name, short_name, slug or locked.slug
    locked.full_clean()
    locked.save(update_fields=["name", "short_name", "slug"])
    note_name(locked, before[0])
    record_event(
        "rename_department", actor=standing.user, department=locked.pk, address_changed=before[1] != locked.slug
    )
    if before[0] != locked.name:
        refresh_names(department=locked)
    return locked


def note_name(department: Department, before: str) -> None:
    """Keep how it was called; a name taken back is no former one any more."""
    DepartmentName.objects.filter(department=department, name=department.name).delete()
    if before != department.name:
        DepartmentName.objects.get_or_create(department=department, name=before)


@transaction.atomic
def move(*, standing: Standing, department: Department, parent: Department | None) -> Department:
    """Another place in the tree, with all that is below it. Raises ValidationError for a circle."""
    tree = _lock_tree(standing)
    locked = tree[department.pk]
    above = tree[parent.pk] if parent else None
    if above is not None and above.dissolved_on:
        raise ValidationError({"parent": _("Dieser Bereich ist aufgelöst. Bitte wählen Sie einen bestehenden.")})
    before, locked.parent = locked.parent_id, above
    locked.full_clean()
    locked.save(update_fields=["parent"])
    record_event(
        "move_department", actor=standing.user, department=locked.pk, before=before, to=above.pk if above else None
    )
    return locked


@dataclass(frozen=True)
class Merging:
    """What becomes part of the other department, counted."""

    teams: int
    persons: int
    children: int
    records: int


def merging(department: Department) -> Merging:
    """For the preview; names of persons and titles are not needed to decide."""
    teams = Team.objects.filter(department=department, dissolved_on=None)
    return Merging(
        teams=teams.count(),
        persons=User.objects.filter(department=department, is_active=True).count(),
        children=Department.objects.filter(parent=department, dissolved_on=None).count(),
        records=sum(team.records.count() for team in teams),
    )


@transaction.atomic
def merge(*, standing: Standing, department: Department, into: Department) -> Department:
    """Make a department part of another one: teams with all they have, persons, what is below it, and its addresses.

    The department is dissolved. Its teams go on as they are; to make one of two, a team hands over.
    """
    # Teams before departments, as a hand-over has it.
    teams = list(
        Team.objects.select_for_update(no_key=True).filter(department=department, dissolved_on=None).order_by("pk")
    )
    tree = _lock_tree(standing)
    locked, target = tree[department.pk], tree[into.pk]
    _check(locked, target, tree)
    Team.objects.filter(pk__in=[team.pk for team in teams]).update(department=target)
    User.objects.filter(department=locked).update(department=target)
    Department.objects.filter(parent=locked).update(parent=target)
    signals.department_merging.send(Department, department=locked, into=target, standing=standing)
    locked.head, locked.dissolved_on = None, clock.today()
    locked.full_clean()
    locked.save(update_fields=["head", "dissolved_on"])
    DepartmentName.objects.filter(department=locked).update(department=target)
    DepartmentName.objects.create(department=target, name=locked.name)
    DepartmentAddress.objects.filter(department=locked).update(department=target)
    record_event("merge_department", actor=standing.user, department=locked.pk, into=target.pk, teams=len(teams))
    for team in teams:
        refresh_names(team=team)
    return target


def _check(department: Department, into: Department, tree: dict[int, Department]) -> None:
    if department.dissolved_on or into.dissolved_on or department.pk == into.pk:
        raise WrongState(_("Bitte wählen Sie einen anderen, bestehenden Bereich."))
    above = into.parent_id
    while above is not None:
        if above == department.pk:
            raise WrongState(
                _("%(into)s gehört zu %(department)s. Bitte verschieben Sie ihn zuerst im Baum.")
                % {"into": into, "department": department}
            )
        above = tree[above].parent_id
