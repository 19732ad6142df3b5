"""The texts of a record for newsletter and intranet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.http import standing_of
from governance.rules import may_edit
from transfer import published
from transfer.published import Told


@require_safe
def texts(request: HttpRequest, short_number: str) -> HttpResponse:
    """Teaser and article of what is published, each with a button that copies it."""
    standing = standing_of(request)
    told = published.fetch(standing, short_number)
    written = [
        ("teaser", _("Anreißer"), [told.texts.teaser] if told.texts.teaser else []),
        ("article", _("Artikel"), told.texts.paragraphs),
    ]
    context = {
        "told": told,
        "written": [
            {"key": key, "label": label, "paragraphs": parts, "length": len("\n\n".join(parts))}
            for key, label, parts in written
        ],
        "is_team": may_edit(standing, told.entry),
        "poster": published.poster_of(told.entry),
        "way": way_to(told, _("Für Newsletter und Intranet")),
    }
    return render(request, "transfer/texts/texts.html", context)


def way_to(told: Told, here: str) -> list[tuple[str, str | None]]:
    """The breadcrumb of a page below a record's."""
    return [
        (str(told.kind.label_plural), reverse(f"{told.kind.url_namespace}:list")),
        (f"{told.short_number} {told.title}", told.entry.url),
        (here, None),
    ]
