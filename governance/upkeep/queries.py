"""Published records that need a look: due, overdue, without somebody to ask; and words that are new."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from governance import clock, queries
from governance.models import CatalogueEntry, Membership, Tag, TaggedEntry
from governance.upkeep.scope import Scope


def _catalogue(scope: Scope) -> QuerySet[CatalogueEntry]:
    """The catalogue, each row with the way to its team: whoever cannot act asks there."""
    return queries.catalogue().filter(scope.of()).annotate(owner_slug=F("owner__slug"))


def due(scope: Scope, weeks: int) -> QuerySet[CatalogueEntry]:
    """Whose day comes within so many weeks, the nearest first."""
    today = clock.today()
    found = _catalogue(scope).filter(check_up_on__range=(today, today + dt.timedelta(weeks=weeks)))
    return found.order_by("check_up_on", "pk")


def overdue(scope: Scope) -> QuerySet[CatalogueEntry]:
    """Whose day has passed, the longest ago first."""
    return _catalogue(scope).filter(check_up_on__lt=clock.today()).order_by("check_up_on", "pk")


def without_contact(scope: Scope) -> QuerySet[CatalogueEntry]:
    """Whose contact has left the house or the team; those who have are no members any more, either."""
    member = Membership.objects.current().filter(team=OuterRef("owner"), user=OuterRef("contact"))
    return _catalogue(scope).filter(~Exists(member)).order_by("department_name", "short_number")


def new_tags(scope: Scope) -> QuerySet[Tag]:
    """Words that the committee has not looked at yet; of a team or department, those its records show."""
    words = Tag.objects.filter(Q(confirmed_at=None, merged_into=None)).order_by("-created_at", "pk")
    if scope.is_everything:
        return words
    return words.filter(Exists(TaggedEntry.objects.filter(scope.of("content_object__"), tag=OuterRef("pk"))))
