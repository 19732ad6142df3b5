"""Versions, publications, reviews of a record, and the comparison of any two versions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from governance import differences, kinds, queries, reviewing, rules, status, versions, workflow
from governance.countersigning import page as countersigning
from governance.forms import AnswerForm
from governance.http import standing_of
from governance.models import Comment, Record, Review, Version
from governance.text.clean import slugify_de


def _frame(request: HttpRequest, record: Record) -> dict[str, Any]:
    standing, kind = standing_of(request), kinds.get(record.kind)
    title = queries.title_for(standing, record)
    return {
        "record": record,
        "kind": kind,
        "title": title,
        "slug": slugify_de(title),
        "base": kind.record_url(record.number, slugify_de(title)),
        "status": status.of(standing, record),
        "sees_working_side": rules.may_see_submitted(standing, record),
        "sees_names": rules.may_see_names(standing, record),
        "is_team": rules.may_edit(standing, record),
    }


@require_safe
def versions_page(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    """Where the record stands, what may be done, its versions, publications, reviews, comments."""
    return render_versions(request, queries.fetch_readable_record(standing_of(request), kind, number))


def render_versions(
    request: HttpRequest, record: Record, refused: AnswerForm | None = None, code: int = 200
) -> HttpResponse:
    """The page; `refused` is an answer to a comment that could not be taken, with what was typed."""
    standing = standing_of(request)
    visible = list(queries.versions_visible_to(standing, record).order_by("-number"))
    if not visible:
        raise queries.not_there(record)
    context = _frame(request, record)
    reviews: list[Review] = []
    comments: list[Comment] = []
    if context["sees_working_side"]:
        reviews = list(queries.reviews_visible_to(standing).filter(record=record).order_by("-pk"))
        comments = list(reviewing.comments_of(record))
        context["returned"] = reviewing.returned(record)
    open_review = next((review for review in reviews if review.is_open), None)
    issues = list(record.publications.select_related("team", "review", "version").order_by("-number"))
    context |= {
        "versions": visible,
        "issues": issues,
        "published": any(issue.until_at is None for issue in issues),
        "reviews": reviews,
        "open_review": open_review,
        **told_apart(with_answer_forms(comments, refused) if context["is_team"] else comments),
        "refused": refused,
        "labels": {field.name: field.label for field in context["kind"].fields},
        "verbs": {verb.value for verb in workflow.allowed(standing, record, open_review)},
        "may_open_again": rules.may_open_again(standing, record),
        "may_administer": rules.leads_owner(standing, record) or rules.may_change_reach(standing, record),
        "countersigning": countersigning.shown(standing, record),
        "buffers": list(versions.others_at_work(record, standing)) if context["is_team"] else [],
    }
    return render(request, "governance/versions.html", context, status=code)


def told_apart(comments: list[Comment]) -> dict[str, list[Comment]]:
    """What was criticised, and what was noted on approval for the next version."""
    notes = [comment for comment in comments if comment.review.status == Review.Status.APPROVED]
    return {"comments": [comment for comment in comments if comment not in notes], "notes": notes}


def with_answer_forms(comments: list[Comment], refused: AnswerForm | None = None) -> list[Comment]:
    """The comments, each open one (and the one just refused) with the form for the team's answer."""
    for comment in comments:
        if refused is not None and refused.comment.pk == comment.pk:
            comment.form = refused  # type: ignore[attr-defined]
        elif comment.resolved_in_id is None:
            comment.form = AnswerForm(comment=comment)  # type: ignore[attr-defined]
    return comments


def readable(request: HttpRequest, kind: str, number: int, *wanted: int) -> tuple[Record, list[Version]]:
    """The record and the wanted versions of it, when this person may read them all; else 404 or 410."""
    standing = standing_of(request)
    record = queries.fetch_readable_record(standing, kind, number)
    visible = queries.versions_visible_to(standing, record).filter(number__in=wanted)
    found = {version.number: version for version in visible}
    if found.keys() != set(wanted):
        raise queries.not_there(record)
    for version in found.values():
        version.record = record
    return record, [found[number] for number in wanted]


@require_safe
def version_page(request: HttpRequest, kind: str, number: int, slug: str, version: int) -> HttpResponse:
    """One version as a page, for reading and printing."""
    record, (found,) = readable(request, kind, number, version)
    text = versions.text_of(found)
    of_kind = kinds.get(kind)
    address = of_kind.file_addresses(number, slugify_de(found.title), version)
    current = record.publications.select_related("version").filter(until_at=None).first()
    context = _frame(request, record) | {
        "version": found,
        "current": current if current and current.version_id != found.pk else None,
        "page": of_kind.page_of(text, address),
        "verbs": {v.value for v in workflow.allowed(standing_of(request), record)},
    }
    return render(request, "governance/version.html", context)


@require_safe
def choose(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    """From the form on the history page to the address of the comparison."""
    older, newer = request.GET.get("older", ""), request.GET.get("newer", "")
    if not (older.isdecimal() and newer.isdecimal() and len(older) < 9 and len(newer) < 9):
        raise Http404
    first, second = sorted((int(older), int(newer)))
    return redirect(kinds.get(kind).url("compare", number, slug, first, second))


@require_safe
def compare(request: HttpRequest, kind: str, number: int, slug: str, older: int, newer: int) -> HttpResponse:
    """Any two versions that this person may read, field by field, words marked."""
    record, (old, new) = readable(request, kind, number, older, newer)
    diffs = differences.between(old, new)
    context = _frame(request, record) | {
        "old": old,
        "new": new,
        "changed": [diff for diff in diffs if diff.changed],
        "unchanged": [diff for diff in diffs if not diff.changed],
        "changes": differences.beyond_words(old, new),
    }
    return render(request, "governance/compare.html", context)
