"""The lists that join what several apps know: links inside and outside, records that are much alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from governance import clock
from governance.models import CatalogueEntry, Publication, PublishedLink
from governance.upkeep.scope import Scope
from portal.upkeep.models import AddressCheck, LikePair, PageLink

A_YEAR = dt.timedelta(days=365)


def broken_inside(scope: Scope) -> QuerySet[PageLink]:
    """Links of published texts to records that are not published, or to what is not there."""
    gone = Q(target__isnull=False, target__entry__isnull=True)
    # Who names what it has taken the place of says so on purpose; the page there leads back.
    gone &= Q(target__successor=None) | ~Q(target__successor=F("entry"))
    found = PageLink.objects.filter(scope.of("entry__"), gone | ~Q(fault=""), is_outside=False)
    shown = found.select_related("entry", "target__successor").defer("entry__page", "entry__weighted", "entry__facets")
    # What readers may know of the target: that it was published, and what is published in its place.
    shown = shown.annotate(
        was_published=Exists(Publication.objects.filter(record=OuterRef("target"))),
        names_successor=Exists(CatalogueEntry.objects.filter(pk=OuterRef("target__successor"))),
    )
    return shown.order_by("entry__department_name", "entry__short_number", "pk")


def unchecked_outside(scope: Scope) -> QuerySet[PageLink, dict[str, Any]]:
    """Addresses that nobody has looked at for a year, or that led nowhere; each once, the oldest first."""
    check = AddressCheck.objects.filter(pk=OuterRef("key"))
    looked_at = (
        PageLink.objects.filter(scope.of("entry__"), is_outside=True)
        .values("key", "address")
        .annotate(
            words=Min("words"),
            checked_on=Subquery(check.values("checked_on")),
            is_reached=Subquery(check.values("is_reached")),
            last=Greatest(Max("since"), Coalesce(Subquery(check.values("checked_on")), Max("since"))),
        )
    )
    waits = Q(last__lt=clock.today() - A_YEAR) | Q(is_reached=False)
    return looked_at.filter(waits).order_by("last", "key")


def naming(scope: Scope, keys: Iterable[str]) -> dict[str, list[CatalogueEntry]]:
    """The records in whose texts these addresses stand, by the key of the address; one query."""
    links = PageLink.objects.filter(scope.of("entry__"), key__in=list(keys), is_outside=True)
    found: dict[str, list[CatalogueEntry]] = {}
    wanted = links.select_related("entry").defer("entry__page", "entry__weighted", "entry__facets")
    for link in wanted.order_by("entry__short_number"):
        found.setdefault(link.key, []).append(link.entry)
    return found


def near_duplicates(scope: Scope) -> QuerySet[LikePair]:
    """Pairs that nobody has told apart, and that no text links; a pair concerns both its teams."""
    linked = PublishedLink.objects.filter(
        Q(source=OuterRef("first"), target=OuterRef("second_id"))
        | Q(source=OuterRef("second"), target=OuterRef("first_id"))
    )
    found = LikePair.objects.filter(scope.of("first__") | scope.of("second__"), ~Exists(linked), told_apart_at=None)
    long = [f"{side}__{name}" for side in ("first", "second") for name in ("page", "weighted", "facets")]
    return found.select_related("first", "second").defer(*long).order_by("first__short_number", "pk")


def count_all(lists: Mapping[str, QuerySet[Any, Any]]) -> dict[str, int]:
    """How many rows each list has, in one statement."""
    selects: list[str] = []
    params: list[Any] = []
    for query in lists.values():
        sql, values = query.order_by().query.sql_with_params()
        selects.append(f"(SELECT count(*) FROM ({sql}) AS rows)")  # noqa: S608 - Django's own SQL
        params += values
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(selects), params)
        return dict(zip(lists, cursor.fetchone(), strict=True))
