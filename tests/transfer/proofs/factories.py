"""Proofs of concept for tests, made through the services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from governance import clock, versions
from governance.models import Record
from tests.factories import Cast, approve, reload, submit, tag
from transfer.models import Announcement, Trial
from transfer.models.proofs import KIND
from transfer.proofs import announcing, services

MEASURE = {
    "figure": "Rückfragen je 100 Anträge",
    "direction": "at_most",
    "threshold": "10",
    "unit": "Rückfragen",
    "method": "Strichliste am Schalter, vier Wochen",
}


def proof_values(**changes: Any) -> dict[str, Any]:
    values = {
        "title": "Kurzer Antrag mit drei Pflichtfeldern",
        "question": "Sinken die Rückfragen, wenn der Antrag nur drei Pflichtfelder hat?",
        "problem": "Jeder dritte Antrag kommt unvollständig.",
        "tag_ids": [tag().pk],
    }
    return values | changes


def make_proof(cast: Cast, by: str = "author", **changes: Any) -> Record:
    """Planned: a record with its first version."""
    owner = cast.team if by != "outsider" else cast.other_team
    version = versions.create(kind=KIND, owner=owner, standing=cast.standing(by), values=proof_values(**changes))
    return reload(version.record)


def opened(record: Record) -> int:
    """The version that a form opened now would be opened on."""
    key = reload(record).current_version_id
    assert key is not None
    return key


def start(cast: Cast, record: Record | None = None, *, days: int = 28, **changes: Any) -> Record:
    """Running, for so many days."""
    found = record or make_proof(cast)
    values: dict[str, Any] = {
        "question": proof_values()["question"],
        "measure": MEASURE,
        "ends_on": clock.today() + dt.timedelta(days=days),
    }
    services.start(standing=cast.standing("author"), record=found, opened_on=opened(found), **values | changes)
    return reload(found)


def finish(cast: Cast, record: Record | None = None, number: str = "7.5", **changes: Any) -> Record:
    found = record or start(cast)
    values = {"result": "Es kamen weniger Rückfragen.", "learnt": "Drei Felder genügen."} | changes
    services.finish(
        standing=cast.standing("author"), record=found, opened_on=opened(found), result_number=number, **values
    )
    return reload(found)


def decide(cast: Cast, record: Record | None = None, decision: str = "introduce") -> Record:
    found = record or finish(cast)
    services.decide(
        standing=cast.standing("author"),
        record=found,
        opened_on=opened(found),
        decision=decision,
        decision_reason="Der Aufwand ist klein.",
    )
    return reload(found)


def publish(cast: Cast, record: Record | None = None) -> Record:
    found = record or decide(cast)
    approve(cast, submit(cast, found))
    return reload(found)


def announce(cast: Cast, record: Record, **changes: Any) -> Announcement:
    values = {"title": "Kürzerer Antrag", "question": "Genügen drei Felder?", "contact": cast.author} | changes
    return announcing.release(standing=cast.standing("lead"), record=record, **values)


def trial_of(record: Record) -> Trial:
    return Trial.objects.get(pk=record.pk)
