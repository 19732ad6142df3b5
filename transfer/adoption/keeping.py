"""What happens to adoptions when something else does: publishing, archiving, blanking. Handing over: passing_on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Case, When

from governance.models import CatalogueEntry, Publication, Record
from transfer.adoption import letters
from transfer.adoption.queries import RESTS
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
        if adoption.state != State.DROPPED and not adoption.rests:
            letters.published(adoption, by_key[adoption.record_id], issues[adoption.record_id])
    for adoption in rows:
        entry = by_key[adoption.record_id]
        now = {"title": entry.title, "issue": entry.issue, "is_archived": False}
        if any(getattr(adoption, name) != value for name, value in now.items()):
            Adoption.objects.filter(pk=adoption.pk).update(**now)


def _of(keys: Collection[int]) -> Any:
    rows = Adoption.objects.filter(record__in=keys).select_related("record", "department").order_by("pk")
    return rows.annotate(rests=Case(When(RESTS, then=True), default=False))


def _issues(keys: Collection[int]) -> dict[int, list[Publication]]:
    found: dict[int, list[Publication]] = {}
    if keys:
        for one in Publication.objects.filter(record__in=keys).select_related("version").order_by("number"):
            found.setdefault(one.record_id, []).append(one)
    return found


def on_removed(sender: object, keys: Sequence[int], **_named: object) -> None:
    """A record is archived: the adoption keeps its title and is marked."""
    for adoption in _of(keys).filter(record__state=Record.State.ARCHIVED, is_archived=False):
        if adoption.state != State.DROPPED and not adoption.rests:
            letters.archived(adoption)
        Adoption.objects.filter(pk=adoption.pk).update(is_archived=True)


def redact(sender: object, record: Record, blank: Any, **_named: object) -> None:
    """Passages that are blanked in a record go from what is written of it here, too."""
    for adoption in Adoption.objects.select_for_update().filter(record=record):
        if changes := blank.changes(adoption, TEXTS):
            Adoption.objects.filter(pk=adoption.pk).update(**changes)
    for answer in FactorAnswer.objects.select_for_update().filter(assessment__record=record):
        if changes := blank.changes(answer, ["evidence"]):
            FactorAnswer.objects.filter(pk=answer.pk).update(**changes)
