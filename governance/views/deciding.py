"""The page on which the committee decides: on one text, or on the two of a measure that belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import differences, kinds, pairs, queries, reviewing, rules, status, versions
from governance.errors import WrongState
from governance.forms import LATER, DecisionForm
from governance.http import posted_from, standing_of, told_ok, told_refused
from governance.kinds import Kind
from governance.meetings.errors import MinutesClosed, TookNoPart
from governance.models import Meeting, Review
from governance.text.clean import slugify_de
from governance.views.history import told_apart, with_answer_forms

# The field that names the other review of the page, and what its fields begin with.
PARTNER = "partner"


@dataclass(frozen=True)
class Case:
    """One review on the page, its text, and the form in which it is decided."""

    review: Review
    kind: Kind
    text: Any
    form: DecisionForm

    def decision(self, meeting: Meeting | None) -> pairs.Decision:
        """What the valid form says."""
        data = self.form.cleaned_data
        return pairs.Decision(self.review, data["verdict"], data["reason"], self.form.comments(), meeting)

    @property
    def slug(self) -> str:
        return slugify_de(self.review.version.title)


def _fetch(request: HttpRequest, pk: int) -> Review:
    review = queries.reviews_visible_to(standing_of(request)).filter(pk=pk).first()
    if review is None:
        raise Http404
    review.version.record = review.record
    return review


def _case(
    review: Review,
    data: Mapping[str, Any] | None = None,
    *,
    joint: bool = False,
    second: bool = False,
    meeting: str = "",
) -> Case:
    """`meeting`: the session to begin with, from the address."""
    kind = kinds.get(review.record.kind)
    initial = {"meeting": meeting[:18]}
    form = DecisionForm(data, kind=kind, joint=joint, prefix=PARTNER if second else None, initial=initial)
    return Case(review, kind, versions.text_of(review.version), form)


def _may_decide(request: HttpRequest, review: Review) -> bool:
    return review.is_open and rules.may_decide(standing_of(request), review)


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Made for two minutes: what changed, the note, earlier comments, the whole text, the decision.

    The other text of a measure stands below the first when both wait for this person.
    """
    meeting = request.GET.get("meeting", "")
    found = _case(_fetch(request, pk), meeting=meeting)
    other = pairs.partner_review(standing_of(request), found.review, found.text.related)
    if other is not None and _may_decide(request, found.review) and _may_decide(request, other):
        return _page(request, [_case(found.review, joint=True, meeting=meeting), _case(other, joint=True, second=True)])
    return _page(request, [found], linked=other)


def _page(
    request: HttpRequest,
    cases: Sequence[Case],
    *,
    code: int = 200,
    late: Sequence[Case] = (),
    linked: Review | None = None,
) -> HttpResponse:
    """The page about the first case, with the second to be decided below.

    `late`: what somebody typed whose decision came too late; `linked`: a review that is decided on its own page.
    """
    first, *others = [_shown(request, case) for case in cases]
    context = {
        "case": first,
        "other": others[0] if others else None,
        "late": [
            {"review": case.review, "kept": [field for field in case.form.texts if field.value()]} for case in late
        ],
        "linked": linked,
        "status": status.of(standing_of(request), first["record"]),
        **_claiming(request, [case.review for case in cases]),
    }
    return render(request, "governance/review.html", context, status=code)


