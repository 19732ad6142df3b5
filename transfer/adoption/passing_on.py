"""Adoptions belong to a department: they go along when its last team hands over to another one, or it is merged."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import catalogue, versions
from governance.audit import record_event
from governance.handover.parts import SHOWN, Named, Part
from governance.models import Department, Team
from governance.rules import Standing
from transfer.adoption import letters, queries
from transfer.models import Adoption

_HAS, _WROTE, _GOES = "has", "wrote", "goes"


def _sorted(department_id: int, to_id: int, own: Q) -> QuerySet[Any]:
    """The adoptions of a department, each with what becomes of it: it goes, or stays because of ... `own` are those of
    records that will be the other department's own."""
    there = Adoption.objects.filter(department=to_id).values("record")
    fate = Case(
        When(Q(record__owner__department=to_id) | own, then=Value(_WROTE)),
        When(record__in=there, then=Value(_HAS)),
        default=Value(_GOES),
    )
    return Adoption.objects.filter(department=department_id).annotate(fate=fate).order_by("record")


def _leaves(team: Team, to: Team) -> bool:
    """Whether the adoptions of the team's department follow it to another one."""
    if to.department_id in (None, team.department_id) or team.department_id is None:
        return False
    return all(other.pk == team.pk for other in queries.teams_of(team.department_id))


def part(team: Team, to: Team) -> Part:
    """For the preview of a hand-over; adoptions name departments, and everybody reads them."""
    rests = _resting(team, to)
    if team.department_id is None or to.department_id is None or team.department_id == to.department_id:
        return Part("adoptions", _("Nachnutzungen"))
    if not _leaves(team, to):
        return Part("adoptions", _("Nachnutzungen"), staying=[*_with_the_department(team), *rests])
    rows = list(_sorted(team.department_id, to.department_id, Q(record__owner=team)))
    going = [row for row in rows if row.fate == _GOES]
    named = [Named(row.title, row.get_absolute_url()) for row in going[:SHOWN]]
    staying = [Named(row.title, row.get_absolute_url(), _why(row, to)) for row in rows if row.fate != _GOES]
    return Part(
        "adoptions",
        _("Nachnutzungen des Bereichs"),
        [row.pk for row in going],
        named,
        staying=[*staying, *rests],
        locks=[row.record_id for row in going],
    )


def _why(adoption: Any, to: Team) -> str:
    names = {"department": to.department}
    if adoption.fate == _WROTE:
        return (
            _("%(department)s nutzt nicht nach, was dem eigenen Bereich gehört. Das Gremium führt sie weiter.") % names
        )
    return _("%(department)s nutzt das bereits selbst nach. Das Gremium führt diese weiter.") % names


def _with_the_department(team: Team) -> list[Named]:
    number = Adoption.objects.filter(department=team.department_id).count()
    if not number:
        return []
    label = ngettext("%d Nachnutzung", "%d Nachnutzungen", number) % number
    reason = _("Nachnutzungen gehören dem Bereich. %s hat noch ein anderes Team, das sie weiterführt.")
    return [Named(label, reason=reason % team.department)]


def _resting(team: Team, to: Team) -> list[Named]:
    """What the other department adopts of this team's: it will own that itself."""
    found = Adoption.objects.filter(department=to.department_id, record__owner=team).exclude(
        record__owner__department=to.department_id
    )
    reason = _("Der Eintrag gehört dann dem eigenen Bereich. Diese Nachnutzung ruht und zählt nicht mehr als Nutzung.")
    return [Named(row.title, row.get_absolute_url(), reason) for row in found.order_by("pk")]


def on_hand_over(sender: object, team: Team, to: Team, standing: Standing, **_named: object) -> None:
    """Receives `governance.signals.team_hands_over`; what cannot go stays, and the committee carries it on."""
    if _leaves(team, to):
        assert team.department_id is not None
        _move(
            _sorted(team.department_id, to.department_id or 0, Q(record__owner=team)), to.department_id or 0, standing
        )


def on_merging(sender: object, department: Department, into: Department, standing: Standing, **_named: object) -> None:
    """Receives `governance.signals.department_merging`; its teams have moved already."""
    _move(_sorted(department.pk, into.pk, Q(pk=None)), into.pk, standing)


def _move(rows: QuerySet[Any], to_id: int, standing: Standing) -> None:
    goes = rows.filter(fate=_GOES)
    versions.lock_all(goes.values_list("record", flat=True))
    keys = list(goes.values_list("pk", flat=True))
    locked = Adoption.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    going = list(locked.select_related("record").order_by("record"))
    department = Department.objects.get(pk=to_id)
    for adoption in going:
        adoption.department = department
        adoption.version += 1
    Adoption.objects.bulk_update(going, ["department", "version"], batch_size=500)
    for adoption in going:
        record_event(
            "hand_over_adoption", actor=standing.user, record=adoption.record, adoption=adoption.pk, to=department.pk
        )
    _tell(department, going)
    catalogue.refresh_owners(adoption.record_id for adoption in going if adoption.is_in_use)


def _tell(department: Department, going: Collection[Adoption]) -> None:
    """Each by its own mail while they are few; many in one."""
    if len(going) <= letters.EACH:
        for adoption in going:
            letters.handed_over(adoption)
    else:
        letters.many_handed_over(department.pk, len(going))
