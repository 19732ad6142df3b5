"""What is vendored is what the manifest says, with its licence, and nothing asks another host for anything."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools import vendor

STATIC = vendor.VENDOR.parent


def test_files_match_the_manifest() -> None:
    assert list(vendor.problems()) == []


def test_manifest_lists_the_packages_of_the_script() -> None:
    listed = [(entry["name"], entry["version"], entry["licence"]) for entry in vendor.read_manifest()]
    assert listed == [(item.name, item.version, item.licence_id) for item in (*vendor.PACKAGES, *vendor.BUNDLES)]


def test_every_package_brings_its_licence() -> None:
    for item in (*vendor.PACKAGES, *vendor.BUNDLES):
        assert (vendor.VENDOR / item.folder / Path(item.licence_file).name).stat().st_size > 100


def test_a_bundle_names_every_package_inside_as_its_lock_file_does() -> None:
    for item in vendor.BUNDLES:
        lock_file = vendor.TOOLS / item.folder / "package-lock.json"
        text = lock_file.read_text(encoding="utf-8")
        assert "://" not in text and "resolved" not in text
        locked = {name.removeprefix("node_modules/"): one for name, one in json.loads(text)["packages"].items()}
        [entry] = [one for one in vendor.read_manifest() if one["name"] == item.name]
        inside = entry["contains"]
        assert isinstance(inside, list) and len(inside) > 10
        licences = (vendor.VENDOR / item.folder / item.licence_file).read_text(encoding="utf-8")
        for one in inside:
            assert one["version"] == locked[one["name"]]["version"]
            assert f"{one['name']} {one['version']}" in licences


def test_a_changed_a_missing_and_an_unlisted_file_are_found(tmp_path: Path) -> None:
    (tmp_path / "kept.js").write_text("kept")
    (tmp_path / "changed.js").write_text("changed")
    (tmp_path / "extra.js").write_text("extra")
    right = vendor.sha256(tmp_path / "kept.js")
    (tmp_path / vendor.MANIFEST).write_text(
        f'{{"packages": [{{"files": {{"kept.js": "{right}", "changed.js": "0", "gone.js": "0"}}}}]}}'
    )
    assert sorted(vendor.problems(tmp_path)) == [
        "changed.js: changed since it was vendored",
        "extra.js: not in the manifest",
        "gone.js: in the manifest, but missing",
    ]


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.css")), ids=lambda path: path.name)
def test_stylesheets_refer_to_own_files_only(path: Path) -> None:
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", path.read_text(encoding="utf-8")):
        if not address.startswith(("data:", "#")):
            assert (path.parent / address).is_file(), address
