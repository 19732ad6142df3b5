"""Files of records: kept once by the hash of their bytes, served through the version that names them."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _

from governance import clock, files, kinds, versions
from governance.models import Attachment, Record

INLINE = frozenset(files.PICTURES.values())


@transaction.atomic
def store(upload: File, name: str, record: Record) -> tuple[Attachment, files.FileInfo]:
    """Check and keep an upload for `record`, whose files have a limit together.

    Raises a ValidationError that names the reason.
    """
    info = files.inspect(upload, name, settings.ATTACHMENT_MAX_BYTES)
    record = versions.lock(record)
    beside = Attachment.objects.filter(sha256__in=_named(record) - {info.sha256})
    total = info.size + sum(beside.values_list("size", flat=True))
    if total > settings.RECORD_ATTACHMENTS_MAX_BYTES:
        raise ValidationError(
            _("Alle Anlagen zusammen, auch die früherer Versionen, dürfen höchstens %(max)d MB haben."),
            params={"max": settings.RECORD_ATTACHMENTS_MAX_BYTES // 2**20},
        )
    known = Attachment.objects.filter(sha256=info.sha256).first()
    if known is not None and known.redacted_at:
        raise ValidationError(_("Diese Datei wurde geschwärzt und kann nicht wieder angehängt werden."))
    if known is not None:
        return known, info
    attachment = Attachment(sha256=info.sha256, size=info.size, media_type=info.media_type, created_at=clock.now())
    attachment.file.save(f"{info.sha256[:2]}/{info.sha256}", upload, save=False)
    attachment.save()
    return attachment, info


def _named(record: Record) -> set[str]:
    """The hashes of all files that a version of the record or somebody's work in progress names."""
    history = kinds.get(record.kind).model.history.filter(record=record).exclude(attachments=[])
    texts = [*history.values_list("attachments", flat=True)]
    texts += record.buffers.filter(data__has_key="attachments").values_list("data__attachments", flat=True)
    return {row["sha256"] for rows in texts for row in rows}


def respond(sha256: str, name: str) -> FileResponse | None:
    """The file as a download; pictures may stand in a page. None when it is not there."""
    attachment = Attachment.objects.filter(sha256=sha256).first()
    if attachment is None:
        return None
    inline = attachment.media_type in INLINE and attachment.redacted_at is None
    media_type = "text/plain" if attachment.redacted_at else attachment.media_type
    response = FileResponse(
        attachment.file.open("rb"), as_attachment=not inline, filename=name, content_type=media_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
