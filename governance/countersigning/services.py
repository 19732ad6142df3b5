"""Putting forward, giving back, and the switch of a department: each checked, audited, told. The lead's signature is
`workflow.submit`; nothing here moves a text."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from governance import clock, rules, versions
from governance.audit import record_event
from governance.countersigning import letters, queries, settling
from governance.errors import Conflict, NotAllowed, WrongState
from governance.models import Countersigning, Department, Record
from governance.rules import Standing
from governance.transitions import TABLE, Verb

Status = Countersigning.Status


@transaction.atomic
def put_forward(*, record: Record, standing: Standing, version_id: int, note: str = "") -> Countersigning:
    """Put exactly this version on the lead's work list. The state stays as it is, and everybody may write on.

    The same version put forward twice with the same words is one. Raises Conflict when it is no longer the current
    one, WrongState when the person may submit or the text is not one that is submitted now.
    """
    record = versions.lock(record)
    now = rules.load_standing(standing.user)
    if not rules.may_edit(now, record):
        raise NotAllowed
    if rules.may_submit(now, record):
        raise WrongState(_("Sie können diesen Text selbst zur Freigabe vorlegen; eine Mitzeichnung braucht es nicht."))
    if record.state not in TABLE[Verb.SUBMIT].sources:
        raise WrongState(
            _("Das ist gerade nicht möglich: Der Eintrag ist im Zustand „%(state)s“.")
            % {"state": record.get_state_display()}
        )
    version = versions.current_of(record)
    if version.pk != version_id:
        raise Conflict(version)
    before = queries.open_one(record)
    if before is not None and (before.version_id, before.note, before.put_by_id) == (version.pk, note, now.user_id):
        return before
    settling.settle(record, standing, signed=False)
    made = Countersigning.objects.create(
        record=record, version=version, note=note, put_by=standing.user, put_at=clock.now()
    )
    record_event("put_forward", actor=standing.user, record=record, version=version, countersigning=made.pk)
    letters.put_forward(made)
    return made


@transaction.atomic
def give_back(*, record: Record, standing: Standing, answer: str) -> Countersigning:
    """The lead does not submit; the words say what is to be done."""
    record = versions.lock(record)
    rules.require(rules.leads_owner, standing, record)
    found = queries.open_one(record)
    if found is None:
        raise WrongState(_("Dieser Text liegt nicht mehr zur Mitzeichnung vor."))
    if not answer.strip():
        raise WrongState(_("Bitte sagen Sie Ihrem Team, was zu tun ist."))
    settling.close(Countersigning.objects.filter(pk=found.pk), standing, Status.GIVEN_BACK, answer)
    record_event("give_back", actor=standing.user, record=record, version=found.version, countersigning=found.pk)
    letters.given_back(found)
    return queries.latest(record) or found


@transaction.atomic
def switch(*, department: Department, standing: Standing, on: bool) -> Department:
    """Say whether in this department the lead alone submits. Switched off, what waited is told to go on by itself."""
    department = Department.objects.select_for_update(of=("self",), no_key=True).get(pk=department.pk)
    if not queries.may_set(rules.load_standing(standing.user), department):
        raise NotAllowed
    if department.countersigned == on:
        return department
    department.countersigned = on
    department.save(update_fields=["countersigned"])
    record_event("switch_countersigning", actor=standing.user, department=department.pk, on=on)
    if not on:
        _let_go(department, standing)
    return department


def _let_go(department: Department, standing: Standing) -> None:
    waiting = Countersigning.objects.filter(record__owner__department=department, status=Status.OPEN)
    for record_id in list(waiting.order_by("record_id").values_list("record_id", flat=True)):
        record = versions.lock(record_id)
        if (found := queries.open_one(record)) is not None:
            settling.settle(record, standing, signed=False)
            letters.may_submit_now(found)
