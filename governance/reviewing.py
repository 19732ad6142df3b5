"""Comments on a review: the team answers and marks as met, the committee may open again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance import clock, rules, versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import Comment, Record
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


@transaction.atomic
def answer(*, comment: Comment, standing: Standing, text: str) -> Comment:
    """The team's answer; a later one replaces it as long as the comment is open."""
    comment = _lock(comment, rules.may_answer, standing)
    if comment.resolved_in_id:
        raise WrongState(_("Dieser Kommentar ist bereits als erledigt gekennzeichnet."))
    if not text.strip():
        raise WrongState(_("Bitte geben Sie eine Antwort ein."))
    comment.answer, comment.answered_by, comment.answered_at = text, standing.user, clock.now()
    comment.save(update_fields=["answer", "answered_by", "answered_at"])
    return _audited("answer", comment, standing)


@transaction.atomic
def resolve(*, comment: Comment, standing: Standing) -> Comment:
    """The team marks the comment as met, in the version that is current now."""
    comment = _lock(comment, rules.may_answer, standing)
    if comment.resolved_in_id:
        raise WrongState(_("Dieser Kommentar ist bereits als erledigt gekennzeichnet."))
    comment.resolved_by, comment.resolved_in = standing.user, comment.review.record.current_version
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


def _lock(comment: Comment, rule: object, standing: Standing) -> Comment:
    record = versions.lock(comment.review.record_id)
    found = Comment.objects.select_for_update(of=("self",)).select_related("review").get(pk=comment.pk)
    found.review.record = record
    assert callable(rule)
    if not rule(standing, record):
        raise NotAllowed
    return found


def _audited(verb: str, comment: Comment, standing: Standing) -> Comment:
    record = comment.review.record
    record_event(verb, actor=standing.user, record=record, comment=comment.pk)
    return comment
