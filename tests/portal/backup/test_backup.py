"""What was backed up comes back, hash for hash; and whatever goes wrong leaves nothing half done."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import shutil
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from governance.models import Attachment, AuditEvent, PeriodicJob, User, Version
from portal.backup import archive, encryption, files, making, postgres, proof, restoring
from portal.backup.errors import BackupError
from tests.portal.backup.conftest import Place


@pytest.fixture(autouse=True)
def no_backup_stays(place: Place) -> Iterator[None]:
    yield
    shutil.rmtree(place.backups, ignore_errors=True)


@pytest.fixture
def key(tmp_path: Path, settings: Settings) -> Path:
    """The secret half; the settings get the public one."""
    said = io.StringIO()
    call_command("backup_key", str(tmp_path / "key.txt"), stdout=said)
    settings.BACKUP_RECIPIENTS = [said.getvalue().rpartition("BACKUP_RECIPIENTS=")[2].strip()]
    return tmp_path / "key.txt"


def backed_up(town: Place) -> Path:
    return making.make(town.backups).path


def hashes() -> list[tuple[Any, ...]]:
    return list(Version.objects.order_by("pk").values_list("pk", "record__number", "number", "title", "content_hash"))


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables))
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_an_empty_portal_has_nothing_that_is_wrong() -> None:
    """Also makes pytest-django set up the database that the town is a copy of."""
    said = io.StringIO()
    call_command("check_versions", stdout=said)
    assert said.getvalue().startswith("0 Versionen und 0 Dateien stimmen.")


# -- there and back ----------------------------------------------------------------------------------


def test_backed_up_destroyed_and_restored_all_versions_and_files_are_what_they_were(town: Place, key: Path) -> None:
    said = io.StringIO()
    call_command("backup", to=town.backups, stdout=said)
    (path,) = town.backups.iterdir()
    assert str(path) in said.getvalue()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PeriodicJob.objects.get(pk="backup").last_run_at is not None
    before, kept = (hashes(), proof.prove(), rows()), town.files()
    assert before[1].versions == 6
    assert before[1].files == 3
    assert not before[1].wrong

    town.lose_database()
    shutil.rmtree(town.media)

    call_command("restore", str(path), key=key, stdout=said)
    assert (hashes(), proof.prove()) == before[:2]
    assert town.files() == kept
    # The note that this backup was made is younger than what is in it.
    assert rows() == before[2] | {"governance_periodicjob": rows()["governance_periodicjob"]}
    assert "Eingespielt: 6 Versionen und 3 Dateien geprüft." in said.getvalue()
    # Numbers go on where they were, and the rules of the database are back.
    last = User.objects.latest("pk").pk
    assert User.objects.create(username="neu").pk > last
    with pytest.raises(Exception, match="append-only"):
        AuditEvent.objects.all().delete()


def test_without_the_portal_tar_sha256sum_and_pg_restore_are_enough(town: Place, tmp_path: Path) -> None:
    path = backed_up(town)
    subprocess.run(["tar", "-xf", path, "-C", tmp_path], check=True)
    subprocess.run(["sha256sum", "--quiet", "--check", "SHA256SUMS"], cwd=tmp_path, check=True)
    with postgres.connected() as own:
        tool = postgres.tool("pg_restore", postgres.major(own))
    parts = b"".join(part.read_bytes() for part in sorted((tmp_path / "database").iterdir()))
    listed = subprocess.run([tool, "--list"], input=parts, capture_output=True, check=True).stdout
    assert b"governance_version" in listed
    assert town.files() == {
        str(file.relative_to(tmp_path / "files")): file.read_bytes()
        for file in (tmp_path / "files").rglob("*")
        if file.is_file()
    }


def test_where_the_files_are_is_known_in_a_process_that_has_used_none(settings: Settings, tmp_path: Path) -> None:
    ask = "import django; django.setup(); from portal.backup import files; print(files.root())"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DEBUG": "1", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", ask]
    said = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == str(tmp_path / "media")
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    assert files.root() is None


# -- consistent with one another ---------------------------------------------------------------------


def test_what_is_saved_after_the_snapshot_is_in_neither_half(town: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    dump = postgres.dump

    def dump_after_a_change(*arguments: Any) -> Any:
        PeriodicJob.objects.create(name="later")
        return dump(*arguments)

    monkeypatch.setattr(postgres, "dump", dump_after_a_change)
    path = backed_up(town)
    data = b"".join(restoring.check(path, None).database())
    with postgres.connected() as own:
        tool = postgres.tool("pg_restore", postgres.major(own))
    command = [tool, "--data-only", "--table=governance_periodicjob", "--file=-"]
    assert b"later" not in subprocess.run(command, input=data, capture_output=True, check=True).stdout
    PeriodicJob.objects.filter(pk="later").delete()


def test_a_file_that_is_missing_or_changed_is_told_and_the_rest_is_saved(town: Place) -> None:
    gone, changed = Attachment.objects.filter(redacted_at=None).order_by("pk")
    place, other = town.media / gone.file.name, town.media / changed.file.name
    data, whole = place.read_bytes(), other.read_bytes()
    place.unlink()
    other.write_bytes(b"something else")
    said = io.StringIO()
    with pytest.raises(CommandError, match="diese Dateien"):
        call_command("backup", to=town.backups, stdout=io.StringIO(), stderr=said)
    assert f"Fehlt schon im Portal: {gone.file.name}" in said.getvalue()
    assert f"beschädigt: {changed.file.name}" in said.getvalue()
    assert "1 files missing, 1 damaged" in PeriodicJob.objects.get(pk="backup").last_error
    with pytest.raises(CommandError):
        call_command("check_versions", stderr=io.StringIO())
    place.write_bytes(data)
    other.write_bytes(whole)
    call_command("check_versions", stdout=io.StringIO())
    (path,) = town.backups.iterdir()
    assert restoring.check(path, None).files == 2


# -- what goes wrong -----------------------------------------------------------------------------------


def test_restoring_over_something_is_refused_and_changes_nothing(town: Place) -> None:
    path = backed_up(town)
    before, kept = hashes(), town.files()
    with pytest.raises(CommandError, match=r"nicht leer.*nichts geändert"):
        call_command("restore", str(path))
    town.administrate(f"ALTER DATABASE {town.name} RENAME TO {town.name}_full", f"CREATE DATABASE {town.name}")
    try:
        with pytest.raises(CommandError, match=r"Der Ordner .* ist nicht leer"):
            call_command("restore", str(path))
        with postgres.connected() as own:
            assert postgres.number_of_tables(own) == 0
    finally:
        town.administrate(f"DROP DATABASE {town.name}", f"ALTER DATABASE {town.name}_full RENAME TO {town.name}")
    assert (hashes(), town.files()) == (before, kept)


@pytest.fixture
def emptied(town: Place) -> Any:
    """A place to restore into; what was there comes back."""
    path = backed_up(town)
    town.administrate(f"ALTER DATABASE {town.name} RENAME TO {town.name}_full", f"CREATE DATABASE {town.name}")
    aside = town.media.rename(town.media.with_name("aside"))
    try:
        yield path
    finally:
        town.administrate(
            f"DROP DATABASE {town.name} WITH (FORCE)", f"ALTER DATABASE {town.name}_full RENAME TO {town.name}"
        )
        shutil.rmtree(town.media, ignore_errors=True)
        aside.rename(town.media)


def nothing_was_written(town: Place) -> bool:
    with postgres.connected() as own:
        return postgres.number_of_tables(own) == 0 and not (town.media.exists() and any(town.media.iterdir()))


def _cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _bit(data: bytes) -> bytes:
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut": _cut,
    "bit": _bit,
    "end missing": lambda data: data[: data.rindex(b"SHA256SUMS")],
    "empty": lambda data: b"",
    "something else": lambda data: b"PK\x03\x04" * 1000,
}


def test_a_damaged_backup_or_a_disk_that_is_full_leaves_database_and_folder_empty(
    town: Place, emptied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = emptied.read_bytes()
    try:
        for damage in DAMAGE.values():
            emptied.write_bytes(damage(data))
            with pytest.raises(CommandError, match=r"beschädigt|vollständig|keine Sicherung"):
                call_command("restore", str(emptied))
            assert nothing_was_written(town)
    finally:
        emptied.write_bytes(data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _full)
        with pytest.raises(CommandError, match="Platz"):
            call_command("restore", str(emptied))
    assert nothing_was_written(town)

    with monkeypatch.context() as patch:
        patch.setattr(restoring.Backup, "database", lambda self: iter([b"no dump"]))
        with pytest.raises(CommandError, match="pg_restore ist gescheitert"):
            call_command("restore", str(emptied))
    assert nothing_was_written(town)


def _full(*_arguments: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_backup_of_a_newer_portal_or_server_is_refused(town: Place, emptied: Path) -> None:
    backup = restoring.check(emptied, None)
    newer = restoring.Backup(**vars(backup) | {"migrations": backup.migrations | {"portal.9999_later"}})
    with pytest.raises(BackupError, match=r"portal.9999_later"):
        restoring._refuse_what_is_newer(newer, backup.postgres)
    with pytest.raises(BackupError, match="PostgreSQL"):
        restoring._refuse_what_is_newer(backup, backup.postgres - 1)


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_disk_that_gets_full_is_said_and_leaves_nothing(
    town: Place, encrypted: bool, key: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not encrypted:
        settings.BACKUP_RECIPIENTS = []

    class Disk(io.FileIO):
        def write(self, data: Any) -> int:
            if self.tell() > 50_000:
                _full()
            return super().write(data)

    earlier = backed_up(town)
    with monkeypatch.context() as patch:
        patch.setattr(making, "open", lambda *a, **k: io.BufferedWriter(Disk(a[0], "wb"), 4096), raising=False)
        with pytest.raises(CommandError, match=r"Platz .* reicht nicht .* nichts zurückgelassen"):
            call_command("backup", to=town.backups)
    assert list(town.backups.iterdir()) == [earlier]
    assert PeriodicJob.objects.get(pk="backup").last_error == "BackupError"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("NO SMALL DISK: only root may mount one; the test before stands in for it")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_a_real_disk_that_gets_full_is_said_and_is_empty_again(town: Place, small_disk: Path) -> None:
    with pytest.raises(CommandError, match="Platz"):
        call_command("backup", to=small_disk)
    assert not any(small_disk.iterdir())


def test_a_database_that_is_away_is_said_and_leaves_nothing(town: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "parameters", lambda: {"host": "127.0.0.1", "port": 1, "dbname": "x"})
    with pytest.raises(CommandError, match="Datenbank ist nicht zu erreichen"):
        call_command("backup", to=town.backups)
    assert not any(town.backups.iterdir())


def test_without_the_tool_of_the_servers_version_the_package_is_named(settings: Settings) -> None:
    with pytest.raises(BackupError, match="postgresql-client-99"):
        postgres.tool("pg_dump", 99)


def test_what_a_killed_backup_left_is_cleared_and_what_another_writes_is_not(tmp_path: Path) -> None:
    dead, living = (tmp_path / f".{making.PREFIX}{number}.part" for number in (1, 2))
    dead.write_bytes(b"half")
    with open(living, "wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        making.clear_remains(tmp_path)
        assert list(tmp_path.iterdir()) == [living]


def test_older_backups_go_and_the_newest_stays_whatever_the_clock_says(tmp_path: Path, settings: Settings) -> None:
    settings.BACKUPS_KEPT = 3
    names = [f"wissensportal-2031010{day}T000000Z.tar" for day in range(1, 6)]
    for name in (*names, "etwas-anderes.tar"):
        (tmp_path / name).touch()
    made = tmp_path / "wissensportal-20261130T000000Z.tar.age"
    made.touch()
    making._forget_older(made)
    assert {path.name for path in tmp_path.iterdir()} == {made.name, *names[-2:], "etwas-anderes.tar"}


# -- encrypted -------------------------------------------------------------------------------------------


def test_only_who_has_the_secret_key_reads_it_and_a_changed_byte_is_found(
    town: Place, key: Path, tmp_path: Path
) -> None:
    path = backed_up(town)
    data = path.read_bytes()
    assert data.startswith(encryption.MAGIC)
    assert b"governance" not in data
    assert restoring.check(path, key).files == 3
    other = tmp_path / "other.txt"
    call_command("backup_key", str(other), stdout=io.StringIO())
    for wrong, words in ((None, "verschlüsselt"), (other, "passt nicht"), (path, "keine lesbare")):
        with pytest.raises(BackupError, match=words):
            restoring.check(path, wrong)
    for damage in (_cut, _bit):
        path.write_bytes(damage(data))
        with pytest.raises(BackupError, match="beschädigt"):
            restoring.check(path, key)


def test_a_key_is_never_overwritten_and_a_wrong_recipient_stops_the_backup(key: Path, settings: Settings) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="lässt sich nicht anlegen"):
        call_command("backup_key", str(key))
    with pytest.raises(BackupError, match="BACKUP_RECIPIENTS"):
        encryption.recipients(["age1nonsense"])


# -- the form ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["files/../../etc/passwd", "/etc/passwd", "files//x", "other/x", "files/a\\..\\b"])
def test_a_member_that_leads_elsewhere_is_refused(name: str) -> None:
    data = b"".join(archive.stream([archive.small(name, b"x")], 0))
    with pytest.raises(BackupError, match="beschädigt"):
        list(archive.read(io.BytesIO(data)))


def test_links_in_a_tar_are_refused() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        link = tarfile.TarInfo("files/x")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    out.seek(0)
    with pytest.raises(BackupError, match="beschädigt"):
        list(archive.read(out))


def test_a_large_file_passes_through_in_pieces(tmp_path: Path) -> None:
    """100 MB in, and never more than a few of them at once."""
    import tracemalloc

    size = 100 * archive.CHUNK
    big = archive.Member("files/big", size, (bytes(archive.CHUNK) for _number in range(100)))
    secret, public = encryption.new_key()
    (tmp_path / "key").write_text(secret)
    tracemalloc.start()
    with open(tmp_path / "x", "wb") as out:
        encryption.write(archive.stream([big], 0), out, encryption.recipients([public]))
    with encryption.opened(tmp_path / "x", encryption.identities(tmp_path / "key")) as plain:
        assert [part.size for part in archive.read(plain)] == [size]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * archive.CHUNK
