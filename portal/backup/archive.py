"""The form of a backup: a plain tar, written and read as a stream.

Whoever has the file and no portal can restore it with tar, sha256sum and pg_restore. The checksums come last, so a
tar that ends before them is known to be cut off.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Protocol

from django.utils.translation import gettext as _

from portal.backup.errors import BackupError

CHUNK = 2**20
HEAD, SUMS, README = "head.json", "SHA256SUMS", "LIESMICH.txt"
DATABASE, FILES = "database/", "files/"
LARGEST_SMALL_MEMBER = 2**20
_LINE = re.compile(r"([0-9a-f]{64}) {2}(.+)")


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass
class Member:
    """One file of the tar, its size known before its bytes; its checksum when it has been written."""

    name: str
    size: int
    chunks: Iterable[bytes]
    sha256: str = ""


def small(name: str, data: bytes) -> Member:
    return Member(name, len(data), [data])


# -- writing ---------------------------------------------------------------------------------------


def stream(members: Iterable[Member], made_at: float) -> Iterator[bytes]:
    """The bytes of the tar; the checksums of all members are added as the last one."""
    sums: list[str] = []
    for member in members:
        digest = hashlib.sha256()
        yield _header(member, made_at)
        for chunk in member.chunks:
            digest.update(chunk)
            yield chunk
        yield _padding(member.size)
        member.sha256 = digest.hexdigest()
        sums.append(f"{member.sha256}  {member.name}\n")
    last = small(SUMS, "".join(sums).encode())
    yield _header(last, made_at)
    yield from last.chunks
    yield _padding(last.size) + bytes(2 * tarfile.BLOCKSIZE)


def _header(member: Member, made_at: float) -> bytes:
    info = tarfile.TarInfo(member.name)
    info.size, info.mode, info.mtime = member.size, 0o600, int(made_at)
    return info.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


# -- reading ---------------------------------------------------------------------------------------


@dataclass
class Part:
    """A member that is being read; its checksum is known once it has been read to its end."""

    name: str
    size: int
    _file: IO[bytes]
    _digest: str = ""

    def chunks(self) -> Iterator[bytes]:
        digest, left = hashlib.sha256(), self.size
        while left:
            chunk = self._file.read(min(CHUNK, left))
            if not chunk:
                raise BackupError(_damaged())
            left -= len(chunk)
            digest.update(chunk)
            yield chunk
        self._digest = digest.hexdigest()

    def sha256(self) -> str:
        if not self._digest:
            for _chunk in self.chunks():
                pass
        return self._digest

    def whole(self) -> bytes:
        if self.size > LARGEST_SMALL_MEMBER and self.name != SUMS:
            raise BackupError(_damaged())
        return b"".join(self.chunks())


def read(source: Readable) -> Iterator[Part]:
    """The members one after the other. The end is reached only if every checksum was right."""
    found: dict[str, str] = {}
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=CHUNK) as tar:  # type: ignore[call-overload]
            for info in tar:
                file = tar.extractfile(info) if info.isreg() else None
                if file is None or not _is_ours(info.name) or info.name in found:
                    raise BackupError(_damaged())
                part = Part(info.name, info.size, file)
                if info.name == SUMS:
                    _compare(part.whole().decode(), found)
                    while source.read(CHUNK):
                        pass  # only at its end an encrypted stream is known to be whole
                    return
                yield part
                found[info.name] = part.sha256()
    except tarfile.TarError as error:
        raise BackupError(_damaged()) from error
    raise BackupError(_("Die Sicherung ist nicht vollständig: Ihr Ende fehlt. Bitte eine andere nehmen."))


def _is_ours(name: str) -> bool:
    """No member leads out of the folder it is unpacked in."""
    known = name in (HEAD, SUMS, README) or name.startswith((DATABASE, FILES))
    return known and "\\" not in name and not {"", ".", ".."} & set(name.split("/"))


def _compare(text: str, found: dict[str, str]) -> None:
    promised = {match[2]: match[1] for match in map(_LINE.fullmatch, text.splitlines()) if match}
    if promised != found:
        raise BackupError(_damaged())


def _damaged() -> str:
    return _("Die Sicherung ist beschädigt: Ihre Prüfsummen stimmen nicht. Bitte eine andere nehmen.")
