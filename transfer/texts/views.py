"""The texts of a record for newsletter and intranet."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.http import standing_of, told_ok, told_refused
from governance.rules import may_edit
from transfer import published
from transfer.models import NewsletterIssue
from transfer.newsletter import queries as newsletters
from transfer.newsletter import services
from transfer.published import Told


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest, short_number: str) -> HttpResponse:
    """Teaser and article of what is published, each with a button that copies it."""
    standing = standing_of(request)
    told = published.fetch(standing, short_number)
    issues = list(newsletters.that_take(standing, told.entry.record_id))
    if request.method == "POST":
        return _take(request, told, issues)
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
        "issues": issues,
        "is_team": may_edit(standing, told.entry),
        "poster": published.poster_of(told.entry),
        "way": way_to(told, _("Für Newsletter und Intranet")),
    }
    return render(request, "transfer/texts/texts.html", context)


def _take(request: HttpRequest, told: Told, issues: Sequence[NewsletterIssue]) -> HttpResponse:
    """Put the record into one of the issues that the person's teams prepare."""
    chosen = next((issue for issue in issues if str(issue.pk) == request.POST.get("issue")), None)
    if chosen is None:
        raise PermissionDenied
    try:
        services.add_record(standing=standing_of(request), issue=chosen, record=told.entry.record)
    except ValidationError as error:
        told_refused(request, error)
    else:
        told_ok(request, _("Steht in „%s“.") % chosen.title)
    return redirect("transfer:texts", told.short_number)


def way_to(told: Told, here: str) -> list[tuple[str, str | None]]:
    """The breadcrumb of a page below a record's."""
    return [
        (str(told.kind.label_plural), reverse(f"{told.kind.url_namespace}:list")),
        (f"{told.short_number} {told.title}", told.entry.url),
        (here, None),
    ]
