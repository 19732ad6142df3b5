"""Occurrences with what their pages show."""

from __future__ import annotations

from django.http import Http404

from transfer.models import Occurrence


def fetch(pk: int) -> Occurrence:
    """One occurrence with its format; all staff may see that it takes place. Raises Http404."""
    found = Occurrence.objects.select_related("format__team").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
