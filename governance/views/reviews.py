"""The committee's queue and the page on which it decides."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

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
from governance.forms import DecisionForm, MeetingForm
from governance.http import standing_of, told_ok, told_refused
from governance.models import Meeting, Review
from governance.text.clean import slugify_de

QUEUE_SIZE = 100


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    reviews = list(queries.open_reviews(standing_of(request))[:QUEUE_SIZE])
    amounts = differences.amounts(reviews)
    today = clock.today()
    return [
        {
            "review": review,
            "amount": amounts[review.pk],
            "overdue": review.due_on < today,
            "mine": standing_of(request).user_id in review.authors,
        }
        for review in reviews
    ]


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the committee, the most urgent first."""
    if not standing_of(request).is_committee:
        raise PermissionDenied
    context = {
        "rows": _rows(request),
        "meeting_form": MeetingForm(),
        "meetings": Meeting.objects.all()[:5],
    }
    return render(request, "governance/queue.html", context)


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """The queue as a list for a meeting."""
    if not standing_of(request).is_committee:
        raise PermissionDenied
    return render(request, "governance/queue_print.html", {"rows": _rows(request), "today": clock.today()})


@require_POST
def meeting(request: HttpRequest) -> HttpResponse:
    """Note a session of the committee, to be named by decisions."""
    if not standing_of(request).is_committee:
        raise PermissionDenied
    form = MeetingForm(request.POST)
    if form.is_valid():
        made = form.save()
        record_event("create_meeting", actor=standing_of(request).user, meeting=made.pk)
        told_ok(request, _("Die Sitzung ist angelegt."))
    else:
        told_refused(request, ValidationError([e for errors in form.errors.values() for e in errors]))
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


def _page(request: HttpRequest, found: Review, form: DecisionForm, code: int = 200) -> HttpResponse:
    standing, record, version = standing_of(request), found.record, found.version
    kind = kinds.get(record.kind)
    text = versions.text_of(version)
    slug = slugify_de(version.title)
    urls = [
        kind.url("file", record.number, slug, version.number, place)
        for place, _row in enumerate(text.attachments, start=1)
    ]
    old = differences.published_before(found)
    diffs = differences.between(old, version)
    context = {
        "review": found,
        "record": record,
        "version": version,
        "kind": kind,
        "slug": slug,
        "base": kind.record_url(record.number, slug),
        "form": form,
        "status": status.sentence(record, found if found.is_open else None),
        "published": old,
        "diffs": [diff for diff in diffs if diff.changed] if old else [],
        "page": kind.page_of(text, urls),
        "comments": [c for c in reviewing.comments_of(record) if c.review_id <= found.pk],
        "labels": {field.name: field.label for field in kind.fields},
        "may_decide": found.is_open and rules.may_decide(standing, found),
        "is_author": standing.is_committee and rules.is_author(standing, found),
        "is_team": rules.may_edit(standing, record),
        "sees_names": rules.may_see_names(standing, record),
        "overdue": found.is_open and found.due_on < clock.today(),
    }
    return render(request, "governance/review.html", context, status=code)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or give back; the second of two deciders is told what the first decided."""
    found, standing = _fetch(request, pk), standing_of(request)
    if not rules.may_decide(standing, found):
        raise PermissionDenied
    form = DecisionForm(request.POST, kind=kinds.get(found.record.kind))
    if not form.is_valid():
        return _page(request, found, form, code=422)
    shared = {
        "review": found,
        "standing": standing,
        "reason": form.cleaned_data["reason"],
        "meeting": form.clean_meeting(),
    }
    try:
        if form.cleaned_data["verdict"] == "approve":
            workflow.approve(**shared, notes=form.comments())
            told_ok(request, _("Freigegeben. Der Text ist jetzt für alle zu sehen."))
        else:
            workflow.request_changes(**shared, comments=form.comments())
            told_ok(request, _("Zurückgegeben. Das Team hat eine Mitteilung bekommen."))
    except ValidationError as error:
        told_refused(request, error, "conflict")
    return redirect("governance:review", pk=pk)


@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Ich kümmere mich", or not any more."""
    found = _fetch(request, pk)
    give_back = request.POST.get("give_back") == "1"
    try:
        take_over = request.POST.get("take_over") == "1"
        workflow.claim(review=found, standing=standing_of(request), give_back=give_back, take_over=take_over)
    except ValidationError as error:
        told_refused(request, error, "conflict")
    else:
        told_ok(
            request,
            _("Die anderen sehen, dass Sie nicht mehr prüfen.")
            if give_back
            else _("Die anderen sehen, dass Sie sich kümmern."),
        )
    return redirect("governance:review", pk=pk)
