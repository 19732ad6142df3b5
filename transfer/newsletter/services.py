"""Composing an issue, and releasing it: from then on its words stay as they are."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from governance import clock, versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import CatalogueEntry, Record
from governance.rules import Standing
from transfer import published, rules
from transfer.errors import Changed, ChangedIssue
from transfer.formats import services as formats
from transfer.models import ExchangeFormat, NewsletterIssue, NewsletterPiece
from transfer.newsletter import queries

MOST_PIECES = 40
UP, DOWN = "up", "down"
Length = NewsletterPiece.Length


@transaction.atomic
def begin(*, standing: Standing, exchange_format: ExchangeFormat, **values: Any) -> NewsletterIssue:
    """A new issue with all that was published since the last one."""
    locked = formats.lock(exchange_format)
    if not rules.may_prepare(standing, locked):
        raise NotAllowed
    if not locked.is_newsletter:
        raise WrongState(_("Ausgaben hat nur ein Newsletter."))
    if locked.has_ended:
        raise WrongState(_("Dieser Newsletter ist beendet. Es gibt keine weiteren Ausgaben."))
    issue = NewsletterIssue.objects.create(format=locked, created_at=clock.now(), **values)
    suggested = list(queries.suggested(issue)[:MOST_PIECES])
    NewsletterPiece.objects.bulk_create(
        NewsletterPiece(issue=issue, position=place, record_id=entry.pk)
        for place, entry in enumerate(suggested, start=1)
    )
    record_event("begin_issue", actor=standing.user, issue=issue.pk, format=locked.pk)
    return issue


@transaction.atomic
def change(*, standing: Standing, issue: NewsletterIssue, opened_on: int, **values: Any) -> NewsletterIssue:
    """Title, greeting and for whom. Raises Changed when somebody else saved meanwhile."""
    locked = _open(standing, issue)
    if locked.version != opened_on:
        raise Changed(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save()
    _changed(standing, locked)
    return locked


@transaction.atomic
def add_record(*, standing: Standing, issue: NewsletterIssue, record: Record) -> NewsletterPiece:
    """Put a published record at the end."""
    locked = _open(standing, issue)
    if not CatalogueEntry.objects.filter(pk=record.pk).exists():
        raise ValidationError(_("%s ist nicht veröffentlicht.") % record.short_number)
    if locked.pieces.filter(record=record).exists():
        raise ValidationError(_("%s steht schon in dieser Ausgabe.") % record.short_number)
    return _add(standing, locked, record=record)


@transaction.atomic
def add_text(*, standing: Standing, issue: NewsletterIssue, title: str, text: str) -> NewsletterPiece:
    """Put a text of one's own at the end."""
    return _add(standing, _open(standing, issue), title=title, text=text)


def _add(standing: Standing, locked: NewsletterIssue, **values: Any) -> NewsletterPiece:
    if locked.pieces.count() >= MOST_PIECES:
        raise WrongState(_("Diese Ausgabe ist voll (%d Beiträge).") % MOST_PIECES)
    last = locked.pieces.aggregate(last=Max("position"))["last"] or 0
    piece = NewsletterPiece.objects.create(issue=locked, position=last + 1, **values)
    _changed(standing, locked)
    return piece


@transaction.atomic
def change_text(*, standing: Standing, piece: NewsletterPiece, opened_on: int, title: str, text: str) -> None:
    """Other words of a text of one's own. Raises Changed when somebody else saved meanwhile."""
    locked, current = _open_piece(standing, piece)
    if current.record_id is not None:
        raise WrongState(_("Der Text eines Eintrags wird am Eintrag selbst geändert."))
    if current.version != opened_on:
        raise Changed(current)
    current.title, current.text, current.version = title, text, current.version + 1
    current.save()
    _changed(standing, locked)


@transaction.atomic
def set_length(*, standing: Standing, piece: NewsletterPiece, length: str) -> None:
    """Whether a record stands there with its teaser or with its article."""
    locked, current = _open_piece(standing, piece)
    if length not in Length.values:
        raise ValidationError(_("Bitte wählen Sie Anreißer oder Artikel."))
    current.length = length
    current.save()
    _changed(standing, locked)


@transaction.atomic
def move(*, standing: Standing, piece: NewsletterPiece, way: str) -> None:
    """One place up or down; at the end nothing happens."""
    locked, current = _open_piece(standing, piece)
    every = list(locked.pieces.all())
    here = next(place for place, one in enumerate(every) if one.pk == current.pk)
    there = here + (-1 if way == UP else 1)
    if not 0 <= there < len(every):
        return
    every[here], every[there] = every[there], every[here]
    for position, one in enumerate(every, start=1):
        one.position = position
    NewsletterPiece.objects.bulk_update(every, ["position"])
    _changed(standing, locked)


