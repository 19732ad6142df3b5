"""The dashboard, its numbers as a file, and the lists behind them. For everybody who is signed in."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.models import Department
from portal.dashboard import lists, plot, queries
from portal.dashboard.figures import ADOPTED, ANSWERED, ASKED, CONFIRMED, FIGURES, PUBLISHED, Figure, Number
from portal.dashboard.queries import Dashboard, Line
from portal.dashboard.selection import EVERYTHING, Period, Selection
from processmodels.delimited import as_text

# The figures that stand together on a panel, each panel with one plot.
PANELS = ((PUBLISHED,), (ADOPTED,), (CONFIRMED,), (ASKED, ANSWERED))


def _load(request: HttpRequest) -> tuple[Dashboard, list[Department]]:
    every = queries.departments()
    return queries.dashboard(Selection.read(request.GET, every), every, queries.counts()), every


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Two statements, however much there is."""
    shown, every = _load(request)
    selection = shown.selection
    context = {
        "shown": shown,
        "selection": selection,
        "query": selection.url_query(),
        "figures": [(figure, shown.since.get(key)) for key, figure in FIGURES.items()],
        "panels": [_panel(shown, keys) for keys in PANELS],
        "course": [_row(line) for line in shown.course],
        "total": _row(Line("", shown.totals, selection.url_query())),
        "by_department": [_row(line, lengths) for line, lengths in plot.bars(shown.by_department)],
        "periods": _periods(shown.years),
        "departments": [(one, "– " * depth + one.name) for one, depth in queries.tree(every)],
    }
    return render(request, "portal/dashboard/dashboard.html", context)


def _panel(shown: Dashboard, keys: Sequence[str]) -> dict[str, Any]:
    return {
        "key": keys[0],
        "numbers": [(FIGURES[key], shown.totals[key], _list_url(key, shown.selection.url_query())) for key in keys],
        "plot": plot.over_time(shown.course, keys, shown.selection.period.key),
        "names": [FIGURES[key].label for key in keys] if len(keys) > 1 else (),
        "is_rounded": not FIGURES[keys[0]].is_exact,
    }


def _list_url(key: str, query: str) -> str:
    return f"{reverse('dashboard_list', args=[key])}?{query}"


def _row(line: Line, lengths: Mapping[str, float] | None = None) -> dict[str, Any]:
    cells = [
        {
            "figure": FIGURES[key],
            "number": number,
            "url": _list_url(key, line.query),
            "length": (lengths or {}).get(key),
        }
        for key, number in line.cells.items()
    ]
    return {"line": line, "cells": cells}


def _periods(years: Sequence[int]) -> list[tuple[str, list[Period]]]:
    """To choose from: each year with those of its quarters that have begun, the newest first."""
    return [(str(year), [Period(year), *Period(year).parts(year)]) for year in years]


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The numbers of the page, separated by semicolons: the whole, its course, and by department."""
    shown, _every = _load(request)
    period = shown.selection.period.key
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="zahlen-{period}.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Gezählt nach"), _("Zeitraum oder Bereich"), *map(_head, FIGURES.values())])
    writer.writerow([_("Auswahl"), as_text(shown.selection.label), *_values(shown.totals)])
    for line in shown.course:
        writer.writerow([_("Zeit"), line.label, *_values(line.cells)])
    for line in shown.by_department:
        writer.writerow([_("Bereich"), as_text(line.label), *_values(line.cells)])
    return response


def _head(figure: Figure) -> str:
    if figure.is_exact:
        return str(figure.label)
    return _("%(figure)s (auf Vielfache von drei gerundet)") % {"figure": figure.label}


def _values(numbers: Mapping[str, Number]) -> list[int]:
    return [numbers[key].value for key in FIGURES]


@require_safe
def figure_list(request: HttpRequest, figure: str) -> HttpResponse:
    """What is behind one number, the newest first."""
    if figure not in FIGURES:
        raise Http404
    wanted = FIGURES[figure]
    selection = Selection.read(request.GET, queries.departments())
    page = Paginator(lists.rows_of(wanted, selection), lists.LISTED).get_page(request.GET.get("page"))
    query = selection.url_query()
    context = {
        "figure": wanted,
        "selection": selection,
        "page": page,
        "items": [lists.ITEMS[figure](row) for row in page],
        "page_query": query,
        "further": lists.further(wanted, selection),
        "everything": selection.url_query(period=Period()) if selection.period.key != EVERYTHING else "",
        "way": [(_("Das Portal in Zahlen"), f"{reverse('dashboard')}?{query}"), (str(wanted.label), None)],
    }
    return render(request, "portal/dashboard/list.html", context)
