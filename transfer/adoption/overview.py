"""The overview of all adoptions, as a page and as a file for Excel."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import kinds
from governance.addresses import absolute
from governance.handover import addresses
from governance.models import Department
from processmodels.delimited import as_text
from transfer.adoption import queries
from transfer.models import Adoption


@require_safe
def adoptions(request: HttpRequest) -> HttpResponse:
    """Who adopts what, the newest first; the state stands in the URL. Three statements, however many there are."""
    departments = queries.departments()
    if moved := _moved(request, departments):
        return moved
    wanted = queries.Filter.read(request.GET, departments)
    counts = queries.counts(wanted)
    total = counts[wanted.state]
    page = Paginator(range(total), queries.LISTED).get_page(request.GET.get("page"))
    first = (page.number - 1) * queries.LISTED
    rows = [_line(one) for one in queries.listed(wanted)[first : first + queries.LISTED]] if total else []
    context = {
        "wanted": wanted,
        "total": total,
        "page": page,
        "rows": rows,
        "states": _states(wanted, counts),
        "departments": departments,
        "kinds": kinds.every(),
        "page_query": wanted.url_query(),
    }
    return render(request, "transfer/adoption/list.html", context)


def _moved(request: HttpRequest, departments: Sequence[Department]) -> HttpResponse | None:
    return addresses.redirected(request, {one.slug for one in departments}, "department", "source")


def _line(adoption: Adoption) -> dict[str, Any]:
    return {
        "adoption": adoption,
        "short_number": adoption.record.short_number,
        "source_department": vars(adoption)["source_department"] or "",
    }


def _states(wanted: queries.Filter, counts: dict[str, int]) -> list[dict[str, Any]]:
    """One link for each state, with how many there are; the first leads to all."""
    every = [("", _("alle")), *queries.STATES.items()]
    return [
        {
            "label": label,
            "count": counts[state],
            "query": wanted.url_query(state=state),
            "active": state == wanted.state,
        }
        for state, label in every
    ]


@require_safe
def adoptions_csv(request: HttpRequest) -> HttpResponse:
    """All rows of the filter, separated by semicolons."""
    departments = queries.departments()
    if moved := _moved(request, departments):
        return moved
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="nachnutzungen.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(
        [
            *(_("Kurznummer"), _("Titel"), _("von Bereich"), _("Nachnutzung durch"), _("Stand"), _("seit")),
            *(_("archiviert"), _("was angepasst wurde"), _("warum nicht weiter"), _("Adresse")),
        ]
    )
    wanted = queries.Filter.read(request.GET, departments)
    for adoption in queries.listed(wanted).iterator(chunk_size=500):
        writer.writerow(_csv_row(adoption))
    return response


def _csv_row(adoption: Adoption) -> list[str]:
    return [
        adoption.record.short_number,
        as_text(adoption.title),
        as_text(vars(adoption)["source_department"] or ""),
        as_text(adoption.department.name),
        adoption.get_state_display(),
        f"{adoption.since:%d.%m.%Y}",
        _("ja") if adoption.is_archived else _("nein"),
        as_text(adoption.adapted),
        as_text(adoption.reason),
        absolute(adoption.get_absolute_url()),
    ]