def _shown(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What the page shows of one review."""
    standing, found, record, version, kind = (
        standing_of(request),
        case.review,
        case.review.record,
        case.review.version,
        case.kind,
    )
    base = differences.bases([found]).get(found.pk)
    diffs = differences.between(base.version, version) if base else []
    comments = [c for c in reviewing.comments_of(record) if c.review_id <= found.pk]
    is_team, may_decide = rules.may_edit(standing, record), _may_decide(request, found)
    # Answers are forms of their own, which cannot stand inside that of the decision.
    answers = is_team and not case.form.prefix
    return {
        "review": found,
        "record": record,
        "version": version,
        "kind": kind,
        "slug": case.slug,
        "base": kind.record_url(record.number, case.slug),
        "form": case.form,
        "prefix": f"{case.form.prefix}-" if case.form.prefix else "",
        "base_version": base and base.version,
        "base_published": base and base.published,
        "diffs": [diff for diff in diffs if diff.changed],
        "changes": differences.beyond_words(base.version if base else None, version),
        "page": kind.page_of(case.text, kind.file_addresses(record.number, case.slug, version.number)),
        "remarks": case.form.remarks(versions.values_of(case.text, kind)) if may_decide else {},
        **told_apart(with_answer_forms(comments) if answers else comments),
        "labels": {field.name: field.label for field in kind.fields},
        "may_decide": may_decide,
        "is_biased": standing.is_committee and rules.is_biased(standing, found),
        "is_author": standing.is_committee and rules.is_author(standing, found),
        "is_team": is_team,
        "sees_names": rules.may_see_names(standing, record),
    }


def _claiming(request: HttpRequest, reviews: Sequence[Review]) -> dict[str, bool]:
    """What the person may say about taking care of these reviews, of all at once."""
    standing = standing_of(request)
    claimers = {review.claimed_by_id for review in reviews}
    may_decide = all(_may_decide(request, review) for review in reviews)
    may_give_back = all(review.is_open and rules.may_give_back(standing, review) for review in reviews)
    return {
        "may_give_back": may_give_back and claimers != {None},
        "may_claim": may_decide and None in claimers and claimers <= {None, standing.user_id},
        "may_take_over": may_decide and not claimers <= {None, standing.user_id},
    }


# -- deciding --------------------------------------------------------------------------------------


def _posted(request: HttpRequest, pk: int) -> list[Review]:
    """The reviews that the post is about: that of the address, and the other one of its page."""
    other = request.POST.get(PARTNER, "")
    if not other:
        return [_fetch(request, pk)]
    if not (other.isascii() and other.isdecimal() and len(other) < 19) or int(other) == pk:
        raise Http404
    return [_fetch(request, pk), _fetch(request, int(other))]


def _posted_cases(request: HttpRequest, pk: int) -> list[Case]:
    reviews = _posted(request, pk)
    joint = len(reviews) > 1
    return [_case(one, request.POST, joint=joint, second=at > 0) for at, one in enumerate(reviews)]


@posted_from(lambda pk: reverse("governance:review", args=[pk]) + "#entscheidung")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or give back; the second of two deciders is told what the first decided, and keeps the text."""
    cases, standing = _posted_cases(request, pk), standing_of(request)
    if not all(rules.may_decide(standing, case.review) for case in cases):
        raise PermissionDenied
    if not all(case.review.is_open for case in cases):
        return _too_late(request, cases)
    if not _complete(cases):
        return _page(request, cases, code=422)
    meeting = cases[0].form.cleaned_data["meeting"]
    decisions = [case.decision(meeting) for case in cases if not case.form.waits]
    try:
        pairs.decide(decisions=decisions, standing=standing)
    except (MinutesClosed, TookNoPart) as error:
        cases[0].form.add_error("meeting", error.messages)
        return _page(request, cases, code=409)
    except WrongState:
        return _too_late(request, _posted_cases(request, pk))
    for one in decisions:
        told_ok(request, _told(one, named=len(cases) > 1), saved=f"{request.user.pk}:review-{pk}")
    return redirect("governance:review", pk=pk)


def _complete(cases: Sequence[Case]) -> bool:
    """Whether all forms are valid and there is something to decide; the forms say what is wrong."""
    valid = [case.form.is_valid() for case in cases]  # all of them: each shows its own errors
    if all(valid) and all(case.form.waits for case in cases):
        cases[0].form.add_error("verdict", _("Bitte entscheiden Sie über mindestens einen der beiden Texte."))
        return False
    return all(valid)


def _told(decision: pairs.Decision, *, named: bool) -> str:
    if decision.verdict == Review.Verdict.APPROVE:
        text = _("Freigegeben. Der Text ist jetzt für alle zu sehen.")
    else:
        text = _("Zurückgegeben. Das Team hat eine Mitteilung bekommen.")
    return f"{decision.review.record.short_number}: {text}" if named else text


def _too_late(request: HttpRequest, cases: Sequence[Case]) -> HttpResponse:
    """Nothing was decided: what came too late can be read, and what still waits is there to be sent again."""
    late = [case for case in cases if not case.review.is_open]
    waiting = next((case for case in cases if case.review.is_open), None)
    if waiting is None or not late:
        return _page(request, cases[:1], code=409, late=late or cases[:1])
    return _page(request, [_case(waiting.review, _own_data(request.POST, waiting.form))], code=409, late=late)


def _own_data(posted: QueryDict, form: DecisionForm) -> Mapping[str, Any] | None:
    """What was posted for a form that now stands alone; nothing when its text was to wait and no word is typed."""
    data = {name: form[name].value() for name in form.fields} | {"meeting": posted.get("meeting", "")}
    if data["verdict"] != LATER:
        return data
    return data | {"verdict": ""} if any(field.value() for field in form.texts) else None


@posted_from(lambda pk: reverse("governance:review", args=[pk]))
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Ich kümmere mich", or not any more; on the page of two texts about both."""
    give_back = request.POST.get("give_back") == "1"
    take_over = request.POST.get("take_over") == "1"
    try:
        pairs.claim(
            reviews=_posted(request, pk), standing=standing_of(request), give_back=give_back, take_over=take_over
        )
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
