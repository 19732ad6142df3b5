"""`manage.py check_versions`: proves that every version and every file is what was written."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.backup import proof


class Command(BaseCommand):
    help = "Prüft die Prüfsummen aller Versionen und Dateien. Ändert nichts."

    def handle(self, *args: Any, **options: Any) -> None:
        found = proof.prove()
        for name in found.wrong:
            self.stderr.write(f"Stimmt nicht mit seiner Prüfsumme überein: {name}")
        if found.wrong:
            raise CommandError("Es gibt Abweichungen. Eine frühere Sicherung hat vielleicht noch den richtigen Stand.")
        self.stdout.write(self.style.SUCCESS(f"{found.versions} Versionen und {found.files} Dateien stimmen."))
