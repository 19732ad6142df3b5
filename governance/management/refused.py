"""Commands of simple-history that would change or remove history rows: our versions' words."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Stands where simple-history has a command of the same name, and refuses it with all its options."""

    help = "Abgeschaltet: Die Historie ist der Wortlaut der Versionen und bleibt, wie sie ist."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError(
            "Dieser Befehl ist abgeschaltet. Die Zeilen der Historie sind der Wortlaut der Versionen: Sie werden "
            "weder gelöscht noch nachgetragen. Einzelne Textstellen entfernt die Schwärzung im Portal, den Katalog "
            "baut `manage.py rebuild_catalogue` neu auf."
        )
