"""Refresh static/vendor/ from the npm registry, or check what lies there.

`python tools/vendor.py` packs each package below with `npm pack`, copies the listed files and the
licence, and writes manifest.json with a sha256 per file. The editor of texts is many small packages: those are
installed from the lock file in tools/prosemirror/ and made into one file. `--check` only compares the folder with
the manifest, needs neither npm nor network, and is what the tests call. Whoever runs the portal
needs neither: the files are part of the repository.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
VENDOR = TOOLS.parent / "static" / "vendor"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Package:
    """One package: where it goes, and which of its files the portal serves."""

    name: str
    version: str
    folder: str
    files: tuple[str, ...]
    licence_id: str
    licence_file: str = "LICENSE"


PACKAGES = (
    Package(
        name="@kern-ux/native",
        version="2.7.2",
        folder="kern-ux",
        files=("dist/kern.min.css",),
        licence_id="EUPL-1.2",
        licence_file="LICENSE.md",
    ),
    # KERN UX is set in Fira Sans. Its own package has the fonts whole (130 kB a weight) and without
    # their licence; this one has the same family split by script, with the licence.
    Package(
        name="@fontsource/fira-sans",
        version="5.3.0",
        folder="fira-sans",
        files=tuple(
            f"files/fira-sans-{script}-{face}.woff2"
            for script in ("latin", "latin-ext")
            for face in ("400-normal", "400-italic", "500-normal", "600-normal")
        ),
        licence_id="OFL-1.1",
    ),
    # The same family once more in the form that typst reads, for posters and handouts.
    Package(
        name="@expo-google-fonts/fira-sans",
        version="0.4.1",
        folder="fira-sans-print",
        files=("400Regular/FiraSans_400Regular.ttf", "600SemiBold/FiraSans_600SemiBold.ttf"),
        licence_id="OFL-1.1",
        licence_file="LICENSE_FONT",
    ),
    Package(
        name="htmx.org",
        version="2.0.11",
        folder="htmx",
        files=("dist/htmx.min.js",),
        licence_id="0BSD",
    ),
    Package(
        name="turndown",
        version="7.2.5",
        folder="turndown",
        files=("dist/turndown.js",),
        licence_id="MIT",
    ),
    Package(
        name="turndown-plugin-gfm",
        version="1.0.2",
        folder="turndown-plugin-gfm",
        files=("dist/turndown-plugin-gfm.js",),
        licence_id="MIT",
    ),
    Package(
        name="@github/markdown-toolbar-element",
        version="2.2.3",
        folder="markdown-toolbar-element",
        files=("dist/index.js",),
        licence_id="MIT",
    ),
    # Licence: MIT, and the bpmn.io mark stays visible. Of its icon font the codes and one file; the rule that
    # names the font is ours (static/processmodels/bpmn-icons.css), because theirs asks for four more files.
    Package(
        name="bpmn-js",
        version="18.31.1",
        folder="bpmn-js",
        files=(
            "dist/bpmn-navigated-viewer.production.min.js",
            "dist/bpmn-modeler.production.min.js",
            "dist/assets/diagram-js.css",
            "dist/assets/bpmn-js.css",
            "dist/assets/bpmn-font/css/bpmn-codes.css",
            "dist/assets/bpmn-font/font/bpmn.woff2",
        ),
        licence_id="LicenseRef-bpmn.io",
    ),
    Package(
        name="bpmn-js-i18n",
        version="2.3.0",
        folder="bpmn-js-i18n",
        files=("translations/de.js",),
        licence_id="MIT",
    ),
)


@dataclass(frozen=True)
class Bundle:
    """Several packages in one file, made from the entry and the lock file in the folder of its name in tools/."""

    name: str
    version: str
    folder: str
    licence_id: str
    global_name: str
    licence_file: str = "LICENSE"


BUNDLES = (
    # Its version is that of prosemirror-view; the manifest names every package that went into the file.
    Bundle(
        name="prosemirror",
        version="1.44.0",
        folder="prosemirror",
        licence_id="MIT AND BSD-2-Clause",
        global_name="ProseMirror",
    ),
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_manifest(vendor: Path = VENDOR) -> list[dict[str, object]]:
    packages: list[dict[str, object]] = json.loads((vendor / MANIFEST).read_text(encoding="utf-8"))["packages"]
    return packages


def problems(vendor: Path = VENDOR) -> Iterator[str]:
    """What differs between the folder and its manifest, one sentence each."""
    listed: dict[str, str] = {}
    for package in read_manifest(vendor):
        files = package["files"]
        assert isinstance(files, dict)
        listed.update(files)
    present = {
        path.relative_to(vendor).as_posix(): path
        for path in vendor.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    for name in sorted(listed.keys() - present.keys()):
        yield f"{name}: in the manifest, but missing"
    for name in sorted(present.keys() - listed.keys()):
        yield f"{name}: not in the manifest"
    for name in sorted(present.keys() & listed.keys()):
        if sha256(present[name]) != listed[name]:
            yield f"{name}: changed since it was vendored"


def refresh(vendor: Path = VENDOR) -> None:
    """Fetch every package anew and write the manifest."""
    entries = []
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        fetched = [(package, _unpack(package, scratch)) for package in PACKAGES]
        built = [(bundle, _build(bundle, scratch)) for bundle in BUNDLES]
        # Only now, when everything is there, the old files go.
        shutil.rmtree(vendor, ignore_errors=True)
        for package, source in fetched:
            entries.append(_copy(package, source, vendor))
        for bundle, source in built:
            entries.append(_copy_bundle(bundle, source, vendor))
    text = json.dumps({"packages": entries}, indent=2, ensure_ascii=False)
    (vendor / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _unpack(package: Package, scratch: Path) -> Path:
    """The package's root folder; a folder of its own keeps the names of tarballs apart."""
    target = scratch / package.folder
    target.mkdir()
    subprocess.run(
        ["npm", "pack", f"{package.name}@{package.version}", "--silent"],
        cwd=target,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (tarball,) = target.glob("*.tgz")
    with tarfile.open(tarball) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def _copy(package: Package, source: Path, vendor: Path) -> dict[str, object]:
    target = vendor / package.folder
    target.mkdir(parents=True)
    files: dict[str, str] = {}
    for item in (*package.files, package.licence_file):
        copy = target / Path(item).name
        copy.write_bytes(_without_source_map(source / item))
        files[copy.relative_to(vendor).as_posix()] = sha256(copy)
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence_id,
        "files": files,
    }


