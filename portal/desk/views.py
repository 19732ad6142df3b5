"""The committee's desk and the lists behind it."""

from __future__ import annotations

import csv
from operator import attrgetter

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import clock
from governance.addresses import absolute
from governance.http import only_for
from governance.meetings import queries as meetings
from governance.models import Review
from portal.desk import queries
from portal.missing import queries as missing
from portal.missing.models import MissingNote
from portal.synonyms.models import SynonymGroup
from processmodels.delimited import as_text

LIST_SIZE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2100
for_committee = only_for(attrgetter("is_committee"))


@require_safe
@for_committee
def desk(request: HttpRequest) -> HttpResponse:
    """Everything on one page; each number leads to the list behind it."""
    departments, year = queries.living_departments(), clock.today().year
    tags, searches = list(queries.new_tags()), list(missing.fruitless()[: missing.LISTED])
    asleep = queries.sleeping(departments)
    context = {
        "queue": queries.waiting(),
        "next_meeting": meetings.next_meeting(),
        "year": year,
        "decided": queries.numbers_of(year),
        "tags": tags[: queries.TAGS_SHOWN],
        "tags_more": max(0, len(tags) - queries.TAGS_SHOWN),
        "synonyms": SynonymGroup.in_force.count(),
        "notes": MissingNote.objects.filter(status=MissingNote.Status.OPEN).count(),
        "quiet": queries.quiet_departments(departments),
        "not_adopted": queries.not_adopted_by_department(),
        "searches": searches[: queries.SEARCHES_SHOWN],
        "searches_more": max(0, len(searches) - queries.SEARCHES_SHOWN),
        "fewest": missing.FEWEST_DAYS,
        "days": settings.SEARCHES_KEPT_DAYS,
        "asleep": asleep[: queries.FORMATS_SHOWN],
        "asleep_more": max(0, len(asleep) - queries.FORMATS_SHOWN),
    }
    return render(request, "portal/desk/desk.html", context)


def _way(here: str) -> list[tuple[str, str | None]]:
    return [(_("Überblick des Gremiums"), reverse("desk")), (here, None)]


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else clock.today().year


@require_safe
@for_committee
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided in a year, to look up and to take along."""
    year = _year(request)
    page = Paginator(queries.decisions(year), LIST_SIZE).get_page(request.GET.get("page"))
    here = _("Entscheidungen %(year)d") % {"year": year}
    context = {
        "page": page,
        "year": year,
        "years": queries.years(),
        "csv_url": f"{reverse('desk_decisions_csv')}?year={year}",
        "page_query": f"year={year}",
        "decided": queries.numbers_of(year),
        "here": here,
        "way": _way(here),
    }
    return render(request, "portal/desk/decisions.html", context)


@require_safe
@for_committee
def decisions_csv(request: HttpRequest) -> HttpResponse:
    """All of the year, separated by semicolons; without the names of who decided."""
    year = _year(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="entscheidungen-{year}.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(
        [
            *(_("Datum"), _("Kurznummer"), _("Titel"), _("Version"), _("Bereich"), _("Team")),
            *(_("Entscheidung"), _("Begründung"), _("Sitzung"), _("Adresse")),
        ]
    )
    for review in queries.decisions(year).iterator(chunk_size=500):
        writer.writerow(_csv_row(review))
    return response


def _csv_row(review: Review) -> list[str]:
    owner, decided_at = review.record.owner, review.decided_at
    return [
        f"{clock.local(decided_at):%d.%m.%Y}" if decided_at else "",
        review.record.short_number,
        as_text(review.version.title),
        str(review.version.number),
        as_text(owner.department.name if owner.department else ""),
        as_text(owner.name),
        review.get_status_display(),
        as_text(review.reason),
        as_text(review.meeting.title if review.meeting else ""),
        absolute(reverse("governance:review", args=[review.pk])),
    ]


@require_safe
@for_committee
def not_adopted(request: HttpRequest) -> HttpResponse:
    """Measures that nobody else has taken up yet, of one department or all."""
    chosen = request.GET.get("department", "")
    groups = queries.not_adopted_by_department()
    entries = queries.not_adopted()
    if chosen := chosen if chosen in {row["department__slug"] for row in groups} else "":
        entries = entries.filter(department__slug=chosen)
    here = _("Noch von niemandem nachgenutzt")
    context = {
        "page": Paginator(entries, LIST_SIZE).get_page(request.GET.get("page")),
        "groups": groups,
        "total": sum(row["n"] for row in groups),
        "chosen": chosen,
        "page_query": f"department={chosen}" if chosen else "",
        "here": here,
        "way": _way(here),
    }
    return render(request, "portal/desk/not_adopted.html", context)
