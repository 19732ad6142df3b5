"""Announcing a trial to all staff, and taking the announcement back: by the lead, without a review."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from governance import clock, versions
from governance.audit import record_event
from governance.errors import WrongState
from governance.models import CatalogueEntry, Record, User
from governance.rules import Standing, require
from transfer.models import Announcement
from transfer.proofs import rules


@transaction.atomic
def release(*, standing: Standing, record: Record, title: str, question: str, contact: User) -> Announcement:
    """Show these words to all staff on the board. Other words than before are a new announcement."""
    locked = _locked(standing, record)
    if locked.state == Record.State.ARCHIVED:
        raise WrongState(_("Der Eintrag ist archiviert. Die Teamleitung kann ihn wieder öffnen."))
    if CatalogueEntry.objects.filter(pk=locked.pk).exists():
        raise WrongState(_("Der Proof of Concept ist veröffentlicht und steht schon auf der Übersicht."))
    now = _open(locked)
    words = {"title": title, "question": question, "contact": contact}
    if now and all(getattr(now, name) == value for name, value in words.items()):
        return now
    _end(now)
    made = Announcement.objects.create(record=locked, released_by=standing.user, from_at=clock.now(), **words)
    record_event("announce_trial", actor=standing.user, record=locked, announcement=made.pk)
    return made


@transaction.atomic
def take_back(*, standing: Standing, record: Record) -> None:
    """Staff no longer see it; taken back twice is taken back once."""
    locked = _locked(standing, record)
    now = _open(locked)
    if now is None:
        return
    _end(now)
    record_event("take_back_announcement", actor=standing.user, record=locked, announcement=now.pk)


def _locked(standing: Standing, record: Record) -> Record:
    locked = versions.lock(record)
    require(rules.may_announce, standing, locked)
    return locked


def _open(record: Record) -> Announcement | None:
    return Announcement.objects.filter(record=record, until_at=None).first()


def _end(announcement: Announcement | None) -> None:
    if announcement:
        announcement.until_at = clock.now()
        announcement.save(update_fields=["until_at"])
