"""What happens to questions and hints when something else does: handing over, blanking, erasing a person, time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from governance import clock
from governance.models import Record, Team, User
from transfer.adoption.queries import teams_of
from transfer.asking import helping, letters
from transfer.asking.rules import Asked
from transfer.models import Helped, HelpedMark, Hint, Question
from transfer.models.asking import State

MODELS: tuple[type[Asked], ...] = (Question, Hint)


def on_hand_over(sender: object, team: Team, to: Team, **_named: object) -> None:
    """Questions go along with their records, whose team is asked; the new team is told what waits.

    Open hints go along when the last team of a department hands over to another department's team.
    """
    number = Question.objects.filter(record__owner=team, state=State.OPEN).count()
    if team.department_id not in (None, to.department_id) and not _others(team):
        moving = Hint.objects.filter(department=team.department_id, state=State.OPEN)
        number += moving.update(department=to.department_id, version=models.F("version") + 1)
    if number:
        letters.handed_over(to, number)


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
