"""What may be uploaded: decided by the content, with the name only allowed to agree."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

import puremagic
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

OFFICE = {
    "docx": (
        "word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": (
        "xl/workbook.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "pptx": (
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}
OPEN_DOCUMENT = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
PLAIN = {"txt": "text/plain", "csv": "text/csv"}
SAME = {"jpeg": "jpg", "jpe": "jpg"}
ALLOWED = ["pdf", *PICTURES, *OFFICE, *OPEN_DOCUMENT, *PLAIN]
MAX_NAME = 120
MAX_ENTRIES = 5_000
MAX_UNPACKED = 500 * 2**20
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class FileInfo:
    """A file that may be kept: cleaned name, type by content, size in bytes, sha256 of the bytes."""

    name: str
    media_type: str
    size: int
    sha256: str

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES.values()


def inspect(upload: IO[bytes] | File[bytes], name: str, max_bytes: int) -> FileInfo:
    """Check `upload` and describe it; raises a ValidationError that names the reason.

    Reads at most `max_bytes` and leaves the position at the beginning.
    """
    clean, extension = _clean_name(name)
    upload.seek(0)
    data = upload.read(max_bytes + 1)
    upload.seek(0)
    if not data:
        raise ValidationError(_("Die Datei „%(name)s“ ist leer."), params={"name": clean})
    if len(data) > max_bytes:
        raise ValidationError(
            _("Die Datei „%(name)s“ ist größer als %(max)d MB."),
            params={"name": clean, "max": max_bytes // 2**20},
        )
    media_type = _media_type(data, extension)
    if media_type is None:
        raise ValidationError(
            _("Der Inhalt von „%(name)s“ passt nicht zur Endung oder ist nicht erlaubt. Erlaubt sind: %(allowed)s."),
            params={"name": clean, "allowed": ", ".join(ALLOWED)},
        )
    return FileInfo(clean, media_type, len(data), hashlib.sha256(data).hexdigest())


def _clean_name(name: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFC", _HIDDEN.sub("", name)).replace("\\", "/")
    plain = PurePosixPath(plain).name.strip().strip(".")
    stem, dot, extension = plain.rpartition(".")
    extension = SAME.get(extension.lower(), extension.lower())
    if not dot or not stem or extension not in ALLOWED:
        raise ValidationError(
            _("„%(name)s“ hat keine erlaubte Endung. Erlaubt sind: %(allowed)s."),
            params={"name": plain[:MAX_NAME] or _("ohne Namen"), "allowed": ", ".join(ALLOWED)},
        )
    return f"{stem[: MAX_NAME - len(extension) - 1]}.{extension}", extension


def _media_type(data: bytes, extension: str) -> str | None:
    """The type of `data` when it is what the extension says, else None."""
    if extension == "pdf":
        return "application/pdf" if data[:1024].lstrip().startswith(b"%PDF-") else None
    if extension in PICTURES:
        return PICTURES[extension] if extension in _magic(data) else None
    if extension in PLAIN:
        return PLAIN[extension] if _is_plain_text(data) else None
    return _office_type(data, extension)


def _magic(data: bytes) -> set[str]:
    try:
        found = {match.extension.lstrip(".") for match in puremagic.magic_string(data[:4096])}
    except (puremagic.PureError, ValueError):
        return set()
    return {SAME.get(extension, extension) for extension in found}


def _is_plain_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return not any(ord(c) < 32 and c not in "\t\r\n\f" for c in text)


def _office_type(data: bytes, extension: str) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
                return None
            names = {entry.filename for entry in entries}
            if any("vbaproject" in entry.lower() or "/scripts/" in entry.lower() for entry in names):
                return None
            if extension in OFFICE:
                part, media_type = OFFICE[extension]
                return media_type if {part, "[Content_Types].xml"} <= names else None
            media_type = OPEN_DOCUMENT[extension]
            info = archive.getinfo("mimetype")
            fits = info.file_size < 200 and archive.read(info).decode("ascii", "replace") == media_type
            return media_type if fits and not any(n.startswith("Basic/") for n in names) else None
    # A damaged archive makes zipfile and its decompressors fail in a dozen ways; all of them mean "not this type".
    except Exception:
        return None
