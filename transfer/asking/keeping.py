"""What happens to questions and hints when something else does: handing over, blanking, erasing a person, time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance import clock
from governance.handover.parts import Part
from governance.models import Department, Record, Team, User
from transfer.adoption.queries import teams_of
from transfer.asking import helping, letters
from transfer.asking.rules import Asked
from transfer.models import Helped, HelpedMark, Hint, Question
from transfer.models.asking import State

MODELS: tuple[type[Asked], ...] = (Question, Hint)


def part(team: Team, to: Team) -> Part:
    """For the preview of a hand-over: how many are open. What they say is the team's business."""
    asked, hinted = (rows.order_by("pk").values_list("pk", flat=True) for rows in _moving(team, to))
    # Keys of two tables, told apart by their sign.
    return Part("questions", _("Offene Rückfragen und Hinweise"), [*asked, *(-key for key in hinted)])


def _moving(team: Team, to: Team) -> tuple[QuerySet[Question], QuerySet[Hint]]:
    """Questions go along with their records, whose team is asked. Open hints go along when the last team of a
    department hands over to another department's team."""
    asked = Question.objects.filter(record__owner=team, state=State.OPEN)
    hinted = Hint.objects.filter(department=team.department_id, state=State.OPEN)
    goes = team.department_id not in (None, to.department_id) and not _others(team)
    return asked, hinted if goes else hinted.none()


def on_hand_over(sender: object, team: Team, to: Team, **_named: object) -> None:
    """The new team is told what waits."""
    asked, hinted = _moving(team, to)
    number = asked.count() + hinted.update(department=to.department_id, version=models.F("version") + 1)
    if number:
        letters.handed_over(to, number)


def on_merging(sender: object, department: Department, into: Department, **_named: object) -> None:
    """Receives `governance.signals.department_merging`. Answered ones go, too: the teams that read them go on there,
    and of a department without a team the committee would read them."""
    Hint.objects.filter(department=department).update(department=into, version=models.F("version") + 1)


def _others(team: Team) -> list[Team]:
    return [other for other in teams_of(team.department_id or 0) if other.pk != team.pk]


def redact(sender: object, record: Record, blank: Any, **_named: object) -> None:
    """Passages that are blanked in a record go from what was asked of it, and from the hint it was made of."""
    for asked in (
        *Question.objects.select_for_update().filter(record=record),
        *Hint.objects.select_for_update().filter(learning=record),
    ):
        if changes := blank.changes(asked, asked.WORDS):
            type(asked)._default_manager.filter(pk=asked.pk).update(**changes)


def forget_person(sender: object, user: User, **_named: object) -> None:
    """What an erased person asked stays with the team, without the person; that it has helped stays counted."""
    for model in MODELS:
        model._default_manager.filter(asked_by=user).update(asked_by=None)
    helped = Helped.objects.order_by().values_list("record_id", flat=True).distinct()
    HelpedMark.objects.filter(mark__in=[helping.mark(user.pk, key) for key in helped]).delete()


def forget_askers() -> None:
    """Daily: who asked and who answered what is long closed, when the time of the setting is over."""
    before = clock.now() - dt.timedelta(days=settings.ASKERS_KEPT_DAYS)
    known = Q(asked_by__isnull=False) | Q(answered_by__isnull=False)
    for model in MODELS:
        model._default_manager.filter(known, closed_at__lt=before).update(asked_by=None, answered_by=None)
