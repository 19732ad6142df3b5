"""`manage.py backup_key`: makes the pair of keys for encrypted backups."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import encryption


class Command(BaseCommand):
    help = "Erzeugt ein Schlüsselpaar für verschlüsselte Sicherungen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI", help="bekommt den geheimen Schlüssel")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        secret, public = encryption.new_key()
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"„{file}“ lässt sich nicht anlegen: {error.strerror}.") from error
        with os.fdopen(handle, "w") as out:
            out.write(f"# public key: {public}\n{secret}\n")
        self.stdout.write(
            f"Geheimer Schlüssel: {file}\nBitte an einem anderen Ort verwahren und hier löschen. Ohne ihn ist keine "
            f"Sicherung zu lesen.\n\nIn die Umgebung des Portals:\nBACKUP_RECIPIENTS={public}"
        )
