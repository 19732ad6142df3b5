"""The landscape of all published process models: as a map, a table, tiles, and as CSV."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import rules
from governance.addresses import absolute
from governance.handover import addresses
from governance.http import standing_of
from processmodels import landscape as overview
from processmodels.delimited import as_text
from processmodels.models import Classification, Maturity


@require_safe
def landscape(request: HttpRequest) -> HttpResponse:
    """All published process models, by department and life cycle; the state stands in the URL."""
    departments = overview.branches()
    if moved := addresses.redirected(request, {branch.slug for branch in departments}, "department"):
        return moved
    wanted = overview.Filter.read(request.GET, departments)
    totals = overview.totals(overview.scope(wanted, departments))
    total = totals.listed(wanted)
    context: dict[str, Any] = {
        "wanted": wanted,
        "total": total,
        "totals": totals,
        "views": _views(wanted),
        "gaps": _gaps(wanted, totals),
        "departments": departments,
        "life_cycles": overview.LIFE_CYCLES,
        "classifications": dict(Classification.choices),
        "page_query": wanted.url_query(),
        "may_write": standing_of(request).is_change_team_member,
        "may_import": rules.may_import(standing_of(request)),
    }
    if wanted.view == "map":
        context["map"] = overview.draw_map(wanted, departments, total)
    else:
        page = Paginator(range(total), overview.PAGE_SIZE).get_page(request.GET.get("page"))
        first = (page.number - 1) * overview.PAGE_SIZE
        rows = overview.listed(wanted, departments)[first : first + overview.PAGE_SIZE]
        context |= {
            "page": page,
            "processes": list(rows),
            "headings": overview.headings(wanted),
            "orders": _orders(wanted),
        }
    return render(request, "processmodels/landscape.html", context)


def _views(wanted: overview.Filter) -> list[dict[str, Any]]:
    return [
        {"label": label, "query": wanted.url_query(view=name), "active": name == wanted.view}
        for name, label in overview.VIEWS.items()
    ]


def _orders(wanted: overview.Filter) -> list[dict[str, Any]]:
    """What tiles, which have no headings, are sorted by: the same words as on the page of the search."""
    orders = {"title": _("Nach Titel"), "-published": _("Neueste zuerst"), "-uses": _("Am meisten nachgenutzt")}
    return [
        {"label": label, "query": wanted.url_query(sort=name), "active": name == wanted.sort}
        for name, label in orders.items()
    ]


def _gaps(wanted: overview.Filter, totals: overview.Totals) -> list[dict[str, Any]]:
    """One link for each gap; the active one leads back to all."""
    return [
        {
            "label": label,
            "count": totals.gaps[name],
            "query": wanted.url_query(gap="" if name == wanted.gap else name),
            "active": name == wanted.gap,
        }
        for name, label in overview.GAPS.items()
    ]


@require_safe
def landscape_csv(request: HttpRequest) -> HttpResponse:
    """The table as a file for Excel: all rows of the filter in its order, separated by semicolons."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="prozesse.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(
        [
            *(_("Kurznummer"), _("Titel"), _("Zweck"), _("Bereich"), _("Stand"), _("Prozessart")),
            *(_("Leistungsschlüssel"), _("Reifegrad online"), _("Fälle im Jahr"), _("Medienbrüche weniger")),
            *(
                _("Tage Wartezeit weniger"),
                _("nachgenutzt von"),
                _("Nachher"),
                _("gemessene Kennzahl"),
                _("freigegeben am"),
            ),
            *(_("Wiedervorlage"), _("Adresse")),
        ]
    )
    departments = overview.branches()
    if moved := addresses.redirected(request, {branch.slug for branch in departments}, "department"):
        return moved
    wanted = overview.Filter.read(request.GET, departments)
    for process in overview.listed(wanted, departments).iterator(chunk_size=500):
        writer.writerow(_csv_row(process))
    return response


def _csv_row(process: Any) -> list[str]:
    entry, yes_no = process.entry, {True: _("ja"), False: _("nein")}
    texts = [
        entry.short_number,
        entry.title,
        entry.summary,
        entry.department_name,
        process.life_cycle_label,
        str(dict(Classification.choices).get(process.classification, "")),
        process.service_key,
        str(dict(Maturity.choices).get(process.maturity, "")),
    ]
    return [
        *map(as_text, texts),
        *map(_number, (process.cases_a_year, process.media_breaks, process.days, len(entry.used_by))),
        yes_no[process.has_to_be],
        yes_no[process.has_measured],
        f"{entry.published_at:%d.%m.%Y}",
        f"{entry.check_up_on:%d.%m.%Y}" if entry.check_up_on else "",
        absolute(f"/{entry.short_number}"),
    ]


def _number(number: Decimal | int | None) -> str:
    """As a German spreadsheet reads it: 12,5; empty where nothing is known."""
    return "" if number is None else f"{Decimal(number).normalize():f}".replace(".", ",")


@require_safe
def how_to_draw(request: HttpRequest) -> HttpResponse:
    """A short page for people who never drew a process."""
    return render(request, "processmodels/how_to_draw.html")
