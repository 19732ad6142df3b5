"""The page of results."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import search as searching
from portal.asked import FILTERS, SORTS, Query
from portal.missing.counting import counted
from portal.search import near_tags


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search over what is published; its state stands in the URL."""
    results = searching.search(Query.read(request.GET))
    query = results.query
    context = {
        "results": results,
        "query": query,
        "sorts": [
            {"label": label, "query": query.url_query(sort=key), "active": key == query.order}
            for key, label in SORTS.items()
        ],
        "active": _active(results),
        "page": results.page,
        "page_query": query.url_query(),
        "without_filters": query.url_query(filters={}),
        "corrected": query.url_query(text=results.corrected) if results.mended else "",
        "near": [] if results.total else near_tags(query.text),
    }
    return counted(request, render(request, "portal/search.html", context), results)


def _active(results: searching.Results) -> list[dict[str, Any]]:
    """The chosen filters with the search that takes each of them away."""
    known = {(facet.name, value.value): value.label for facet in results.facets for value in facet.values}
    return [
        {
            "label": known.get((name, value)) or searching.label_of(name, value, ""),
            "facet": FILTERS[name],
            "query": results.query.toggled(name, value),
        }
        for name, values in results.query.filters.items()
        for value in values
    ]
