"""What staff see first: start page, search, tags, tasks, help, short numbers."""

from __future__ import annotations

from typing import Any

import psycopg
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Count, Q, Value
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from governance import kinds, queries, worklists
from governance.models import CatalogueEntry, Tag
from governance.rules import Standing
from governance.text.clean import slugify_de
from portal import browsing
from portal.context import task_counts
from transfer.week import choosing

NEWEST = 6
OF_MY_DEPARTMENT = 4
TASKS_SHOWN, LISTS_SHOWN = 5, 3
TASKS_LISTED = 100
LIST_SIZE = 20
HELP_PAGES = {
    "staff": _("Für alle Beschäftigten"),
    "change-team": _("Für Change-Management-Teams"),
    "committee": _("Für Mitglieder des Gremiums"),
    "administration": _("Für die Administration"),
    "datenschutz": _("Datenschutz im Portal"),
}


def _standing(request: HttpRequest) -> Standing:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    return standing


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search in the middle; newly published; what waits for me; my department; ways to browse."""
    department_id = _standing(request).department_id or 0
    browse = browsing.load(department_id)
    newest, of_the_week = _newest_and_of_the_week(_standing(request))
    context = {
        "of_the_week": of_the_week,
        "newest": newest,
        "department_entries": queries.catalogue().filter(department_id=department_id)[:OF_MY_DEPARTMENT],
        "department": browse.own_department,
        "work_lists": _work_lists(request, TASKS_SHOWN, filled=LISTS_SHOWN),
        "facets": browse.facets,
    }
    return render(request, "portal/home.html", context)


def _newest_and_of_the_week(standing: Standing) -> tuple[list[CatalogueEntry], CatalogueEntry | None]:
    """What came out last, and the learning of the week, in one query."""
    newest = queries.catalogue().annotate(is_of_the_week=Value(False))[:NEWEST]
    chosen = choosing.entry_for(standing.department_id).annotate(is_of_the_week=Value(True)).order_by()
    rows: list[CatalogueEntry] = [*newest.union(chosen, all=True)]
    found = [row for row in rows if not vars(row)["is_of_the_week"]]
    found.sort(key=lambda row: (row.published_at, row.record_id), reverse=True)
    return found, next((row for row in rows if vars(row)["is_of_the_week"]), None)


def _work_lists(request: HttpRequest, limit: int, filled: int | None = None) -> list[dict[str, Any]]:
    """The person's lists, each with its first rows and how many there are; `filled`: so many, and none empty."""
    counts = task_counts(request)
    pairs = worklists.lists_for(_standing(request))
    if filled is not None:
        pairs = sorted((pair for pair in pairs if counts[pair[0].key]), key=lambda pair: pair[0].is_own_work)[:filled]
    return [
        {
            "list": work_list,
            "rows": list(map(work_list.row, query[:limit])) if counts[work_list.key] else [],
            "count": counts[work_list.key],
            "more": max(0, counts[work_list.key] - limit),
        }
        for work_list, query in pairs
    ]


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person, list by list."""
    return render(request, "portal/tasks.html", {"work_lists": _work_lists(request, TASKS_LISTED)})


@require_safe
def tag_index(request: HttpRequest) -> HttpResponse:
    """All words of the vocabulary that are in use, with their number of published records."""
    tags = (
        Tag.objects.filter(merged_into=None)
        .annotate(entries=Count("tagged_entries"))
        .filter(entries__gt=0)
        .order_by("name")
    )
    groups: dict[str, list[Tag]] = {}
    for tag in sorted(tags, key=lambda tag: slugify_de(tag.name)):
        groups.setdefault(slugify_de(tag.name)[:1].upper(), []).append(tag)
    return render(request, "portal/tag_index.html", {"groups": groups})


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """What is published under one tag, the newest first. A merged tag leads to its successor."""
    counted = Tag.objects.select_related("merged_into").annotate(entries=Count("tagged_entries"))
    word = counted.filter(slug=slug).first()
    if word is None:
        raise Http404
    if word.merged_into is not None:
        return redirect("tag", slug=word.merged_into.slug, permanent=True)
    entries = queries.catalogue().filter(tag_keys__contains=[word.pk])
    if not word.entries:
        raise Http404
    paginator = Paginator(entries, LIST_SIZE)
    paginator.count = word.entries  # counted with the word already
    page = paginator.get_page(request.GET.get("page"))
    return render(request, "portal/tag.html", {"tag": word, "page": page})


@require_safe
def suggest_tags(request: HttpRequest) -> JsonResponse:
    """Words of the vocabulary that begin with, or contain, what was typed; published use counted."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = Tag.objects.none()
    if typed:
        known = Q(tagged_entries__isnull=False) | Q(confirmed_at__isnull=False)
        found = (
            Tag.objects.filter(known, merged_into=None, name__icontains=typed)
            .annotate(entries=Count("tagged_entries", distinct=True))
            .order_by("-entries", "name")[:8]
        )
    return JsonResponse({"tags": [{"name": word.name, "count": word.entries} for word in found]})


@require_safe
def short_number(request: HttpRequest, letter: str, number: str) -> HttpResponse:
    """/L-17 leads to the record's page, published, archived or (for its team) still a draft."""
    kind = kinds.by_letter(letter)
    if kind is None or int(number) > 2**31 - 1:
        raise Http404
    standing = _standing(request)
    record = queries.fetch_readable_record(standing, kind.key, int(number))
    entry = CatalogueEntry.objects.filter(pk=record.pk).first()
    if entry is not None:
        return redirect(entry.url)
    # What is not published shows its team (and whoever else may) the way on, all others why it is gone.
    return redirect(kind.record_url(record.number, slugify_de(queries.title_for(standing, record))))


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help/index.html", {"pages": HELP_PAGES})


@require_safe
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One short page for each role."""
    if slug not in HELP_PAGES:
        raise Http404
    return render(request, f"portal/help/{slug}.html", {"pages": HELP_PAGES, "slug": slug})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the portal keeps about a person: to be read before one signs in."""
    return render(request, "portal/help/datenschutz.html")


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For the load balancer: 200 when the database answers, 503 when it does not.

    Asked on a connection of its own: those of the pool may all be waiting for the same database.
    """
    try:
        with psycopg.connect(**{**connection.get_connection_params(), "connect_timeout": 2}) as own:
            own.execute("SELECT 1")
    except Exception:
        return HttpResponse("database unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
