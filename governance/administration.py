"""What is on the record and not in its text: changed at once, audited, without review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import catalogue, clock, rules, versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import Membership, Record, User
from governance.rules import Standing
from governance.upkeep import dates


def change_contact(*, record: Record, standing: Standing, contact: User) -> Record:
    """Name another member of the owning team as contact (the team's lead)."""
    if not Membership.objects.current().filter(team_id=record.owner_id, user=contact).exists():
        raise WrongState(_("Die Ansprechperson muss Mitglied des Teams sein."))
    return _change(record, standing, rules.may_change_contact, "change_contact", contact=contact)


def change_reach(*, record: Record, standing: Standing, reach: str) -> Record:
    """Say how far the record may go (the committee)."""
    if reach not in Record.Reach.values:
        raise WrongState(_("Diese Weitergabe gibt es nicht."))
    return _change(record, standing, rules.may_change_reach, "change_reach", reach=reach)


def change_check_up(*, record: Record, standing: Standing, day: dt.date) -> Record:
    """Set the day on which the record must be confirmed (the team's lead)."""
    if day <= clock.today():
        raise WrongState(_("Die Wiedervorlage muss in der Zukunft liegen."))
    if day > dates.latest_day():
        raise WrongState(
            _("Die Wiedervorlage liegt höchstens fünf Jahre in der Zukunft, also spätestens am %(day)s.")
            % {"day": date_format(dates.latest_day(), "j. F Y")}
        )
    return _change(record, standing, rules.may_change_check_up, "change_check_up", check_up_on=day)


@transaction.atomic
def change_interval(*, record: Record, standing: Standing, months: int | None) -> Record:
    """Set how many months lie between two check-ups (the team's lead); None: as in the whole house.

    What is published gets its next day by the new interval.
    """
    if months is not None and months not in dates.MONTHS:
        raise WrongState(_("Dieser Abstand steht nicht zur Wahl."))
    record = versions.lock(record)
    record.check_up_months = months
    renewed = {"check_up_on": dates.counted_anew(record)} if record.check_up_on else {}
    return _change(record, standing, rules.may_change_check_up, "change_interval", check_up_months=months, **renewed)


@transaction.atomic
def _change(record: Record, standing: Standing, rule: Any, verb: str, **values: Any) -> Record:
    record = versions.lock(record)
    if not rule(standing, record):
        raise NotAllowed
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=list(values))
    catalogue.refresh(record)
    record_event(verb, actor=standing.user, record=record, changed=sorted(values))
    return record
