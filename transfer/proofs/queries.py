"""What is seen of trials: the page of the own team's, and the lists of proofs of concept."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from governance import queries, rules
from governance.models import CatalogueEntry, Record
from governance.rules import Standing
from transfer.models import Announcement, Trial
from transfer.models.proofs import KIND


def fetch_own(standing: Standing, number: int) -> Record:
    """The record for the pages of its trial, which are for the owning team alone; else Http404, or Gone."""
    record = queries.records_visible_to(standing).filter(kind=KIND, number=number).first()
    if record is None or not rules.may_edit(standing, record):
        raise queries.not_there(queries.fetch_readable_record(standing, KIND, number)) if record is None else Http404()
    return record


def trial_of(record: Record) -> Trial:
    """The trial; one that nobody has begun is planned and has no row."""
    found = Trial.objects.select_related("learning__current_version", "process__current_version").filter(pk=record.pk)
    trial = found.first() or Trial(record=record)
    trial.record = record
    return trial


def announced() -> QuerySet[Announcement]:
    """What is being tried, for everybody who is signed in, as long as nothing of it is published."""
    published = Exists(CatalogueEntry.objects.filter(pk=OuterRef("record")))
    found = Announcement.objects.standing().filter(~published)
    return found.select_related("record__owner__department", "record__trial", "contact")


def announcement_of(record: Record) -> Announcement | None:
    return Announcement.objects.filter(record=record, until_at=None).select_related("contact", "released_by").first()


def own_unpublished(standing: Standing) -> QuerySet[Record]:
    """Proofs of concept of the person's teams that are not published, the newest first."""
    published = Exists(CatalogueEntry.objects.filter(pk=OuterRef("pk")))
    found = Record.objects.filter(~published, kind=KIND, owner_id__in=standing.team_ids)
    found = found.exclude(state=Record.State.ARCHIVED)
    return found.select_related("owner", "current_version", "trial").order_by("-number")


def phase_of(record: Record) -> str:
    """The phase in one word; the trial of the record is at hand."""
    trial = getattr(record, "trial", None) or Trial()
    return str(trial.get_phase_display())
