"""Other repositories in which something can be found; kept by the committee."""

from __future__ import annotations

from urllib.parse import quote

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import clock

PLACE = "{query}"
LONGEST_QUERY = 200


class ExternalSource(models.Model):
    """One repository: what is found there and how to search it. The portal itself never calls it."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    address = models.CharField(_("Adresse"), max_length=500)
    # With {query} where what is searched for goes; without it, the page on which people search themselves.
    search_link = models.CharField(_("Link zur Suche"), max_length=500, blank=True)
    finds = models.TextField(_("Was findet man dort?"), max_length=600)
    licence_hint = models.TextField(_("Hinweis zur Lizenz"), max_length=600, blank=True)
    retrieved_on = models.DateField(_("Zuletzt nachgesehen am"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=10)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)
    # Counts changes, so that nobody saves over what somebody else has changed meanwhile.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("externe Quelle")
        verbose_name_plural = _("externe Quellen")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("transfer:source", args=[self.pk])

    @property
    def takes_query(self) -> bool:
        return PLACE in self.search_link

    def link_for(self, query: str) -> str:
        """Where somebody looks for `query` there."""
        link = self.search_link or self.address
        return link.replace(PLACE, quote(query[:LONGEST_QUERY], safe=""))
