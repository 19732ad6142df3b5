"""Every check of `make test`, each with its time; the exit status says whether all passed.

tools/check.py [--no-tests] [-- arguments for pytest]
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TEST = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
# What a server would have; nothing connects to this database.
SERVER = {
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "DATABASE_URL": "postgres://portal:portal@localhost:5432/portal",
    "ALLOWED_HOSTS": "wissen.stadt.example",
    "PORTAL_BASE_URL": "https://wissen.stadt.example",
    "BEHIND_TLS_PROXY": "1",
    "EMAIL_URL": "smtp+tls://portal:portal@mail.stadt.example:587",
}
MANAGE = [sys.executable, "manage.py"]

CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("ruff check", [str(BIN / "ruff"), "check", "--quiet", "--output-format=concise"], {}),
    ("ruff format", [str(BIN / "ruff"), "format", "--check", "--quiet"], {}),
    ("mypy", [str(BIN / "mypy"), "--no-error-summary"], {"DEBUG": "1"}),
    ("import-linter", [str(BIN / "lint-imports")], {}),
    ("Vorlagen", [str(BIN / "djlint"), "templates", "--lint", "--quiet"], {}),
    ("Migrationen", [*MANAGE, "makemigrations", "--check", "--dry-run"], TEST),
    ("manage.py check", [*MANAGE, "check"], TEST),
    ("check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], SERVER),
    ("static/vendor", [sys.executable, "tools/vendor.py", "--check"], {}),
]


def run(name: str, command: list[str], env: dict[str, str]) -> bool:
    """Run one step; its output is shown only when it fails."""
    begun = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    line = f"{'ok    ' if passed else 'FEHLER'} {name:<18}{time.monotonic() - begun:6.1f} s"
    print(line if passed else f"{line}\n{done.stdout}", flush=True)
    return passed


def run_checks() -> list[bool]:
    """mypy takes as long as all the others: it runs beside them."""
    beside = [check for check in CHECKS if check[0] == "mypy"]
    others = [check for check in CHECKS if check not in beside]
    with ThreadPoolExecutor(2) as several:
        lanes = several.map(lambda lane: [run(*check) for check in lane], (beside, others))
        return [passed for lane in lanes for passed in lane]


def run_tests(arguments: list[str]) -> bool:
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", *(arguments or ["-n", "2", "--dist", "worksteal"])]
    passed = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    print(f"{'ok    ' if passed else 'FEHLER'} {'pytest':<18}{time.monotonic() - begun:6.1f} s")
    return passed


def main() -> int:
    with_tests = "--no-tests" not in sys.argv[1:]
    arguments = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    passed = run_checks()
    if with_tests:
        passed.append(run_tests(arguments))
    failed = passed.count(False)
    print(f"{failed} von {len(passed)} Schritten fehlgeschlagen." if failed else "Alles in Ordnung.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
