"""docs/betrieb.md, command by command: what it tells an administrator to type exists and is spelled right."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import BaseCommand, CommandError, get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "betrieb.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines() if line]
# Programs of Debian and the package that brings them; what is not listed comes with every Debian.
BRINGS = {
    "git": "git",
    "python3": "python3",
    "nginx": "nginx",
    "createdb": "postgresql",
    "psql": "postgresql",
    "curl": "curl",
}
OF_EVERY_DEBIAN = {
    *("apt-get", "useradd", "install", "cd", "sh", "cp", "ln", "rm", "mv", "runuser", "systemctl"),
    *("deploy/manage",),
}


def words(line: str) -> list[str]:
    found = shlex.split(line)
    while re.fullmatch(r"[A-Z_]+=.*", found[0]):
        found.pop(0)
    return found


def managed() -> list[list[str]]:
    """What follows `deploy/manage`, in the blocks and in the text."""
    typed = [words(line)[1:] for line in LINES if words(line)[0] == "deploy/manage"]
    return typed + [shlex.split(found) for found in re.findall(r"`deploy/manage ([^`\[]+)", PAGE)]


def test_there_are_blocks_and_they_are_valid_shell() -> None:
    assert len(BLOCKS) >= 12
    subprocess.run(["sh", "-n"], input="\n".join(BLOCKS), text=True, check=True)


@pytest.mark.parametrize("command", managed(), ids=" ".join)
def test_each_command_of_the_portal_takes_what_the_page_types(command: list[str]) -> None:
    name, *arguments = command
    loaded = load_command_class(get_commands()[name], name)
    assert isinstance(loaded, BaseCommand)
    try:
        loaded.create_parser("manage.py", name).parse_args(arguments)
    except CommandError as error:
        pytest.fail(str(error))


def test_every_program_comes_with_debian_or_is_installed_before() -> None:
    installed: set[str] = set()
    for line in LINES:
        program, *arguments = words(line)
        if program == "apt-get" and "install" in arguments:
            installed |= set(arguments)
        if program == "runuser":
            program = arguments[arguments.index("--") + 1]
        assert program in OF_EVERY_DEBIAN or BRINGS[program] in installed, line


def test_every_file_and_unit_exists() -> None:
    named = {word for line in LINES for word in words(line) if word.startswith(("deploy/", "tools/"))}
    named |= {path.rstrip("/") for path in re.findall(r"`(deploy/[a-z./-]+|tools/[a-z./-]+)`", PAGE)}
    for name in named:
        assert list(ROOT.glob(name)), name
    units = {word for line in LINES for word in words(line) if word.startswith("wissensportal-")}
    assert units
    for name in units | set(re.findall(r"`(wissensportal-[a-z.]+)`", PAGE)):
        assert (ROOT / "deploy" / "systemd" / (name if "." in name else f"{name}.service")).is_file(), name


def test_what_the_page_says_of_restoring_and_updating_names_the_same_units() -> None:
    started = next(line for line in LINES if line.startswith("systemctl enable"))
    wanted = {word for word in words(started) if word.startswith("wissensportal-")}
    for verb in ("systemctl stop", "systemctl start"):
        line = next(line for line in LINES if line.startswith(f"{verb} "))
        assert {word for word in words(line) if word.startswith("wissensportal-")} == wanted


def test_the_starter_reads_settings_to_the_letter(tmp_path: Path) -> None:
    """Like systemd: no shell looks into the values."""
    folder = tmp_path / "srv"
    (folder / "deploy").mkdir(parents=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "deploy" / "manage", folder / "deploy")
    shown = folder / ".venv" / "bin" / "python"
    shown.write_text('#!/bin/sh\nprintf "%s|" "$A" "$B" "$@"\n')
    shown.chmod(0o755)
    settings = tmp_path / "portal.env"
    settings.write_text('# Kommentar\n\nA=$HOME `id` "x" & y\nB=ohne Zeilenende')
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_uid == tmp_path.stat().st_uid and str(path) != "/tmp":
            path.chmod(path.stat().st_mode | 0o011)
    command = [folder / "deploy" / "manage", "check", "--deploy"]
    environment = {"PORTAL_ENV": str(settings), "PORTAL_USER": "daemon", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == '$HOME `id` "x" & y|ohne Zeilenende|manage.py|check|--deploy|'
    missing = subprocess.run(command, env=environment | {"PORTAL_ENV": "/nicht/da"}, capture_output=True, text=True)
    assert missing.returncode == 1
    assert "/nicht/da" in missing.stderr
