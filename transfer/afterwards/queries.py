"""The items of an occurrence as its page shows them, each with what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from governance import kinds
from governance.models import Record
from governance.rules import Standing, may_edit
from governance.text.clean import slugify_de
from transfer import rules
from transfer.agenda import queries as agenda
from transfer.models import AgendaItem, FollowUp, Occurrence, ReflectionNote


def rows_of(standing: Standing, occurrence: Occurrence, items: Sequence[AgendaItem]) -> list[dict[str, Any]]:
    """One query for the follow-ups of all items."""
    to_do: dict[int, list[FollowUp]] = {}
    for follow_up in FollowUp.objects.filter(item__in=items):
        to_do.setdefault(follow_up.item_id, []).append(follow_up)
    last = len(items) - 1
    return [
        {
            "item": item,
            "url": url_of(item),
            "poster": f"{url_of(item)}poster.pdf" if vars(item).get("has_poster") else "",
            "is_archived": item.record is not None and item.record.state == Record.State.ARCHIVED,
            "follow_ups": to_do.get(item.pk, []),
            "learning": learning_for(standing, item),
            "may_change": rules.may_change_item(standing, item),
            "may_remove": not (item.has_outcome or item.pk in to_do),
            "is_first": place == 0,
            "is_last": place == last,
        }
        for place, item in enumerate(items)
    ]


def url_of(item: AgendaItem) -> str:
    """The record's page; it leads on from an old title."""
    if item.record is None:
        return ""
    return kinds.get(item.record.kind).record_url(item.record.number, slugify_de(item.title))


def points_of(occurrence: Occurrence) -> list[ReflectionNote]:
    """The points of a reflection round, with what a page shows of them."""
    found = occurrence.reflections.select_related("became_in", "learning__owner")
    return list(found.annotate(learning_is_published=agenda.is_published("learning")))


def learning_for(standing: Standing, source: AgendaItem | ReflectionNote) -> Record | None:
    """The draft made of a note, for those who may know of it."""
    if source.learning is None:
        return None
    known = vars(source)["learning_is_published"] or may_edit(standing, source.learning)
    return source.learning if known else None
