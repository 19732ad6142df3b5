"""Issues of a newsletter: what stands in them and, from the release on, the words as they were then."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Department, Record, Version
from transfer.models.formats import NAME_LENGTH, ExchangeFormat

TITLE_LENGTH, TEXT_LENGTH = 200, 5000


class NewsletterIssueQuerySet(models.QuerySet["NewsletterIssue"]):
    def released(self) -> NewsletterIssueQuerySet:
        return self.exclude(released_at=None).order_by("-released_at", "-pk")


class NewsletterIssue(models.Model):
    """One issue; until it is released only the organising team knows of it."""

    format = models.ForeignKey(ExchangeFormat, on_delete=models.PROTECT, related_name="issues")
    # Counted at the release.
    number = models.PositiveIntegerField(null=True)
    title = models.CharField(_("Titel"), max_length=NAME_LENGTH)
    intro = models.TextField(_("Begrüßung"), max_length=TEXT_LENGTH, blank=True)
    # For whom; nobody named: for the whole house.
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True)
    # Counts changes of the three above, so that nobody saves over what somebody else has changed meanwhile.
    version = models.PositiveIntegerField(default=1)
    # Counts every change of the issue and what is in it: what is released is what was looked at.
    changes = models.PositiveIntegerField(default=1)

    objects = NewsletterIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("Newsletter-Ausgabe")
        verbose_name_plural = _("Newsletter-Ausgaben")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="issue_number_once", fields=["format", "number"]),
            models.CheckConstraint(
                name="issue_released_has_number",
                condition=Q(released_at=None, number=None) | Q(released_at__isnull=False, number__isnull=False),
            ),
        ]
        indexes = [models.Index(name="issue_by_release", fields=["format", "-released_at"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("transfer:issue", args=[self.pk])

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class NewsletterPiece(models.Model):
    """A record in an issue, or a text of its own. Of a record, title and text are empty until the release."""

    class Length(models.TextChoices):
        TEASER = "teaser", _("Anreißer")
        ARTICLE = "article", _("Artikel")

    issue = models.ForeignKey(NewsletterIssue, on_delete=models.PROTECT, related_name="pieces")
    position = models.PositiveIntegerField()
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")
    length = models.CharField(max_length=7, choices=Length.choices, default=Length.TEASER)
    title = models.CharField(_("Überschrift"), max_length=TITLE_LENGTH, blank=True)
    text = models.TextField(_("Text"), max_length=TEXT_LENGTH, blank=True)
    # From which published version the words were taken.
    taken_from = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("Beitrag eines Newsletters")
        verbose_name_plural = _("Beiträge eines Newsletters")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="record_once_in_an_issue", fields=["issue", "record"]),
            models.CheckConstraint(name="piece_length_known", condition=Q(length__in=["teaser", "article"])),
            models.CheckConstraint(
                name="piece_is_record_or_text", condition=~Q(record=None) | (~Q(text="") & Q(taken_from=None))
            ),
        ]

    def __str__(self) -> str:
        return self.title
