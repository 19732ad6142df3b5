"""Which files a backup holds: those that rows name, whatever table they stand in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.apps import apps
from django.core.files.storage import FileSystemStorage, storages
from django.db import models
from django.utils.translation import gettext as _
from psycopg import sql

from governance.models import Attachment
from portal.backup import archive
from portal.backup.archive import CHUNK, FILES, Member
from portal.backup.errors import BackupError
from portal.backup.postgres import Connection


@dataclass(frozen=True)
class Named:
    """A file and the row's column that names it; `sha256` where the row promises the bytes."""

    name: str
    table: str
    column: str
    sha256: str = ""


def root() -> Path | None:
    """The folder of the files; None when they lie in another storage, which backs up itself."""
    storage = storages["default"]
    return Path(storage.path("")) if isinstance(storage, FileSystemStorage) else None


def named(own: Connection) -> list[Named]:
    """In a fixed order, each file once."""
    found: dict[str, Named] = {}
    for table, column in _columns():
        is_attachment = table == Attachment._meta.db_table
        query = sql.SQL("SELECT {column}, {sha256} FROM {table} WHERE {column} <> '' ORDER BY 1").format(
            column=sql.Identifier(column),
            sha256=sql.SQL("CASE WHEN redacted_at IS NULL THEN sha256 ELSE '' END" if is_attachment else "''"),
            table=sql.Identifier(table),
        )
        for name, sha256 in own.execute(query):
            found.setdefault(name, Named(name, table, column, sha256))
    return list(found.values())


def _columns() -> list[tuple[str, str]]:
    return sorted(
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    )


def still_named(own: Connection, file: Named) -> bool:
    """Whether its row stands as it was when the backup began: a package may have been tidied away meanwhile, an
    attachment redacted."""
    query = sql.SQL("SELECT count(*) FROM {table} WHERE {column} = %s").format(
        table=sql.Identifier(file.table), column=sql.Identifier(file.column)
    )
    if file.sha256:
        query += sql.SQL(" AND redacted_at IS NULL")
    row = own.execute(query, [file.name]).fetchone()
    return bool(row and row[0])


def opened(folder: Path, file: Named) -> IO[bytes] | None:
    """The file, or None when it is not there."""
    try:
        return open(_inside(folder, file.name), "rb")
    except FileNotFoundError:
        return None


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise BackupError(_("Eine Zeile der Datenbank nennt eine Datei außerhalb des Ordners: %s") % name)
    return path


def member(file: Named, bytes_of: IO[bytes]) -> Member:
    size = os.fstat(bytes_of.fileno()).st_size
    return Member(FILES + file.name, size, _exactly(bytes_of, size, file.name))


def _exactly(bytes_of: IO[bytes], size: int, name: str) -> Iterator[bytes]:
    while size:
        chunk = bytes_of.read(min(CHUNK, size))
        if not chunk:
            raise BackupError(_("Die Datei „%s“ wurde während der Sicherung kürzer. Bitte noch einmal sichern.") % name)
        size -= len(chunk)
        yield chunk


def write(folder: Path, part: archive.Part) -> None:
    """Unpack one file below `folder`."""
    path = _inside(folder, part.name.removeprefix(FILES))
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as out:
        for chunk in part.chunks():
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
