"""The committee's queue and the page on which it decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import (
    clock,
    differences,
    kinds,
    queries,
    reviewing,
    rules,
    status,
    versions,
    workflow,
)
from governance.audit import record_event
from governance.errors import WrongState
from governance.forms import DecisionForm, MeetingChoiceForm, MeetingForm
from governance.http import posted_from, standing_of, told_ok, told_refused
from governance.models import Meeting, Review
from governance.text.clean import slugify_de
from governance.views.history import told_apart, with_answer_forms

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


def _fetch(request: HttpRequest, pk: int) -> Review:
    review = queries.reviews_visible_to(standing_of(request)).filter(pk=pk).first()
    if review is None:
        raise Http404
    review.version.record = review.record
    return review


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Made for two minutes: what changed, the note, earlier comments, the whole text, the decision."""
    found = _fetch(request, pk)
    form = DecisionForm(kind=kinds.get(found.record.kind))
    return _page(request, found, form)


def _page(
    request: HttpRequest, found: Review, form: DecisionForm, code: int = 200, *, kept: bool = False
) -> HttpResponse:
    """The page; `kept` shows what somebody typed whose decision came too late."""
    standing, record, version = standing_of(request), found.record, found.version
    kind = kinds.get(record.kind)
    text = versions.text_of(version)
    slug = slugify_de(version.title)
    base = differences.bases([found]).get(found.pk)
    diffs = differences.between(base.version, version) if base else []
    comments = [c for c in reviewing.comments_of(record) if c.review_id <= found.pk]
    is_team = rules.may_edit(standing, record)
    may_decide = found.is_open and rules.may_decide(standing, found)
    context = {
        "review": found,
        "record": record,
        "version": version,
        "kind": kind,
        "slug": slug,
        "base": kind.record_url(record.number, slug),
        "form": form,
        "kept": [field for field in form.texts if field.value()] if kept else [],
        "too_late": kept,
        "status": status.of(standing, record),
        "base_version": base and base.version,
        "base_published": base and base.published,
        "diffs": [diff for diff in diffs if diff.changed],
        "changes": differences.beyond_words(base.version if base else None, version),
        "page": kind.page_of(text, kind.file_addresses(record.number, slug, version.number)),
        "remarks": form.remarks(versions.values_of(text, kind)) if may_decide else {},
        **told_apart(with_answer_forms(comments) if is_team else comments),
        "labels": {field.name: field.label for field in kind.fields},
        "may_give_back": found.is_open and bool(found.claimed_by_id) and rules.may_give_back(standing, found),
        "may_decide": may_decide,
        "is_author": standing.is_committee and rules.is_author(standing, found),
        "is_team": is_team,
        "sees_names": rules.may_see_names(standing, record),
    }
    return render(request, "governance/review.html", context, status=code)


@posted_from(lambda pk: reverse("governance:review", args=[pk]) + "#entscheidung")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or give back; the second of two deciders is told what the first decided, and keeps the text."""
    found, standing = _fetch(request, pk), standing_of(request)
    if not rules.may_decide(standing, found):
        raise PermissionDenied
    form = DecisionForm(request.POST, kind=kinds.get(found.record.kind))
    if not found.is_open:
        return _page(request, found, form, code=409, kept=True)
    if not form.is_valid():
        return _page(request, found, form, code=422)
    data, copy = form.cleaned_data, f"{request.user.pk}:review-{pk}"
    shared = {"review": found, "standing": standing, "reason": data["reason"], "meeting": data["meeting"]}
    try:
        if data["verdict"] == "approve":
            workflow.approve(**shared, notes=form.comments())
            told_ok(request, _("Freigegeben. Der Text ist jetzt für alle zu sehen."), saved=copy)
        else:
            workflow.request_changes(**shared, comments=form.comments())
            told_ok(request, _("Zurückgegeben. Das Team hat eine Mitteilung bekommen."), saved=copy)
    except WrongState:
        return _page(request, _fetch(request, pk), form, code=409, kept=True)
    return redirect("governance:review", pk=pk)


@posted_from(lambda pk: reverse("governance:review", args=[pk]))
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Ich kümmere mich", or not any more."""
    found = _fetch(request, pk)
    give_back = request.POST.get("give_back") == "1"
    try:
        take_over = request.POST.get("take_over") == "1"
        workflow.claim(review=found, standing=standing_of(request), give_back=give_back, take_over=take_over)
    except WrongState as error:
        told_refused(request, error, "conflict")
    else:
        told_ok(
            request,
            _("Die anderen sehen, dass Sie nicht mehr prüfen.")
            if give_back
            else _("Die anderen sehen, dass Sie sich kümmern."),
        )
    return redirect("governance:review", pk=pk)
