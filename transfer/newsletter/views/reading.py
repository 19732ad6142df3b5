"""Reading an issue, releasing it, and its files."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.http import posted_from, standing_of, told_ok, told_refused
from governance.rules import Standing
from governance.text.clean import slugify_de
from transfer import rules
from transfer.errors import ChangedIssue
from transfer.http import download
from transfer.models import ExchangeFormat, NewsletterIssue
from transfer.newsletter import files, letter, queries, services

SHOWN = 12


@require_safe
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """An issue to read; before its release a preview for the team, with the way to release it."""
    return _page(request, queries.fetch(standing_of(request), pk))


def _page(
    request: HttpRequest, found: NewsletterIssue, conflict: ChangedIssue | None = None, status: int = 200
) -> HttpResponse:
    standing = standing_of(request)
    told = letter.of(found)
    context = {
        "issue": found,
        "letter": told,
        "files": [
            {"label": kind.label, "url": reverse("transfer:issue_file", args=[found.pk, ending])}
            for ending, kind in files.KINDS.items()
        ],
        "missing": [piece.short_number for piece in told.pieces if piece.is_missing],
        "conflict": conflict,
        "may_prepare": rules.may_prepare(standing, found.format),
        "may_release": rules.may_organise(standing, found.format),
        "way": way_to(found),
    }
    return render(request, "transfer/newsletter/issue.html", context, status=status)


@posted_from(lambda pk: reverse("transfer:issue", args=[pk]))
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an issue out as it was looked at."""
    standing = standing_of(request)
    found = queries.fetch(standing, pk)
    seen = request.POST.get("seen", "")
    known = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
    try:
        services.release(standing=standing, issue=found, seen=known)
    except ChangedIssue as error:
        return _page(request, queries.fetch(standing, pk), error, status=409)
    except ValidationError as error:
        told_refused(request, error)
    else:
        told_ok(request, _("Freigegeben. Jetzt können Sie die Ausgabe als E-Mail-Entwurf oder Datei verschicken."))
    return redirect(found)


@require_safe
def issue_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The issue as a file; before the release for its team alone, marked as a preview."""
    found = queries.fetch(standing_of(request), pk)
    kind = files.KINDS.get(ending)
    if kind is None:
        raise Http404
    name = slugify_de(f"{found.format.name} {found.number or _('Vorschau')} {found.title}")
    return download(kind.make(letter.of(found)), kind.media_type, f"{name}.{ending}")


def way_to(found: NewsletterIssue, here: str = "") -> list[tuple[str, str | None]]:
    """The breadcrumb of an issue and of the pages below it."""
    way: list[tuple[str, str | None]] = [
        (_("Weitergeben"), reverse("transfer:formats")),
        (found.format.name, found.format.get_absolute_url()),
    ]
    return [*way, (found.title, found.get_absolute_url()), (here, None)] if here else [*way, (found.title, None)]


def archive(request: HttpRequest, standing: Standing, exchange_format: ExchangeFormat) -> dict[str, Any]:
    """What the page of a newsletter shows: its issues, and for the team those in preparation."""
    if not exchange_format.is_newsletter:
        return {}
    own = rules.may_prepare(standing, exchange_format)
    return {
        "issues": Paginator(queries.released(exchange_format), SHOWN).get_page(request.GET.get("page")),
        "in_preparation": list(queries.in_preparation(exchange_format)) if own else [],
    }
