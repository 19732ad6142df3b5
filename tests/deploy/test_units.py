"""The units of systemd: valid, hardened, and in agreement with the settings and commands they name."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.conftest import NO_SYSTEMD

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
INSTALLED = "/srv/wissensportal"
# Of 10; below 2 systemd says OK. What is left is the network and the folder of its own.
MOST_EXPOSED = 15
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason=NO_SYSTEMD)


def unit(path: Path) -> dict[str, dict[str, str]]:
    reader = configparser.ConfigParser(strict=False, interpolation=None, delimiters=["="])
    reader.optionxform = str  # type: ignore[assignment,method-assign]
    reader.read(path)
    return {name: dict(reader[name]) for name in reader.sections()}


def environment() -> dict[str, str]:
    lines = (ROOT / "deploy" / "portal.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units as they would be if this checkout were the installation."""
    folder = tmp_path_factory.mktemp("units")
    for path in UNITS:
        text = path.read_text().replace(INSTALLED, str(ROOT)).replace("=wissensportal\n", "=daemon\n")
        (folder / path.name).write_text(text)
    return folder


@needs_systemd
def test_systemd_understands_every_line(here: Path) -> None:
    command = ["systemd-analyze", "verify", "--man=no", *sorted(map(str, here.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("name", [path.name for path in SERVICES])
def test_services_may_do_little_else_than_what_they_need(here: Path, name: str) -> None:
    command = [
        "systemd-analyze",
        "security",
        "--no-pager",
        "--offline=true",
        f"--threshold={MOST_EXPOSED}",
        here / name,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_each_service_runs_what_there_is(path: Path) -> None:
    service = unit(path)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.startswith(f"{INSTALLED}/.venv/bin/")
    if arguments[0] == "manage.py":
        assert arguments[1] in get_commands()
    else:
        assert (ROOT / arguments[arguments.index("--config") + 1]).is_file()
    assert (ROOT / unit(path)["Unit"]["Documentation"].removeprefix(f"file://{INSTALLED}/")).is_file()
    assert service["User"] == "wissensportal"


def test_all_services_are_hardened_alike() -> None:
    parts = [
        path.read_text().partition("# What none of them needs.")[2].partition("\n\n")[0].strip() for path in SERVICES
    ]
    assert len(set(parts)) == 1
    assert "NoNewPrivileges=yes" in parts[0]


def test_folders_of_units_and_settings_are_the_same() -> None:
    values = environment()
    services = {path.stem.removeprefix("wissensportal-"): unit(path)["Service"] for path in SERVICES}
    for service in services.values():
        assert values["VAR_DIR"] == f"/var/lib/{service['StateDirectory']}"
    assert services["backup"]["ReadWritePaths"] == values["BACKUP_DIR"]
    assert values["PROMETHEUS_MULTIPROC_DIR"].startswith(f"/run/{services['web']['RuntimeDirectory']}/")


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    sources = ["portal/settings.py", "deploy/gunicorn.conf.py"]
    read = {
        name
        for source in sources
        for name in re.findall(r"(?:env\.\w+|environ\.get)\(\s*\"([A-Z_]+)\"", (ROOT / source).read_text())
    }
    page = (ROOT / "docs" / "betrieb.md").read_text()
    documented = {
        name
        for row in re.findall(r"^\| (`[A-Z_`, ]+`) \|", page, re.MULTILINE)
        for name in re.findall(r"[A-Z_]{3,}", row)
    }
    only_for_development = {"DEBUG", "DEMO"}
    read_by_others = {"PROMETHEUS_MULTIPROC_DIR"}
    assert read - only_for_development == documented - read_by_others
    assert environment().keys() <= documented
