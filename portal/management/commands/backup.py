"""`manage.py backup`: one file with the database and the files it names, checked by `manage.py restore --check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import files, making
from portal.backup.errors import BackupError


class Command(BaseCommand):
    help = "Sichert Datenbank und Dateien in eine Datei. Das Portal läuft dabei weiter."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="ORDNER", help="statt BACKUP_DIR")

    def handle(self, *args: Any, to: Path | None, **options: Any) -> None:
        try:
            made = making.make(to or making.folder_of_settings())
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Gesichert: {made.path} ({made.size / 10**6:.1f} MB, {made.files} Dateien)")
        if files.root() is None:
            self.stdout.write("Die Dateien liegen in FILE_STORAGE und werden dort gesichert.")
        if made.path.suffix != ".age":
            self.stdout.write("Nicht verschlüsselt: BACKUP_RECIPIENTS ist leer.")
        for name in made.missing:
            self.stderr.write(f"Fehlt schon im Portal: {name}")
        for name in made.changed:
            self.stderr.write(f"Ist schon im Portal beschädigt: {name}")
        if not made.is_whole:
            raise CommandError("Die Sicherung liegt vor, aber diese Dateien sind nicht oder beschädigt darin.")
