"""The committee's queue, on screen and on paper, and its sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import clock, differences, queries, rules
from governance.audit import record_event
from governance.forms import MeetingChoiceForm, MeetingForm
from governance.http import posted_from, standing_of, told_ok
from governance.models import Meeting, Review

QUEUE_SIZE = 25
MEETINGS_SHOWN = 5


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
    page = Paginator(queries.open_reviews(standing_of(request)), QUEUE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(request, page),
        "meeting_form": form,
        "meetings": Meeting.objects.all()[:MEETINGS_SHOWN],
    }
    return render(request, "governance/queue.html", context, status=code)


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
    told_ok(request, _("Die Sitzung ist angelegt."))
    return redirect("governance:reviews")
