"""The mark of approval in words, for everything that leaves the portal."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def words(*, issue: int | None, released_on: date | None) -> str:
    """Such as "Ausgabe 3, freigegeben am 3. Mai 2025"; for a draft, which has no issue, that it is one."""
    if not issue or not released_on:
        return _("Entwurf, nicht freigegeben")
    return _("Ausgabe %(number)d, freigegeben am %(day)s") % {
        "number": issue,
        "day": date_format(released_on, "j. F Y"),
    }
