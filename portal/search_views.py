"""The page of results."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.handover import addresses
from portal import search as searching
from portal.asked import FILTERS, SORTS, Query
from portal.missing.counting import counted
from portal.search import near_tags, suggesting

# Filters whose values are addresses of departments.
OF_DEPARTMENTS = ("department", "adopted_by")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search over what is published; its state stands in the URL."""
    results = searching.search(Query.read(request.GET))
    query = results.query
    named = [value for (name, value), _label in results.labels.items() if name in OF_DEPARTMENTS]
    if moved := addresses.redirected(request, named, *OF_DEPARTMENTS):
        return moved
    context = {
        "results": results,
        "query": query,
        "sorts": [
            {"key": key, "label": label, "query": query.url_query(sort=key), "active": key == query.order}
            for key, label in SORTS.items()
            if key != "best" or query.text
        ],
        "active": _active(results),
        "page": results.page,
        "page_query": query.url_query(),
        "without_filters": query.url_query(filters={}),
        "corrected": query.url_query(text=results.corrected) if results.mended else "",
        "fewer_filters": [] if results.total else _fewer(results),
        "elsewhere": [(source, source.link_for(query.text)) for source in results.elsewhere if query.text],
        "near": near_tags(query.text) if results.has_words and not results.total else [],
    }
    return counted(request, render(request, "portal/search.html", context), results)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """While typing: titles, tags and departments that hold what was typed, each with its page."""
    found = suggesting.suggest(request.GET.get("q", ""))
    return JsonResponse({"suggestions": [vars(one) for one in found]})


def _active(results: searching.Results) -> list[dict[str, Any]]:
    """The chosen filters with the search that takes each of them away."""
    known = {(facet.name, value.value): value.label for facet in results.facets for value in facet.values}
    return [
        {
            "label": known.get((name, value)) or searching.label_of(name, value, results.labels.get((name, value), "")),
            "facet": FILTERS[name],
            "query": results.query.toggled(name, value),
        }
        for name, values in results.query.filters.items()
        for value in values
    ]


def _fewer(results: searching.Results) -> list[dict[str, Any]]:
    """The filters without which something is found, with how much that is."""
    query = results.query
    return [
        {
            "facet": FILTERS[name],
            "count": count,
            "query": query.url_query(filters={n: v for n, v in query.filters.items() if n != name}),
        }
        for name, count in results.without.items()
    ]
