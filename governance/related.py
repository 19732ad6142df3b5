"""Records that a text names: their words for comparing, from the catalogue alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from governance.models import CatalogueEntry


def titles(keys: Collection[int]) -> dict[int, str]:
    """Short number and title of those that are published, by key; one query, or none without keys."""
    if not keys:
        return {}
    entries = CatalogueEntry.objects.filter(pk__in=keys).values_list("pk", "short_number", "title")
    return {pk: f"{short_number} {title}" for pk, short_number, title in entries}


def in_words(keys: Sequence[int], known: Mapping[int, str]) -> list[str]:
    """The records behind `keys` in their order; what is not published has no name here."""
    return [known.get(pk, _("nicht veröffentlicht")) for pk in keys]
