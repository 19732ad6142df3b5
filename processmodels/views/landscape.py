"""The landscape of all published process models: as a map, a table, tiles, and as CSV."""

from __future__ import annotations

import csv
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.http import standing_of
from governance.models import Department
from processmodels import landscape as overview
from processmodels.models import Classification, LifeCycle


@require_safe
def landscape(request: HttpRequest) -> HttpResponse:
    """All published process models, by department and life cycle; the state stands in the URL."""
    wanted = overview.Filter.read(request.GET)
    page = Paginator(overview.published(wanted), overview.PAGE_SIZE).get_page(request.GET.get("page"))
    departments = dict(Department.objects.filter(entries__kind="process_model").values_list("pk", "slug"))
    processes = list(page.object_list)
    context: dict[str, Any] = {
        "page": page,
        "processes": processes,
        "wanted": wanted,
        "views": _ways(wanted, "view", overview.VIEWS),
        "life_cycles": _ways(wanted, "life_cycle", {"": _("alle"), **dict(LifeCycle.choices)}),
        "sorts": {name: wanted.url_query(sort=name) for name in overview.SORTS},
        "columns": overview.columns(),
        "lines": overview.lines(processes, departments) if wanted.view == "map" else [],
        "totals": overview.totals(),
        "gaps": overview.GAPS,
        "gap_links": _ways(wanted, "gap", overview.GAPS),
        "page_query": wanted.url_query(),
        "may_write": standing_of(request).is_change_team_member,
    }
    return render(request, "processmodels/landscape.html", context)


def _ways(wanted: overview.Filter, name: str, labels: Any) -> list[dict[str, Any]]:
    """One link for each value of a filter; the active one leads back to all."""
    current = getattr(wanted, name)
    return [
        {
            "value": value,
            "label": label,
            "query": wanted.url_query(**{name: "" if value == current and name != "view" else value}),
            "active": value == current,
        }
        for value, label in labels.items()
    ]


@require_safe
def landscape_csv(request: HttpRequest) -> HttpResponse:
    """The table as a file for Excel: all rows of the filter, separated by semicolons."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="prozesse.csv"'
    writer = csv.writer(response, delimiter=";")
    heads = (_("Kurznummer"), _("Titel"), _("Bereich"), _("Stand"), _("Prozessart"), _("Leistungsschlüssel"))
    writer.writerow([*heads, _("Fälle im Jahr"), _("Zweck"), _("freigegeben am")])
    cycles, classes = dict(LifeCycle.choices), dict(Classification.choices)
    for process in overview.published(overview.Filter.read(request.GET)).iterator(chunk_size=500):
        entry = process.entry
        cells = [
            entry.short_number,
            entry.title,
            entry.department_name,
            str(cycles.get(process.life_cycle, "")),
            str(classes.get(process.classification, "")),
            process.service_key,
            "" if process.cases_a_year is None else str(process.cases_a_year),
            entry.summary,
            f"{entry.published_at:%d.%m.%Y}",
        ]
        writer.writerow([_as_text(cell) for cell in cells])
    return response


def _as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell


@require_safe
def how_to_draw(request: HttpRequest) -> HttpResponse:
    """A short page for people who never drew a process."""
    return render(request, "processmodels/how_to_draw.html")
