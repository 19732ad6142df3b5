"""`make sbom`: what the portal is made of, under which licences, and what is known to be wrong with it.

Reads the installed packages of .venv that requirements.lock names (no tool of the tests) by cyclonedx-py, adds the
files for browsers of static/vendor, and asks pip-audit about the lock file. Runs in an environment of its own.
Exit status: 1 when an advisory was found. When nobody could be asked, it says so and goes on.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
OUT = ROOT / "var" / "sbom"
PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==", re.MULTILINE)
UNKNOWN = "nicht angegeben"
# Packages that only enclose the text of their licence; read by a person.
READ = {"bleach": "Apache-2.0", "pyrage": "MIT", "resvg-py": "MIT"}
Component = dict[str, Any]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> set[str]:
    return {normal(name) for name in PINNED.findall((ROOT / "requirements.lock").read_text())}


def installed() -> Component:
    """The list as cyclonedx-py writes it, reproducible: without times and random numbers."""
    command = [
        str(BIN / "cyclonedx-py"),
        "environment",
        str(ROOT / ".venv"),
        "--pyproject",
        str(ROOT / "pyproject.toml"),
    ]
    command += ["--mc-type", "application", "--output-reproducible", "--spec-version", "1.6", "--output-format", "JSON"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: Component = json.loads(done.stdout)
    return found


def only_what_runs(bom: Component) -> None:
    names = locked()
    kept = [part for part in bom["components"] if normal(part["name"]) in names]
    refs = {part["bom-ref"] for part in kept} | {bom["metadata"]["component"]["bom-ref"]}
    bom["components"] = kept
    bom["dependencies"] = [
        row | {"dependsOn": [ref for ref in row.get("dependsOn", []) if ref in refs]}
        for row in bom.get("dependencies", [])
        if row["ref"] in refs
    ]


def vendored() -> list[Component]:
    manifest = json.loads((ROOT / "static" / "vendor" / "manifest.json").read_text())
    return [
        {
            "type": "library",
            "bom-ref": f"npm:{package['name']}@{package['version']}",
            "name": package["name"],
            "version": package["version"],
            "purl": f"pkg:npm/{package['name'].replace('@', '%40')}@{package['version']}",
            "licenses": [{"license": {"name": package["licence"]}}],
        }
        for package in manifest["packages"]
    ]


def licence(part: Component) -> str:
    """What the package says of itself: an identifier, or the classifiers of PyPI; never a whole text."""
    said = []
    for row in part.get("licenses", []):
        words = row.get("expression") or row.get("license", {}).get("id") or row.get("license", {}).get("name") or ""
        if words and len(words) < 80 and "\n" not in words and not words.startswith("declared license"):
            said.append(words.removeprefix("License :: ").removeprefix("OSI Approved :: "))
    return ", ".join(dict.fromkeys(said)) or READ.get(normal(part["name"]), UNKNOWN)


def table(parts: list[Component]) -> str:
    rows = sorted((part["name"].lower(), f"| {part['name']} | {part['version']} | {licence(part)} |") for part in parts)
    head = "# Lizenzen\n\nErzeugt von `make sbom`.\n\n| Paket | Fassung | Lizenz |\n|---|---|---|\n"
    return head + "".join(f"{row}\n" for _name, row in rows)


def audit() -> int:
    """0: nothing known. 1: something is. Whoever cannot be reached is told, not taken for a good answer."""
    command = [str(BIN / "pip-audit"), "--requirement", str(ROOT / "requirements.lock"), "--require-hashes"]
    command += ["--disable-pip", "--progress-spinner", "off", "--timeout", "15", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["?"])[-1][:200]
        print(f"NICHT GEPRÜFT: pip-audit hat niemanden erreicht ({last})")
        return 0
    (OUT / "audit.json").write_text(json.dumps(found, indent=1) + "\n")
    bad = [(part["name"], part["version"], hint["id"]) for part in found for hint in part.get("vulns", [])]
    for name, version, number in bad:
        print(f"BEKANNTE LÜCKE {number}: {name} {version}")
    print(f"pip-audit: {len(found)} Pakete geprüft, {len(bad)} bekannte Lücken")
    return 1 if bad else 0


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    bom = installed()
    only_what_runs(bom)
    missing = locked() - {normal(part["name"]) for part in bom["components"]}
    bom["components"] += vendored()
    (OUT / "wissensportal.cdx.json").write_text(json.dumps(bom, indent=1, ensure_ascii=False) + "\n")
    (OUT / "lizenzen.md").write_text(table(bom["components"]))
    unclear = [part["name"] for part in bom["components"] if licence(part) == UNKNOWN]
    print(f"{len(bom['components'])} Bestandteile: {OUT}/wissensportal.cdx.json, {OUT}/lizenzen.md")
    if missing:
        print(f"Nicht auf diesem Rechner (andere Plattform): {', '.join(sorted(missing))}")
    if unclear:
        print(f"Ohne erkennbare Lizenz: {', '.join(unclear)}")
    return audit()


if __name__ == "__main__":
    sys.exit(main())
