"""`manage.py rebuild_catalogue`: makes catalogue and search index again from the published versions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from governance import catalogue
from portal.index import building

STEP = 100


class Command(BaseCommand):
    help = (
        "Baut Katalog und Suchindex aus den veröffentlichten Versionen neu auf, auch im laufenden Betrieb. "
        "Nach einem Abbruch geht der Suchindex dort weiter, wo er war."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--index-only", action="store_true", help="Nur den Suchindex, aus dem Katalog.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["index_only"]:
            total = catalogue.rebuild(self._progress("Katalog"))
            self.stdout.write(self.style.SUCCESS(f"Katalog neu aufgebaut: {total} Einträge."))
        building.build(self._progress("Suchindex"))
        self.stdout.write(self.style.SUCCESS("Suchindex neu aufgebaut."))

    def _progress(self, what: str) -> building.Progress:
        def progress(done: int, total: int) -> None:
            if done == total or done % STEP == 0 or what == "Suchindex":
                self.stdout.write(f"{what}: {done} / {total}")

        return progress
