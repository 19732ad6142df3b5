"""The page of a check-up: to confirm, to revise, or to archive."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from governance import kinds, queries, rules, status, workflow
from governance.http import standing_of
from governance.models import Record
from governance.text.clean import slugify_de
from governance.upkeep import dates


@require_safe
def check_up(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    """Where the mail leads; only the buttons on it do something. For the owning team."""
    standing = standing_of(request)
    record = queries.fetch_record(standing, kind, number)
    if not rules.may_edit(standing, record):
        raise PermissionDenied
    title, of_kind = queries.title_for(standing, record), kinds.get(kind)

    def url(name: str) -> str:
        return of_kind.url(name, record.number, slugify_de(title))

    if not workflow.is_published(record):
        return redirect(url("versions"))
    leads = rules.may_confirm(standing, record)
    is_locked = record.state == Record.State.IN_REVIEW
    context = {
        "record": record,
        "title": title,
        "status": status.of(standing, record),
        "interval": dates.in_words(dates.months_of(record)),
        "next_day": dates.next_day(record),
        "may_confirm": leads,
        "is_locked": is_locked,
        "may_archive": leads and not is_locked,
        "read_url": url("record"),
        "edit_url": url("edit"),
        "confirm_url": url("confirm"),
        "archive_url": url("archive"),
        "history_url": url("versions"),
        "administration_url": url("administration"),
    }
    return render(request, "governance/upkeep/check_up.html", context)
