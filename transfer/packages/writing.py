"""Writes a package into an open file, entry by entry: never more of it in memory than one small entry."""

from __future__ import annotations

import hashlib
import secrets
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Self

from governance import clock
from transfer.packages import container, data

FORMAT, SCHEMA = "wissensportal-paket", 1
TEXT, JSON = "text/plain; charset=utf-8", "application/json"


class TooLarge(ValueError):
    """More than a package may hold."""


@dataclass(frozen=True)
class Head:
    """What a package says of itself."""

    municipality: str
    portal: str
    licence: str
    reach: str


@dataclass
class Writer:
    """One package that is being written. `finish` makes it whole; without it the file is no package."""

    file: IO[bytes]
    max_bytes: int
    entries: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0

    def __enter__(self) -> Self:
        self.archive = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED)
        return self

    def __exit__(self, *error: object) -> None:
        # After a failure nothing more is written: the rest of the archive would need the same full disk.
        if error[0] is None:
            self.archive.close()
        else:
            self.archive.fp = None

    def add(self, name: str, media_type: str, content: bytes) -> None:
        self.stream(name, media_type, [content], packed=True)

    def stream(self, name: str, media_type: str, blocks: Iterable[bytes], *, packed: bool = False) -> None:
        """Add an entry block by block. Raises TooLarge."""
        found, size = hashlib.sha256(), 0
        with self.archive.open(self._info(name, packed), "w", force_zip64=True) as target:
            for block in blocks:
                found.update(block)
                size += len(block)
                self.total += len(block)
                if self.total > self.max_bytes:
                    raise TooLarge
                target.write(block)
        if len(self.entries) + 1 >= container.MAX_ENTRIES:
            raise TooLarge
        self.entries.append({"name": name, "size": size, "sha256": found.hexdigest(), "media_type": media_type})

    def _info(self, name: str, packed: bool) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, clock.local(clock.now()).timetuple()[:6])
        # Pictures and office files are packed already.
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        return info

    def finish(self, head: Head, records: Sequence[Mapping[str, Any]]) -> str:
        """Write the manifest last, with the checksums of all before it; returns its own."""
        manifest = {
            "format": FORMAT,
            "schema": SCHEMA,
            "id": secrets.token_hex(16),
            "created_at": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "origin": {"municipality": head.municipality, "portal": head.portal},
            "licence": head.licence,
            "reach": head.reach,
            "records": list(records),
            "entries": self.entries,
        }
        raw = data.dump(manifest)
        info = self._info(container.MANIFEST, packed=True)
        self.archive.writestr(info, raw)
        return hashlib.sha256(raw).hexdigest()
