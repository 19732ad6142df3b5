"""`manage.py demo`: database, demo municipality, web server, worker and periodic jobs, until Ctrl-C."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.supervision import ROOT, Processes, Stopped, answers, port_is_free, stop_on_signals

ANSWER_WITHIN = 60
HOUR = 3600
ACCOUNTS = [
    ("staff", "sucht und liest"),
    ("author", "schreibt Learnings im Change-Management-Team des Steueramts"),
    ("member", "schreibt im selben Team mit"),
    ("lead", "leitet dieses Team"),
    ("committee", "prüft und gibt frei (Data Steering Committee)"),
    ("committee2", "führt den Vorsitz des Committees"),
    ("admin", "pflegt Personen, Bereiche und Teams"),
]


class Command(BaseCommand):
    help = "Startet das Portal mit der Demo-Kommune auf diesem Rechner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reset", action="store_true", help="Daten der Demo löschen")

    def handle(self, *args: Any, port: int, reset: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Die Demo läuft nur mit DEMO=1.")
        if reset:
            self._reset()
            return
        # Links in mails lead to this portal, whatever its port: also those that `load_demo` writes in this process.
        settings.PORTAL_BASE_URL = os.environ.setdefault("PORTAL_BASE_URL", f"http://localhost:{port}")
        if not port_is_free(port):
            raise CommandError(f"Der Port {port} ist belegt. Bitte einen anderen nehmen: make demo PORT={port + 1}")
        processes = Processes()
        stop_on_signals()
        try:
            with self._database():
                try:
                    self._prepare()
                    self._serve(processes, port)
                finally:
                    processes.stop()
                    connections.close_all()
        except Stopped:
            self.stdout.write("\nDie Demo ist beendet, ihre Daten bleiben erhalten.")

    def _database(self) -> AbstractContextManager[None]:
        if not settings.EMBEDDED_DATABASE:
            return nullcontext()
        from portal.embedded import Server

        self.stdout.write("Starte die Datenbank ...")
        return Server(settings.VAR_DIR).running()

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_demo", stdout=self.stdout)
        # Each server process opens its own connections; a forked or idle one is of no use to them.
        connections.close_all()

    def _serve(self, processes: Processes, port: int) -> None:
        address = f"http://127.0.0.1:{port}"
        web = [
            "-m",
            "gunicorn",
            "portal.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--no-control-socket",
        ]
        web += ["--workers", "2", "--threads", "4", "--log-level", "warning"]
        processes.start("Webserver", web)
        processes.start("Hintergrunddienst", ["manage.py", "db_worker", "--verbosity", "0"])
        self._wait(processes, address)
        self._announce(f"http://localhost:{port}/")
        due = time.monotonic()
        while True:
            for name in processes.revive():
                self.stderr.write(f"{name} hatte sich beendet und läuft wieder.")
            if time.monotonic() >= due:
                due += HOUR
                subprocess.run(
                    [sys.executable, "manage.py", "run_due"],
                    cwd=ROOT,
                    check=False,
                    stdout=subprocess.DEVNULL,
                )
            time.sleep(0.5)

    def _wait(self, processes: Processes, address: str) -> None:
        deadline = time.monotonic() + ANSWER_WITHIN
        while not answers(f"{address}/healthz"):
            if (name := processes.ended()) is not None or time.monotonic() > deadline:
                raise CommandError(f"{name or 'Der Webserver'} startet nicht; siehe oben.")
            time.sleep(0.1)

    def _announce(self, address: str) -> None:
        accounts = "\n".join(f"    {name:<12}{what}" for name, what in ACCOUNTS)
        self.stdout.write(
            f"\n{settings.PORTAL_NAME}: {address}\n\n"
            f"Konten (Passwort jeweils „demo“):\n{accounts}\n\n"
            f"Mails liegen in {settings.VAR_DIR / 'mail'}. Ende mit Strg-C.\n"
        )
        self.stdout.flush()

    def _reset(self) -> None:
        if not settings.EMBEDDED_DATABASE:
            raise CommandError("DATABASE_URL ist gesetzt: Diese Datenbank bitte selbst leeren.")
        from portal.embedded import Server

        if not Server(settings.VAR_DIR).wipe():
            raise CommandError("Die Demo läuft noch. Bitte zuerst mit Strg-C beenden.")
        for folder in ("media", "mail", "static"):
            shutil.rmtree(settings.VAR_DIR / folder, ignore_errors=True)
        self.stdout.write("Die Daten der Demo sind gelöscht.")
