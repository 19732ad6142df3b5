"""Keeping the points of a reflection round.

There is no conflict: who saves adds lines and takes away lines that he or she saw; what others added meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance.audit import record_event
from governance.errors import NotAllowed
from governance.rules import Standing
from transfer import rules
from transfer.models import Occurrence, ReflectionNote
from transfer.occurrences.services import lock

MOST_POINTS = 100
Kind = ReflectionNote.Kind


def open_trials(occurrence: Occurrence) -> QuerySet[ReflectionNote]:
    """What earlier rounds of the format wanted to try and nobody has told of, and what this round told of."""
    earlier = ReflectionNote.objects.filter(
        kind=Kind.TRY,
        occurrence__format=occurrence.format_id,
        occurrence__starts_at__lt=occurrence.starts_at,
        occurrence__cancelled_at=None,
    ).select_related("occurrence")
    return (earlier.filter(became_in=None) | earlier.filter(became_in=occurrence)).order_by(
        "occurrence__starts_at", "pk"
    )


@transaction.atomic
def reflect(
    *,
    standing: Standing,
    occurrence: Occurrence,
    lines: Mapping[str, Sequence[str]],
    seen: Collection[int],
    became: Mapping[int, str],
) -> None:
    """Keep the points by kind. `seen` are the points that stood in the form, `became` tells of earlier trials."""
    locked = lock(occurrence)
    if not rules.may_prepare(standing, locked.format):
        raise NotAllowed
    known = {(note.kind, note.text): note for note in locked.reflections.all()}
    typed = {(kind, text) for kind, texts in lines.items() for text in texts}
    gone = [n.pk for key, n in known.items() if n.pk in seen and key not in typed and not n.is_settled]
    new = [(kind, text) for kind, texts in lines.items() for text in dict.fromkeys(texts) if (kind, text) not in known]
    if len(known) - len(gone) + len(new) > MOST_POINTS:
        raise ValidationError(_("Eine Runde fasst höchstens %d Punkte.") % MOST_POINTS)
    ReflectionNote.objects.filter(pk__in=gone).delete()
    ReflectionNote.objects.bulk_create(ReflectionNote(occurrence=locked, kind=kind, text=text) for kind, text in new)
    _tell_of_trials(locked, became)
    record_event("reflect", actor=standing.user, occurrence=locked.pk, added=len(new), removed=len(gone))


def _tell_of_trials(occurrence: Occurrence, became: Mapping[int, str]) -> None:
    for note in open_trials(occurrence).select_for_update(of=("self",)):
        told = became.get(note.pk)
        if told is None or told == note.became:
            continue
        note.became, note.became_in = told, occurrence if told else None
        note.save(update_fields=["became", "became_in"])
