"""Exchange formats: the occasions at which knowledge is passed on. The calendar itself stays where it is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Team

NAME_LENGTH, TEXT_LENGTH, LINE_LENGTH = 120, 400, 200


class FormatQuerySet(models.QuerySet["ExchangeFormat"]):
    def living(self) -> FormatQuerySet:
        return self.filter(ended_on=None)


class ExchangeFormat(models.Model):
    """A jour fixe, a newsletter, a coffee corner: what it is for, for whom, how often, and which team organises it."""

    class Kind(models.TextChoices):
        JOUR_FIXE = "jour_fixe", _("Jour fixe")
        WORKING_GROUP = "working_group", _("Arbeitsgruppe")
        NEWSLETTER = "newsletter", _("Newsletter")
        STAFF_MEETING = "staff_meeting", _("Dienstbesprechung oder Personalversammlung")
        COFFEE_CORNER = "coffee_corner", _("Kaffee-Ecke")
        NOTICE_BOARD = "notice_board", _("Schwarzes Brett")
        REFLECTION_ROUND = "reflection_round", _("Reflexionsrunde")
        IMPROVEMENT_CIRCLE = "improvement_circle", _("Verbesserungszirkel")
        OTHER = "other", _("anderes Format")

    # Part of the address for ever; the name may change.
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    kind = models.CharField(_("Art"), max_length=20, choices=Kind.choices)
    purpose = models.CharField(_("Wozu?"), max_length=TEXT_LENGTH)
    audience = models.CharField(_("Für wen?"), max_length=LINE_LENGTH)
    rhythm = models.CharField(_("Wie oft?"), max_length=LINE_LENGTH)
    # How long one occurrence usually is; a newsletter and a notice board have no length.
    minutes = models.PositiveSmallIntegerField(_("Dauer in Minuten"), null=True, blank=True)
    place = models.CharField(_("Ort oder Link"), max_length=TEXT_LENGTH, blank=True)
    team = models.ForeignKey(Team, verbose_name=_("Wer organisiert?"), on_delete=models.PROTECT, related_name="formats")
    since = models.DateField(_("Seit wann?"), null=True, blank=True)
    # Founded to carry knowledge on, or in the house before the portal was.
    is_new = models.BooleanField(_("neu gegründet"), default=False)
    ended_on = models.DateField(_("beendet am"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Counts what is saved, so that nobody saves over what somebody else has changed meanwhile.
    version = models.PositiveIntegerField(default=1)

    objects = FormatQuerySet.as_manager()

    class Meta:
        verbose_name = _("Austauschformat")
        verbose_name_plural = _("Austauschformate")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="format_kind_known",
                condition=Q(
                    kind__in=[
                        "jour_fixe",
                        "working_group",
                        "newsletter",
                        "staff_meeting",
                        "coffee_corner",
                        "notice_board",
                        "reflection_round",
                        "improvement_circle",
                        "other",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="format_ends_after_start",
                condition=Q(since=None) | Q(ended_on=None) | Q(ended_on__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("transfer:format", args=[self.slug])

    @property
    def is_newsletter(self) -> bool:
        """Newsletters have issues, all others have occurrences."""
        return self.kind == self.Kind.NEWSLETTER

    @property
    def has_ended(self) -> bool:
        return self.ended_on is not None


# Kinds that have no occurrences for which somebody is asked.
WITHOUT_DATES = (ExchangeFormat.Kind.NEWSLETTER, ExchangeFormat.Kind.NOTICE_BOARD)
