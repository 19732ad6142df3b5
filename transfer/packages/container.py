"""A package as a zip file, looked at before anything in it is read. Reads no settings and no database.

Every name, size and kind of entry is checked from the directory of the archive; nothing is ever unpacked to a path.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

MANIFEST = "manifest.json"
MAX_ENTRIES = 8_000
MAX_NAME = 200
# Of everything but attachments: manifest, texts, diagrams, pages.
MAX_SMALL = 8 * 2**20
# A package that unpacks to so many times its own size is a bomb, unless it is small anyway.
MAX_RATIO, SMALL_TOTAL = 100, 64 * 2**20
BLOCK = 2**18
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){0,4}")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LOCAL_HEADER = 30


class Refused(ValueError):
    """The package is not taken. `entry` names what is wrong in it, `why` says it in German."""

    def __init__(self, why: str, entry: str = "") -> None:
        super().__init__(f"{entry}: {why}" if entry else why)
        self.why, self.entry = why, shown(entry)


def shown(name: str) -> str:
    """A foreign name as it may stand on a page: nothing hidden, of bounded length."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name[:MAX_NAME])


def open_checked(file: IO[bytes], max_total: int) -> zipfile.ZipFile:
    """The archive, with harmless names, sizes and kinds of entries; raises Refused."""
    try:
        archive = zipfile.ZipFile(file)
        entries = archive.infolist()
    # A damaged directory makes zipfile fail in a dozen ways.
    except Exception as error:
        raise Refused(
            _("Die Datei ist kein Paket oder beschädigt. Bitte lassen Sie sie sich noch einmal geben.")
        ) from error
    if len(entries) > MAX_ENTRIES:
        raise Refused(
            _("Das Paket hat %(n)d Einträge, höchstens %(max)d sind möglich.") % {"n": len(entries), "max": MAX_ENTRIES}
        )
    seen: set[str] = set()
    for entry in entries:
        _check_entry(entry)
        if entry.filename.casefold() in seen:
            raise Refused(_("Dieser Name kommt mehrmals vor."), entry.filename)
        seen.add(entry.filename.casefold())
    _check_total(entries, max_total)
    _check_places(entries)
    if MANIFEST not in archive.namelist():
        raise Refused(_("Im Paket fehlt das Verzeichnis seines Inhalts."), MANIFEST)
    return archive


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    # What zipfile has cut off or turned round is judged as it came.
    if entry.orig_filename != name or len(name) > MAX_NAME or not _NAME.fullmatch(name):
        raise Refused(
            _("Solche Namen kommen in einem Paket nicht vor. Bitte nehmen Sie die Datei so, wie sie erstellt wurde."),
            entry.orig_filename,
        )
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise Refused(_("Der Eintrag ist keine gewöhnliche Datei, sondern zum Beispiel ein Verweis."), name)
    if entry.flag_bits & 0x41:
        raise Refused(_("Der Eintrag ist verschlüsselt. Pakete werden nur unverschlüsselt gelesen."), name)
    if entry.compress_type not in _METHODS:
        raise Refused(_("Der Eintrag ist auf eine Art gepackt, die nicht gelesen wird."), name)


def _check_total(entries: list[zipfile.ZipInfo], max_total: int) -> None:
    total, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    largest = max(entries, key=lambda one: one.file_size, default=None)
    if total > max_total:
        raise Refused(
            _("Ausgepackt wäre das Paket größer als %(max)d MB.") % {"max": max_total // 2**20},
            largest.filename if largest else "",
        )
    if total > SMALL_TOTAL and total > MAX_RATIO * max(packed, 1):
        raise Refused(_("Ausgepackt wäre der Inhalt unglaubwürdig groß."), largest.filename if largest else "")


def _check_places(entries: list[zipfile.ZipInfo]) -> None:
    """No two entries share bytes: that is how a small file holds a huge one many times."""
    end, before = 0, ""
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise Refused(_("Der Eintrag teilt sich seinen Platz mit „%(other)s“.") % {"other": before}, entry.filename)
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
        before = entry.filename


def blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of an entry, block by block, never more than it said; raises Refused for a damaged one."""
    room = archive.getinfo(name).file_size
    try:
        with archive.open(name) as source:
            while block := source.read(BLOCK):
                room -= len(block)
                if room < 0:
                    raise Refused(_("Der Eintrag ist größer, als er angibt."), name)
                yield block
    except Refused:
        raise
    except Exception as error:
        raise Refused(_("Der Eintrag ist beschädigt."), name) from error
    if room:
        raise Refused(_("Der Eintrag ist kleiner, als er angibt."), name)


def read(archive: zipfile.ZipFile, name: str, most: int = MAX_SMALL) -> bytes:
    """A whole entry that may be held in memory; raises Refused for a larger one."""
    if name not in archive.NameToInfo:
        raise Refused(_("Dieser Eintrag fehlt im Paket."), name)
    if archive.getinfo(name).file_size > most:
        raise Refused(_("Der Eintrag ist größer als %(max)d MB.") % {"max": most // 2**20}, name)
    return b"".join(blocks(archive, name))


def digest(archive: zipfile.ZipFile, name: str) -> str:
    """The sha256 of an entry."""
    found = hashlib.sha256()
    for block in blocks(archive, name):
        found.update(block)
    return found.hexdigest()
