"""What happens to adoptions when something else does: publishing, archiving, handing over, blanking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from governance import catalogue, versions
from governance.models import CatalogueEntry, Publication, Record, Team
from transfer.adoption import letters, queries
from transfer.models import Adoption, FactorAnswer

State = Adoption.State
TEXTS = ["title", "adapted", "plan", "reason", "fit", "steps"]


def on_written(sender: object, entries: Collection[CatalogueEntry], keys: Collection[int], **_named: object) -> None:
    """A record is published, or its row written anew: titles follow, and who adopts is told of a new publication."""
    by_key = {entry.pk: entry for entry in entries}
    rows = list(_of(keys))
    news = [row for row in rows if row.issue < by_key[row.record_id].issue]
    issues = _issues({row.record_id for row in news})
    for adoption in news:
        if adoption.state != State.DROPPED:
            letters.published(adoption, by_key[adoption.record_id], issues[adoption.record_id])
    for adoption in rows:
        entry = by_key[adoption.record_id]
        now = {"title": entry.title, "issue": entry.issue, "is_archived": False}
        if any(getattr(adoption, name) != value for name, value in now.items()):
            Adoption.objects.filter(pk=adoption.pk).update(**now)


def _of(keys: Collection[int]) -> Any:
    return Adoption.objects.filter(record__in=keys).select_related("record", "department").order_by("pk")


def _issues(keys: Collection[int]) -> dict[int, list[Publication]]:
    found: dict[int, list[Publication]] = {}
    if keys:
        for one in Publication.objects.filter(record__in=keys).select_related("version").order_by("number"):
            found.setdefault(one.record_id, []).append(one)
    return found


def on_removed(sender: object, keys: Sequence[int], **_named: object) -> None:
    """A record is archived: the adoption keeps its title and is marked."""
    for adoption in _of(keys).filter(record__state=Record.State.ARCHIVED, is_archived=False):
        if adoption.state != State.DROPPED:
            letters.archived(adoption)
        Adoption.objects.filter(pk=adoption.pk).update(is_archived=True)


def on_hand_over(sender: object, team: Team, to: Team, **_named: object) -> None:
    """The last team of a department gives all that is its own to a team of another one: adoptions, too.

    What that department adopts already, or has written itself, stays where it is; the committee carries it on.
    """
    if team.department_id is None or to.department_id in (None, team.department_id):
        return
    if any(other.pk != team.pk for other in queries.teams_of(team.department_id)):
        return
    there = Adoption.objects.filter(department=to.department_id).values("record")
    moving = Adoption.objects.filter(department=team.department_id).exclude(record__in=there)
    moving = moving.exclude(record__owner__department=to.department_id).exclude(record__owner=team)
    # All records at first and by key, as the hand-over does with its own: nobody waits in a circle.
    own = Record.objects.filter(owner=team).values_list("pk", flat=True)
    for key in sorted({*moving.values_list("record", flat=True), *own}):
        versions.lock(key)
    rows = list(moving.select_for_update(of=("self",)).select_related("record").order_by("record"))
    for adoption in rows:
        assert to.department is not None
        adoption.department = to.department
        adoption.version += 1
        adoption.save(update_fields=["department", "version"])
        letters.handed_over(adoption)
    for adoption in rows:
        if adoption.is_in_use:
            catalogue.refresh(adoption.record)


def redact(sender: object, record: Record, blank: Any, **_named: object) -> None:
    """Passages that are blanked in a record go from what is written of it here, too."""
    for adoption in Adoption.objects.select_for_update().filter(record=record):
        if changes := blank.changes(adoption, TEXTS):
            Adoption.objects.filter(pk=adoption.pk).update(**changes)
    for answer in FactorAnswer.objects.select_for_update().filter(assessment__record=record):
        if changes := blank.changes(answer, ["evidence"]):
            FactorAnswer.objects.filter(pk=answer.pk).update(**changes)
