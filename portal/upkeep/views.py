"""The overview of upkeep, each of its lists as a page and as a file, and what is said of a link or a pair."""

from __future__ import annotations

import csv
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from governance import clock
from governance.http import posted_from, standing_of, told_ok, told_refused
from governance.upkeep.scope import scope_for
from portal.upkeep import services
from portal.upkeep.lists import BY_KEY, LISTS, WEEKS, Asked, UpkeepList, counts
from portal.upkeep.models import LikePair
from portal.upkeep.queries import A_YEAR
from processmodels.delimited import as_text
from transfer.models import ExternalSource

LISTED = 25


def _asked(request: HttpRequest) -> Asked:
    """Who asks for what; raises NotAllowed for those who look after nothing."""
    weeks = request.GET.get("weeks", "")
    scope = scope_for(standing_of(request), request.GET.get("department", ""))
    return Asked(standing_of(request), scope, int(weeks) if weeks in map(str, WEEKS) else WEEKS[0])


def _query(asked: Asked, **more: Any) -> str:
    """What of the choice stands in the address."""
    chosen = {"department": asked.scope.department, "weeks": asked.weeks if asked.weeks != WEEKS[0] else ""} | more
    return urlencode({name: value for name, value in chosen.items() if value})


def _frame(asked: Asked, here: str = "") -> dict[str, Any]:
    """What overview and lists share: the filter, and all lists with how much is in them; one statement."""
    amounts = counts(asked)
    return {
        "asked": asked,
        "page_query": _query(asked),
        "lists": [{"list": one, "count": amounts[one.key], "active": one.key == here} for one in LISTS],
    }


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All lists with what they are for and how much is in them."""
    asked = _asked(request)
    return render(request, "portal/upkeep/overview.html", _frame(asked))


def _list(name: str) -> UpkeepList:
    if name not in BY_KEY:
        raise Http404
    return BY_KEY[name]


@require_safe
def one_list(request: HttpRequest, name: str) -> HttpResponse:
    """One list, page by page."""
    shown, asked = _list(name), _asked(request)
    frame = _frame(asked, name)
    total = next(row["count"] for row in frame["lists"] if row["active"])
    page = Paginator(range(total), LISTED).get_page(request.GET.get("page"))
    first = (page.number - 1) * LISTED
    found = list(shown.query(asked)[first : first + LISTED]) if total else []
    weeks = [{"n": n, "active": n == asked.weeks, "query": _query(asked, weeks=n)} for n in WEEKS]
    context = frame | {
        "shown": shown,
        "total": total,
        "page": page,
        "rows": shown.rows(asked, found),
        "weeks": weeks if name == "due" else [],
        "old_sources": _old_sources() if name == "outside" and asked.scope.is_everything else 0,
        "way": [(_("Einträge pflegen"), f"{reverse('upkeep')}?{_query(asked)}"), (str(shown.title), None)],
    }
    return render(request, "portal/upkeep/list.html", context)


def _old_sources() -> int:
    """Of the committee's own list of external sources, how many nobody has looked at for a year."""
    return ExternalSource.objects.filter(removed_at=None, retrieved_on__lt=clock.today() - A_YEAR).count()


@require_safe
def as_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The whole list for a spreadsheet, separated by semicolons."""
    shown, asked = _list(name), _asked(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="pflege-{shown.key}.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow([str(column) for column in shown.columns])
    for row in shown.rows(asked, list(shown.query(asked))):
        writer.writerow([as_text(cell) for cell in shown.line(row)])
    return response


def _back(request: HttpRequest, name: str) -> HttpResponse:
    """To the page of the list that the button stands on."""
    kept = {key: request.GET[key] for key in ("department", "page") if request.GET.get(key)}
    return redirect(f"{reverse('upkeep_list', args=[name])}?{urlencode(kept)}".removesuffix("?"))


@posted_from(lambda key: reverse("upkeep_list", args=["outside"]))
def link(request: HttpRequest, key: str) -> HttpResponse:
    """A person has opened an address outside: it leads where it should, or nowhere."""
    is_reached = request.POST.get("do") != "nowhere"
    try:
        number = services.check_address(standing=standing_of(request), key=key, is_reached=is_reached)
    except ValidationError as error:
        told_refused(request, error, "conflict")
    else:
        told_ok(
            request, _checked(number) if is_reached else _("Notiert. Der Link bleibt hier stehen, bis er ersetzt ist.")
        )
    return _back(request, "outside")


def _checked(number: int) -> str:
    told = ngettext(
        "Geprüft. Das gilt für den einen Eintrag, in dem der Link steht, und für ein Jahr.",
        "Geprüft. Das gilt für alle %(n)d Einträge, in denen der Link steht, und für ein Jahr.",
        number,
    )
    return told % {"n": number}


@posted_from(lambda pk: reverse("upkeep_list", args=["alike"]))
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody says that two records are not the same."""
    found = get_object_or_404(LikePair, pk=pk)
    try:
        services.tell_apart(standing=standing_of(request), pair=found)
    except ValidationError as error:
        told_refused(request, error, "conflict")
    else:
        told_ok(request, _("Notiert: Das sind zwei verschiedene Einträge. Das Paar erscheint nicht wieder."))
    return _back(request, "alike")
