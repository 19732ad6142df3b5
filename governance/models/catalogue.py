"""What staff see: one row for each published record, derived, rebuilt by `rebuild_catalogue`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from governance import clock
from governance.models.people import Department, Team
from governance.models.records import Record, Version


class Tag(TagBase):
    """A word of the shared vocabulary. Merging keeps the row and points at the other one."""

    merged_into: models.ForeignKey[Any, Any] = models.ForeignKey(
        "self",
        verbose_name=_("zusammengeführt mit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    created_at: models.DateTimeField[Any, Any] = models.DateTimeField(default=clock.now)
    created_by: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at: models.DateTimeField[Any, Any] = models.DateTimeField(_("bestätigt am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Schlagwort")
        verbose_name_plural = _("Schlagwörter")
        constraints = [
            models.UniqueConstraint(Lower("name"), name="tag_name_whatever_case"),
            models.CheckConstraint(
                name="tag_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            ),
        ]
        # For words that are spelt almost the same.
        indexes = [GinIndex(OpClass(Lower("name"), "gin_trgm_ops"), name="tag_by_spelling")]

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.slug])


class TaggedEntry(ItemBase):
    """Which published record carries which tag."""

    content_object: models.ForeignKey[Any, Any] = models.ForeignKey(
        "CatalogueEntry", on_delete=models.CASCADE, related_name="tagged"
    )
    tag: models.ForeignKey[Any, Any] = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="tagged_entries")

    class Meta:
        constraints = [models.UniqueConstraint(name="tag_once", fields=["content_object", "tag"])]
        indexes = [models.Index(name="tagged_by_tag", fields=["tag", "content_object"])]


class CatalogueEntry(models.Model):  # type: ignore[django-manager-missing]
    """The published face of a record. Everything a reader's page needs stands in this one row."""

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.CASCADE, related_name="entry")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    short_number = models.CharField(max_length=20, unique=True)
    slug = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    owner = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="entries")
    owner_name = models.CharField(max_length=150)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="entries")
    department_name = models.CharField(max_length=150)
    contact = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    issue = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    first_published_at = models.DateTimeField()
    year = models.PositiveSmallIntegerField()
    check_up_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    audiences = ArrayField(models.CharField(max_length=30), default=list)
    tag_list = models.JSONField(default=list)
    tag_keys = ArrayField(models.BigIntegerField(), default=list)
    # Kind-specific rendered parts: sections, messages, figures, links, attachments, issues so far.
    page = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # What is searched: the texts by how much they weigh (see kinds.Projection), the kind's own facets as pairs of
    # name and value, and the title without accents for suggestions.
    weighted = models.JSONField(default=dict)
    facets = models.JSONField(default=list)
    # The departments that took the record over and use it; see governance.uses.
    used_by = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    folded = models.TextField()

    tags = TaggableManager(through=TaggedEntry, blank=True)

    class Meta:
        ordering = ["-published_at", "-record_id"]
        constraints = [models.UniqueConstraint(name="entry_number", fields=["kind", "number"])]
        indexes = [
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="entry_trigram"),
            GinIndex(name="entry_audiences", fields=["audiences"]),
            GinIndex(name="entry_tags", fields=["tag_keys"]),
            models.Index(name="entry_newest", fields=["-published_at", "-record"]),
            models.Index(name="entry_by_kind", fields=["kind", "-published_at"]),
            models.Index(name="entry_by_department", fields=["department", "-published_at"]),
            models.Index(name="entry_by_owner", fields=["owner", "-published_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.short_number} {self.title}"

    @property
    def url(self) -> str:
        from governance import kinds

        return kinds.get(self.kind).record_url(self.number, self.slug)

    @property
    def kind_label(self) -> str:
        from governance import kinds

        return str(kinds.get(self.kind).label)

    @property
    def tag_names(self) -> list[dict[str, str]]:
        return list(self.tag_list)

    @property
    def was_confirmed(self) -> bool:
        """Whether somebody has said since the approval that it still holds."""
        return self.confirmed_at is not None and self.confirmed_at > self.published_at

    @property
    def is_overdue(self) -> bool:
        """Whether the day of its check-up has passed."""
        return self.check_up_on is not None and self.check_up_on < clock.today()


class PublishedLink(models.Model):
    """A published version's reference to another record, so that it can be followed backwards."""

    source = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="link_once", fields=["source", "target"])]
