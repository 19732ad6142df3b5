"""Encrypting for the holders of a key, by age (https://age-encryption.org) and its library pyrage.

The server has only the public half: whoever takes over the server cannot read earlier backups.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyrage
from django.utils.translation import gettext as _

from portal.backup.archive import CHUNK, Readable
from portal.backup.errors import BackupError

MAGIC = b"age-encryption.org/"


def new_key() -> tuple[str, str]:
    """A pair: the secret half to be kept elsewhere, the public half for the server."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipients(names: Iterable[str]) -> list[Any]:
    try:
        return [pyrage.x25519.Recipient.from_str(name.strip()) for name in names]
    except pyrage.RecipientError as error:
        raise BackupError(
            _(
                "BACKUP_RECIPIENTS enthält keinen gültigen öffentlichen Schlüssel (age1…). `manage.py backup_key` "
                "erzeugt einen."
            )
        ) from error


def identities(path: Path) -> list[Any]:
    """The secret keys of a file as `manage.py backup_key` or age-keygen write it."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BackupError(_("„%s“ ist keine lesbare Schlüsseldatei.") % path) from error
    if not found:
        raise BackupError(_("In „%s“ steht kein Schlüssel.") % path)
    return found


def write(chunks: Iterable[bytes], out: IO[bytes], keys: list[Any]) -> None:
    """Write the stream to `out`, encrypted if there are keys."""
    if not keys:
        for chunk in chunks:
            out.write(chunk)
        return
    reader, writer = _Reader(chunks), _Writer(out)
    try:
        pyrage.encrypt_io(reader, writer, keys)
    except (pyrage.EncryptError, OSError) as error:
        # The library tells what went wrong in our own code only as text.
        raise reader.failed or writer.failed or error from error


@contextmanager
def opened(path: Path, keys: list[Any]) -> Iterator[Readable]:
    """The tar inside of a backup, as a stream."""
    with open(path, "rb") as file:
        begins = file.read(len(MAGIC))
        file.seek(0)
        if begins != MAGIC:
            yield file
        elif not keys:
            raise BackupError(_("Die Sicherung ist verschlüsselt. Bitte den geheimen Schlüssel nennen: --key DATEI"))
        else:
            with _decrypted(file, keys) as plain:
                yield plain


@contextmanager
def _decrypted(file: IO[bytes], keys: list[Any]) -> Iterator[Readable]:
    """pyrage pushes and tarfile pulls: a pipe between them, nothing in clear on the disk."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def decrypt() -> None:
        with open(writing, "wb", buffering=0) as out:
            try:
                pyrage.decrypt_io(file, _Writer(out), keys)
            except BaseException as error:
                failures.append(error)

    thread = threading.Thread(target=decrypt, name="decrypting", daemon=True)
    with open(reading, "rb") as plain:
        thread.start()
        yield _Plain(plain, thread, failures)
    thread.join()


class _Plain:
    """What comes out of the pipe; its end is believed only when the decryption has ended well."""

    def __init__(self, plain: IO[bytes], thread: threading.Thread, failures: list[BaseException]) -> None:
        self._plain, self._thread, self._failures = plain, thread, failures

    def read(self, size: int = -1, /) -> bytes:
        data = self._plain.read(size)
        if not data:
            self._thread.join()
            if self._failures:
                raise BackupError(_not_decrypted(self._failures[0])) from self._failures[0]
        return data


def _not_decrypted(error: BaseException) -> str:
    if isinstance(error, pyrage.DecryptError):
        return _("Dieser Schlüssel passt nicht zu der Sicherung.")
    return _(
        "Die Sicherung ist beschädigt oder abgeschnitten: Sie lässt sich nicht entschlüsseln. Bitte eine andere nehmen."
    )


class _Reader:
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._rest = iter(chunks), memoryview(b"")
        self.failed: BaseException | None = None

    def read(self, size: int = CHUNK) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._chunks))
        except StopIteration:
            return b""
        except BaseException as error:
            self.failed = error
            raise
        data, self._rest = bytes(self._rest[:size]), self._rest[size:]
        return data


class _Writer:
    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.failed: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._out.write(data)
        except BaseException as error:
            self.failed = error
            raise

    def flush(self) -> None:
        self._out.flush()
