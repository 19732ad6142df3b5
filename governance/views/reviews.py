"""The committee's queue, on screen and on paper, and its sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from governance import clock, differences, queries, rules
from governance.audit import record_event
from governance.forms import MeetingChoiceForm, MeetingForm
from governance.http import posted_from, standing_of, told_ok
from governance.models import Department, Meeting, Review

QUEUE_SIZE = 25
MEETINGS_SHOWN = 5
SOON_WORKING_DAYS = 3
# In the address, and what it is called.
SHOWN = {
    "overdue": gettext_lazy("überfällig"),
    "due": gettext_lazy("bald fällig"),
    "claimed": gettext_lazy("wird geprüft"),
    "free": gettext_lazy("um die sich noch niemand kümmert"),
}


def _require_committee(request: HttpRequest) -> None:
    if not standing_of(request).is_committee:
        raise PermissionDenied


def _rows(request: HttpRequest, reviews: Iterable[Review]) -> list[dict[str, Any]]:
    listed = list(reviews)
    amounts = differences.amounts(listed)
    today = clock.today()
    return [
        {
            "review": review,
            "amount": amounts[review.pk],
            "overdue": review.due_on < today,
            "mine": rules.is_author(standing_of(request), review),
        }
        for review in listed
    ]


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the committee, the most urgent first."""
    _require_committee(request)
    return _queue(request, MeetingForm())


def _queue(request: HttpRequest, form: MeetingForm, code: int = 200) -> HttpResponse:
    slug = request.GET.get("department", "")
    department = Department.objects.filter(slug=slug[:60]).first() if slug else None
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    found = _narrowed(queries.open_reviews(standing_of(request)), department, shown)
    page = Paginator(found, QUEUE_SIZE).get_page(request.GET.get("page"))
    query = {"department": department.slug if department else "", "show": shown}
    context = {
        "department": department,
        "shown": SHOWN.get(shown, ""),
        "page_query": urlencode({name: value for name, value in query.items() if value}),
        "page": page,
        "rows": _rows(request, page),
        "meeting_form": form,
        "meetings": Meeting.objects.all()[:MEETINGS_SHOWN],
    }
    return render(request, "governance/queue.html", context, status=code)


def _narrowed(found: QuerySet[Review], department: Department | None, shown: str) -> QuerySet[Review]:
    """What waits, of one department or in one respect."""
    today = clock.today()
    soon = clock.add_working_days(today, SOON_WORKING_DAYS)
    if department is not None:
        found = found.filter(record__owner__department=department)
    match shown:
        case "overdue":
            return found.filter(due_on__lt=today)
        case "due":
            return found.filter(due_on__gte=today, due_on__lte=soon)
        case "claimed":
            return found.filter(claimed_by__isnull=False)
        case "free":
            return found.filter(claimed_by=None)
    return found


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """All that waits, as a list for a meeting (which one may be named)."""
    _require_committee(request)
    chosen = MeetingChoiceForm(request.GET)
    context = {
        "rows": _rows(request, queries.open_reviews(standing_of(request))),
        "today": clock.today(),
        "form": chosen,
        "meeting": chosen.cleaned_data["meeting"] if chosen.is_valid() else None,
    }
    return render(request, "governance/queue_print.html", context)


@posted_from(lambda: reverse("governance:reviews"))
def meeting(request: HttpRequest) -> HttpResponse:
    """Note a session of the committee, to be named by decisions."""
    _require_committee(request)
    form = MeetingForm(request.POST)
    if not form.is_valid():
        return _queue(request, form, code=422)
    made = form.save()
    record_event("create_meeting", actor=standing_of(request).user, meeting=made.pk)
    told_ok(request, _("Die Sitzung ist angelegt. Setzen Sie jetzt Texte auf ihre Liste."))
    return redirect(made)