def _build(bundle: Bundle, scratch: Path) -> Path:
    """The folder in which the bundle was made: its file, and what esbuild says went into it."""
    target = scratch / bundle.folder
    shutil.copytree(TOOLS / bundle.folder, target, ignore=shutil.ignore_patterns("node_modules"))
    # No package runs a script of its own; esbuild needs none either.
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=target,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run(
        [
            "node_modules/.bin/esbuild",
            "entry.js",
            "--bundle",
            "--minify",
            "--format=iife",
            f"--global-name={bundle.global_name}",
            "--target=es2022",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=error",
            "--metafile=meta.json",
            f"--outfile={bundle.folder}.js",
        ],
        cwd=target,
        check=True,
    )
    return target


def _copy_bundle(bundle: Bundle, source: Path, vendor: Path) -> dict[str, object]:
    target = vendor / bundle.folder
    target.mkdir(parents=True)
    inside = sorted(
        {
            found[1]
            for path in json.loads((source / "meta.json").read_text())["inputs"]
            if (found := re.match(r"node_modules/((?:@[^/]+/)?[^/]+)/", path))
        }
    )
    contains, licences = [], []
    for name in inside:
        folder = source / "node_modules" / name
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        contains.append({"name": name, "version": about["version"], "licence": about["license"]})
        text = next(path for path in sorted(folder.iterdir()) if path.name.lower().startswith("licen"))
        licences.append(f"{name} {about['version']}\n\n{text.read_text(encoding='utf-8').strip()}\n")
    (target / bundle.licence_file).write_text(f"\n{'-' * 80}\n\n".join(licences), encoding="utf-8")
    (target / f"{bundle.folder}.js").write_bytes((source / f"{bundle.folder}.js").read_bytes())
    return {
        "name": bundle.name,
        "version": bundle.version,
        "licence": bundle.licence_id,
        "contains": contains,
        "files": {
            path.relative_to(vendor).as_posix(): sha256(path) for path in sorted(target.iterdir()) if path.is_file()
        },
    }


def _without_source_map(path: Path) -> bytes:
    """A reference to a map that is not vendored would stop Django's manifest storage."""
    content = path.read_bytes()
    if path.suffix not in {".js", ".css"}:
        return content
    return re.sub(rb"(?m)^(//|/\*)[#@] sourceMappingURL=.*$\n?", b"", content)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare with the manifest")
    if not parser.parse_args().check:
        refresh()
    found = list(problems())
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
