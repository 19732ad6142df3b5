"""Restoring: into an empty database and an empty folder, and only what was checked to its last byte.

The backup is read three times: to check it, for the files, and for the database. The database comes last and in one
transaction; until it is in, files lie in a folder that is removed again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.backup import archive, encryption, files, postgres
from portal.backup.archive import DATABASE, FILES, HEAD
from portal.backup.errors import BackupError, says_what_the_disk_said
from portal.backup.making import FORMAT

STAGED = ".restoring"


@dataclass(frozen=True)
class Backup:
    """A backup whose every byte was read and found right."""

    path: Path
    keys: list[Any]
    made_at: str
    postgres: int
    with_files: bool
    migrations: frozenset[str]
    files: int

    def parts(self, prefix: str) -> Iterator[archive.Part]:
        with encryption.opened(self.path, self.keys) as plain:
            yield from (part for part in archive.read(plain) if part.name.startswith(prefix))

    def database(self) -> Iterator[bytes]:
        for part in self.parts(DATABASE):
            yield from part.chunks()


def check(path: Path, key_file: Path | None) -> Backup:
    """Read all of it; raises BackupError when anything is wrong. Writes nothing."""
    keys = encryption.identities(key_file) if key_file else []
    with says_what_the_disk_said(path.parent), encryption.opened(path, keys) as plain:
        head, parts, number_of_files = {}, 0, 0
        for part in archive.read(plain):
            if part.name == HEAD:
                head = _head(part.whole())
            parts += part.name.startswith(DATABASE)
            number_of_files += part.name.startswith(FILES)
    if not head or not parts:
        raise BackupError(_("Diese Datei ist keine Sicherung des Wissensportals."))
    return Backup(
        path,
        keys,
        made_at=str(head["made_at"]),
        postgres=int(head["postgres"]),
        with_files=bool(head["with_files"]),
        migrations=frozenset(head["migrations"]),
        files=number_of_files,
    )


def _head(data: bytes) -> dict[str, Any]:
    try:
        head: dict[str, Any] = json.loads(data)
        known = head["format"] == FORMAT and {"made_at", "postgres", "with_files", "migrations"} <= head.keys()
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError(_("Diese Datei ist keine Sicherung des Wissensportals.")) from error
    if not known:
        raise BackupError(_("Diese Sicherung hat eine Form, die diese Fassung des Portals nicht kennt."))
    return head


def restore(path: Path, key_file: Path | None) -> Backup:
    """Put the backup in place, or change nothing and say why."""
    _refuse_what_is_not_empty()
    backup = check(path, key_file)
    with postgres.connected() as own:
        version = postgres.major(own)
    _refuse_what_is_newer(backup, version)
    postgres.tool("pg_restore", version)
    connections.close_all()
    root = files.root() if backup.with_files else None
    if root is None:
        postgres.restore(version, backup.database())
    else:
        with says_what_the_disk_said(_existing(root)), _staged(root) as staged:
            for part in backup.parts(FILES):
                files.write(staged, part)
            postgres.restore(version, backup.database())
    call_command("migrate", verbosity=0, interactive=False)
    return backup


@contextmanager
def _staged(root: Path) -> Iterator[Path]:
    """A folder whose content takes its place when all went well, and vanishes otherwise. It lies inside, as the folder
    of the files may be a disk of its own."""
    staged = root / STAGED
    staged.mkdir(parents=True)
    try:
        yield staged
        for path in staged.iterdir():
            path.rename(root / path.name)
    finally:
        shutil.rmtree(staged)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


# -- what is refused -------------------------------------------------------------------------------


def _refuse_what_is_not_empty() -> None:
    with postgres.connected() as own:
        if number := postgres.number_of_tables(own):
            raise BackupError(
                ngettext(
                    "Die Datenbank „%(name)s“ ist nicht leer (%(number)d Tabelle). Es wurde nichts geändert. Bitte "
                    "eine neue, leere Datenbank anlegen und in DATABASE_URL nennen.",
                    "Die Datenbank „%(name)s“ ist nicht leer (%(number)d Tabellen). Es wurde nichts geändert. Bitte "
                    "eine neue, leere Datenbank anlegen und in DATABASE_URL nennen.",
                    number,
                )
                % {"name": own.info.dbname, "number": number}
            )
    root = files.root()
    if root is not None and root.exists() and (found := _first_file(root)):
        raise BackupError(
            _(
                "Der Ordner „%(folder)s“ ist nicht leer (%(found)s). Es wurde nichts geändert. Bitte ihn umbenennen "
                "oder VAR_DIR auf einen anderen Ordner setzen."
            )
            % {"folder": root, "found": found}
        )


def _first_file(root: Path) -> str | None:
    """What a restore that was killed had unpacked is no obstacle, nor are empty folders."""
    shutil.rmtree(root / STAGED, ignore_errors=True)
    return next((os.path.join(folder, names[0]) for folder, _folders, names in os.walk(root) if names), None)


def _refuse_what_is_newer(backup: Backup, version: int) -> None:
    if backup.postgres > version:
        raise BackupError(
            _(
                "Die Sicherung stammt von PostgreSQL %(theirs)d, hier läuft %(ours)d. Es wurde nichts geändert. Bitte "
                "PostgreSQL %(theirs)d oder neuer nehmen."
            )
            % {"theirs": backup.postgres, "ours": version}
        )
    here = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    ours = {name.partition(".")[0] for name in here}
    if unknown := sorted(name for name in backup.migrations - here if name.partition(".")[0] in ours):
        raise BackupError(
            _(
                "Die Sicherung stammt von einer neueren Fassung des Portals (%s). Es wurde nichts geändert. Bitte "
                "zuerst diese Fassung einspielen."
            )
            % unknown[0]
        )
