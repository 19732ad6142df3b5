"""Making a backup: the database as of one moment, then the files that it names.

Files are stored before the row that names them is committed, and their bytes never change; so whatever the snapshot
names is there, and stays while it is copied. The other way round a row could name a file that was not copied.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from governance import clock
from governance.models import PeriodicJob
from portal.backup import archive, encryption, files, postgres
from portal.backup.archive import DATABASE, HEAD, README, Member
from portal.backup.errors import BackupError, says_what_the_disk_said

logger = logging.getLogger(__name__)
FORMAT = 1
PREFIX = "wissensportal-"
# Its row tells the metrics when a backup was made.
JOB = "backup"
HOW_TO = """Sicherung des Wissensportals vom {made_at}

Mit dem Portal:    manage.py restore DATEI [--key GEHEIMER-SCHLÜSSEL]
Ohne das Portal:   age --decrypt -i GEHEIMER-SCHLÜSSEL DATEI | tar -x     (unverschlüsselt: tar -xf DATEI)
                   sha256sum -c SHA256SUMS
                   cat database/* | pg_restore --no-owner --no-privileges --single-transaction --dbname=…
                   Der Inhalt von files/ gehört nach $VAR_DIR/media.
Die Datenbank stammt von PostgreSQL {postgres}.
"""


@dataclass
class Made:
    """What a finished backup holds, and what it should hold and could not."""

    path: Path
    size: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.changed)


def make(folder: Path) -> Made:
    """Write one backup into `folder` and remove older ones beyond BACKUPS_KEPT; raises BackupError."""
    try:
        made = _make(folder)
    except BaseException as error:
        with suppress(Exception):
            _note(type(error).__name__)
        raise
    _note("" if made.is_whole else f"{len(made.missing)} files missing, {len(made.changed)} damaged", clock.now())
    _forget_older(made.path)
    return made


def _note(problem: str, when: dt.datetime | None = None) -> None:
    """For the metrics: when a backup was made last, and what was wrong with the last attempt."""
    values: dict[str, Any] = {"last_error": problem}
    if when is not None:
        values["last_run_at"] = when
    PeriodicJob.objects.update_or_create(name=JOB, defaults=values)


def _make(folder: Path) -> Made:
    keys = encryption.recipients(settings.BACKUP_RECIPIENTS)
    with says_what_the_disk_said(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        clear_remains(folder)
        now = clock.now()
        with _part(folder) as (part, out):
            made = Made(_free_name(folder, now, ".tar.age" if keys else ".tar"))
            encryption.write(archive.stream(_members(made, now), now.timestamp()), out, keys)
            out.flush()
            os.fsync(out.fileno())
            made.size = out.tell()
            part.rename(made.path)
            _sync(folder)
    return made


# -- what is in it ---------------------------------------------------------------------------------


def _members(made: Made, now: dt.datetime) -> Iterator[Member]:
    with postgres.connected() as own:
        own.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = own.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        version, named = postgres.major(own), files.named(own)
        root = files.root()
        yield archive.small(HEAD, json.dumps(_head(own, now, version, root is not None), indent=1).encode())
        yield archive.small(README, HOW_TO.format(made_at=now.isoformat(), postgres=version).encode())
        for number, chunk in enumerate(postgres.dump(version, str(row[0])), start=1):
            yield archive.small(f"{DATABASE}{number:06}", chunk)
        # A snapshot that is held keeps PostgreSQL from tidying up, and copying files may take long.
        own.execute("COMMIT")
        if root is not None:
            yield from _files(made, own, root, named)


def _head(own: postgres.Connection, now: dt.datetime, version: int, with_files: bool) -> dict[str, Any]:
    applied = own.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "postgres": version,
        "with_files": with_files,
        "migrations": [f"{app}.{name}" for app, name in applied],
    }


def _files(made: Made, own: postgres.Connection, root: Path, named: list[files.Named]) -> Iterator[Member]:
    for file in named:
        # A redaction takes a file away for a moment, before it puts its notice there: once more, then.
        opened = files.opened(root, file) or files.opened(root, file)
        if opened is None:
            if files.still_named(own, file):
                made.missing.append(file.name)
            continue
        with opened:
            member = files.member(file, opened)
            yield member
        made.files += 1
        if file.sha256 and member.sha256 != file.sha256 and files.still_named(own, file):
            made.changed.append(file.name)


# -- where it goes ---------------------------------------------------------------------------------


def _free_name(folder: Path, now: dt.datetime, suffix: str) -> Path:
    """Sorted by name is sorted by time. A clock that was set back overwrites nothing."""
    stem = f"{PREFIX}{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    path, number = folder / (stem + suffix), 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


@contextmanager
def _part(folder: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file under a temporary name that only we may read; whatever goes wrong, it is gone."""
    part = folder / f".{PREFIX}{os.getpid()}.part"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=archive.CHUNK) as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        try:
            yield part, out
        except BaseException:
            part.unlink(missing_ok=True)
            with suppress(OSError):
                out.close()
            raise


def clear_remains(folder: Path) -> None:
    """What a killed backup left: nobody holds its lock any more."""
    for part in folder.glob(f".{PREFIX}*.part"):
        with open(part, "rb") as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget_older(newest: Path) -> None:
    """Keep as many as the setting says; the one just made stays also when the clock was set back."""
    if settings.BACKUPS_KEPT <= 0:
        return
    others = sorted(path for path in newest.parent.glob(f"{PREFIX}*.tar*") if path != newest)
    for path in others[: max(0, len(others) - settings.BACKUPS_KEPT + 1)]:
        with suppress(OSError):
            path.unlink()
            logger.warning("backup removed, newer ones are kept: %s", path.name)


def folder_of_settings() -> Path:
    if not settings.BACKUP_DIR:
        raise BackupError(_("Es ist kein Ordner genannt: BACKUP_DIR setzen oder --to ORDNER angeben."))
    return Path(settings.BACKUP_DIR)
