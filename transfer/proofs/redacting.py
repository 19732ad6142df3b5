"""Passages that are blanked in a record go from what is known of its trial, too."""

from __future__ import annotations

from typing import Any

from governance.models import Record
from transfer.models import Announcement, Trial, TrialNote
from transfer.proofs.measure import SuccessMeasure


def redact(sender: Any, record: Record, blank: Any, **kwargs: Any) -> None:
    """In announcements, notes and the fixed measure of success."""
    for announcement in Announcement.objects.filter(record=record):
        if changes := blank.changes(announcement, ["title", "question"]):
            Announcement.objects.filter(pk=announcement.pk).update(**changes)
    for note in TrialNote.objects.filter(trial=record.pk):
        if changes := blank.changes(note, ["text"]):
            TrialNote.objects.filter(pk=note.pk).update(**changes)
    for trial in Trial.objects.select_for_update(of=("self",)).filter(pk=record.pk):
        if changes := blank.changes(trial, ["measures"], {"measures": SuccessMeasure.LENGTHS}):
            Trial.objects.filter(pk=trial.pk).update(**changes)
