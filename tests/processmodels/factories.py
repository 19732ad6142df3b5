"""Process models for tests, made through the services."""

from __future__ import annotations

from typing import Any

from governance import versions, workflow
from governance.models import Record
from processmodels import diagrams
from processmodels.bpmn.writing import write
from processmodels.models import KIND
from processmodels.steps import Step, to_model
from tests.factories import Cast, approve, reload, tag

BEFORE = [
    Step("Bürgerservice", "Formular annehmen"),
    Step("Bürgerservice", "Formular weiterleiten", "Hauspost"),
    Step("Steueramt", "Daten abtippen", "Steuerverfahren"),
    Step("Steueramt", "Bescheid versenden"),
]
AFTER = [
    Step("Steueramt", "Online-Antrag prüfen", "Steuerverfahren"),
    Step("Steueramt", "Rückfrage stellen", "", "Angaben fehlen"),
    Step("Steueramt", "Bescheid versenden"),
]


def bpmn(steps: list[Step], title: str = "Hund anmelden") -> bytes:
    return write(to_model(steps, title))


def process_values(**changes: Any) -> dict[str, Any]:
    """A text that may be submitted."""
    values: dict[str, Any] = {
        "title": "Hund zur Steuer anmelden",
        "purpose": "Hundehalterinnen und Hundehalter melden ihren Hund zur Steuer an.",
        "what_was_done": "Der Antrag kommt online und ohne Abtippen ins Verfahren.",
        "as_is": diagrams.store(bpmn(BEFORE)).pk,
        "to_be": diagrams.store(bpmn(AFTER)).pk,
        "life_cycle": "introduced",
        "tag_ids": [tag().pk],
    }
    return values | changes


def make_process(cast: Cast, by: str = "author", **changes: Any) -> Record:
    owner = cast.team if by != "outsider" else cast.other_team
    version = versions.create(kind=KIND, owner=owner, standing=cast.standing(by), values=process_values(**changes))
    return reload(version.record)


def publish(cast: Cast, record: Record, by: str = "author") -> Record:
    record = reload(record)
    assert record.current_version_id is not None
    review = workflow.submit(
        record=record, standing=cast.standing(by), version_id=record.current_version_id, note="Erste Fassung"
    )
    approve(cast, review)
    return reload(record)
