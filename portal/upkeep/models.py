"""Links of published texts and what was found out about them; published records that are much alike.

Links and pairs are derived from the catalogue. When an address was last looked at, and which pairs are not the same,
is said by people and kept.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models import CatalogueEntry, Record

LONGEST_ADDRESS = 1000


class PageLink(models.Model):
    """One address that a published text names, once for each record."""

    class Fault(models.TextChoices):
        RECORD = "record", _("Diesen Eintrag gibt es für Lesende nicht")
        FILE = "file", _("Diese Datei gibt es dort nicht")
        PLACE = "place", _("Diese Stelle gibt es auf der Seite nicht")
        ADDRESS = "address", _("Diese Adresse gibt es im Portal nicht")
        PICTURE = "picture", _("Diese Anlage hat der Text nicht")

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="page_links")
    # Of the address: what is as long as an address may be has no place in an index.
    key = models.CharField(max_length=64)
    address = models.CharField(max_length=LONGEST_ADDRESS)
    words = models.CharField(max_length=200, blank=True)
    is_outside = models.BooleanField()
    # The record that an address inside leads to. Whether that is published is asked when the list is read.
    target = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="+")
    # What else is wrong with an address inside; a nightly job looks again.
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True)
    # The day on which somebody has certainly looked at it: as the text says, or when it was published.
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(name="page_link_once", fields=["entry", "key"])]
        indexes = [
            models.Index(name="page_link_outside", fields=["key", "since"], condition=Q(is_outside=True)),
            models.Index(name="page_link_inside", fields=["target"], condition=Q(is_outside=False)),
        ]

    def __str__(self) -> str:
        return self.address


class AddressCheck(models.Model):
    """When an address outside was last looked at, and whether it led anywhere. Who did so stands in the audit trail."""

    key = models.CharField(max_length=64, primary_key=True)
    checked_on = models.DateField()
    is_reached = models.BooleanField(default=True)
    by_server = models.BooleanField(default=False)


class LikePair(models.Model):
    """Two published records of one kind that say much the same; `first` has the smaller key."""

    first = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="+")
    # Since when somebody has said that they are not the same.
    told_apart_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="like_pair_once", fields=["first", "second"]),
            models.CheckConstraint(name="like_pair_in_order", condition=Q(first__lt=F("second"))),
        ]


class Compared(models.Model):
    """The text of a record with which all others were compared last."""

    entry = models.OneToOneField(CatalogueEntry, on_delete=models.CASCADE, primary_key=True, related_name="compared")
    content_hash = models.CharField(max_length=64)
