"""Comments on a review: the team answers and marks as met, the committee may open again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance import clock, rules, versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import Comment, Record, Review
from governance.rules import Standing


def comments_of(record: Record) -> QuerySet[Comment]:
    """All comments of all reviews of `record`, the oldest first."""
    return (
        Comment.objects.filter(review__record=record)
        .select_related("author", "answered_by", "resolved_by", "resolved_in", "review__version")
        .order_by("pk")
    )


def open_comments(record: Record) -> QuerySet[Comment]:
    """Those not yet met: the form and every later review show them."""
    return comments_of(record).filter(resolved_in=None)


def returned(record: Record) -> Review | None:
    """The review in which the committee gave the text back, as long as it was not laid before it again."""
    if record.state not in (Record.State.CHANGES_REQUESTED, Record.State.DRAFT):
        return None
    last = Review.objects.filter(record=record).order_by("-pk").first()
    return last if last and last.status == Review.Status.CHANGES_REQUESTED else None


@transaction.atomic
def answer(*, comment: Comment, standing: Standing, text: str) -> Comment:
    """The team's answer; a later one replaces it as long as the comment is open."""
    comment = _lock_open(comment, standing)
    if not text.strip():
        raise WrongState(_("Bitte geben Sie eine Antwort ein."))
    return _keep_answer(comment, standing, text)


@transaction.atomic
def resolve(*, comment: Comment, standing: Standing, text: str = "") -> Comment:
    """The team marks the comment as met, in the version that is current now; `text` is an answer given with it.

    Raises WrongState when nothing was done about it: neither an answer nor a version newer than the one judged.
    """
    comment = _lock_open(comment, standing)
    if text.strip() and text != comment.answer:
        _keep_answer(comment, standing, text)
    current = versions.current_of(comment.review.record)
    if not comment.answer and current.number <= comment.review.version.number:
        raise WrongState(
            _("Seit dem Kommentar wurde nichts gespeichert. Bitte überarbeiten Sie den Text oder antworten Sie kurz.")
        )
    comment.resolved_by, comment.resolved_in = standing.user, current
    comment.save(update_fields=["resolved_by", "resolved_in"])
    return _audited("resolve", comment, standing)


@transaction.atomic
def open_again(*, comment: Comment, standing: Standing) -> Comment:
    """The committee does not see the comment as met."""
    comment = _lock(comment, rules.may_open_again, standing)
    if comment.resolved_in_id is None:
        raise WrongState(_("Dieser Kommentar ist bereits offen."))
    comment.resolved_by = comment.resolved_in = None
    comment.save(update_fields=["resolved_by", "resolved_in"])
    return _audited("open_again", comment, standing)


def _lock_open(comment: Comment, standing: Standing) -> Comment:
    comment = _lock(comment, rules.may_answer, standing)
    if comment.resolved_in_id:
        raise WrongState(_("Dieser Kommentar ist bereits als erledigt gekennzeichnet."))
    return comment


def _keep_answer(comment: Comment, standing: Standing, text: str) -> Comment:
    comment.answer, comment.answered_by, comment.answered_at = text, standing.user, clock.now()
    comment.save(update_fields=["answer", "answered_by", "answered_at"])
    return _audited("answer", comment, standing)


def _lock(comment: Comment, rule: object, standing: Standing) -> Comment:
    record = versions.lock(comment.review.record_id)
    found = Comment.objects.select_for_update(of=("self",)).select_related("review__version").get(pk=comment.pk)
    found.review.record = record
    assert callable(rule)
    if not rule(standing, record):
        raise NotAllowed
    return found


def _audited(verb: str, comment: Comment, standing: Standing) -> Comment:
    record = comment.review.record
    record_event(verb, actor=standing.user, record=record, comment=comment.pk)
    return comment
