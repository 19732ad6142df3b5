"""Asking for what is missing, noting it from repeated searches, and what the committee says about it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import clock, mail, periodic, worklists
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import CatalogueEntry, User
from governance.people import lock_person, person_erased
from governance.rules import Standing, may_answer_missing
from portal.missing import counting, queries
from portal.missing.models import MissingNote

Status = MissingNote.Status
ASKED_A_DAY = 5
# Behind what others wait for.
LAST = 2


def connect() -> None:
    """Called once from `apps.py`."""
    title, told = gettext_lazy("Fehlt etwas?"), gettext_lazy("Das Gremium antwortet oder merkt vor.")
    worklists.register(worklists.WorkList("missing", title, told, queries.waiting, _row, rank=LAST))
    periodic.register(periodic.Job("purge_search_counts", periodic.Period.DAY, counting.purge))
    periodic.register(periodic.Job("purge_missing_notes", periodic.Period.DAY, purge))


def _row(note: MissingNote) -> dict[str, Any]:
    return {
        "title": note.text,
        "url": reverse("missing_note", args=[note.pk]),
        "detail": _("oft vergeblich gesucht") if note.words else _("Frage aus der Suche"),
        "since": note.created_at,
    }


@transaction.atomic
def ask(*, standing: Standing, text: str) -> MissingNote:
    """Tell the committee what is missing. Asked twice by the same person, it is one note as long as it is open.

    Raises WrongState when the person has asked as often today as one may.
    """
    lock_person(standing.user_id)
    mine = MissingNote.objects.filter(asked_by_id=standing.user_id)
    if same := mine.filter(text=text, status=Status.OPEN).first():
        return same
    if mine.filter(created_at__gte=clock.midnight()).count() >= ASKED_A_DAY:
        raise WrongState(_("Heute haben Sie schon %d Fragen gestellt. Morgen geht es weiter.") % ASKED_A_DAY)
    note = MissingNote.objects.create(text=text, asked_by_id=standing.user_id, created_at=clock.now())
    record_event("ask_missing", actor=standing.user, note=note.pk)
    return note


@transaction.atomic
def want(*, standing: Standing, words: str) -> MissingNote:
    """Put a repeated fruitless search on the committee's list.

    Raises WrongState for words that are not, or no longer, among those shown.
    """
    _require(standing)
    if not queries.fruitless().filter(words=words).exists():
        raise WrongState(_("Diese Suche steht nicht mehr in der Liste. Unten sehen Sie den jetzigen Stand."))
    try:
        with transaction.atomic():
            note = MissingNote.objects.create(text=words, words=words, created_at=clock.now())
    except IntegrityError as error:
        raise WrongState(_("Diese Suche ist schon vorgemerkt.")) from error
    record_event("want_learning", actor=standing.user, note=note.pk)
    return note


@transaction.atomic
def decide(
    *,
    standing: Standing,
    note: MissingNote,
    shown: str,
    status: str,
    answer: str = "",
    entry: CatalogueEntry | None = None,
) -> MissingNote:
    """Take it, reject it with a reason, or answer it by a published record; who asked is told by mail.

    `shown` is the status that the member saw. Raises WrongState when somebody else was faster.
    """
    _require(standing)
    locked = MissingNote.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=note.pk)
    if locked.is_closed or locked.status != shown:
        told = {"status": locked.get_status_display()}
        raise WrongState(_("Inzwischen hat jemand anderes entschieden: %(status)s.") % told)
    locked.status, locked.answer, locked.record = status, answer, entry.record if entry else None
    locked.decided_by_id, locked.decided_at = standing.user_id, clock.now()
    locked.save()
    record_event("answer_missing", actor=standing.user, record=locked.record, note=locked.pk, status=status)
    if locked.asked_by is not None:
        _tell(locked.asked_by, locked, entry)
    return locked


def _tell(asker: User, note: MissingNote, entry: CatalogueEntry | None) -> None:
    subjects = {
        Status.TAKEN: _("Vorgemerkt: %s"),
        Status.REJECTED: _("Wird nicht aufgenommen: %s"),
        Status.ANSWERED: _("Beantwortet: %s"),
    }
    lines = [note.answer] if note.answer else []
    if entry is not None:
        lines.append(f"{entry.short_number} {entry.title}")
    path = entry.url if entry else f"{reverse('search')}?{urlencode({'q': note.text})}"
    mail.tell([asker], subject=subjects[Status(note.status)] % note.text, path=path, lines=lines)


def purge() -> None:
    """Daily: delete notes that are closed, when the time of the setting is over."""
    before = clock.now() - dt.timedelta(days=settings.MISSING_NOTES_KEPT_DAYS)
    closed = MissingNote.objects.filter(status__in=[Status.REJECTED, Status.ANSWERED])
    closed.filter(decided_at__lt=before).delete()


@receiver(person_erased, dispatch_uid="portal.missing")
def forget_person(user: User, **kwargs: Any) -> None:
    """What a person asked stays on the list, without the person."""
    MissingNote.objects.filter(asked_by=user).update(asked_by=None)


def _require(standing: Standing) -> None:
    if not may_answer_missing(standing):
        raise NotAllowed
