"""Steps of carrying over that the audit trail keeps, each with what must be there before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories import Cast, make_published
from tests.processmodels.factories import make_process
from tests.processmodels.factories import publish as publish_process
from tests.transfer.adoption import factories as adoptions
from tests.transfer.proofs import factories as proofs
from tests.transfer.transferability.factories import answer_all, assess
from transfer.adoption import services
from transfer.models import Adoption
from transfer.proofs import announcing, carrying
from transfer.proofs import services as trials
from transfer.transferability import factors

Step = Callable[[], Any]
WORDS = {
    "name": "Räume",
    "question": "Gibt es Räume?",
    "fit_question": "Haben Sie Räume?",
    "advice": "Räume suchen.",
    "weight": 2,
}


def of_adoptions(cast: Cast, verb: str) -> Step | None:
    if verb == "show_interest":
        record = make_published(cast)
        return lambda: adoptions.interest(cast, record)
    if verb not in (
        "carry_on_adoption",
        "change_adoption",
        "check_fit",
        "hand_over_adoption",
        "write_from_adoption",
    ):
        return None
    adoption = adoptions.interest(cast, make_published(cast))
    outsider = cast.standing("outsider")
    match verb:
        case "carry_on_adoption":
            return lambda: adoptions.carry_on(cast, adoption, state="planned")
        case "change_adoption":
            return lambda: adoptions.carry_on(cast, adoption, adapted="Andere Felder.")
        case "check_fit":
            fit = {"on": "2026-11-30", "questions": []}
            return lambda: services.note_fit(standing=outsider, adoption=adoption, opened_on=1, fit=fit)
        case "hand_over_adoption":
            return handed_over(cast, adoption)
    return lambda: services.write_learning(standing=outsider, adoption=adoption)


def handed_over(cast: Cast, adoption: Adoption) -> Step:
    third = adoptions.branch("Hauptamt")
    adoption.department.dissolved_on = adoption.since
    adoption.department.save()
    committee = cast.standing("committee")
    return lambda: services.hand_over(standing=committee, adoption=adoption, department=third)


def of_factors(cast: Cast, verb: str) -> Step | None:
    committee = cast.standing("committee")
    if verb == "assess":
        process = publish_process(cast, make_process(cast))
        return lambda: assess(cast, process, answer_all("yes"))
    if verb not in ("add_factor", "change_factor", "remove_factor"):
        return None
    # There may be no more of them than there are.
    factors.remove(standing=committee, key=factors.living()[-1].key)
    if verb == "add_factor":
        return lambda: factors.add(standing=committee, **WORDS)
    made = factors.add(standing=committee, **WORDS)
    if verb == "change_factor":
        changed = WORDS | {"weight": 3}
        return lambda: factors.change(standing=committee, key=made.key, opened_on=made.edition, **changed)
    return lambda: factors.remove(standing=committee, key=made.key)


def of_trials(cast: Cast, verb: str) -> Step | None:
    lead = cast.standing("lead")
    match verb:
        case "start_trial":
            planned = proofs.make_proof(cast)
            return lambda: proofs.start(cast, planned)
        case "announce_trial":
            planned = proofs.make_proof(cast)
            return lambda: proofs.announce(cast, planned)
        case "take_back_announcement":
            planned = proofs.make_proof(cast)
            proofs.announce(cast, planned)
            return lambda: announcing.take_back(standing=lead, record=planned)
        case "decide_trial":
            ended = proofs.finish(cast)
            return lambda: proofs.decide(cast, ended)
        case "carry_over":
            ended = proofs.finish(cast)
            return lambda: carrying.carry_over(standing=lead, record=ended, kind="learning")
    return of_running_trials(cast, verb)


def of_running_trials(cast: Cast, verb: str) -> Step | None:
    if verb not in ("change_measure", "extend_trial", "note_trial", "finish_trial"):
        return None
    author, running = cast.standing("author"), proofs.start(cast)
    trial = proofs.trial_of(running)
    assert trial.started_on is not None
    assert trial.ends_on is not None
    day, end = trial.started_on, trial.ends_on
    match verb:
        case "change_measure":
            other = proofs.MEASURE | {"threshold": "12"}
            return lambda: trials.change_measure(
                standing=author, record=running, opened_on=proofs.opened(running), measure=other, reason="Zu streng"
            )
        case "extend_trial":
            later = end.replace(year=end.year + 1)
            return lambda: trials.extend(standing=author, record=running, ends_on=later, reason="Ferien")
        case "note_trial":
            return lambda: trials.note(standing=author, record=running, day=day, text="Alle kamen.")
    return lambda: proofs.finish(cast, running)


STEPS = (of_adoptions, of_factors, of_trials)
