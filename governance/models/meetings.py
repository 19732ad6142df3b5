"""The list of a session of the committee: which texts it looks at, and who did not take part in which of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models.reviews import Meeting, Review

USER = settings.AUTH_USER_MODEL
NOTE_LENGTH = 2000


class MeetingItem(models.Model):
    """A review on the list of a session, with what was said there. A text that waits on may be on a later one, too."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    note = models.TextField(_("Was besprochen wurde"), max_length=NOTE_LENGTH, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    # Counts what is saved, so that nobody saves over what somebody else has changed meanwhile.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(name="once_on_the_list_of_a_meeting", fields=["meeting", "review"])]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.review_id}"

    def get_absolute_url(self) -> str:
        return reverse("governance:meeting_item", args=[self.meeting_id, self.pk])


class Attendance(models.Model):
    """Who did otherwise at one item than to be there and take part; nobody else has a row."""

    class Part(models.TextChoices):
        ABSTAINED = "abstained", _("enthalten")
        BIASED = "biased", _("befangen")
        AWAY = "away", _("nicht anwesend")

    item = models.ForeignKey(MeetingItem, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_part_at_an_item", fields=["item", "person"]),
            models.CheckConstraint(name="part_known", condition=Q(part__in=["abstained", "biased", "away"])),
        ]
