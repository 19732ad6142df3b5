"""A process model: fact sheet, diagrams of both states, key figures; and the diagrams themselves."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import CatalogueEntry, Content
from processmodels import schemas

KIND = "process_model"
# LeiKa: 14 digits beginning with 99; OZG: five digits. Source: FIM, Bausteine Leistungen (Leistungsschlüssel).
_LEIKA = re.compile(r"99[0-9]{12}")
_OZG = re.compile(r"1[0-9]{4}")


class Classification(models.TextChoices):
    """The three kinds of processes of a process map."""

    STEERING = "steering", _("Führungsprozess")
    CORE = "core", _("Kernprozess")
    SUPPORT = "support", _("Unterstützungsprozess")


class Maturity(models.TextChoices):
    """How far the service is online; levels of the OZG maturity model of the federal and state governments."""

    LEVEL_0 = "0", _("Stufe 0: nicht online")
    LEVEL_1 = "1", _("Stufe 1: Informationen online")
    LEVEL_2 = "2", _("Stufe 2: Formular zum Herunterladen")
    LEVEL_3 = "3", _("Stufe 3: Antrag und Nachweise online")
    LEVEL_4 = "4", _("Stufe 4: Nachweise nur einmal")


class LifeCycle(models.TextChoices):
    """Where the measure stands, beside the state of the record."""

    IDEA = "idea", _("Idee")
    TRIAL = "trial", _("Erprobung")
    INTRODUCED = "introduced", _("eingeführt")
    EVALUATED = "evaluated", _("ausgewertet")
    ENDED = "ended", _("beendet")


class Diagram(models.Model):
    """One BPMN file, byte for byte as uploaded, immutable, addressed by the sha256 of its bytes (row trigger)."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    source = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)


class Picture(models.Model):
    """The drawn SVG of a diagram, made when the file is stored; derived, may be thrown away at any time.

    `renderer` is the number of the drawing code that made it (`diagrams.RENDERER`).
    """

    diagram = models.ForeignKey(Diagram, on_delete=models.CASCADE, related_name="pictures")
    renderer = models.PositiveSmallIntegerField()
    svg = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(name="picture_once", fields=["diagram", "renderer"])]


class ProcessModel(Content):
    """Everything a version consists of is a field of this row; see governance.versions.

    `as_is` and `to_be` are keys of diagrams (foreign keys by migration, so that a version's hash holds them);
    `as_is_picture` and `to_be_picture` name an attachment of this text that stands for a diagram.
    """

    purpose = models.TextField(_("Zweck in einem Satz"), max_length=400, blank=True)
    life_cycle = models.CharField(_("Stand der Maßnahme"), max_length=12, choices=LifeCycle.choices, blank=True)
    trigger = models.TextField(_("Auslöser"), blank=True)
    result = models.TextField(_("Ergebnis und Produkt"), blank=True)
    participants = models.TextField(_("Beteiligte Rollen"), blank=True)
    responsible_unit = models.CharField(_("Zuständige Stelle"), max_length=200, blank=True)
    legal_basis = models.JSONField(_("Rechtsgrundlage"), default=list, blank=True)
    inputs = models.TextField(_("Eingaben und Unterlagen"), blank=True)
    systems = models.TextField(_("IT-Systeme und Schnittstellen"), blank=True)
    data_used = models.TextField(_("Verwendete Daten und ihre Qualität"), blank=True)
    service_key = models.CharField(_("Leistungsschlüssel (LeiKa oder OZG)"), max_length=20, blank=True)
    classification = models.CharField(_("Prozessart"), max_length=10, choices=Classification.choices, blank=True)
    cases_a_year = models.PositiveIntegerField(_("Fälle im Jahr"), null=True, blank=True)
    maturity = models.CharField(_("Reifegrad online"), max_length=2, choices=Maturity.choices, blank=True)
    risks = models.TextField(_("Risiken"), blank=True)
    what_was_done = models.TextField(_("Was wurde geändert?"), blank=True)
    occasion = models.TextField(_("Warum wurde es geändert?"), blank=True)
    prerequisites = models.TextField(_("Voraussetzungen"), blank=True)
    as_is = models.CharField(_("Vorher (Ist)"), max_length=64, null=True, blank=True)
    to_be = models.CharField(_("Nachher (Soll)"), max_length=64, null=True, blank=True)
    as_is_steps = models.JSONField(_("Schrittliste vorher"), default=list, blank=True)
    to_be_steps = models.JSONField(_("Schrittliste nachher"), default=list, blank=True)
    as_is_picture = models.CharField(_("Bild vorher"), max_length=64, blank=True)
    to_be_picture = models.CharField(_("Bild nachher"), max_length=64, blank=True)
    key_figures = models.JSONField(_("Kennzahlen"), default=list, blank=True)
    related = ArrayField(models.BigIntegerField(), verbose_name=_("Verwandte Einträge"), default=list, blank=True)

    CODED = frozenset({"kind", "as_is", "to_be", "as_is_picture", "to_be_picture", "service_key"})

    class Meta:
        verbose_name = _("Prozessmodell")
        verbose_name_plural = _("Prozessmodelle")

    def clean(self) -> None:
        """The JSON fields are in their newest shape and the service key in its form, or the save is refused."""
        errors: dict[str, Any] = {}
        for name, schema in schemas.FIELDS.items():
            try:
                setattr(self, name, schema.write(getattr(self, name)))
            except ValidationError as error:
                errors[name] = error
        try:
            self.service_key = check_service_key(self.service_key)
        except ValidationError as error:
            errors["service_key"] = error
        kept = {row["sha256"] for row in self.attachments if isinstance(row, dict) and "sha256" in row}
        for name in ("as_is_picture", "to_be_picture"):
            if getattr(self, name) and getattr(self, name) not in kept:
                errors[name] = ValidationError(_("Dieses Bild gehört nicht zu den Anlagen."))
        if errors:
            raise ValidationError(errors)


