"""Has a package checked in a process of its own. Whatever becomes of that, the answer is a manifest or a reason."""

from __future__ import annotations

import json
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from governance import apart
from governance.limits import Limits
from transfer.packages.container import Refused


def check(package: IO[bytes]) -> dict[str, Any]:
    """The manifest of a package that may be taken, with its fingerprint; raises Refused.

    `package` is a file of the system: the process reads it by itself, so that nobody holds it in memory.
    """
    limits = Limits(settings.PACKAGE_CHECK_SECONDS, settings.PACKAGE_CHECK_MEMORY_BYTES, 2**20)
    numbers = (settings.PACKAGE_MAX_BYTES, settings.ATTACHMENT_MAX_BYTES, settings.DIAGRAM_MAX_BYTES)
    package.seek(0)
    try:
        return _outcome(*apart.run("transfer.packages.checking", *map(str, numbers), given=package, limits=limits))
    except apart.TookTooLong:
        raise Refused(_("Das Prüfen hat zu lange gedauert. Bitte lassen Sie das Paket teilen.")) from None


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
