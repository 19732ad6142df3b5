"""What a person follows, what was sent of it, and the address of the person's feeds. Seen by that person alone."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Department, OutgoingMail, Record, Tag

NAME_LENGTH = 120
QUERY_LENGTH = 2000
# What can be followed: one foreign key each.
TARGETS = ("saved_search", "tag", "department", "record")


class SavedSearch(models.Model):
    """A search under a name of its own; each has one subscription of the same person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    # As it stands in the URL, without the page.
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="search_saved_once", fields=["user", "query"]),
            # What the subscription's composite foreign key points at.
            models.UniqueConstraint(name="search_of_user", fields=["id", "user"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('search')}?{self.query}" if self.query else reverse("search")

    def data(self, **changes: str) -> QueryDict:
        """What the search reads from the URL, with changes."""
        data = QueryDict(self.query, mutable=True)
        for name, value in changes.items():
            data[name] = value
        return data


def _exactly_one() -> Q:
    """Of the keys of TARGETS."""
    found = Q()
    for wanted in TARGETS:
        one = Q(**{f"{wanted}__isnull": False})
        for other in TARGETS:
            if other != wanted:
                one &= Q(**{f"{other}__isnull": True})
        found |= one
    return found


class Subscription(models.Model):
    """One thing that one person follows."""

    class Rhythm(models.TextChoices):
        NONE = "none", _("nur in der Liste")
        DAILY = "daily", _("täglich per E-Mail")
        WEEKLY = "weekly", _("wöchentlich per E-Mail")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    saved_search = models.OneToOneField(SavedSearch, on_delete=models.CASCADE, null=True, related_name="subscription")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, null=True, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, null=True, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="+")
    rhythm = models.CharField(max_length=6, choices=Rhythm.choices, default=Rhythm.NONE)
    created_at = models.DateTimeField(default=clock.now)
    # What was published later is new in the list, and not yet in a digest.
    seen_until = models.DateTimeField(default=clock.now)
    digested_until = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="subscription_to_one_thing", condition=_exactly_one()),
            models.CheckConstraint(
                name="subscription_rhythm_known", condition=Q(rhythm__in=["none", "daily", "weekly"])
            ),
            *(
                models.UniqueConstraint(name=f"{target}_followed_once", fields=["user", target])
                for target in ("tag", "department", "record")
            ),
        ]
        indexes = [
            models.Index(name="subscription_by_mail", fields=["user"], condition=~Q(rhythm="none")),
        ]

    @property
    def what(self) -> str:
        """Which of TARGETS it is."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)

    def is_due(self, now: dt.datetime) -> bool:
        """Whether the day or the week of the last digest is over, by the town's clock."""
        form = {self.Rhythm.DAILY: "%Y-%m-%d", self.Rhythm.WEEKLY: "%G-%V"}.get(self.Rhythm(self.rhythm))
        return form is not None and f"{clock.local(self.digested_until):{form}}" != f"{clock.local(now):{form}}"


class Digest(models.Model):
    """What one mail tells of: versions published since the one before. Goes with its mail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mail = models.OneToOneField(OutgoingMail, on_delete=models.CASCADE, related_name="digest")
    versions = ArrayField(models.BigIntegerField())
    created_at = models.DateTimeField(default=clock.now)


class FeedAddress(models.Model):
    """The secret part of the address of a person's feeds, as a hash. Revoking deletes the row."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    # To tell it from others, which is all that is ever shown again.
    last_four = models.CharField(max_length=4)
    created_at = models.DateTimeField(default=clock.now)
    # How often it was asked for in the newest minute; forgotten after an hour.
    minute = models.DateTimeField(null=True)
    asked = models.PositiveIntegerField(default=0)