def check_service_key(typed: str) -> str:
    """The key without blanks; raises a ValidationError unless it has the form of a LeiKa or OZG key."""
    key = re.sub(r"[\s.\-]", "", typed)
    if key and not (_LEIKA.fullmatch(key) or _OZG.fullmatch(key)):
        raise ValidationError(
            _(
                "Ein LeiKa-Schlüssel hat 14 Ziffern und beginnt mit 99, eine OZG-Nummer hat fünf Ziffern und beginnt "
                "mit 1. Bitte prüfen Sie die Nummer oder lassen Sie das Feld leer."
            )
        )
    return key


class PublishedProcess(models.Model):
    """What of a published process model is filtered and summed in the landscape; derived at publication."""

    entry = models.OneToOneField(CatalogueEntry, primary_key=True, on_delete=models.CASCADE, related_name="process")
    life_cycle = models.CharField(max_length=12, blank=True)
    classification = models.CharField(max_length=10, blank=True)
    service_key = models.CharField(max_length=20, blank=True)
    maturity = models.CharField(max_length=2, blank=True)
    cases_a_year = models.PositiveIntegerField(null=True)
    as_is = models.ForeignKey(Diagram, on_delete=models.PROTECT, null=True, related_name="+")
    to_be = models.ForeignKey(Diagram, on_delete=models.PROTECT, null=True, related_name="+")
    # Address of the picture of the newest state, for a tile.
    picture = models.CharField(max_length=200, blank=True)
    has_to_be = models.BooleanField(default=False)
    has_measured = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(name="process_by_life_cycle", fields=["life_cycle"])]

    @property
    def life_cycle_label(self) -> str:
        return str(LifeCycle(self.life_cycle).label) if self.life_cycle else ""


class PublishedFigure(models.Model):
    """One comparison of a published process model that holds, for sums; derived at publication."""

    process = models.ForeignKey(PublishedProcess, on_delete=models.CASCADE, related_name="figures")
    measure = models.CharField(max_length=20)
    unit = models.CharField(max_length=40)
    before = models.DecimalField(max_digits=21, decimal_places=6)
    after = models.DecimalField(max_digits=21, decimal_places=6)
    is_measured = models.BooleanField()

    class Meta:
        indexes = [models.Index(name="figure_by_measure", fields=["measure"])]
