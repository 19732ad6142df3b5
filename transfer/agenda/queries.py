"""What of an agenda is seen, and into which occurrences a record can be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from governance.models import CatalogueEntry, Record
from governance.rules import Owned, Standing, may_edit
from processmodels.models import PublishedProcess
from transfer.models import AgendaItem, Occurrence


def visible(standing: Standing) -> Q:
    """Items as this person sees them; agrees with `rules.may_see_item`."""
    return Q(is_draft=False) | Q(record__owner_id__in=standing.team_ids)


def items(standing: Standing) -> QuerySet[AgendaItem]:
    """Items that exist for this person, with what a page shows of them."""
    drawn = PublishedProcess.objects.filter(pk=OuterRef("record")).exclude(as_is=None, to_be=None)
    return (
        AgendaItem.objects.filter(visible(standing))
        .select_related("record__owner", "learning__owner", "brought_by", "occurrence__format__team")
        .annotate(learning_is_published=is_published("learning"), has_poster=Exists(drawn))
    )


def fetch_item(standing: Standing, pk: int) -> AgendaItem:
    """An item that exists for this person; raises Http404."""
    found = items(standing).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def is_published(key: str) -> Exists:
    """Whether the record named by the column `key` is published."""
    return Exists(CatalogueEntry.objects.filter(pk=OuterRef(key)))


def items_of(standing: Standing, occurrence: Occurrence) -> QuerySet[AgendaItem]:
    return items(standing).filter(occurrence=occurrence).order_by("position", "pk")


def open_items(occurrence: Occurrence) -> QuerySet[AgendaItem]:
    """What leaves the portal, as a calendar file or on paper: nothing about drafts."""
    return occurrence.items.filter(is_draft=False).select_related("record").order_by("position", "pk")


def occurrences_of(standing: Standing, record: Record) -> QuerySet[AgendaItem]:
    """Where a record was, or will be, the newest first."""
    return items(standing).filter(record=record).order_by("-occurrence__starts_at", "-pk")


def coming_for(standing: Standing, record: Owned, *, is_published: bool) -> QuerySet[Occurrence]:
    """The coming occurrences into which this person may take the record; agrees with `rules.may_take`."""
    coming = Occurrence.objects.coming().filter(format__ended_on=None).select_related("format__team")
    owns = may_edit(standing, record)
    if not is_published:
        return coming.filter(format__team_id=record.owner_id) if owns else coming.none()
    return coming if owns else coming.filter(format__team_id__in=list(standing.teams))


@dataclass(frozen=True)
class Times:
    """The minutes of an agenda against the length of its occurrence."""

    planned: int
    length: int | None
    without: int

    @property
    def left(self) -> int | None:
        return None if self.length is None else self.length - self.planned

    @property
    def over(self) -> int:
        return max(0, -(self.left or 0))


def times(occurrence: Occurrence, shown: Sequence[AgendaItem]) -> Times:

    planned = sum(item.minutes or 0 for item in shown)
    return Times(planned, occurrence.length, sum(1 for item in shown if item.minutes is None))
