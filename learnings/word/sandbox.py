"""Reads one document in a process of its own. Whatever becomes of that process, the answer is a text or a reason."""

from __future__ import annotations

import json
import shutil
from tempfile import TemporaryFile
from typing import IO, Any

from governance import apart
from governance.limits import Limits
from learnings.word.reading import Reason, Unreadable


def read(source: IO[bytes], limits: Limits) -> dict[str, Any]:
    """What `reading.read` makes of the document, within `limits`; raises Unreadable with the reason."""
    with TemporaryFile() as given:
        source.seek(0)
        shutil.copyfileobj(source, given)
        given.seek(0)
        try:
            return _told(*apart.run("learnings.word", given=given, limits=limits))
        except apart.TookTooLong:
            raise Unreadable(Reason.TOO_SLOW) from None


def _told(code: int, answer: bytes) -> dict[str, Any]:
    try:
        told = json.loads(answer) if code == 0 else {}
        if "reason" in told:
            raise Unreadable(Reason(told["reason"]))
        return {name: told[name] for name in ("blocks", "pictures", "notes")}
    # Killed, or its answer is no answer.
    except (ValueError, KeyError, TypeError):
        raise Unreadable(Reason.CRASHED) from None
