"""Reads one file in a process of its own. Whatever becomes of that process, the answer is a text or a reason."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from governance.limits import Limits
from portal.attachment_text.reading import Reason

ROOT = Path(__file__).resolve().parents[2]
# Nothing of the portal's own environment: no secrets for a process that meets foreign files.
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True)
class Outcome:
    """The text of a file, or why there is none."""

    text: str = ""
    reason: Reason | None = None


def run(source: IO[bytes], media_type: str, limits: Limits) -> Outcome:
    """Read `source` within `limits`. Files and no pipes: no side can make the other wait or fill its memory."""
    command = [sys.executable, "-m", "portal.attachment_text", media_type, *limits.arguments()]
    with TemporaryFile() as given, TemporaryFile() as answer:
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
            return Outcome(reason=Reason.TOO_SLOW)
        answer.seek(0)
        return _outcome(done.returncode, answer.read(limits.answer), limits)


def _outcome(code: int, answer: bytes, limits: Limits) -> Outcome:
    try:
        told = json.loads(answer) if code == 0 else {}
        if "reason" in told:
            return Outcome(reason=Reason(told["reason"]))
        return Outcome(text=str(told["text"])[: limits.characters])
    # Killed, or its answer is no answer.
    except (ValueError, KeyError, TypeError):
        return Outcome(reason=Reason.CRASHED)
