"""Putting records and topics on an agenda, changing their order, taking them off."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from governance import queries as records
from governance import rules as governance_rules
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import CatalogueEntry, Record
from governance.rules import Standing
from transfer import rules
from transfer.agenda import queries
from transfer.errors import Cancelled, Changed, Moved
from transfer.models import AgendaItem, Occurrence, ReflectionNote
from transfer.occurrences.services import lock

MOST_ITEMS = 60
UP, DOWN = "up", "down"


@transaction.atomic
def take_along(
    *, standing: Standing, occurrence: Occurrence, seen: int | None, record: Record, **values: Any
) -> AgendaItem:
    """Put a record on an agenda, with its title of now.

    `seen` is the version of the occurrence that the person saw. Raises Moved, Cancelled, NotAllowed, ValidationError.
    """
    locked = _open(occurrence, seen)
    title, is_published = _title(standing, record)
    if not rules.may_take(standing, locked.format, record, is_published=is_published):
        raise NotAllowed
    if locked.items.filter(record=record).exists():
        raise ValidationError(_("%s steht schon auf dieser Tagesordnung.") % record.short_number)
    brought_by = None if record.owner_id == locked.format.team_id else record.owner
    if not governance_rules.may_edit(standing, record):
        brought_by = None
    return _put_on(
        standing, locked, record=record, title=title, is_draft=not is_published, brought_by=brought_by, **values
    )


def _title(standing: Standing, record: Record) -> tuple[str, bool]:
    """What it is called, and whether staff may know: the published title, or the team's own draft's."""
    published = CatalogueEntry.objects.filter(pk=record.pk).values_list("title", flat=True).first()
    if published is not None:
        return published, True
    if record.state == Record.State.ARCHIVED or not governance_rules.may_edit(standing, record):
        raise records.not_there(record)
    return records.title_for(standing, record), False


@transaction.atomic
def add_topic(*, standing: Standing, occurrence: Occurrence, seen: int | None, title: str, **values: Any) -> AgendaItem:
    """Put something on the agenda that is no record."""
    locked = _open(occurrence, seen)
    if not rules.may_prepare(standing, locked.format):
        raise NotAllowed
    return _put_on(standing, locked, title=title, **values)


def _open(occurrence: Occurrence, seen: int | None) -> Occurrence:
    locked = lock(occurrence)
    if locked.is_cancelled:
        raise Cancelled
    if seen is not None and locked.version != seen:
        raise Moved(locked)
    return locked


def _put_on(standing: Standing, occurrence: Occurrence, **values: Any) -> AgendaItem:
    last = occurrence.items.aggregate(last=Max("position"))["last"] or 0
    if occurrence.items.count() >= MOST_ITEMS:
        raise WrongState(_("Diese Tagesordnung ist voll (%d Punkte).") % MOST_ITEMS)
    item = AgendaItem.objects.create(occurrence=occurrence, position=last + 1, **values)
    record_event("put_on_agenda", actor=standing.user, record=item.record, item=item.pk, occurrence=occurrence.pk)
    return item


@transaction.atomic
def change(
    *, standing: Standing, item: AgendaItem, opened_on: int, seen: int | None = None, **values: Any
) -> AgendaItem:
    """Another aim, role, time, or (of an own topic) title. Raises Moved, Cancelled, Changed."""
    occurrence = _open(item.occurrence, seen)
    locked = lock_item(occurrence, item)
    if not (rules.may_see_item(standing, locked) and rules.may_change_item(standing, locked)):
        raise NotAllowed
    if locked.version != opened_on:
        raise Changed(locked)
    if locked.record is not None:
        values.pop("title", None)
    for name, value in values.items():
        setattr(locked, name, value)
    save(locked)
    record_event("change_agenda", actor=standing.user, record=locked.record, item=locked.pk, change=locked.version)
    return locked


@transaction.atomic
def move(*, standing: Standing, item: AgendaItem, way: str) -> None:
    """One place up or down among the items that the person sees; at the end nothing happens."""
    occurrence = lock(item.occurrence_id)
    if not rules.may_prepare(standing, occurrence.format):
        raise NotAllowed
    every = list(occurrence.items.order_by("position", "pk"))
    seen = set(queries.items_of(standing, occurrence).values_list("pk", flat=True))
    shown = [one for one in every if one.pk in seen]
    here = next((place for place, one in enumerate(shown) if one.pk == item.pk), None)
    there = -1 if here is None else here + (-1 if way == UP else 1)
    if here is None or not 0 <= there < len(shown):
        return
    first, second = every.index(shown[here]), every.index(shown[there])
    every[first], every[second] = every[second], every[first]
    for position, one in enumerate(every, start=1):
        one.position = position
    AgendaItem.objects.bulk_update(every, ["position"])
    record_event("change_agenda", actor=standing.user, item=item.pk, occurrence=occurrence.pk)


@transaction.atomic
def take_off(*, standing: Standing, item: AgendaItem) -> None:
    """Remove an item of which nothing is written down yet."""
    occurrence = lock(item.occurrence_id)
    locked = lock_item(occurrence, item)
    if not (rules.may_see_item(standing, locked) and rules.may_change_item(standing, locked)):
        raise NotAllowed
    if locked.has_outcome or locked.follow_ups.exists():
        raise WrongState(_("Zu diesem Punkt ist schon etwas festgehalten. Er bleibt auf der Tagesordnung."))
    record_event("take_off_agenda", actor=standing.user, record=locked.record, occurrence=occurrence.pk)
    locked.delete()


def lock_item(occurrence: Occurrence, item: AgendaItem) -> AgendaItem:
    """The item, read anew under the lock of its occurrence; raises WrongState when it was taken off."""
    found = occurrence.items.select_for_update(of=("self",)).select_related("record__owner").filter(pk=item.pk).first()
    if found is None:
        raise WrongState(_("Dieser Punkt wurde inzwischen von der Tagesordnung genommen."))
    found.occurrence = occurrence
    return found


def save(item: AgendaItem) -> None:
    item.version += 1
    item.save()


def redact(sender: Any, record: Record, blank: Any, **kwargs: Any) -> None:
    """What is blanked in a record is blanked in its titles on agendas and in the notes of it and behind it, too."""
    about = Q(record=record) | Q(learning=record)
    for item in AgendaItem.objects.select_for_update(of=("self",)).filter(about):
        _blank(item, blank, "title", "notes", "decisions")
        for follow_up in item.follow_ups.all():
            _blank(follow_up, blank, "text", "role")
    for point in ReflectionNote.objects.select_for_update(of=("self",)).filter(learning=record):
        _blank(point, blank, "text", "became")


def _blank(row: models.Model, blank: Any, *names: str) -> None:
    if changes := blank.changes(row, names):
        type(row)._default_manager.filter(pk=row.pk).update(**changes)
