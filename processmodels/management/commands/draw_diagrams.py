"""`manage.py draw_diagrams`: draws the pictures that the drawing code of this release has not drawn yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from processmodels import diagrams
from processmodels.bpmn.source import BpmnError


class Command(BaseCommand):
    help = "Zeichnet die Bilder der Diagramme neu, wenn eine Fassung anders zeichnet (auch im laufenden Betrieb)."

    def handle(self, *args: Any, **options: Any) -> None:
        drawn = 0
        for diagram in diagrams.undrawn():
            try:
                diagrams.keep_picture(diagram)
            # A limit lowered after the upload: the page says so, and the others are drawn.
            except BpmnError as error:
                self.stderr.write(f"{diagram.pk}: {error.message}")
            else:
                drawn += 1
        dropped = diagrams.drop_old_pictures()
        self.stdout.write(self.style.SUCCESS(f"Gezeichnet: {drawn}; alte Bilder entfernt: {dropped}."))
