"""Words of the vocabulary that look like what was typed, for a search that found nothing."""

from __future__ import annotations

from django.contrib.postgres.search import TrigramWordSimilarity

from governance.models import Tag

MOST = 6
ALIKE = 0.4
# More of a text is no word.
LOOKED_AT = 200


def near_tags(text: str) -> list[Tag]:
    """Tags in use that resemble a part of `text`."""
    if not text:
        return []
    return list(
        Tag.objects.annotate(likeness=TrigramWordSimilarity(text[:LOOKED_AT], "name"))
        .filter(likeness__gt=ALIKE, merged_into=None, tagged_entries__isnull=False)
        .order_by("-likeness")
        .distinct()[:MOST]
    )
