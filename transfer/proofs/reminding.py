"""Trials that are overdue come back to their team: as a work list, and by mail until something happens."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import clock, mail, versions, worklists
from governance.models import Record
from governance.periodic import Job, Period, register
from governance.rules import Standing
from governance.text.clean import slugify_de
from transfer.models import Trial
from transfer.tasklists import AFTER_TEXTS

# So many days after the end a decision is due, and so many days lie between two mails.
DECISION_DAYS, BETWEEN_MAILS = 14, 14


def overdue() -> QuerySet[Trial]:
    """Running past their end, or finished for a while without a decision."""
    today = clock.today()
    running = Q(phase=Trial.Phase.RUNNING, ends_on__lt=today)
    undecided = Q(phase=Trial.Phase.FINISHED, finished_on__lt=today - dt.timedelta(days=DECISION_DAYS))
    return Trial.objects.filter(running | undecided).exclude(record__state=Record.State.ARCHIVED)


def of_my_teams(standing: Standing) -> QuerySet[Trial] | None:
    """The overdue trials of the person's teams."""
    if not standing.is_change_team_member:
        return None
    own = overdue().filter(record__owner_id__in=standing.team_ids)
    return own.select_related("record__owner", "record__current_version").order_by("ends_on", "pk")


def what_is_missing(trial: Trial) -> str:
    """The next step of an overdue trial, in words."""
    if trial.is_running:
        return _("Das Ende ist vorbei. Bitte tragen Sie das Ergebnis ein oder verschieben Sie das Ende.")
    return _("Das Ergebnis liegt vor. Bitte entscheiden Sie, was daraus wird.")


def path_of(record: Record) -> str:
    """The page of the trial."""
    title = record.current_version.title if record.current_version else ""
    return reverse("proofs:trial", args=[record.number, slugify_de(title)])


def _row(trial: Trial) -> dict[str, Any]:
    record = trial.record
    return {
        "short_number": record.short_number,
        "title": record.current_version.title if record.current_version else record.short_number,
        "url": path_of(record),
        "detail": what_is_missing(trial),
        "since": None,
        "due_on": trial.ends_on if trial.is_running else None,
    }


def remind() -> None:
    """Tell each team of its overdue trials, again after two weeks."""
    long_ago = clock.today() - dt.timedelta(days=BETWEEN_MAILS)
    due = overdue().filter(Q(reminded_on=None) | Q(reminded_on__lte=long_ago))
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            # Record before trial, as in every step; one that was done meanwhile is no longer overdue.
            versions.lock(pk)
            trial = due.select_for_update(of=("self",)).select_related("record__owner").filter(pk=pk).first()
            if trial:
                _remind(trial)


def _remind(trial: Trial) -> None:
    record = trial.record
    title = record.current_version.title if record.current_version else ""
    mail.tell(
        mail.recipients(record.owner),
        subject=f"{_('Erprobung überfällig')}: {record.short_number} {title}",
        path=path_of(record),
        record=record,
        lines=[what_is_missing(trial)],
    )
    trial.reminded_on = clock.today()
    trial.save(update_fields=["reminded_on"])


def register_all() -> None:
    """Called once from `apps.py`."""
    title, told = gettext_lazy("Erprobungen, die auf Sie warten"), gettext_lazy("Ergebnis oder Entscheidung fehlt.")
    worklists.register(worklists.WorkList("trials", title, told, of_my_teams, _row, AFTER_TEXTS))
    register(Job("remind_of_trials", Period.DAY, remind))
