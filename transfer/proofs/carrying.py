"""What was found out goes on: a finished proof of concept becomes a draft learning or process model, linked to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import Record
from governance.rules import Standing
from learnings.models import KIND as LEARNING
from processmodels.figures import Basis, Better, Measure
from processmodels.models import KIND as PROCESS_MODEL
from processmodels.models import LifeCycle
from transfer.afterwards.drafts import shortened
from transfer.models import ProofOfConcept, Trial
from transfer.models.proofs import Decision
from transfer.proofs import measure, rules
from transfer.proofs.fields import LABELS
from transfer.proofs.measure import Direction

_LINE, _ANSWER, _PURPOSE = 200, 600, 400


@transaction.atomic
def carry_over(*, standing: Standing, record: Record, kind: str) -> int:
    """A draft of this kind with the words of a finished trial; returns its record's key. Asked twice, there is one."""
    locked = versions.lock(record)
    trial = Trial.objects.select_for_update(of=("self",)).filter(pk=locked.pk).first()
    if trial is None or not trial.has_ended:
        raise WrongState(_("Aus einer Erprobung wird ein Entwurf, sobald sie abgeschlossen ist."))
    trial.record = locked
    if not rules.may_carry_over(standing, trial):
        raise NotAllowed
    name, values_of = _KINDS[kind]
    if known := getattr(trial, f"{name}_id"):
        return int(known)
    values = values_of(versions.content_of(locked), trial)
    version = versions.create(kind=kind, owner=locked.owner, standing=standing, values=values)
    setattr(trial, name, version.record)
    trial.save(update_fields=[name])
    record_event("carry_over", actor=standing.user, record=version.record, source=locked.pk)
    return int(version.record_id)


def _shared(text: ProofOfConcept) -> dict[str, Any]:
    """What both kinds take as it is: the files too, of which there is one copy in the portal."""
    return {
        "title": text.title,
        "occasion": text.problem,
        "what_was_done": _paragraphs(text.scope, text.hypothesis),
        "attachments": text.attachments,
        "tag_ids": text.tag_ids,
        "related": [text.record_id, *text.related],
    }


def learning_values(text: ProofOfConcept, trial: Trial) -> dict[str, Any]:
    """Fields of a learning."""
    return _shared(text) | {
        "guiding_question": text.question,
        "answer": shortened(text.learnt, _ANSWER),
        "results": _paragraphs(text.result, text.learnt if len(text.learnt) > _ANSWER else "", _verdict(text)),
        "figures": _figures(text, trial),
        "recommendation": _decision(text),
        "prerequisites": _checks(text),
        "effort_time": shortened(text.effort, _LINE),
        "effort_people": shortened(text.participants, _LINE),
        "links": text.links,
    }


def process_values(text: ProofOfConcept, trial: Trial) -> dict[str, Any]:
    """Fields of a process model; a trial that was given up was a measure, too."""
    ended = text.decision == Decision.STOP
    return _shared(text) | {
        "purpose": shortened(text.question, _PURPOSE),
        "life_cycle": LifeCycle.ENDED if ended else LifeCycle.TRIAL,
        "result": _paragraphs(text.result, _verdict(text)),
        "participants": text.participants,
        "risks": text.risks,
        "prerequisites": _checks(text),
        "key_figures": _key_figures(text, trial),
    }


_KINDS: Mapping[str, tuple[str, Callable[[ProofOfConcept, Trial], dict[str, Any]]]] = {
    LEARNING: ("learning", learning_values),
    PROCESS_MODEL: ("process", process_values),
}


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))


def _checks(text: ProofOfConcept) -> str:
    """What was settled before anybody could begin."""
    names = ("data_protection", "staff_council")
    return _paragraphs(*(f"{LABELS[name]} {getattr(text, name)}" for name in names if getattr(text, name)))


def _verdict(text: ProofOfConcept) -> str:
    """The result against the measure, in a sentence."""
    last, is_met = measure.current(text.measures), measure.is_met(text.measures, text.result_number)
    if last is None or is_met is None:
        return ""
    words = {"figure": last.figure, "target": last.target, "value": last.value(text.result_number)}
    if is_met:
        return _("Erfolgsmaß erreicht. %(figure)s: %(target)s; gemessen: %(value)s.") % words
    return _("Erfolgsmaß nicht erreicht. %(figure)s: %(target)s; gemessen: %(value)s.") % words


def _decision(text: ProofOfConcept) -> str:
    if not text.decision:
        return ""
    return _paragraphs(_("Entscheidung: %s.") % Decision(text.decision).label, text.decision_reason)


def _figures(text: ProofOfConcept, trial: Trial) -> list[dict[str, str]]:
    """The measured value and what it was measured against, as evidence."""
    last = measure.current(text.measures)
    if last is None or not text.result_number:
        return []
    source = f"{trial.record.short_number}, {last.method}" if last.method else trial.record.short_number
    shared = {"unit": last.unit, "period": _period(trial), "source": source[:_LINE]}
    wanted = _("%(figure)s, Ziel: %(direction)s") % {
        "figure": last.figure,
        "direction": Direction(last.direction).label,
    }
    return [
        {"label": last.figure, "number": text.result_number, **shared},
        {"label": wanted, "number": last.threshold, **shared},
    ]


def _key_figures(text: ProofOfConcept, trial: Trial) -> list[dict[str, str]]:
    last = measure.current(text.measures)
    if last is None or not text.result_number:
        return []
    return [
        {
            "measure": Measure.OTHER,
            "label": last.figure,
            "better": Better.HIGHER if last.direction == Direction.AT_LEAST else Better.LOWER,
            "to_be_number": text.result_number,
            # A key figure has a unit; of a plain number it is the pieces.
            "to_be_unit": last.unit or _("Anzahl"),
            "to_be_basis": Basis.MEASURED,
            "to_be_since": f"{trial.started_on:%Y-%m-%d}",
            "to_be_until": f"{trial.finished_on:%Y-%m-%d}",
            "to_be_source": trial.record.short_number,
            "to_be_method": last.method[:300],
        }
    ]


def _period(trial: Trial) -> str:
    days = (date_format(day, "j. F Y") for day in (trial.started_on, trial.finished_on) if day)
    return " – ".join(dict.fromkeys(days))
