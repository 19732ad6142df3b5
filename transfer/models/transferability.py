"""How well a process model can be carried over: what is asked, and what its team answered, with evidence."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Record, Team

QUESTION_LENGTH, ADVICE_LENGTH, EVIDENCE_LENGTH, NAME_LENGTH = 300, 600, 1000, 60


class Answer(models.TextChoices):
    """To a question of an assessment and of a fit check alike."""

    YES = "yes", _("ja")
    PARTLY = "partly", _("teilweise")
    NO = "no", _("nein")
    UNKNOWN = "unknown", _("unbekannt")


class Weight(models.IntegerChoices):
    """How much a factor decides."""

    NORMAL = 1, _("hilft")
    HIGH = 2, _("wichtig")
    VERY_HIGH = 3, _("entscheidend")


class FactorQuerySet(models.QuerySet["TransferFactor"]):
    def living(self) -> FactorQuerySet:
        return self.filter(until=None).order_by("position", "pk")


class TransferFactor(models.Model):
    """One edition of a factor. It never changes: another wording is the next edition of the same key, so that an
    assessment keeps the words that it answered."""

    key = models.SlugField(max_length=60)
    edition = models.PositiveIntegerField(default=1)
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    # Of the team that has it, and of those who want it.
    question = models.CharField(_("Frage an das Team des Prozessmodells"), max_length=QUESTION_LENGTH)
    fit_question = models.CharField(_("Frage an den Bereich, der nachnutzen will"), max_length=QUESTION_LENGTH)
    advice = models.CharField(_("Was tun, wenn es fehlt?"), max_length=ADVICE_LENGTH)
    weight = models.PositiveSmallIntegerField(_("Gewicht"), choices=Weight.choices, default=Weight.NORMAL)
    position = models.PositiveSmallIntegerField()
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)

    objects = FactorQuerySet.as_manager()

    class Meta:
        verbose_name = _("Faktor der Übertragbarkeit")
        verbose_name_plural = _("Faktoren der Übertragbarkeit")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="factor_edition_once", fields=["key", "edition"]),
            models.UniqueConstraint(name="factor_lives_once", fields=["key"], condition=Q(until=None)),
            models.CheckConstraint(name="factor_weight_known", condition=Q(weight__in=[1, 2, 3])),
            models.CheckConstraint(name="factor_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))),
        ]

    def __str__(self) -> str:
        return self.name


class Assessment(models.Model):
    """What the team of a process model answered at one time. A later one stands beside it, never in its place."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveIntegerField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("Einschätzung der Übertragbarkeit")
        verbose_name_plural = _("Einschätzungen der Übertragbarkeit")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(name="assessment_number", fields=["record", "number"])]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.number}"

    @property
    def version(self) -> int:
        """What a form that was opened on it knows it by."""
        return self.number


class FactorAnswer(models.Model):
    """The answer to one factor, as it was asked then."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    factor = models.ForeignKey(TransferFactor, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer.choices)
    evidence = models.TextField(_("Beleg"), max_length=EVIDENCE_LENGTH, blank=True)

    class Meta:
        ordering = ["factor__position", "pk"]
        constraints = [
            models.UniqueConstraint(name="factor_answered_once", fields=["assessment", "factor"]),
            models.CheckConstraint(
                name="factor_answer_known", condition=Q(answer__in=["yes", "partly", "no", "unknown"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.factor_id}: {self.answer}"