@transaction.atomic
def leave_out(*, standing: Standing, piece: NewsletterPiece) -> None:
    """Take a piece out of the issue."""
    locked, current = _open_piece(standing, piece)
    current.delete()
    _changed(standing, locked)


@transaction.atomic
def drop(*, standing: Standing, issue: NewsletterIssue) -> None:
    """Give up an issue that was never released."""
    locked = _open(standing, issue)
    record_event("drop_issue", actor=standing.user, issue=locked.pk, format=locked.format_id)
    locked.pieces.all().delete()
    locked.delete()


@transaction.atomic
def release(*, standing: Standing, issue: NewsletterIssue, seen: int) -> NewsletterIssue:
    """Let it out: its words are those that are published now, for ever.

    `seen` is the count of changes that the person looked at. Raises ChangedIssue when there were more since.
    """
    # Records come before everything else that is locked; if others are in the issue by now, the count tells.
    keys = sorted(pk for pk in issue.pieces.values_list("record_id", flat=True) if pk is not None)
    records = [versions.lock(key) for key in keys]
    exchange_format, locked = formats.lock(issue.format), _lock(issue)
    if not rules.may_organise(standing, exchange_format):
        raise NotAllowed
    _refuse_released(locked)
    if locked.changes != seen:
        raise ChangedIssue(locked)
    pieces = list(locked.pieces.all())
    if not pieces:
        raise WrongState(_("Diese Ausgabe ist leer. Bitte nehmen Sie mindestens einen Beitrag auf."))
    _freeze(pieces, records)
    locked.number = (exchange_format.issues.aggregate(last=Max("number"))["last"] or 0) + 1
    locked.released_at = clock.now()
    locked.save()
    record_event("release_issue", actor=standing.user, issue=locked.pk, format=exchange_format.pk)
    return locked


def _freeze(pieces: list[NewsletterPiece], records: list[Record]) -> None:
    """Take title and text of each record, all of them locked, from its published version."""
    told = published.told(record.pk for record in records)
    if gone := [record.short_number for record in records if record.pk not in told]:
        raise WrongState(
            _("Nicht mehr veröffentlicht: %s. Bitte nehmen Sie das aus der Ausgabe heraus.") % ", ".join(gone)
        )
    for piece in pieces:
        if piece.record_id is not None:
            one = told[piece.record_id]
            piece.title, piece.taken_from = one.title, one.entry.version
            piece.text = one.texts.teaser if piece.length == Length.TEASER else one.texts.article
    NewsletterPiece.objects.bulk_update(pieces, ["title", "text", "taken_from"])


# -- locks -----------------------------------------------------------------------------------------


def _lock(issue: NewsletterIssue) -> NewsletterIssue:
    """The issue, locked until the end of the transaction and read anew; raises WrongState when it was given up."""
    found = (
        NewsletterIssue.objects.select_for_update(of=("self",))
        .select_related("format__team", "department")
        .filter(pk=issue.pk)
        .first()
    )
    if found is None:
        raise WrongState(_("Diese Ausgabe wurde inzwischen verworfen."))
    return found


def _open(standing: Standing, issue: NewsletterIssue) -> NewsletterIssue:
    locked = _lock(issue)
    if not rules.may_prepare(standing, locked.format):
        raise NotAllowed
    _refuse_released(locked)
    return locked


def _refuse_released(issue: NewsletterIssue) -> None:
    if issue.is_released:
        raise WrongState(_("Diese Ausgabe ist freigegeben. Sie bleibt, wie sie ist."))


def _open_piece(standing: Standing, piece: NewsletterPiece) -> tuple[NewsletterIssue, NewsletterPiece]:
    locked = _open(standing, piece.issue)
    found = locked.pieces.filter(pk=piece.pk).first()
    if found is None:
        raise WrongState(_("Dieser Beitrag wurde inzwischen herausgenommen."))
    return locked, found


def _changed(standing: Standing, issue: NewsletterIssue) -> None:
    NewsletterIssue.objects.filter(pk=issue.pk).update(changes=F("changes") + 1)
    record_event("change_issue", actor=standing.user, issue=issue.pk)


def redact(sender: Any, record: Record, blank: Any, **kwargs: Any) -> None:
    """Passages that are blanked in a record go from what newsletters took of it, too."""
    for piece in NewsletterPiece.objects.select_for_update(of=("self",)).filter(record=record):
        if changes := blank.changes(piece, ["title", "text"]):
            NewsletterPiece.objects.filter(pk=piece.pk).update(**changes)
