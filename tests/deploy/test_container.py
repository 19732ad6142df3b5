"""The container files, as far as this goes without an engine: what they name is there, and nothing runs as root."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tests.deploy.test_units import ROOT, environment

FOLDER = ROOT / "deploy" / "container"
BUILD = (FOLDER / "Containerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
OURS = ("prepare", "web", "worker", "due")


def test_what_is_copied_exists_and_secrets_and_data_are_left_out() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", BUILD, re.MULTILINE):
        *sources, _target = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
    for name in (".containerignore", ".dockerignore"):
        left_out = (ROOT / name).read_text().split()
        assert {".git", ".venv*", "var", "*.env"} <= set(left_out)


def test_the_image_ends_as_its_own_user_and_lock_files_are_installed_with_hashes() -> None:
    last_stage = BUILD.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\w+)$", last_stage, re.MULTILINE) == ["wissensportal"]
    assert "tools/bootstrap.sh run" in BUILD
    assert "--config" in last_stage.rpartition("CMD ")[2]


@pytest.mark.parametrize("name", OURS)
def test_each_service_may_do_little_and_runs_what_there_is(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["env_file"] == "portal.env"
    words = " ".join(service.get("command", []))
    for command in re.findall(r"manage\.py (\w+)", words.replace('", "', " ")):
        assert command in get_commands()
    if service.get("command", [""])[0] == "sh":
        script = service["command"][-1].replace("$$", "$")
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)


def test_folders_are_volumes_and_the_tools_are_of_the_databases_version() -> None:
    volumes = {volume.partition(":")[2] for volume in COMPOSE["services"]["web"]["volumes"]}
    assert volumes == {environment()["VAR_DIR"], environment()["BACKUP_DIR"]}
    version = COMPOSE["services"]["db"]["image"].rpartition(":")[2]
    assert f"postgresql-client-{version}" in BUILD
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"]["web"]["ports"])
    assert "ports" not in COMPOSE["services"]["db"]
    assert Path(FOLDER / COMPOSE["services"]["web"]["build"]["context"]).resolve() == ROOT
