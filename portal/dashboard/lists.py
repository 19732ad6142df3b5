"""The lists behind the figures: exactly what was counted, or what of it is public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import clock, kinds
from governance.models import CatalogueEntry, Publication
from portal.dashboard.figures import ADOPTED, ANSWERED, ASKED, CONFIRMED, PUBLISHED, Figure
from portal.dashboard.selection import Selection

LISTED = 50


@dataclass(frozen=True)
class Item:
    """One line; `on` is the day for which it was counted, of a question the day on which it was published."""

    title: str
    url: str
    on: dt.date
    department: str
    short_number: str = ""
    detail: str = ""
    is_archived: bool = False


def _within(figure: Figure, selection: Selection) -> QuerySet[Any]:
    """The rows that were counted, the newest first."""
    rows, period = figure.rows(), selection.period
    if period.year:
        begins: Any = period.begins
        ends: Any = period.ends
        if figure.is_moment:
            midnight = clock.midnight()
            begins, ends = (midnight.replace(year=d.year, month=d.month, day=1) for d in (begins, ends))
        rows = rows.filter(**{f"{figure.at}__gte": begins, f"{figure.at}__lt": ends})
    if selection.keys is not None:
        rows = rows.filter(**{f"{figure.department}__in": sorted(selection.keys)})
    return rows.order_by(f"-{figure.at}", "-pk")


def _with_titles(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With the record's title and address as readers know them; of what is archived, the title published last."""
    entry = CatalogueEntry.objects.filter(pk=OuterRef("record"))
    last = Publication.objects.filter(record=OuterRef("record")).order_by("-number")
    return rows.select_related("record__owner__department").annotate(
        entry_title=Subquery(entry.values("title")),
        entry_slug=Subquery(entry.values("slug")),
        last_title=Subquery(last.values("version__title")[:1]),
    )


def rows_of(figure: Figure, selection: Selection) -> QuerySet[Any]:
    """What the list shows. Of questions, those that their team has published, as long as the record is."""
    rows = _within(figure, selection)
    if figure.key == ADOPTED:
        source = CatalogueEntry.objects.filter(pk=OuterRef("record")).values("department_name")
        return rows.select_related("department", "record").annotate(source=Subquery(source)).defer("plan", "fit")
    if not figure.is_exact:
        rows = rows.filter(Exists(CatalogueEntry.objects.filter(pk=OuterRef("record"))), published_at__isnull=False)
        # By the day on which readers could read it: when somebody asked is not told.
        rows = rows.order_by("-published_at", "-pk")
    return _with_titles(rows)


def _of_record(row: Any, at: dt.datetime) -> Item:
    record, found = row.record, vars(row)
    department = record.owner.department
    return Item(
        title=found["entry_title"] or found["last_title"] or "",
        url=kinds.get(record.kind).record_url(record.number, found["entry_slug"] or "x"),
        on=clock.local(at).date(),
        department=department.name if department else record.owner.name,
        short_number=record.short_number,
        is_archived=found["entry_title"] is None,
    )


def _published(row: Any) -> Item:
    return _of_record(row, row.from_at)


def _confirmed(row: Any) -> Item:
    return _of_record(row, row.at)


def _adopted(row: Any) -> Item:
    source = vars(row)["source"]
    return Item(
        title=row.title,
        url=row.get_absolute_url(),
        on=vars(row)["done_on"],
        department=row.department.name,
        short_number=row.record.short_number,
        detail=" · ".join(
            filter(
                None,
                [
                    _("von %(department)s") % {"department": source} if source else "",
                    "" if row.is_in_use else _("später nicht weiterverfolgt"),
                ],
            )
        ),
        is_archived=row.is_archived,
    )


def _question(row: Any) -> Item:
    of = _of_record(row, row.published_at)
    return Item(
        title=row.shown_question,
        url=f"{of.url}#frage-{row.pk}",
        on=of.on,
        department=of.department,
        detail=_("zu %(record)s") % {"record": f"{of.short_number} {of.title}"},
    )


ITEMS: Mapping[str, Callable[[Any], Item]] = {
    PUBLISHED: _published,
    ADOPTED: _adopted,
    CONFIRMED: _confirmed,
    ASKED: _question,
    ANSWERED: _question,
}


def further(figure: Figure, selection: Selection) -> tuple[str, str] | None:
    """Where the same can be narrowed further: the search, or the overview of adoptions."""
    department = selection.department.slug if selection.department else ""
    narrowed = f"department={department}" if department else ""
    if figure.key == PUBLISHED:
        return _("In der Suche nach Schlagwort, Art und Zielgruppe eingrenzen"), f"{reverse('search')}?{narrowed}"
    if figure.key == ADOPTED:
        state = f"state=done&{narrowed}".rstrip("&")
        return _("Alle Nachnutzungen mit ihrem Stand ansehen"), f"{reverse('transfer:adoptions')}?{state}"
    return None
