"""The work lists of the organising teams: follow-ups until they are done, and formats without a next date."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import worklists
from governance.rules import Standing
from transfer.adoption.queries import waiting_for
from transfer.agenda.queries import visible
from transfer.models import Adoption, AgendaItem, ExchangeFormat, FollowUp, NewsletterIssue, Occurrence
from transfer.models.formats import WITHOUT_DATES

# What is to be decided and written comes first.
AFTER_TEXTS = 1


def follow_ups(standing: Standing) -> QuerySet[FollowUp] | None:
    """What the formats of the person's teams still have to do."""
    if not standing.teams:
        return None
    seen = AgendaItem.objects.filter(visible(standing), occurrence__format__team_id__in=list(standing.teams))
    return FollowUp.objects.filter(done_at=None, item__in=seen).select_related("item__occurrence__format")


def next_dates(standing: Standing) -> QuerySet[ExchangeFormat] | None:
    """Formats of the person's teams whose last date has passed, with none to come."""
    if not standing.teams:
        return None
    held = Occurrence.objects.held().filter(format=OuterRef("pk"))
    coming = Occurrence.objects.coming().filter(format=OuterRef("pk"))
    return (
        ExchangeFormat.objects.living()
        .filter(Exists(held), ~Exists(coming), team_id__in=list(standing.teams))
        .exclude(kind__in=WITHOUT_DATES)
        .annotate(last_at=Max("occurrences__starts_at"))
        .order_by("last_at")
    )


def issues(standing: Standing) -> QuerySet[NewsletterIssue] | None:
    """Issues that the person's teams prepare."""
    if not standing.teams:
        return None
    own = NewsletterIssue.objects.filter(released_at=None, format__team_id__in=list(standing.teams))
    return own.select_related("format").order_by("created_at", "pk")


def _issue_row(issue: NewsletterIssue) -> dict[str, Any]:
    return {
        "title": issue.title,
        "url": reverse("transfer:issue_edit", args=[issue.pk]),
        "detail": issue.format.name,
        "since": issue.created_at,
    }


def _follow_up_row(follow_up: FollowUp) -> dict[str, Any]:
    occurrence = follow_up.item.occurrence
    return {
        "title": follow_up.text,
        "url": follow_up.item.get_absolute_url(),
        "detail": " · ".join(filter(None, [follow_up.role, occurrence.format.name])),
        "since": occurrence.starts_at,
        "due_on": follow_up.due_on,
    }


def _format_row(exchange_format: ExchangeFormat) -> dict[str, Any]:
    return {
        "title": exchange_format.name,
        "url": reverse("transfer:occurrence_new", args=[exchange_format.slug]),
        "detail": _("Wann ist der nächste Termin?"),
        "since": vars(exchange_format)["last_at"],
    }


def _adoption_row(adoption: Adoption) -> dict[str, Any]:
    return {
        "title": f"{adoption.record.short_number} {adoption.title}",
        "url": adoption.get_absolute_url(),
        "detail": adoption.department.name,
        "since": adoption.since,
    }


def register_all() -> None:
    """Called once from `apps.py`."""
    title, told = gettext_lazy("Interesse an einer Nachnutzung"), gettext_lazy("Passt es? Wie geht es weiter?")
    worklists.register(worklists.WorkList("adoptions", title, told, waiting_for, _adoption_row, AFTER_TEXTS))
    title, told = gettext_lazy("Folgeaufgaben"), gettext_lazy("Aus den Terminen Ihrer Teams.")
    worklists.register(worklists.WorkList("follow_ups", title, told, follow_ups, _follow_up_row, AFTER_TEXTS))
    title, told = gettext_lazy("Nächster Termin gesucht"), gettext_lazy("Der letzte Termin ist vorbei.")
    worklists.register(worklists.WorkList("next_dates", title, told, next_dates, _format_row, AFTER_TEXTS))
    title, told = gettext_lazy("Newsletter in Vorbereitung"), gettext_lazy("Noch nicht freigegebene Ausgaben.")
    worklists.register(worklists.WorkList("newsletter_issues", title, told, issues, _issue_row, AFTER_TEXTS))
