"""What others have written about carrying a measure over; linked, not copied. Looked at on 30 November 2026."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Source:
    title: str | Promise
    url: str
    about: str | Promise


SOURCES = (
    Source(
        _("Smart-City-Lösungen skalieren: eine Roadmap für Kommunen"),
        "https://skalierung.smart-city-dialog.de/",
        _("Begleitforschung der Modellprojekte Smart Cities: Phasen von der Idee bis zum Transfer."),
    ),
    Source(
        _("Smart-City-Dialog: Wissen"),
        "https://www.smart-city-dialog.de/wissen",
        _("Erfahrungen der Modellprojekte, auch mit Verstetigung und Nachnutzung."),
    ),
    Source(
        _("OZG-Leitfaden: Einer für Alle"),
        "https://leitfaden.ozg-umsetzung.de/",
        _("Organisation, Recht, Finanzen und Technik, wenn viele dieselbe Leistung nachnutzen."),
    ),
)
