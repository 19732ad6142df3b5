"""Runs a module in a process of its own, for files from outside: with limits, and without the portal's secrets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from governance.limits import Limits

ROOT = Path(__file__).resolve().parents[1]
# Nothing of the portal's own environment: no secrets for a process that meets foreign files.
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


class TookTooLong(Exception):
    """The process was ended when its time was over."""


def run(module: str, *arguments: str, given: IO[bytes], limits: Limits) -> tuple[int, bytes]:
    """The exit status of `python -m module arguments limits` and what it answers, cut where its limit is.

    `given` is a file of the system, read by the process from where it stands. Files and no pipes: no side can make the
    other wait or fill its memory. Raises TookTooLong.
    """
    with TemporaryFile() as answer:
        try:
            done = subprocess.run(
                [sys.executable, "-m", module, *arguments, *limits.arguments()],
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=ENVIRONMENT,
                timeout=limits.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise TookTooLong from None
        answer.seek(0)
        return done.returncode, answer.read(limits.answer)
