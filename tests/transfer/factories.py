"""Exchange formats, their dates and agendas for tests; made through the services where there is one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from governance import clock
from governance.models import Record, Team
from tests.factories import Cast, reload
from transfer.afterwards import services as afterwards
from transfer.agenda import services as agenda
from transfer.models import AgendaItem, ExchangeFormat, NewsletterIssue, Occurrence
from transfer.newsletter import services as newsletter
from transfer.occurrences import services as occurrences


def make_format(cast: Cast, *, team: Team | None = None, **changes: Any) -> ExchangeFormat:
    """A jour fixe of the cast's team, or what `changes` says."""
    values: dict[str, Any] = {
        "name": "Jour fixe Steueramt",
        "kind": ExchangeFormat.Kind.JOUR_FIXE,
        "purpose": "Was gerade anders läuft, hören alle am selben Tag.",
        "audience": "Beschäftigte des Steueramts",
        "rhythm": "jeden ersten Dienstag",
        "minutes": 60,
        "place": "Raum 214",
        "since": "2021-03-02",
    }
    values |= changes
    values.setdefault("slug", f"format-{ExchangeFormat.objects.count() + 1}")
    return ExchangeFormat.objects.create(team=team or cast.team, **values)


def make_occurrence(
    cast: Cast, exchange_format: ExchangeFormat | None = None, *, days: float = 7, by: str = "author", **values: Any
) -> Occurrence:
    """A date that many days from now, of a jour fixe of the cast's team or of the given format."""
    begins = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=days)
    return occurrences.set_date(
        standing=cast.standing(by),
        exchange_format=exchange_format or make_format(cast),
        **{"starts_at": begins} | values,
    )


def take(cast: Cast, occurrence: Occurrence, record: Record, *, by: str = "author", **values: Any) -> AgendaItem:
    return agenda.take_along(
        standing=cast.standing(by), occurrence=occurrence, seen=None, record=reload(record), **values
    )


def add_topic(cast: Cast, occurrence: Occurrence, title: str = "Neues aus dem Amt", **values: Any) -> AgendaItem:
    return agenda.add_topic(standing=cast.standing("author"), occurrence=occurrence, seen=None, title=title, **values)


def note(cast: Cast, item: AgendaItem, notes: str = "Es geht auch ohne Papier.", decisions: str = "") -> AgendaItem:
    """Something written down of an item as it stands now."""
    version = AgendaItem.objects.get(pk=item.pk).version
    return afterwards.note(
        standing=cast.standing("author"), item=item, opened_on=version, notes=notes, decisions=decisions
    )


def make_newsletter(cast: Cast, **changes: Any) -> ExchangeFormat:
    values = {"name": "Rathaus kompakt", "kind": ExchangeFormat.Kind.NEWSLETTER, "minutes": None, "place": ""}
    return make_format(cast, **values | changes)


def make_issue(cast: Cast, letter: ExchangeFormat | None = None, **values: Any) -> NewsletterIssue:
    """Begun by a member of the organising team: with all that was published lately."""
    return newsletter.begin(
        standing=cast.standing("author"),
        exchange_format=letter or make_newsletter(cast),
        **{"title": "Neues im Mai"} | values,
    )


def release(cast: Cast, issue: NewsletterIssue) -> NewsletterIssue:
    """By the lead, as it stands now."""
    seen = NewsletterIssue.objects.get(pk=issue.pk).changes
    return newsletter.release(standing=cast.standing("lead"), issue=issue, seen=seen)
