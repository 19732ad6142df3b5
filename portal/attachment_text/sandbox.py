"""Reads one file in a process of its own. Whatever becomes of that process, the answer is a text or a reason."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from governance import apart
from governance.limits import Limits
from portal.attachment_text.reading import Reason


@dataclass(frozen=True)
class Outcome:
    """The text of a file, or why there is none."""

    text: str = ""
    reason: Reason | None = None


def run(source: IO[bytes], media_type: str, limits: Limits) -> Outcome:
    """Read `source` within `limits`."""
    with TemporaryFile() as given:
        shutil.copyfileobj(source, given)
        given.seek(0)
        try:
            return _outcome(*apart.run("portal.attachment_text", media_type, given=given, limits=limits), limits)
        except apart.TookTooLong:
            return Outcome(reason=Reason.TOO_SLOW)


def _outcome(code: int, answer: bytes, limits: Limits) -> Outcome:
    try:
        told = json.loads(answer) if code == 0 else {}
        if "reason" in told:
            return Outcome(reason=Reason(told["reason"]))
        return Outcome(text=str(told["text"])[: limits.characters])
    # Killed, or its answer is no answer.
    except (ValueError, KeyError, TypeError):
        return Outcome(reason=Reason.CRASHED)
