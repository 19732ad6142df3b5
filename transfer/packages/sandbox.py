"""Has a package checked in a process of its own. Whatever becomes of that, the answer is a manifest or a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from governance.limits import Limits
from transfer.packages.container import Refused

# Nothing of the portal's own environment: no secrets for a process that meets foreign files.
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def check(package: IO[bytes]) -> dict[str, Any]:
    """The manifest of a package that may be taken, with its fingerprint; raises Refused.

    `package` is a file of the system: the process reads it by itself, so that nobody holds it in memory.
    """
    limits = Limits(settings.PACKAGE_CHECK_SECONDS, settings.PACKAGE_CHECK_MEMORY_BYTES, 2**20)
    numbers = (settings.PACKAGE_MAX_BYTES, settings.ATTACHMENT_MAX_BYTES, settings.DIAGRAM_MAX_BYTES)
    command = [sys.executable, "-m", "transfer.packages.checking", *map(str, numbers), *limits.arguments()]
    package.seek(0)
    with TemporaryFile() as answer:
        try:
            done = subprocess.run(
                command,
                stdin=package,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                env=ENVIRONMENT,
                timeout=limits.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Refused(_("Das Prüfen hat zu lange gedauert. Bitte lassen Sie das Paket teilen.")) from None
        answer.seek(0)
        return _outcome(done.returncode, answer.read(limits.answer))


def _outcome(code: int, answer: bytes) -> dict[str, Any]:
    try:
        told = json.loads(answer) if code == 0 else {}
        if "refused" in told:
            raise Refused(told["refused"], told.get("entry", ""))
        manifest: dict[str, Any] = told["manifest"]
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, Refused):
            raise
        # Killed, or its answer is no answer.
        raise Refused(_("Das Paket lässt sich nicht prüfen. Bitte lassen Sie es sich noch einmal geben.")) from None
    return manifest
