"""`manage.py check_catalogue`: proves that published versions, catalogue and search index agree."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.index import building


class Command(BaseCommand):
    help = "Prüft, ob veröffentlichte Versionen, Katalog und Suchindex übereinstimmen. Ändert nichts."

    def handle(self, *args: Any, **options: Any) -> None:
        if found := building.differences():
            for sentence in found:
                self.stderr.write(sentence)
            raise CommandError(
                "Es gibt Unterschiede. `manage.py rebuild_catalogue` baut Katalog und Suchindex neu auf."
            )
        self.stdout.write(
            self.style.SUCCESS("Katalog und Suchindex stimmen mit den veröffentlichten Versionen überein.")
        )
