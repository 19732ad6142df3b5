"""Process models for tests, made through the services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from typing import Any

from governance import bulk, clock, versions, workflow
from governance.models import Membership, Record, Team, User
from processmodels import diagrams
from processmodels.bpmn.writing import write
from processmodels.kind import PROCESS_MODEL
from processmodels.models import KIND, ProcessModel
from processmodels.steps import Step, to_model
from tests.factories import Cast, approve, member, reload, tag

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


def key_figure(measure: str, before: str, after: str, unit: str, **changes: str) -> dict[str, str]:
    """A key figure measured before and after."""
    sides = {"as_is": before, "to_be": after}
    values = {"measure": measure, "better": "lower"}
    for side, number in sides.items():
        values |= {f"{side}_number": number, f"{side}_unit": unit, f"{side}_basis": "measured"}
    return values | changes


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


def load_many(cast: Cast, texts: Iterable[Mapping[str, Any]], owners: Sequence[Team] = ()) -> int:
    """Publish any number of process models by the sanctioned bulk path, the owners in turn; returns their number."""
    teams = [(team, _author_of(team)) for team in owners or (cast.team,)]
    at = clock.now()
    return bulk.load_published(
        bulk.Published(
            kind=KIND,
            owner=team,
            contact=author,
            author=author,
            decider=cast.committee,
            versions=[versions.values_of(ProcessModel(kind=KIND, **values), PROCESS_MODEL)],
            at=[at],
        )
        for values, (team, author) in zip(texts, cycle(teams), strict=False)
    )


def _author_of(team: Team) -> User:
    found = Membership.objects.filter(team=team).select_related("user").first()
    return found.user if found else member(team)
