"""`manage.py load_demo`: the demo municipality, played through the services. Repeatable."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import demo_town
from portal.index import building


class Command(BaseCommand):
    help = "Lädt die Demo-Kommune (nur für Vorführung und Tests; alle Passwörter lauten „demo“)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("load_demo läuft nur mit DEMO=1: Die Passwörter sind öffentlich.")
        loaded = demo_town.load()
        # With all texts there, the index measures them and learns the words of the house.
        building.build()
        self.stdout.write(self.style.SUCCESS(f"Demo-Kommune: {loaded} Learnings neu geladen."))
