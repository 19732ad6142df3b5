"""Noting what came of an item, follow-ups, and making a draft of a note."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import clock, versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import Team
from governance.rules import Standing
from transfer import rules
from transfer.afterwards import drafts
from transfer.agenda.services import lock_item, save
from transfer.errors import Changed
from transfer.models import AgendaItem, FollowUp, ReflectionNote
from transfer.occurrences.services import lock

MOST_FOLLOW_UPS = 30


@transaction.atomic
def note(*, standing: Standing, item: AgendaItem, opened_on: int, notes: str, decisions: str) -> AgendaItem:
    """What was said of an item and what was decided. Raises Changed when somebody else noted something meanwhile."""
    locked = _locked(standing, item)
    if locked.version != opened_on:
        raise Changed(locked)
    locked.notes, locked.decisions = notes, decisions
    save(locked)
    record_event("note_outcome", actor=standing.user, record=locked.record, item=locked.pk, change=locked.version)
    return locked


@transaction.atomic
def add_follow_up(
    *, standing: Standing, item: AgendaItem, text: str, role: str = "", due_on: dt.date | None = None
) -> FollowUp:
    """Something to be done after an item. The same thing twice, as by a double click, is one."""
    locked = _locked(standing, item)
    same = locked.follow_ups.filter(text=text, role=role, due_on=due_on, done_at=None).first()
    if same:
        return same
    if locked.follow_ups.count() >= MOST_FOLLOW_UPS:
        raise WrongState(_("Mehr als %d Folgeaufgaben hat ein Punkt nicht.") % MOST_FOLLOW_UPS)
    made = FollowUp.objects.create(item=locked, text=text, role=role, due_on=due_on, created_at=clock.now())
    record_event("add_follow_up", actor=standing.user, record=locked.record, item=locked.pk, follow_up=made.pk)
    return made


@transaction.atomic
def tick(*, standing: Standing, follow_up: FollowUp, done: bool) -> FollowUp:
    """Done, or open again; done twice is done once."""
    item = _locked(standing, follow_up.item)
    locked = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if (locked.done_at is not None) == done:
        return locked
    locked.done_at = clock.now() if done else None
    locked.save(update_fields=["done_at"])
    record_event("tick_follow_up", actor=standing.user, record=item.record, follow_up=locked.pk, done=done)
    return locked


def _locked(standing: Standing, item: AgendaItem) -> AgendaItem:
    """For those who prepare the format. An item that one does not see is not there."""
    locked = lock_item(lock(item.occurrence_id), item)
    if not (rules.may_see_item(standing, locked) and rules.may_prepare(standing, locked.occurrence.format)):
        raise NotAllowed
    return locked


@transaction.atomic
def write_from_note(*, standing: Standing, source: AgendaItem | ReflectionNote) -> int:
    """A draft learning with the words of a note; returns its record's key. Asked twice, there is one draft."""
    occurrence = lock(source.occurrence_id)
    if not rules.may_write_from_notes(standing, occurrence.format):
        raise NotAllowed
    locked: Any
    if isinstance(source, AgendaItem):
        locked = lock_item(occurrence, source)
        if not rules.may_see_item(standing, locked):
            raise NotAllowed
    else:
        locked = occurrence.reflections.get(pk=source.pk)
        locked.occurrence = occurrence
    if locked.learning_id:
        return int(locked.learning_id)
    words = drafts.values_of(locked)
    if words is None:
        raise WrongState(_("Hier ist noch nichts notiert."))
    owner = Team.objects.get(pk=rules.owner_of_draft(standing, occurrence.format))
    version = versions.create(kind=drafts.KIND, owner=owner, standing=standing, values=words)
    locked.learning_id = version.record_id
    locked.save(update_fields=["learning"])
    record_event("write_from_note", actor=standing.user, record=version.record, occurrence=occurrence.pk)
    return int(version.record_id)
