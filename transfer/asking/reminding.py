"""Work lists, and what is unanswered for ten working days: the team is reminded once, then the committee sees it.

Working days are Monday to Friday; holidays are not counted out (`clock.add_working_days`).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import clock, periodic, versions, worklists
from governance.periodic import Job, Period
from transfer.asking import keeping, letters, queries
from transfer.asking.rules import Asked
from transfer.models import Hint, Question
from transfer.models.asking import State
from transfer.tasklists import AFTER_TEXTS

# So many working days after the reminder the committee is told.
COMMITTEE_AFTER = 5
SHOWN = 100


def _late(model: type[Asked]) -> QuerySet[Any]:
    """Open past its day, and not yet with the committee."""
    return model._default_manager.filter(state=State.OPEN, due_on__lt=clock.today(), escalated_on=None)


def remind() -> None:
    """Daily: each in a transaction of its own."""
    for model in keeping.MODELS:
        for asked in _late(model).order_by("pk"):
            with transaction.atomic():
                if isinstance(asked, Question):
                    versions.lock(asked.record_id)  # record first, as everywhere
                found = _late(model).select_for_update(of=("self",)).filter(pk=asked.pk).first()
                if found is not None:
                    _remind(found)


def _remind(asked: Asked) -> None:
    today = clock.today()
    if asked.reminded_on is None:
        asked.reminded_on = today
        letters.late(asked)
    elif today > clock.add_working_days(asked.reminded_on, COMMITTEE_AFTER) and queries.addressees(asked):
        asked.escalated_on = today
        letters.escalated(asked)
    asked.save(update_fields=["reminded_on", "escalated_on"])


def _question_row(question: Question) -> dict[str, Any]:
    return _row(question, question.named, question.text)


def _hint_row(hint: Hint) -> dict[str, Any]:
    return _row(hint, hint.title, hint.department.name if hint.department else _("ohne Bereich"))


def _row(asked: Asked, title: str, detail: str) -> dict[str, Any]:
    late = [_("überfällig")] if asked.is_overdue else []
    return {
        "title": title,
        "url": asked.get_absolute_url(),
        "detail": " · ".join([*late, detail[:SHOWN]]),
        "since": asked.created_at,
        "due_on": asked.due_on,
    }


def register_all() -> None:
    """Called once from `apps.py`."""
    title, told = gettext_lazy("Rückfragen"), gettext_lazy("Jemand wartet auf Ihre Antwort.")
    lists = worklists.WorkList("questions", title, told, queries.waiting_questions, _question_row, AFTER_TEXTS)
    worklists.register(lists)
    title, told = gettext_lazy("Hinweise"), gettext_lazy("Antworten Sie kurz, oder machen Sie einen Entwurf daraus.")
    worklists.register(worklists.WorkList("hints", title, told, queries.waiting_hints, _hint_row, AFTER_TEXTS))
    periodic.register(Job("remind_of_questions", Period.DAY, remind))
    periodic.register(Job("forget_askers", Period.DAY, keeping.forget_askers))
