"""`manage.py run_due`: what is due by the clock. Called by the system's timer each hour."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance import periodic
from portal import clocks


class Command(BaseCommand):
    help = "Runs every periodic job that is due (mails, reminders, tidying up)."

    def handle(self, *args: Any, **options: Any) -> None:
        if reason := clocks.reason_not_to_run():
            raise CommandError(reason)
        if clocks.was_set_back():
            self.stderr.write("Die Uhr wurde zurückgestellt: Ein früherer Lauf liegt in der Zukunft.")
        results = periodic.run_due()
        for name, well in results.items():
            self.stdout.write(f"{name}: {'ok' if well else 'failed'}")
        if not all(results.values()):
            raise CommandError("At least one job failed; it will be tried again next time.")
