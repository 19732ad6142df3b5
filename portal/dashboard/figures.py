"""The figures of the dashboard: what each of them counts, when that happened, and where.

All are counted for the department that a record, or an adoption, belongs to today, as in every other list. What each
reader can look up for themselves is counted exactly. Questions are read by who asked and the team alone, so their
numbers are rounded: see docs/decisions/0028-dashboard.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, F, Func, QuerySet
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import AuditEvent, Publication
from transfer.models import Adoption, Question
from transfer.models.asking import State

# To a multiple of this each number is rounded that is not public one by one.
ROUNDED_TO = 3


class DoneOn(Func):
    """The last day on which an adoption came into use, from its steps; null if it never did."""

    template = (
        "(SELECT max((step ->> 'on')::date) FROM jsonb_array_elements(%(expressions)s) AS step"
        " WHERE step ->> 'state' = 'done')"
    )
    output_field = DateField()


def first_publications() -> QuerySet[Publication]:
    """A record counts once, when it came out first; that it was archived since changes nothing."""
    return Publication.objects.filter(number=1)


def adoptions_in_use() -> QuerySet[Adoption]:
    """What was in use once, also where it ended later. Taken back to an earlier state, it was noted too soon."""
    used = Adoption.objects.filter(state__in=[Adoption.State.DONE, Adoption.State.DROPPED])
    return used.annotate(done_on=DoneOn(F("steps"))).filter(done_on__isnull=False)


def confirmations() -> QuerySet[AuditEvent]:
    """ "Gilt weiterhin": the same fact that a record's page tells as the day of its last confirmation."""
    return AuditEvent.objects.filter(verb="confirm", record__isnull=False)


def questions() -> QuerySet[Question]:
    """What was deleted is not counted."""
    return Question.objects.exclude(state=State.DELETED)


def answers() -> QuerySet[Question]:
    return Question.objects.filter(state=State.ANSWERED)


@dataclass(frozen=True)
class Figure:
    """`key` stands in addresses; `at` is the field with the day or moment, `department` the path to the key."""

    key: str
    label: Promise
    # What is counted, in one sentence; with the number before it; and where there is nothing.
    counts: Promise
    rows: Callable[[], QuerySet[Any]]
    at: str
    department: str
    is_exact: bool = True

    @property
    def is_moment(self) -> bool:
        return self.at.endswith("_at") or self.at == "at"


PUBLISHED, ADOPTED, CONFIRMED, ASKED, ANSWERED = "published", "adopted", "confirmed", "asked", "answered"
FIGURES: Mapping[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            PUBLISHED,
            gettext_lazy("Veröffentlicht"),
            gettext_lazy(
                "Learnings, Prozessmodelle und Proofs of Concept, die zum ersten Mal veröffentlicht wurden. "
                "Spätere Ausgaben zählen nicht noch einmal."
            ),
            first_publications,
            "from_at",
            "record__owner__department",
        ),
        Figure(
            ADOPTED,
            gettext_lazy("Übernommen"),
            gettext_lazy(
                "Nachnutzungen mit dem Stand „übernommen“, gezählt beim Bereich, der übernommen hat, "
                "an dem Tag, seit dem er so arbeitet."
            ),
            adoptions_in_use,
            "done_on",
            "department",
        ),
        Figure(
            CONFIRMED,
            gettext_lazy("Bestätigt"),
            gettext_lazy(
                "Wie oft ein Team von einem veröffentlichten Eintrag gesagt hat: „Gilt weiterhin“. "
                "Eine neue Ausgabe ist keine Bestätigung."
            ),
            confirmations,
            "at",
            "record__owner__department",
        ),
        Figure(
            ASKED,
            gettext_lazy("Gefragt"),
            gettext_lazy("Rückfragen zu Einträgen, gezählt beim gefragten Bereich. Gelöschte zählen nicht."),
            questions,
            "created_at",
            "record__owner__department",
            is_exact=False,
        ),
        Figure(
            ANSWERED,
            gettext_lazy("Beantwortet"),
            gettext_lazy("Rückfragen, die beantwortet wurden, an dem Tag der Antwort."),
            answers,
            "closed_at",
            "record__owner__department",
            is_exact=False,
        ),
    )
}


@dataclass(frozen=True)
class Number:
    """A number as it may be told: exactly, or rounded to a multiple of three. The exact one is not kept."""

    value: int
    is_exact: bool = True

    @classmethod
    def of(cls, figure: Figure, counted: int) -> Number:
        if figure.is_exact:
            return cls(counted)
        return cls((counted + 1) // ROUNDED_TO * ROUNDED_TO, is_exact=False)

    def __bool__(self) -> bool:
        return self.value > 0

    def __str__(self) -> str:
        if self.is_exact:
            return number_format(self.value)
        return _("rund %(n)s") % {"n": number_format(self.value)} if self.value else _("0–1")
