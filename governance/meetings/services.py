"""What the committee does with a session: each step checked, audited, in one transaction.

Locks: the record of a text first, then the session, then the review; as in `versions` and `workflow`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from governance import clock, rules, versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.meetings.errors import Changed, MinutesClosed, OffTheList
from governance.models import Attendance, Meeting, MeetingItem, Review
from governance.rules import Standing

Part = Attendance.Part


def _require(standing: Standing) -> None:
    if not rules.may_keep_meetings(rules.load_standing(standing.user)):
        raise NotAllowed


def lock(pk: int, *, closed: bool = False) -> Meeting:
    """The session, held; raises MinutesClosed unless `closed` says that this does not matter.

    Not for its key: a decision that names the session need not wait.
    """
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=pk)
    if meeting.is_closed and not closed:
        raise MinutesClosed
    return meeting


@transaction.atomic
def change(
    *,
    meeting: Meeting,
    standing: Standing,
    opened_on: int,
    title: str,
    held_on: dt.date,
    present: Iterable[int] = (),
    notes: str = "",
) -> Meeting:
    """Title and day, who is there (keys of persons), and what belongs to no single text."""
    _require(standing)
    meeting = lock(meeting.pk)
    if meeting.version != opened_on:
        raise Changed(meeting)
    meeting.title, meeting.held_on, meeting.notes = title, held_on, notes
    meeting.present = sorted(set(present))
    meeting.version += 1
    meeting.save(update_fields=["title", "held_on", "present", "notes", "version"])
    record_event("change_meeting", actor=standing.user, meeting=meeting.pk, present=meeting.present)
    return meeting


# -- the list --------------------------------------------------------------------------------------


@transaction.atomic
def put_on(*, meeting: Meeting, standing: Standing, reviews: Collection[int]) -> list[MeetingItem]:
    """Put open reviews (by their keys) on the list, behind those that are there. What is no longer open, or is there
    already, is passed over; returns what is new."""
    _require(standing)
    meeting = lock(meeting.pk)
    last = meeting.items.order_by("-position").values_list("position", flat=True).first() or 0
    waiting = Review.objects.filter(pk__in=reviews, status=Review.Status.OPEN).exclude(items__meeting=meeting)
    made = []
    for review in waiting.select_related("record", "version").order_by("due_on", "submitted_at", "pk"):
        last += 1
        item = MeetingItem.objects.create(meeting=meeting, review=review, position=last, added_at=clock.now())
        # Who was biased when the text was on the list of an earlier session still is.
        Attendance.objects.bulk_create(
            Attendance(item=item, person_id=person, part=Part.BIASED) for person in review.biased
        )
        record_event(
            "put_on_meeting",
            actor=standing.user,
            record=review.record,
            version=review.version,
            review=review.pk,
            meeting=meeting.pk,
        )
        made.append(item)
    return made


@transaction.atomic
def take_off(*, item: MeetingItem, standing: Standing) -> None:
    """Off the list again, as long as nothing was decided or noted here."""
    _require(standing)
    meeting = lock(item.meeting_id)
    held = MeetingItem.objects.filter(pk=item.pk).select_related("review__record").first()
    if held is None:
        raise OffTheList
    if held.review.meeting_id == meeting.pk or held.note:
        raise WrongState(_("Zu diesem Text ist in der Sitzung schon etwas festgehalten; er bleibt auf der Liste."))
    record_event(
        "take_off_meeting",
        actor=standing.user,
        record=held.review.record,
        review=held.review_id,
        meeting=meeting.pk,
    )
    held.delete()


@transaction.atomic
def note(*, item: MeetingItem, standing: Standing, opened_on: int, note: str, parts: Mapping[int, str]) -> MeetingItem:
    """What was said about a text, and who abstained, was biased or away (by key of the person; all others took part).

    Who is biased cannot decide from now on, on whichever page. Nobody takes back the own bias; and who has decided
    was not biased.
    """
    _require(standing)
    record = versions.lock(item.review.record_id)
    lock(item.meeting_id)
    held = MeetingItem.objects.filter(pk=item.pk).first()
    if held is None:
        raise OffTheList
    if held.version != opened_on:
        raise Changed(held)
    review = Review.objects.select_for_update(of=("self",)).get(pk=held.review_id)
    biased = {person for person, part in parts.items() if part == Part.BIASED}
    _require_sound(review, held, standing, biased, parts)
    held.attendances.all().delete()
    Attendance.objects.bulk_create(
        Attendance(item=held, person_id=person, part=part) for person, part in sorted(parts.items())
    )
    held.note = note
    held.version += 1
    held.save(update_fields=["note", "version"])
    if review.is_open:
        _keep_out(review, biased)
        _note_elsewhere(held, biased)
    record_event(
        "note_in_meeting",
        actor=standing.user,
        record=record,
        review=review.pk,
        meeting=held.meeting_id,
        biased=sorted(biased),
    )
    return held


def _require_sound(
    review: Review, item: MeetingItem, standing: Standing, biased: set[int], parts: Mapping[int, str]
) -> None:
    before = set(review.biased) | set(item.attendances.filter(part=Part.BIASED).values_list("person_id", flat=True))
    if standing.user_id in before - biased:
        raise WrongState(
            _("Ihre eigene Befangenheit nehmen Sie nicht selbst zurück. Bitten Sie ein anderes Mitglied des Gremiums.")
        )
    if review.meeting_id == item.meeting_id and review.decided_by_id in parts:
        raise WrongState(
            _("Wer über diesen Text entschieden hat, war anwesend, nicht befangen und hat sich nicht enthalten.")
        )
    if review.decided_by_id in biased:
        raise WrongState(_("Wer über diesen Text entschieden hat, kann nicht befangen gewesen sein."))


def _keep_out(review: Review, biased: set[int]) -> None:
    """The database refuses them as deciders; nobody waits for one of them."""
    review.biased = sorted(biased)
    if review.claimed_by_id in biased:
        review.claimed_by = None
    review.save(update_fields=["biased", "claimed_by"])


def _note_elsewhere(item: MeetingItem, biased: set[int]) -> None:
    """The same on the lists of other sessions: their minutes say it, too, and who has one of them open is told so."""
    others = MeetingItem.objects.filter(review_id=item.review_id, meeting__closed_at=None).exclude(pk=item.pk)
    for other in others:
        if set(other.attendances.filter(part=Part.BIASED).values_list("person_id", flat=True)) == biased:
            continue
        other.attendances.filter(Q(part=Part.BIASED) | Q(person__in=biased)).delete()
        Attendance.objects.bulk_create(
            Attendance(item=other, person_id=person, part=Part.BIASED) for person in sorted(biased)
        )
        MeetingItem.objects.filter(pk=other.pk).update(version=F("version") + 1)


# -- the minutes -----------------------------------------------------------------------------------


@transaction.atomic
def close(*, meeting: Meeting, standing: Standing, opened_on: int) -> Meeting:
    """Nothing of the session changes from now on. Texts that were not decided on wait on."""
    _require(standing)
    meeting = lock(meeting.pk)
    if meeting.version != opened_on:
        raise Changed(meeting)
    if meeting.held_on > clock.today():
        raise WrongState(_("Diese Sitzung war noch nicht. Ein Protokoll lässt sich danach abschließen."))
    if not meeting.present:
        raise WrongState(_("Bitte tragen Sie zuerst ein, wer anwesend war."))
    meeting.closed_at, meeting.closed_by = clock.now(), standing.user
    meeting.version += 1
    meeting.save(update_fields=["closed_at", "closed_by", "version"])
    record_event("close_minutes", actor=standing.user, meeting=meeting.pk)
    return meeting


@transaction.atomic
def open_again(*, meeting: Meeting, standing: Standing) -> Meeting:
    """The chair has something put right."""
    if not rules.may_open_minutes(rules.load_standing(standing.user)):
        raise NotAllowed
    meeting = lock(meeting.pk, closed=True)
    if not meeting.is_closed:
        return meeting
    meeting.closed_at = meeting.closed_by = None
    meeting.version += 1
    meeting.save(update_fields=["closed_at", "closed_by", "version"])
    record_event("open_minutes", actor=standing.user, meeting=meeting.pk)
    return meeting
