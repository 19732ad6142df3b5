"""The steps of an adoption. Each locks the record first, so that what is derived of it fits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import catalogue, clock, versions
from governance import queries as records
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import CatalogueEntry, Department, Record, Team
from governance.rules import Standing
from transfer.adoption import drafts, letters, queries, rules
from transfer.errors import Changed
from transfer.models import Adoption

State = Adoption.State


@transaction.atomic
def show_interest(*, standing: Standing, record: Record) -> tuple[Adoption, bool]:
    """ "Das interessiert uns": the department's adoption of the record, and whether it is new, or taken up again."""
    locked, department_id = _source(standing, record)
    found = Adoption.objects.select_for_update().filter(record=locked, department=department_id).first()
    if found is not None and found.state != State.DROPPED:
        return found, False
    adoption = found or _new(locked, department_id)
    _step(adoption, State.INTERESTED, clock.today())
    record_event("show_interest", actor=standing.user, record=locked, adoption=adoption.pk)
    letters.interest(adoption, standing.user)
    return adoption, True


@transaction.atomic
def say_in_use(*, standing: Standing, record: Record) -> tuple[Adoption, bool]:
    """ "Wir nutzen das schon": in use without a plan; and whether that is news."""
    locked, department_id = _source(standing, record)
    if not rules.may_carry_on(standing, _team_ids(department_id)):
        raise NotAllowed
    found = Adoption.objects.select_for_update().filter(record=locked, department=department_id).first()
    if found is not None and found.is_in_use:
        return found, False
    adoption = found or _new(locked, department_id)
    _step(adoption, State.DONE, clock.today())
    _after_step(standing, adoption, uses_changed=True)
    return adoption, True


def _source(standing: Standing, record: Record) -> tuple[Record, int]:
    """The record, locked and published, and the department of the person who clicks."""
    locked = versions.lock(record)
    if not CatalogueEntry.objects.filter(pk=locked.pk).exists():
        raise records.not_there(locked)
    department_id = queries.home_of(standing)
    if department_id is None:
        raise WrongState(
            _("Ihrem Konto ist kein Bereich zugeordnet. Bitte wenden Sie sich an die Administration des Portals.")
        )
    if not rules.may_show_interest(standing, locked, department_id):
        raise WrongState(_("Das ist aus Ihrem eigenen Bereich."))
    return locked, department_id


def _new(record: Record, department_id: int) -> Adoption:
    entry = CatalogueEntry.objects.only("title", "issue").get(pk=record.pk)
    department = Department.objects.get(pk=department_id)
    return Adoption(record=record, department=department, title=entry.title, issue=entry.issue, created_at=clock.now())


def _step(adoption: Adoption, state: str, day: dt.date) -> None:
    adoption.step(state, day)
    if state != State.DROPPED:
        adoption.reason = ""
    _save(adoption)


def _save(adoption: Adoption) -> None:
    adoption.clean()
    if adoption.pk is not None:
        adoption.version += 1
    adoption.save()


def _after_step(standing: Standing, adoption: Adoption, *, uses_changed: bool) -> None:
    record_event(
        "carry_on_adoption",
        actor=standing.user,
        record=adoption.record,
        adoption=adoption.pk,
        state=adoption.state,
        change=adoption.version,
    )
    letters.step(adoption, standing.user)
    if uses_changed:
        catalogue.refresh(adoption.record)


