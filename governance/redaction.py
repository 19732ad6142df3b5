"""Blanking passages or a file in all versions: the one exception to "nothing saved ever changes".

The administrator proposes, the chair of the committee confirms. Row triggers let the change through
only because this very transaction has recorded it in the audit trail, for this record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance import catalogue, clock, kinds, places, rules, signals, versions
from governance.audit import record_event
from governance.blanking import SHORTEST_PASSAGE, Blanking, text_fields, words_of
from governance.errors import NotAllowed, WrongState
from governance.hashing import content_hash
from governance.models import (
    Attachment,
    AuditEvent,
    Comment,
    Countersigning,
    DraftBuffer,
    MeetingItem,
    OutgoingMail,
    Record,
    Redaction,
    Review,
    Version,
)
from governance.rules import Standing
from governance.text.clean import slugify_de

NOTICE = "Diese Datei wurde am {day} geschwärzt. Der Grund steht im Prüfprotokoll des Portals.\n"


# -- proposing and deciding ------------------------------------------------------------------------


@transaction.atomic
def propose(
    *,
    standing: Standing,
    record: Record,
    reason: str,
    passages: Sequence[str] = (),
    attachment: Attachment | None = None,
) -> Redaction:
    """Lay before the chair which passages (or which file) are to be blanked, and why."""
    _require(rules.may_propose_redaction(standing))
    wanted = list(dict.fromkeys(p.strip() for p in passages if p.strip()))
    if not reason.strip():
        raise WrongState(_("Bitte begründen Sie die Schwärzung."))
    if not wanted and attachment is None:
        raise WrongState(_("Bitte nennen Sie die Textstellen oder die Datei."))
    if any(len("".join(words_of(passage))) < SHORTEST_PASSAGE for passage in wanted):
        raise WrongState(_("Eine Textstelle braucht mindestens drei Zeichen."))
    if attachment is not None and attachment.pk not in {f.attachment.pk for f in places.files_of(record, standing)}:
        raise WrongState(_("Diese Datei gehört nicht zu diesem Eintrag oder ist schon geschwärzt."))
    if Blanking(wanted).text(reason) != reason:
        # It goes to the audit trail, where nothing is ever blanked.
        raise WrongState(_("Der Grund bleibt im Protokoll. Bitte nennen Sie ihn ohne die Textstelle selbst."))
    if missing := places.missing(record, wanted):
        raise WrongState(
            _("In %(record)s steht nirgends: %(passages)s. Bitte prüfen Sie die Schreibweise.")
            % {"record": record.short_number, "passages": ", ".join(f"„{passage}“" for passage in missing)}
        )
    redaction = Redaction.objects.create(
        record=record,
        passages=wanted,
        attachment=attachment,
        reason=reason,
        proposed_by=standing.user,
        proposed_at=clock.now(),
    )
    record_event("propose_redaction", actor=standing.user, record=record, redaction=redaction.pk)
    return redaction


@transaction.atomic
def refuse(*, standing: Standing, redaction: Redaction) -> Redaction:
    """Leave everything as it is, and forget the passages that were named."""
    record, redaction = _lock_for_decision(standing, redaction)
    _close(redaction, standing, Redaction.Status.REFUSED)
    record_event("refuse_redaction", actor=standing.user, record=record, redaction=redaction.pk)
    return redaction


@transaction.atomic
def confirm(*, standing: Standing, redaction: Redaction) -> AuditEvent:
    """Blank it in all versions, now and irrevocably; the event counts what was found.

    Raises WrongState when nothing is left to be blanked.
    """
    record, redaction = _lock_for_decision(standing, redaction)
    blank = Blanking(redaction.passages)
    attachment = redaction.attachment
    found = places.find(record, redaction.passages, standing)
    if redaction.passages and not found:
        raise WrongState(_("Diese Textstellen stehen nicht mehr im Eintrag. Lehnen Sie den Vorschlag ab."))
    copies = _copies(record, blank) if redaction.passages else {}
    rows = _rows(record, blank, copies) if redaction.passages else []
    event = record_event(
        "redact",
        actor=standing.user,
        record=record,
        redaction=redaction.pk,
        proposed_by=redaction.proposed_by_id,
        reason=redaction.reason,
        places=len(found),
        versions=len({place.version for place in found if place.version}),
        hashes={str(version.number): [version.content_hash, new] for version, _changes, new in rows},
        replaced=dict(copies),
        attachment=attachment.pk if attachment else None,
        file=attachment.sha256 if attachment else None,
    )
    _open_the_triggers(event)
    for version, changes, digest in rows:
        _blank_version(version, changes, digest, blank)
    if rows:
        _blank_newest(record, blank, copies)
        _blank_words(record, blank)
        _blank_buffers(record, blank, copies)
        _blank_mails(record, blank, [version.title for version, _changes, _new in rows])
    if attachment is not None:
        _blank_file(attachment)
    _close(redaction, standing, Redaction.Status.DONE)
    catalogue.refresh(record)
    if enclosed := kinds.get(record.kind).enclosed:
        enclosed.drop(copies.keys())
    _close_the_triggers()
    if attachment is not None:
        # Last, because no rollback brings the bytes back; they are gone before the commit says so.
        _overwrite_bytes(attachment)
    return event


def _require(may: bool) -> None:
    if not may:
        raise NotAllowed


def _lock_for_decision(standing: Standing, redaction: Redaction) -> tuple[Record, Redaction]:
    _require(rules.may_confirm_redaction(standing))
    record = versions.lock(redaction.record_id)
    redaction = Redaction.objects.select_for_update(of=("self",)).get(pk=redaction.pk)
    if redaction.status != Redaction.Status.PROPOSED:
        raise WrongState(_("Über diese Schwärzung ist bereits entschieden."))
    if redaction.proposed_by_id == standing.user_id:
        raise WrongState(_("Wer eine Schwärzung vorschlägt, bestätigt sie nicht selbst."))
    return record, redaction


def _close(redaction: Redaction, standing: Standing, status: str) -> None:
    redaction.status, redaction.passages = status, []
    redaction.decided_by, redaction.decided_at = standing.user, clock.now()
    redaction.save(update_fields=["status", "passages", "decided_by", "decided_at"])


def _open_the_triggers(event: AuditEvent) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.redaction', %s, true)", [str(event.pk)])


def _close_the_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.redaction', '', true)")


# -- blanking text ---------------------------------------------------------------------------------


def _copies(record: Record, blank: Blanking) -> Mapping[str, str]:
    """Blanked copies of the files that texts and work in progress name, by the keys of those they replace."""
    kind = kinds.get(record.kind)
    if kind.enclosed is None:
        return {}
    texts = [vars(text) for text in kind.model.history.filter(record=record)]
    texts += DraftBuffer.objects.filter(record=record).values_list("data", flat=True)
    return kind.enclosed.blank({key for text in texts for key in kind.enclosed.keys(text)}, blank)


def _changes(kind: kinds.Kind, text: Any, blank: Blanking, copies: Mapping[str, str]) -> dict[str, Any]:
    words = blank.changes(text, text_fields(kind.model), kind.row_lengths)
    return words | (kind.enclosed.replaced(vars(text), copies) if kind.enclosed else {})


def _rows(record: Record, blank: Blanking, copies: Mapping[str, str]) -> list[tuple[Version, dict[str, Any], str]]:
    """Every version with what changes in its text and the hash that it then has."""
    kind = kinds.get(record.kind)
    found = list(record.versions.order_by("number"))
    for version in found:
        version.record = record
    texts = versions.texts_of(found)
    result = []
    for version in found:
        text, fields = texts[version.pk], kind.schemas[version.schema]
        changes = _changes(kind, text, blank, copies)
        values = {name: changes.get(name, getattr(text, name)) for name in fields}
        digest = content_hash(values, fields) if changes else version.content_hash
        result.append((version, changes, digest))
    return result


def _blank_version(version: Version, changes: Mapping[str, Any], digest: str, blank: Blanking) -> None:
    history = kinds.get(version.record.kind).model.history.model
    note = blank.text(version.note)
    if changes or note != version.note:
        QuerySet(history).filter(pk=version.pk).update(**changes, history_change_reason=note)
        Version.objects.filter(pk=version.pk).update(
            title=blank.text(version.title, 200), note=note, content_hash=digest
        )


def _blank_newest(record: Record, blank: Blanking, copies: Mapping[str, str]) -> None:
    """The content row; a plain queryset, because the guarded one refuses every update."""
    content, kind = versions.content_of(record), kinds.get(record.kind)
    if changes := _changes(kind, content, blank, copies):
        QuerySet(type(content)).filter(pk=record.pk).update(**changes)


def _blank_words(record: Record, blank: Blanking) -> None:
    """What was said about the text: in reviews, in comments, on archiving."""
    reviews, comments = Review.objects.filter(record=record), Comment.objects.filter(review__record=record)
    for review in reviews.select_for_update():
        _update(review, blank.changes(review, ["note", "reason"]))
    for comment in comments.select_for_update(of=("self",)):
        _update(comment, blank.changes(comment, ["text", "answer"]))
    for item in MeetingItem.objects.filter(review__record=record).select_for_update(of=("self",)):
        _update(item, blank.changes(item, ["note"]))
    for row in Countersigning.objects.filter(record=record).select_for_update(of=("self",)):
        _update(row, blank.changes(row, ["note", "answer"]))
    _update(record, blank.changes(record, ["archive_reason"]))
    signals.words_redacted.send(Record, record=record, blank=blank)


def _update(row: models.Model, changes: Mapping[str, Any]) -> None:
    if changes:
        type(row)._default_manager.filter(pk=row.pk).update(**changes)


def _blank_buffers(record: Record, blank: Blanking, copies: Mapping[str, str]) -> None:
    """Unsaved work in progress."""
    kind = kinds.get(record.kind)
    for buffer in DraftBuffer.objects.select_for_update().filter(record=record):
        words = places.words_of_buffer(buffer, kind.model)
        buffer.data |= {name: blank.value(words[name], limits=kind.row_lengths.get(name)) for name in words}
        buffer.data |= kind.enclosed.replaced(buffer.data, copies) if kind.enclosed else {}
        buffer.save(update_fields=["data"])


def _blank_mails(record: Record, blank: Blanking, titles: Sequence[str]) -> None:
    """Mails carry the title, also in the address of the page."""
    slugs = {slugify_de(title): slugify_de(blank.text(title, 200)) for title in titles}
    for mail in OutgoingMail.objects.select_for_update().filter(record=record):
        mail.subject, mail.body = blank.text(mail.subject, 250), blank.text(mail.body)
        for old, new in slugs.items():
            mail.body = mail.body.replace(f"-{old}", f"-{new}")
        mail.save(update_fields=["subject", "body"])


# -- blanking a file -------------------------------------------------------------------------------


def _notice() -> bytes:
    return NOTICE.format(day=f"{clock.today():%d.%m.%Y}").encode()


def _blank_file(attachment: Attachment) -> None:
    """The row keeps its address, so that versions still find it and the same bytes do not return."""
    attachment.redacted_at = clock.now()
    attachment.size, attachment.media_type = len(_notice()), "text/plain"
    attachment.save(update_fields=["redacted_at", "size", "media_type"])
    signals.attachment_redacted.send(Attachment, sha256=attachment.sha256)


def _overwrite_bytes(attachment: Attachment) -> None:
    storage, name = attachment.file.storage, attachment.file.name
    storage.delete(name)
    storage.save(name, ContentFile(_notice()))
