"""The verbs that move a working text: one function for each, by the table in `transitions.py`.

Each function locks the record (then the review), checks rule and state, changes, audits and tells those
who are next, in one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from governance import catalogue, clock, kinds, letters, rules, versions
from governance.audit import record_event
from governance.countersigning import settling
from governance.errors import (
    Claimed,
    Conflict,
    Decided,
    Incomplete,
    NotAllowed,
    NotCountersigned,
    Renewed,
    WrongState,
)
from governance.meetings.errors import MinutesClosed, TookNoPart
from governance.models import Attendance, Comment, Meeting, Publication, Record, Review, Version
from governance.rules import Standing
from governance.transitions import NEEDS_PUBLICATION, TABLE, Verb
from governance.upkeep import dates


@dataclass(frozen=True)
class NewComment:
    """A remark on one field of the text (or on the whole, with an empty field name)."""

    field: str
    text: str


def is_published(record: Record) -> bool:
    return Publication.objects.filter(record=record, until_at=None).exists()


def was_submitted(record: Record) -> bool:
    return Review.objects.filter(record=record).exists()


def allowed(standing: Standing, record: Record, review: Review | None = None) -> set[Verb]:
    """The verbs that this person may use on `record` now; pages offer exactly these.

    `review` is the open one, needed for the committee's verbs.
    """
    published = is_published(record)
    team, lead = rules.may_edit(standing, record), rules.leads_owner(standing, record)
    decides = review is not None and review.is_open and rules.may_decide(standing, review)
    by_rule = {
        Verb.SAVE: team,
        Verb.DISCARD: team,
        Verb.SUBMIT: rules.may_submit(standing, record),
        Verb.WITHDRAW: team,
        Verb.ROLL_BACK: rules.may_roll_back(standing, record),
        Verb.REQUEST_CHANGES: decides,
        Verb.APPROVE: decides,
        Verb.CONFIRM: lead,
        Verb.REOPEN: lead,
        Verb.ARCHIVE: lead or rules.may_archive(standing, record, was_submitted=was_submitted(record)),
    }
    return {
        verb
        for verb, may in by_rule.items()
        if may and record.state in TABLE[verb].sources and (published or verb not in NEEDS_PUBLICATION)
    }


# -- the team's verbs ------------------------------------------------------------------------------


@transaction.atomic
def submit(*, record: Record, standing: Standing, version_id: int, note: str = "") -> Review:
    """Lay exactly this version before the committee.

    Raises NotCountersigned where the lead of the team has to do it, Conflict when the version is no longer the
    current one, Incomplete when the kind's requirements are not met.
    """
    record = versions.lock(record)
    return _submit(record, standing, version_id, note)


def _submit(record: Record, standing: Standing, version_id: int, note: str, verb: Verb = Verb.SUBMIT) -> Review:
    _require_submitter(standing, record)
    _require_state(record, Verb.SUBMIT)
    version = versions.current_of(record)
    if version.pk != version_id:
        raise Conflict(version)
    kind = kinds.get(record.kind)
    if missing := kind.missing(versions.values_of(versions.text_of(version), kind)):
        raise Incomplete(missing)
    now = clock.now()
    review = Review.objects.create(
        record=record,
        version=version,
        authors=sorted(versions.authors_since_publication(version) | {standing.user_id}),
        biased=_still_biased(record),
        note=note,
        submitted_by=standing.user,
        submitted_at=now,
        due_on=clock.add_working_days(clock.today(), settings.REVIEW_DUE_WORKING_DAYS),
    )
    _move(record, Verb.SUBMIT, standing)
    record_event(verb, actor=standing.user, record=record, version=version, review=review.pk)
    letters.submitted(review)
    return review


def _still_biased(record: Record) -> list[int]:
    """Who was noted as biased does not become free by a withdrawal or a return: the text is the same affair until it is
    published."""
    last = Review.objects.filter(record=record).order_by("-pk").first()
    return [] if last is None or last.status == Review.Status.APPROVED else last.biased


@transaction.atomic
def withdraw(*, record: Record, standing: Standing) -> Review:
    """Take the text back from review; it may be edited again."""
    record = versions.lock(record)
    rules.require(rules.may_withdraw, standing, record)
    review = _open_review_of(record)
    review.record = review.version.record = record
    _require_state(record, Verb.WITHDRAW)
    review.status = Review.Status.WITHDRAWN
    review.withdrawn_by, review.withdrawn_at = standing.user, clock.now()
    review.save(update_fields=["status", "withdrawn_by", "withdrawn_at"])
    _move(record, Verb.WITHDRAW, standing)
    record_event("withdraw", actor=standing.user, record=record, version=review.version, review=review.pk)
    letters.withdrawn(review)
    return review


@transaction.atomic
def discard(*, record: Record, standing: Standing) -> Version:
    """Drop the changes since the publication: the published text becomes the newest version."""
    record = versions.lock(record)
    rules.require(rules.may_discard, standing, record)
    _require_state(record, Verb.DISCARD)
    published = Version.objects.get(publications__record=record, publications__until_at=None)
    version = _copy(record, standing, published, note=_("Änderungen verworfen"))
    _move(record, Verb.DISCARD, standing)
    record_event("discard", actor=standing.user, record=record, version=version)
    return version


@transaction.atomic
def roll_back(*, record: Record, standing: Standing, version: Version, note: str) -> Review:
    """Make an older version the newest and submit it, in one step. The note says why."""
    record = versions.lock(record)
    _require_submitter(standing, record)
    _require_state(record, Verb.ROLL_BACK)
    if version.record_id != record.pk:
        raise NotAllowed
    if not note.strip():
        raise WrongState(_("Bitte begründen Sie, warum Sie zu dieser Version zurückkehren."))
    copy = _copy(record, standing, version, note=note)
    return _submit(record, standing, copy.pk, note, verb=Verb.ROLL_BACK)


def _require_submitter(standing: Standing, record: Record) -> None:
    """Every way of laying a text before the committee passes here; who signs is the submitter."""
    now = rules.load_standing(standing.user)
    if not rules.may_edit(now, record):
        raise NotAllowed
    if not rules.may_submit(now, record):
        raise NotCountersigned


def _copy(record: Record, standing: Standing, source: Version, note: str) -> Version:
    source.record = record
    kind = kinds.get(record.kind)
    values = versions.values_of(versions.text_of(source), kind)
    assert record.current_version_id is not None
    copy = versions.write_locked(record, standing, record.current_version_id, values, note, copied_from=source)
    assert copy is not None
    return copy


# -- the committee's verbs -------------------------------------------------------------------------


@transaction.atomic
def request_changes(
    *,
    review: Review,
    standing: Standing,
    reason: str,
    comments: Sequence[NewComment] = (),
    meeting: Meeting | None = None,
) -> Review:
    """Give the text back to the team, with a reason and comments on its fields."""
    record, review = _lock_for_decision(review, standing, Verb.REQUEST_CHANGES)
    if not reason.strip():
        raise WrongState(_("Bitte sagen Sie dem Team, was zu überarbeiten ist."))
    _close(review, standing, Review.Verdict.REQUEST_CHANGES, reason, meeting)
    _add_comments(review, standing, comments)
    _move(record, Verb.REQUEST_CHANGES, standing)
    record_event(
        "request_changes",
        actor=standing.user,
        record=record,
        version=review.version,
        review=review.pk,
        comments=len(comments),
    )
    letters.returned(review)
    return review


@transaction.atomic
def approve(
    *,
    review: Review,
    standing: Standing,
    reason: str = "",
    notes: Sequence[NewComment] = (),
    meeting: Meeting | None = None,
) -> Publication:
    """Publish exactly the version that was judged. Notes are tasks for the next version."""
    record, review = _lock_for_decision(review, standing, Verb.APPROVE)
    _close(review, standing, Review.Verdict.APPROVE, reason, meeting)
    _add_comments(review, standing, notes)
    _move(record, Verb.APPROVE, standing)
    publication = _publish(record, review)
    record_event(
        "approve",
        actor=standing.user,
        record=record,
        version=review.version,
        review=review.pk,
        publication=publication.number,
        notes=len(notes),
    )
    letters.published(publication)
    return publication


def _lock_for_decision(review: Review, standing: Standing, verb: Verb) -> tuple[Record, Review]:
    record = versions.lock(review.record_id)
    review = Review.objects.select_for_update(of=("self",)).select_related("version").get(pk=review.pk)
    review.record = review.version.record = record
    rules.require(rules.may_decide, standing, review)
    if not review.is_open:
        raise Decided(review)
    _require_state(record, verb)
    return record, review


def _require_took_part(review: Review, standing: Standing, meeting: Meeting) -> None:
    """Minutes that are closed get no further decision, and name nobody as decider who did not take part."""
    if Meeting.objects.filter(pk=meeting.pk, closed_at__isnull=False).exists():
        raise MinutesClosed
    if Attendance.objects.filter(item__meeting=meeting, item__review=review, person=standing.user_id).exists():
        raise TookNoPart


def _close(review: Review, standing: Standing, verdict: str, reason: str, meeting: Meeting | None) -> None:
    if meeting is not None:
        _require_took_part(review, standing, meeting)
    approved = verdict == Review.Verdict.APPROVE
    review.status = Review.Status.APPROVED if approved else Review.Status.CHANGES_REQUESTED
    review.verdict, review.reason, review.meeting = verdict, reason, meeting
    review.decided_by, review.decided_at = standing.user, clock.now()
    review.save(update_fields=["status", "verdict", "reason", "meeting", "decided_by", "decided_at"])


def _add_comments(review: Review, standing: Standing, comments: Iterable[NewComment]) -> None:
    Comment.objects.bulk_create(
        Comment(
            review=review,
            field=comment.field,
            text=comment.text,
            author=standing.user,
            created_at=clock.now(),
        )
        for comment in comments
    )


def _publish(record: Record, review: Review) -> Publication:
    now = clock.now()
    last = Publication.objects.filter(record=record).order_by("-number").first()
    if last is not None and last.until_at is None:
        last.until_at = now
        last.save(update_fields=["until_at"])
    publication = Publication.objects.create(
        record=record,
        version=review.version,
        review=review,
        number=last.number + 1 if last else 1,
        team=record.owner,
        from_at=now,
    )
    record.check_up_on, record.confirmed_at = dates.next_day(record), now
    record.save(update_fields=["check_up_on", "confirmed_at"])
    catalogue.publish(publication)
    return publication


@transaction.atomic
def claim(*, review: Review, standing: Standing, give_back: bool = False, take_over: bool = False) -> Review:
    """Say "I take care of it" to the others of the committee, or give it back.

    Raises Claimed when another member does so already, unless it is taken over explicitly.
    """
    record = versions.lock(review.record_id)
    review = Review.objects.select_for_update(of=("self",)).select_related("claimed_by").get(pk=review.pk)
    rules.require(rules.may_give_back if give_back else rules.may_claim, standing, review)
    if not review.is_open:
        raise Decided(review)
    claimer, new = review.claimed_by, None if give_back else standing.user
    if claimer == new:
        return review
    if claimer is not None and new is not None and not take_over:
        raise Claimed(claimer)
    review.claimed_by = new
    review.save(update_fields=["claimed_by"])
    record_event("release" if give_back else "claim", actor=standing.user, record=record, review=review.pk)
    return review


# -- upkeep ----------------------------------------------------------------------------------------


@transaction.atomic
def confirm(*, record: Record, standing: Standing, due_on: dt.date | None = None) -> Record:
    """ "Gilt weiterhin": a new date for the next check-up, without a review.

    `due_on` is the day that the person saw; raises Renewed when it has been set anew meanwhile.
    """
    record = versions.lock(record)
    rules.require(rules.may_confirm, standing, record)
    if not is_published(record):
        raise WrongState(_("Bestätigt wird nur, was veröffentlicht ist."))
    if due_on is not None and record.check_up_on is not None and record.check_up_on != due_on:
        raise Renewed(record.check_up_on)
    record.check_up_on, record.confirmed_at = dates.next_day(record), clock.now()
    record.save(update_fields=["check_up_on", "confirmed_at"])
    catalogue.refresh(record)
    record_event("confirm", actor=standing.user, record=record, check_up_on=record.check_up_on)
    return record


@transaction.atomic
def archive(*, record: Record, standing: Standing, reason: str, successor: Record | None = None) -> Record:
    """Take the record out of use: closes the publication, leaves the text as it is."""
    record = versions.lock(record)
    rules.require(partial(rules.may_archive, was_submitted=was_submitted(record)), standing, record)
    _require_state(record, Verb.ARCHIVE)
    if not reason.strip():
        raise WrongState(_("Bitte nennen Sie den Grund. Er steht auf der Seite des Eintrags."))
    if successor is not None and successor.pk == record.pk:
        raise WrongState(_("Ein Eintrag kann nicht sein eigener Nachfolger sein."))
    Publication.objects.filter(record=record, until_at=None).update(until_at=clock.now())
    record.archive_reason, record.successor = reason, successor
    record.save(update_fields=["archive_reason", "successor"])
    _move(record, Verb.ARCHIVE, standing)
    catalogue.remove(record)
    record_event(
        "archive",
        actor=standing.user,
        record=record,
        version=record.current_version,
        successor=successor.pk if successor else None,
    )
    return record


@transaction.atomic
def reopen(*, record: Record, standing: Standing) -> Record:
    """Take an archived record up again as a draft; it is not published until approved."""
    record = versions.lock(record)
    rules.require(rules.may_reopen, standing, record)
    _require_state(record, Verb.REOPEN)
    _move(record, Verb.REOPEN, standing)
    record_event("reopen", actor=standing.user, record=record)
    return record


# -- shared ----------------------------------------------------------------------------------------


def _open_review_of(record: Record) -> Review:
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(record=record, status=Review.Status.OPEN)
        .first()
    )
    if review is None:
        last = Review.objects.filter(record=record).order_by("-pk").first()
        raise Decided(last) if last else WrongState(_("Der Text liegt nicht zur Freigabe vor."))
    return review


def _require_state(record: Record, verb: Verb) -> None:
    published_missing = verb in NEEDS_PUBLICATION and not is_published(record)
    if record.state not in TABLE[verb].sources or published_missing:
        raise WrongState(
            _("Das ist gerade nicht möglich: Der Eintrag ist im Zustand „%(state)s“.")
            % {"state": record.get_state_display()}
        )


def _move(record: Record, verb: Verb, standing: Standing) -> None:
    target = TABLE[verb].target
    assert target is not None
    record.state, record.state_since = target, clock.now()
    record.save(update_fields=["state", "state_since"])
    if verb in (Verb.SUBMIT, Verb.DISCARD, Verb.ARCHIVE):
        # What was put forward to the lead waits no longer.
        settling.settle(record, standing, signed=verb == Verb.SUBMIT and rules.leads_owner(standing, record))
