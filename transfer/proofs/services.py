"""A trial from its start to the decision. No step needs an approval; those that change the text make a version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import clock, versions
from governance.audit import record_event
from governance.errors import WrongState
from governance.models import Record, Version
from governance.rules import Standing, require
from transfer.models import Trial, TrialNote
from transfer.proofs import rules
from transfer.proofs.errors import TextChanged
from transfer.proofs.measure import SuccessMeasure

Phase = Trial.Phase
MOST_NOTES = 500


@transaction.atomic
def start(
    *,
    standing: Standing,
    record: Record,
    opened_on: int,
    question: str,
    measure: Mapping[str, str],
    ends_on: dt.date,
) -> Trial:
    """Begin today. From now on the measure of success is fixed. Raises TextChanged."""
    trial = _locked(standing, record, Phase.PLANNED)
    today = clock.today()
    if ends_on < today:
        raise ValidationError(_("Das Ende liegt in der Vergangenheit. Bitte wählen Sie einen Tag ab heute."))
    _fix(trial, measure, reason="")
    trial.phase, trial.started_on, trial.ends_on = Phase.RUNNING, today, ends_on
    trial.save()
    version = _write(trial, standing, opened_on, {"question": question}, _("Erprobung gestartet"))
    record_event("start_trial", actor=standing.user, record=trial.record, version=version, ends_on=ends_on)
    return trial


@transaction.atomic
def change_measure(
    *, standing: Standing, record: Record, opened_on: int, measure: Mapping[str, str], reason: str
) -> Trial:
    """Another measure of success while it runs; the one before and the reason stay to be read by everybody."""
    trial = _locked(standing, record, Phase.RUNNING)
    before = trial.measure
    assert before is not None
    if all(getattr(before, name) == value for name, value in measure.items()):
        raise ValidationError(_("Das Erfolgsmaß ist so wie bisher; es gibt nichts zu ändern."))
    if len(trial.measures) >= SuccessMeasure.MAX_ROWS:
        raise WrongState(_("So oft lässt sich ein Erfolgsmaß nicht ändern. Bitte schließen Sie die Erprobung ab."))
    _fix(trial, measure, reason=reason)
    trial.save(update_fields=["measures"])
    version = _write(trial, standing, opened_on, {}, _("Erfolgsmaß geändert"))
    record_event(
        "change_measure", actor=standing.user, record=trial.record, version=version, change=len(trial.measures)
    )
    return trial


@transaction.atomic
def extend(*, standing: Standing, record: Record, ends_on: dt.date, reason: str) -> Trial:
    """Another last day; why stands in the notes."""
    trial = _locked(standing, record, Phase.RUNNING)
    if ends_on < clock.today():
        raise ValidationError(_("Das Ende liegt in der Vergangenheit. Bitte wählen Sie einen Tag ab heute."))
    if ends_on == trial.ends_on:
        raise ValidationError(_("Das ist schon das Ende der Erprobung."))
    assert trial.ends_on is not None
    days = {"before": date_format(trial.ends_on, "j. F Y"), "after": date_format(ends_on, "j. F Y"), "reason": reason}
    text = _("Ende verschoben vom %(before)s auf den %(after)s: %(reason)s") % days
    _add_note(trial, standing, clock.today(), text)
    trial.ends_on, trial.reminded_on = ends_on, None
    trial.save(update_fields=["ends_on", "reminded_on"])
    record_event("extend_trial", actor=standing.user, record=trial.record, ends_on=ends_on)
    return trial


@transaction.atomic
def note(*, standing: Standing, record: Record, day: dt.date, text: str) -> TrialNote:
    """What was seen on a day. The same words twice, as by a double click, are one note."""
    trial = _locked(standing, record, Phase.RUNNING, Phase.FINISHED)
    assert trial.started_on is not None
    if not trial.started_on <= day <= clock.today():
        raise ValidationError(_("Bitte wählen Sie einen Tag vom Beginn der Erprobung bis heute."))
    same = trial.notes.filter(day=day, text=text).first()
    if same:
        return same
    if trial.notes.count() >= MOST_NOTES:
        raise WrongState(_("Mehr als %d Notizen hat eine Erprobung nicht.") % MOST_NOTES)
    made = _add_note(trial, standing, day, text)
    record_event("note_trial", actor=standing.user, record=trial.record, note=made.pk)
    return made


@transaction.atomic
def finish(
    *, standing: Standing, record: Record, opened_on: int, result_number: str, result: str, learnt: str
) -> Trial:
    """The result against the measure of success; after the end the same step corrects it. Raises TextChanged."""
    trial = _locked(standing, record, Phase.RUNNING, Phase.FINISHED, Phase.DECIDED)
    if trial.is_running:
        trial.phase, trial.finished_on, trial.reminded_on = Phase.FINISHED, clock.today(), None
        trial.save(update_fields=["phase", "finished_on", "reminded_on"])
    values = {"result_number": result_number, "result": result, "learnt": learnt}
    version = _write(trial, standing, opened_on, values, _("Ergebnis der Erprobung"))
    record_event("finish_trial", actor=standing.user, record=trial.record, version=version)
    return trial


@transaction.atomic
def decide(*, standing: Standing, record: Record, opened_on: int, decision: str, decision_reason: str) -> Trial:
    """What becomes of it; it counts for others once the text is approved. Raises TextChanged."""
    trial = _locked(standing, record, Phase.FINISHED, Phase.DECIDED)
    if trial.phase == Phase.FINISHED:
        trial.phase, trial.decided_on, trial.reminded_on = Phase.DECIDED, clock.today(), None
        trial.save(update_fields=["phase", "decided_on", "reminded_on"])
    values = {"decision": decision, "decision_reason": decision_reason}
    version = _write(trial, standing, opened_on, values, _("Entscheidung über die Erprobung"))
    record_event("decide_trial", actor=standing.user, record=trial.record, version=version)
    return trial


def take_in(*, record: Record, measures: Sequence[Mapping[str, Any]], ended_on: dt.date) -> None:
    """The trial behind a text that came in a package: it was decided elsewhere, and nothing of it happens here.

    Called inside the transaction that makes the draft. Without a measure of success the trial is one that is planned.
    """
    if not measures:
        return
    known = [SuccessMeasure.read(row) for row in measures]
    fixed_on = known[0].fixed_on
    started_on = min(dt.date.fromisoformat(fixed_on), ended_on) if fixed_on else ended_on
    Trial.objects.create(
        record=record,
        phase=Phase.DECIDED,
        measures=[asdict(one) for one in known],
        started_on=started_on,
        ends_on=ended_on,
        finished_on=ended_on,
        decided_on=ended_on,
    )


# -- shared ----------------------------------------------------------------------------------------


def _locked(standing: Standing, record: Record, *phases: Phase) -> Trial:
    """The trial in one of these phases, locked after its record; the first step makes its row."""
    locked = versions.lock(record)
    require(rules.may_run, standing, locked)
    if locked.state == Record.State.ARCHIVED:
        raise WrongState(_("Der Eintrag ist archiviert. Die Teamleitung kann ihn wieder öffnen."))
    trial, _made = Trial.objects.select_for_update(of=("self",)).get_or_create(record=locked)
    trial.record = locked
    if trial.phase not in phases:
        told = {"phase": trial.get_phase_display()}
        raise WrongState(_("Dieser Schritt passt nicht mehr: Die Erprobung ist jetzt „%(phase)s“.") % told)
    return trial


def _fix(trial: Trial, measure: Mapping[str, str], reason: str) -> None:
    """The measure that counts from today on."""
    fixed = SuccessMeasure(**measure, fixed_on=f"{clock.today():%Y-%m-%d}", reason=reason).check()
    trial.measures = [*trial.measures, asdict(fixed)]


def _write(trial: Trial, standing: Standing, opened_on: int, values: Mapping[str, Any], note: str) -> Version | None:
    """The next version of the text, with the fixed measure. Work in progress of whoever does it stays."""
    current = versions.current_of(trial.record)
    if current.pk != opened_on:
        raise TextChanged(current)
    written = {**values, "measures": trial.measures}
    return versions.write_locked(trial.record, standing, opened_on, written, note)


def _add_note(trial: Trial, standing: Standing, day: dt.date, text: str) -> TrialNote:
    return TrialNote.objects.create(trial=trial, day=day, text=text, author=standing.user, created_at=clock.now())
