"""`manage.py restore`: puts a backup into an empty database and an empty folder, or changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import proof, restoring
from portal.backup.errors import BackupError


class Command(BaseCommand):
    help = "Spielt eine Sicherung in eine leere Datenbank und einen leeren Ordner ein."
    # The database is empty: nothing can be asked of it yet.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI")
        parser.add_argument("--key", type=Path, metavar="DATEI", help="der geheime Schlüssel einer verschlüsselten")
        parser.add_argument("--check", action="store_true", help="nur prüfen, nichts einspielen")

    def handle(self, *args: Any, file: Path, key: Path | None, check: bool, **options: Any) -> None:
        try:
            backup = (restoring.check if check else restoring.restore)(file, key)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Sicherung vom {backup.made_at}: vollständig und unbeschädigt, {backup.files} Dateien.")
        if check:
            return
        found = proof.prove()
        self.stdout.write(f"Eingespielt: {found.versions} Versionen und {found.files} Dateien geprüft.")
        for name in found.wrong:
            self.stderr.write(f"Stimmt nicht mit seiner Prüfsumme überein: {name}")
        if found.wrong:
            raise CommandError("Das war schon vor der Sicherung so, oder die Datei wurde währenddessen geschwärzt.")
