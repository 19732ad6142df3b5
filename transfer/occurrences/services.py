"""Setting, moving and calling off the dates of a format."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance import clock
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.rules import Standing
from transfer import rules
from transfer.errors import Cancelled, Changed
from transfer.formats import services as formats
from transfer.models import ExchangeFormat, Occurrence


@transaction.atomic
def set_date(
    *,
    standing: Standing,
    exchange_format: ExchangeFormat,
    starts_at: dt.datetime,
    minutes: int | None = None,
    place: str = "",
) -> Occurrence:
    """The next date of a format, or a past one that is entered afterwards."""
    locked = formats.lock(exchange_format)
    if not rules.may_prepare(standing, locked):
        raise NotAllowed
    if locked.has_ended:
        raise WrongState(_("Dieses Format ist beendet. Es gibt keine weiteren Termine."))
    if locked.is_newsletter:
        raise WrongState(_("Ein Newsletter hat Ausgaben und keine Termine."))
    _refuse_second(locked, starts_at)
    made = Occurrence.objects.create(
        format=locked, starts_at=starts_at, minutes=minutes, place=place, created_at=clock.now()
    )
    record_event("set_date", actor=standing.user, occurrence=made.pk, format=locked.pk)
    return made


@transaction.atomic
def change(
    *,
    standing: Standing,
    occurrence: Occurrence,
    opened_on: int,
    starts_at: dt.datetime,
    minutes: int | None = None,
    place: str = "",
) -> Occurrence:
    """Move it, or change length or place. Raises Changed when somebody else did so meanwhile, Cancelled."""
    locked = lock(occurrence)
    if not rules.may_prepare(standing, locked.format):
        raise NotAllowed
    if locked.is_cancelled:
        raise Cancelled
    if locked.version != opened_on:
        raise Changed(locked)
    if starts_at != locked.starts_at:
        _refuse_second(locked.format, starts_at)
        locked.moved_from = locked.starts_at
    locked.starts_at, locked.minutes, locked.place = starts_at, minutes, place
    _save(locked)
    record_event("change_date", actor=standing.user, occurrence=locked.pk, change=locked.version)
    return locked


@transaction.atomic
def cancel(*, standing: Standing, occurrence: Occurrence, reason: str = "") -> Occurrence:
    """Call it off. Its agenda stays to be read."""
    locked = lock(occurrence)
    if not rules.may_prepare(standing, locked.format):
        raise NotAllowed
    if locked.is_cancelled:
        raise WrongState(_("Dieser Termin ist bereits abgesagt."))
    locked.cancelled_at, locked.cancel_reason = clock.now(), reason
    _save(locked)
    record_event("cancel_date", actor=standing.user, occurrence=locked.pk)
    return locked


def lock(occurrence: Occurrence | int) -> Occurrence:
    """The occurrence, locked until the end of the transaction and read anew; every change of an agenda begins here."""
    key = occurrence if isinstance(occurrence, int) else occurrence.pk
    return Occurrence.objects.select_for_update(of=("self",)).select_related("format__team").get(pk=key)


def _refuse_second(exchange_format: ExchangeFormat, starts_at: dt.datetime) -> None:
    if exchange_format.occurrences.held().filter(starts_at=starts_at).exists():
        raise ValidationError(_("Zu dieser Zeit gibt es schon einen Termin dieses Formats."))


def _save(occurrence: Occurrence) -> None:
    occurrence.version += 1
    occurrence.save()
