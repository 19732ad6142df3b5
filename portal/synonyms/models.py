"""A group of words that mean the same, or that lead to another."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from governance import clock

WORD_LENGTH = 60
MOST_WORDS = 20
NOTE_LENGTH = 200


class InForce(models.Manager["SynonymGroup"]):
    def get_queryset(self) -> models.QuerySet[SynonymGroup]:
        return super().get_queryset().filter(removed_at=None)


class SynonymGroup(models.Model):
    """Who types one of `words` also finds the others; one-way groups find what they lead to instead.

    A removed group stays, so that the audit trail can be read.
    """

    words = ArrayField(models.CharField(max_length=WORD_LENGTH))
    leads_to = ArrayField(models.CharField(max_length=WORD_LENGTH), default=list)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    # Counts the changes; what a form was opened on, and how a search sees that something changed.
    version = models.PositiveIntegerField(default=1)
    # Empty for what was loaded from a file at the machine.
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)

    objects = models.Manager["SynonymGroup"]()
    in_force = InForce()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="synonyms_have_words",
                condition=Q(words__len__gte=2) | (Q(words__len__gte=1) & Q(leads_to__len__gte=1)),
            ),
            models.CheckConstraint(
                name="synonyms_not_too_many",
                condition=Q(words__len__lte=MOST_WORDS) & Q(leads_to__len__lte=MOST_WORDS),
            ),
        ]

    def __str__(self) -> str:
        return " → ".join(filter(None, (", ".join(self.words), ", ".join(self.leads_to))))

    def get_absolute_url(self) -> str:
        return reverse("synonym", args=[self.pk])
