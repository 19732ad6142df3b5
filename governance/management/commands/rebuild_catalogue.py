"""`manage.py rebuild_catalogue`: makes the catalogue again from the published versions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from governance import catalogue


class Command(BaseCommand):
    help = "Baut den Katalog aus den veröffentlichten Versionen neu auf (auch im laufenden Betrieb)."

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(done: int, total: int) -> None:
            if done == total or done % 100 == 0:
                self.stdout.write(f"{done} / {total}")

        total = catalogue.rebuild(progress)
        self.stdout.write(self.style.SUCCESS(f"Katalog neu aufgebaut: {total} Einträge."))
