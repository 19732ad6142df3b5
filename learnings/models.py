"""A learning: an insight from a measure, prepared so that others can use it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Content
from learnings import schemas

KIND = "learning"


class Audience(models.TextChoices):
    TEAM = "team", _("Eigenes Team")
    MUNICIPALITY = "municipality", _("Eigene Kommune")
    OTHER_MUNICIPALITIES = "other_municipalities", _("Andere Kommunen")
    DECISION_MAKERS = "decision_makers", _("Politik und Verwaltungsspitze")


def default_question() -> str:
    """What a new text began with until migration 0004; 0001 still names it."""
    return "Welche Erkenntnis möchten wir weitergeben?"


class Learning(Content):
    """Everything a version consists of is a field of this row; see governance.versions."""

    guiding_question = models.CharField(_("Leitfrage"), max_length=300, blank=True)
    answer = models.TextField(_("Antwort auf die Leitfrage"), max_length=600, blank=True)
    audiences = ArrayField(
        models.CharField(max_length=24, choices=Audience.choices),
        verbose_name=_("Wem möchten Sie das mitgeben?"),
        default=list,
        blank=True,
    )
    messages = models.JSONField(_("Kernaussagen"), default=list, blank=True)
    everyday_benefit = models.TextField(_("Nutzen im Arbeitsalltag"), blank=True)
    occasion = models.TextField(_("Anlass und Ausgangslage"), blank=True)
    what_was_done = models.TextField(_("Was wurde gemacht?"), blank=True)
    results = models.TextField(_("Was ist dabei herausgekommen?"), blank=True)
    figures = models.JSONField(_("Belege in Zahlen"), default=list, blank=True)
    difficulties = models.TextField(_("Was war schwierig, was würden wir anders machen?"), blank=True)
    share_difficulties = models.BooleanField(_("Darf in Präsentation und Weitergabe erscheinen"), default=False)
    recommendation = models.TextField(_("Empfehlung"), blank=True)
    next_step = models.TextField(_("Nächster Schritt"), blank=True)
    effort_time = models.CharField(_("Aufwand: Zeit"), max_length=200, blank=True)
    effort_money = models.CharField(_("Aufwand: Kosten"), max_length=200, blank=True)
    effort_people = models.CharField(_("Aufwand: wer gebraucht wurde"), max_length=200, blank=True)
    prerequisites = models.TextField(_("Voraussetzungen"), blank=True)
    related = ArrayField(models.BigIntegerField(), verbose_name=_("Verwandte Learnings"), default=list, blank=True)
    links = models.JSONField(_("Quellen und Links"), default=list, blank=True)

    class Meta:
        verbose_name = _("Learning")
        verbose_name_plural = _("Learnings")

    def clean(self) -> None:
        """The JSON fields are in their newest shape, or the save is refused."""
        errors: dict[str, Any] = {}
        for name, schema in schemas.FIELDS.items():
            try:
                setattr(self, name, schema.write(getattr(self, name)))
            except ValidationError as error:
                errors[name] = error
        unknown = set(self.audiences) - set(Audience.values)
        if unknown:
            errors["audiences"] = ValidationError(_("Unbekannte Zielgruppe."))
        if errors:
            raise ValidationError(errors)


class SlideTemplate(models.Model):
    """A slide template of the town hall, checked and emptied; addressed by the sha256 of what is kept."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    data = models.BinaryField()
    size = models.PositiveIntegerField()
    is_in_use = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_template_in_use", fields=["is_in_use"], condition=models.Q(is_in_use=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name
