"""Reads one document in a process of its own. Whatever becomes of that process, the answer is a text or a reason."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from governance.limits import Limits
from learnings.word.reading import Reason, Unreadable

ROOT = Path(__file__).resolve().parents[2]
# Nothing of the portal's own environment: no secrets for a process that meets foreign files.
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def read(source: IO[bytes], limits: Limits) -> dict[str, Any]:
    """What `reading.read` makes of the document, within `limits`; raises Unreadable with the reason."""
    command = [sys.executable, "-m", "learnings.word", *limits.arguments()]
    with TemporaryFile() as given, TemporaryFile() as answer:
        source.seek(0)
        shutil.copyfileobj(source, given)
        given.seek(0)
        try:
            done = subprocess.run(
                command,
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=ENVIRONMENT,
                timeout=limits.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(Reason.TOO_SLOW) from None
        answer.seek(0)
        return _told(done.returncode, answer.read(limits.answer))


def _told(code: int, answer: bytes) -> dict[str, Any]:
    try:
        told = json.loads(answer) if code == 0 else {}
        if "reason" in told:
            raise Unreadable(Reason(told["reason"]))
        return {name: told[name] for name in ("blocks", "pictures", "notes")}
    # Killed, or its answer is no answer.
    except (ValueError, KeyError, TypeError):
        raise Unreadable(Reason.CRASHED) from None
