"""From published attachments to their texts: what is expected, who reads it, what becomes of it.

A row that waits is written in the publishing transaction and read by the task queue after commit. A worker that is
away or dies loses none: the row waits, and `run_due` reads whatever is left over.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django_tasks import task

from governance import clock, kinds, periodic, rules, signals
from governance.errors import NotAllowed
from governance.limits import Limits
from governance.models import Attachment, CatalogueEntry
from governance.periodic import Job, Period
from governance.rules import Standing
from portal.attachment_text import reading, sandbox
from portal.attachment_text.models import AttachmentText, PublishedFile
from portal.attachment_text.reading import Reason
from portal.attachment_text.sandbox import Outcome
from portal.signals import attachment_text_ready

logger = logging.getLogger(__name__)
Status = AttachmentText.Status
MAX_ATTEMPTS = 3
# What may be over when somebody tries again.
PASSING = frozenset({Reason.CRASHED, Reason.MISSING})
# `run_due` has other jobs too; what is left waits for the next hour.
CATCH_UP_FOR = dt.timedelta(minutes=5)


# -- what is expected ------------------------------------------------------------------------------


def on_entries_written(keys: Sequence[int], **_more: Any) -> None:
    """Note the files of these published texts and have the new ones read, once the transaction is committed."""
    entries = CatalogueEntry.objects.filter(pk__in=keys)
    PublishedFile.objects.filter(entry__in=keys).delete()
    PublishedFile.objects.bulk_create(_files_of(entries))
    for sha256 in _expect(Attachment.objects.filter(published__entry__in=keys)):
        # Robust: a queue that fails costs only the speed, `run_due` finds the row.
        transaction.on_commit(partial(read_later.enqueue, sha256), robust=True)


def _files_of(entries: QuerySet[CatalogueEntry]) -> list[PublishedFile]:
    """The files that these published texts name, each once for each text."""
    found: dict[tuple[int, str], PublishedFile] = {}
    for kind in kinds.every():
        published = entries.filter(kind=kind.key).values("version_id")
        texts = kind.model.history.filter(history_id__in=published).exclude(attachments=[])
        for record_id, rows in texts.values_list("record_id", "attachments"):
            for row in rows:
                file = PublishedFile(entry_id=record_id, attachment_id=row["sha256"], name=row["name"])
                found.setdefault((record_id, row["sha256"]), file)
    known = set(
        Attachment.objects.filter(sha256__in={sha256 for _key, sha256 in found}).values_list("sha256", flat=True)
    )
    return [file for file in found.values() if file.attachment_id in known]


def _expect(attachments: QuerySet[Attachment]) -> list[str]:
    """Write a waiting row for each of these attachments that can be read and has none; returns the new ones."""
    fit = attachments.filter(media_type__in=reading.READABLE, redacted_at=None, words=None)
    new = list(fit.distinct().values_list("sha256", flat=True))
    AttachmentText.objects.bulk_create((AttachmentText(attachment_id=one) for one in new), ignore_conflicts=True)
    return new


def on_attachment_redacted(sha256: str, **_more: Any) -> None:
    """Nothing of what stood in the file stays; whoever reads it at this moment cannot store it any more."""
    AttachmentText.objects.filter(attachment_id=sha256).delete()
    on_text_ready([sha256])


def on_text_ready(sha256s: Iterable[str]) -> None:
    """Tell those who derive something from the texts that these are there, or gone."""
    attachment_text_ready.send(AttachmentText, sha256s=list(sha256s))


# -- reading ---------------------------------------------------------------------------------------


@task()
def read_later(sha256: str) -> None:
    """Read one attachment, unless somebody else does so or has done so."""
    read(sha256)


def read(sha256: str) -> None:
    """Read one waiting attachment and keep what came of it."""
    row = _claim(sha256)
    if row is not None:
        _keep(row, _read(row.attachment))


def _still_claimed() -> Q:
    """Rows that somebody reads now. Who has not finished by then has died."""
    return Q(claimed_at__gt=clock.now() - dt.timedelta(seconds=settings.ATTACHMENT_TEXT_SECONDS + 60))


@transaction.atomic
def _claim(sha256: str) -> AttachmentText | None:
    """Take the row for us; None when there is nothing to be read, or somebody else reads it."""
    rows = AttachmentText.objects.select_for_update(of=("self",), skip_locked=True).select_related("attachment")
    row = rows.filter(attachment_id=sha256, status=Status.PENDING).exclude(_still_claimed()).first()
    if row is None:
        return None
    row.attempts += 1
    row.claimed_at = clock.now()
    row.save(update_fields=["attempts", "claimed_at"])
    return row


def _read(attachment: Attachment) -> Outcome:
    if attachment.size > settings.ATTACHMENT_TEXT_MAX_BYTES:
        return Outcome(reason=Reason.TOO_LARGE)
    limits = Limits(
        seconds=settings.ATTACHMENT_TEXT_SECONDS,
        memory=settings.ATTACHMENT_TEXT_MEMORY_BYTES,
        characters=settings.ATTACHMENT_TEXT_CHARACTERS,
    )
    try:
        with attachment.file.open("rb") as source:
            return sandbox.run(source, attachment.media_type, limits)
    except OSError:
        logger.exception("the file of an attachment cannot be opened")
        return Outcome(reason=Reason.MISSING)


@transaction.atomic
def _keep(row: AttachmentText, outcome: Outcome) -> None:
    """Store what came of our attempt, unless the row has gone meanwhile or somebody else has taken it over."""
    # Under this lock no redaction is under way: its commit is waited for, and then it is seen.
    attachments = Attachment.objects.select_for_update(no_key=True)
    blanked = attachments.get(sha256=row.pk).redacted_at is not None
    ours = AttachmentText.objects.filter(pk=row.pk, claimed_at=row.claimed_at)
    if blanked:
        ours.delete()
        return
    again = outcome.reason in PASSING and row.attempts < MAX_ATTEMPTS
    status = Status.PENDING if again else Status.FAILED if outcome.reason else Status.OK
    stored = ours.update(
        status=status,
        reason=outcome.reason or "",
        text=F("text") if again else outcome.text,
        reader_version=reading.VERSION,
        read_at=clock.now(),
        claimed_at=None,
    )
    if outcome.reason:
        logger.warning("attachment %s not read: %s (attempt %s)", row.pk[:12], outcome.reason, row.attempts)
    if stored and not again:
        on_text_ready([row.pk])


# -- by the clock ----------------------------------------------------------------------------------


def catch_up() -> None:
    """Read what is left over: the worker was away, a reader was killed, or read by an older version of the reader."""
    _forget_unpublished()
    _expect(Attachment.objects.filter(published__isnull=False))
    old = AttachmentText.objects.exclude(status=Status.PENDING).filter(reader_version__lt=reading.VERSION)
    old.update(status=Status.PENDING, attempts=0)
    waiting = AttachmentText.objects.filter(status=Status.PENDING).exclude(_still_claimed())
    end = clock.now() + CATCH_UP_FOR
    for sha256 in list(waiting.order_by("created_at").values_list("pk", flat=True)):
        if clock.now() > end:
            return
        read(sha256)


def _is_published() -> Exists:
    return Exists(PublishedFile.objects.filter(attachment=OuterRef("attachment")))


@transaction.atomic
def _forget_unpublished() -> None:
    forgotten = list(AttachmentText.objects.filter(~_is_published()).values_list("pk", flat=True))
    if forgotten:
        AttachmentText.objects.filter(~_is_published(), pk__in=forgotten).delete()
        on_text_ready(forgotten)


# -- by hand ---------------------------------------------------------------------------------------


def failures() -> QuerySet[AttachmentText]:
    """Published attachments that could not be read, the latest first."""
    failed = AttachmentText.objects.filter(_is_published(), status=Status.FAILED).select_related("attachment")
    return failed.prefetch_related("attachment__published__entry").order_by("-read_at", "pk")


def waiting() -> int:
    """How many attachments wait to be read."""
    return AttachmentText.objects.filter(status=Status.PENDING).count()


@transaction.atomic
def retry(*, attachment: Attachment, standing: Standing) -> bool:
    """Have a failed attachment read once more; whether there was one. Raises NotAllowed."""
    if not rules.may_keep_search(standing):
        raise NotAllowed
    failed = AttachmentText.objects.filter(attachment=attachment, status=Status.FAILED)
    if not failed.update(status=Status.PENDING, reason="", attempts=0, claimed_at=None):
        return False
    transaction.on_commit(partial(read_later.enqueue, attachment.sha256), robust=True)
    return True


def connect() -> None:
    """Called once from `apps.py`."""
    signals.entries_written.connect(on_entries_written)
    signals.attachment_redacted.connect(on_attachment_redacted)
    periodic.register(Job("read_attachments", Period.HOUR, catch_up))
