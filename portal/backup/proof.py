"""Whether everything kept is what was written: the hash of each version, the checksum of each file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from governance import hashing, kinds, versions
from governance.models import Attachment, Version

STEP = 200


@dataclass
class Proof:
    versions: int = 0
    files: int = 0
    wrong: list[str] = field(default_factory=list)


def prove() -> Proof:
    """Read every version and every file. Changes nothing."""
    proof = Proof()
    for kind in kinds.every():
        found = Version.objects.filter(record__kind=kind.key).select_related("record").order_by("pk").iterator()
        while batch := list(islice(found, STEP)):
            proof.versions += len(batch)
            proof.wrong += [f"{v.record.short_number} Version {v.number}" for v in _wrong(batch)]
    for attachment in Attachment.objects.order_by("pk").iterator():
        proof.files += 1
        if not _is_right(attachment):
            proof.wrong.append(attachment.file.name)
    return proof


def _wrong(batch: list[Version]) -> Iterator[Version]:
    texts = versions.texts_of(batch)
    for version in batch:
        fields = kinds.get(version.record.kind).schemas[version.schema]
        text = texts.get(version.pk)
        values = {name: getattr(text, name) for name in fields} if text is not None else None
        if values is None or hashing.content_hash(values, fields) != version.content_hash:
            yield version


def _is_right(attachment: Attachment) -> bool:
    """A redacted file holds a notice instead of its bytes; it must only be there."""
    try:
        with attachment.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return False
    return attachment.redacted_at is not None or digest == attachment.sha256
