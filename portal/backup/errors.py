"""What stops a backup or a restore, in words for whoever runs the command."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class BackupError(Exception):
    """A sentence that says what happened and what to do next."""


@contextmanager
def says_what_the_disk_said(folder: Path) -> Iterator[None]:
    """A full, read-only or forbidden disk becomes a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise BackupError(_full(folder)) from error
        raise BackupError(
            _("„%(path)s“ lässt sich nicht lesen oder beschreiben: %(why)s.")
            % {"path": error.filename or folder, "why": os.strerror(error.errno or 0)}
        ) from error


def _full(folder: Path) -> str:
    room = os.statvfs(folder)
    return _(
        "Der Platz in „%(folder)s“ reicht nicht (frei: %(free)d MB). Es wurde nichts zurückgelassen, frühere "
        "Sicherungen sind unverändert. Bitte Platz schaffen oder einen anderen Ordner nehmen."
    ) % {"folder": folder, "free": room.f_bavail * room.f_frsize // 10**6}