@transaction.atomic
def carry_on(
    *,
    standing: Standing,
    adoption: Adoption,
    opened_on: int,
    state: str,
    since: dt.date,
    adapted: str,
    plan: str,
    reason: str,
    figures: Sequence[Mapping[str, str]],
) -> Adoption:
    """The state and all that the department writes of it. Raises NotAllowed, Changed, WrongState."""
    locked = lock_to_carry_on(standing, adoption)
    if locked.version != opened_on:
        raise Changed(locked)
    was_in_use, before = locked.is_in_use, locked.state
    if state == State.DROPPED and not reason:
        raise WrongState(_("Bitte schreiben Sie in einem Satz, warum es nicht weitergeht. Das hilft den Nächsten."))
    locked.adapted, locked.plan, locked.figures = adapted, plan, list(figures)
    locked.reason = reason if state == State.DROPPED else ""
    if state != before:
        locked.step(state, since)
    else:
        locked.since = since
        locked.steps = [*locked.steps[:-1], {"state": state, "on": f"{since:%Y-%m-%d}"}]
    _save(locked)
    if state != before:
        _after_step(standing, locked, uses_changed=locked.is_in_use != was_in_use)
    else:
        record_event("change_adoption", actor=standing.user, record=locked.record, adoption=locked.pk)
    return locked


@transaction.atomic
def note_fit(*, standing: Standing, adoption: Adoption, opened_on: int, fit: Mapping[str, Any]) -> Adoption:
    """Keep the answers of a fit check. Raises NotAllowed, Changed."""
    locked = lock_to_carry_on(standing, adoption)
    if locked.version != opened_on:
        raise Changed(locked)
    locked.fit = dict(fit)
    _save(locked)
    record_event("check_fit", actor=standing.user, record=locked.record, adoption=locked.pk)
    return locked


@transaction.atomic
def hand_over(*, standing: Standing, adoption: Adoption, department: Department) -> Adoption:
    """Give an adoption of a dissolved department to a living one. Raises NotAllowed, WrongState."""
    locked = _lock(adoption)
    if not rules.may_hand_over(standing, _team_ids(locked.department_id)):
        raise NotAllowed
    if locked.department.dissolved_on is None or department.dissolved_on is not None:
        raise WrongState(_("Nur von einem aufgelösten Bereich an einen bestehenden."))
    if department.pk == locked.record.department_id:
        raise WrongState(_("Dieser Bereich hat den Eintrag selbst geschrieben."))
    if Adoption.objects.filter(record=locked.record, department=department).exists():
        raise WrongState(_("%s nutzt das bereits selbst nach.") % department.name)
    _move(locked, department)
    record_event("hand_over_adoption", actor=standing.user, record=locked.record, adoption=locked.pk, to=department.pk)
    if locked.is_in_use:
        catalogue.refresh(locked.record)
    return locked


def _move(adoption: Adoption, department: Department) -> None:
    adoption.department = department
    _save(adoption)
    letters.handed_over(adoption)


@transaction.atomic
def write_learning(*, standing: Standing, adoption: Adoption) -> int:
    """The own learning: a draft with what is noted here; returns its record's key. Asked twice, there is one."""
    locked = lock_to_carry_on(standing, adoption)
    if locked.learning_id:
        return int(locked.learning_id)
    own = [key for key in _team_ids(locked.department_id) if key in standing.team_ids]
    if not own:
        raise WrongState(_("Ein Learning schreibt ein Change-Management-Team. Dieser Bereich hat keines."))
    values = drafts.values_of(locked)
    version = versions.create(kind=drafts.KIND, owner=Team.objects.get(pk=own[0]), standing=standing, values=values)
    locked.learning_id = version.record_id
    locked.save(update_fields=["learning"])
    record_event("write_from_adoption", actor=standing.user, record=version.record, adoption=locked.pk)
    return int(version.record_id)


def lock_to_carry_on(standing: Standing, adoption: Adoption) -> Adoption:
    """The adoption, locked and read anew, for those who may carry it on; raises NotAllowed."""
    locked = _lock(adoption)
    if not rules.may_carry_on(standing, _team_ids(locked.department_id)):
        raise NotAllowed
    return locked


def _lock(adoption: Adoption) -> Adoption:
    record = versions.lock(adoption.record_id)
    locked = Adoption.objects.select_for_update(of=("self",)).select_related("department").get(pk=adoption.pk)
    locked.record = record
    return locked


def _team_ids(department_id: int) -> list[int]:
    return [team.pk for team in queries.teams_of(department_id)]
