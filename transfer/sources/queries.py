"""What is listed, and what goes back to it."""

from __future__ import annotations

from governance.models import CatalogueEntry
from transfer.models import ExternalSource

MOST_ENTRIES = 50


def links_for(query: str) -> list[tuple[ExternalSource, str]]:
    """Every listed source, with the link that searches it for `query`."""
    return [(source, source.link_for(query)) for source in ExternalSource.objects.filter(removed_at=None)]


def entries_from(source: ExternalSource) -> list[CatalogueEntry]:
    """Published records that name the source among theirs, the latest first."""
    found = CatalogueEntry.objects.filter(page__links__contains=[{"repository": source.name}])
    return list(found.defer("page", "weighted", "facets")[:MOST_ENTRIES])
