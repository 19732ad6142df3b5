"""What is seen of a session: its lines in order, with what became of each; the list of all; who can be noted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from governance import clock, differences, rules
from governance.differences import Amount
from governance.models import Attendance, Meeting, MeetingItem, Membership, Review, Team, User
from governance.rules import Standing

Part, Status = Attendance.Part, Review.Status


@dataclass
class Line:
    """One text of a session. Without an item it was decided there and not on the list."""

    review: Review
    number: int
    # "waiting", "put_off", "approved", "returned", "withdrawn" or "elsewhere".
    state: str
    item: MeetingItem | None = None
    names: dict[str, list[str]] = field(default_factory=dict)
    # Who took part: present in the session, neither away here nor biased.
    took_part: list[str] = field(default_factory=list)
    amount: Amount | None = None
    why_not: str = ""
    refused: str = ""

    @property
    def outcome(self) -> str:
        """In words, as the minutes say it."""
        if self.state == "waiting":
            return _("noch offen")
        if self.state == "put_off":
            return _("vertagt")
        if self.state == "elsewhere":
            return _("außerhalb der Sitzung %(what)s") % {"what": self.review.get_status_display()}
        if self.state == "withdrawn":
            return _("vom Team zurückgezogen")
        return str(self.review.get_status_display())

    @property
    def is_overdue(self) -> bool:
        return self.review.is_open and self.review.due_on < clock.today()

    @property
    def may_approve(self) -> bool:
        return self.review.is_open and not self.why_not


def meetings() -> QuerySet[Meeting]:
    """The newest first, with how many texts are on the list, how many were decided there, and how many it is of both.

    A text can be decided in a session without ever having been on its list.
    """
    either = Review.objects.filter(Q(meeting=OuterRef("pk")) | Q(items__meeting=OuterRef("pk"))).order_by()
    counted = either.annotate(all=Value(1)).values("all").annotate(n=Count("pk", distinct=True)).values("n")
    return Meeting.objects.annotate(
        texts=Coalesce(Subquery(counted), 0),
        on_list=Count("items", distinct=True),
        decided=Count("reviews", distinct=True),
    ).order_by("-held_on", "-pk")


def next_meeting() -> Meeting | None:
    """The one that comes first, or today's until its minutes are closed."""
    return meetings().filter(held_on__gte=clock.today(), closed_at=None).order_by("held_on", "pk").first()


def waiting_for(meeting: Meeting) -> QuerySet[Review]:
    """Open reviews that are not on the list, the most urgent first."""
    return (
        Review.objects.filter(status=Status.OPEN)
        .exclude(items__meeting=meeting)
        .select_related("record__owner", "version")
        .order_by("due_on", "submitted_at", "pk")
    )


def lines(meeting: Meeting, standing: Standing | None = None) -> list[Line]:
    """All of the list in its order, then what was decided in the session without being on it.

    With a standing: how much of each waiting text is new, and why this person may not decide on it.
    """
    related = ("record__owner", "version", "decided_by", "claimed_by")
    items = list(
        meeting.items.select_related(*(f"review__{name}" for name in related)).prefetch_related("attendances__person")
    )
    listed = {item.review_id for item in items}
    others = meeting.reviews.exclude(pk__in=listed).select_related(*related).order_by("decided_at", "pk")
    present = names_of(meeting.present)
    found = [_line(item.review, meeting, number, item, present) for number, item in enumerate(items, start=1)]
    found += [_line(review, meeting, number, None, present) for number, review in enumerate(others, len(found) + 1)]
    if standing is not None:
        _for_person(found, standing)
    return found


def _line(review: Review, meeting: Meeting, number: int, item: MeetingItem | None, present: dict[int, str]) -> Line:
    rows = list(item.attendances.all()) if item else []
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.part, []).append(str(row.person))
    out = {row.person_id for row in rows if row.part != Part.ABSTAINED}
    took_part = [name for key, name in present.items() if key not in out]
    return Line(review, number, _state(review, meeting), item, names, took_part)


def _state(review: Review, meeting: Meeting) -> str:
    ended_at = review.decided_at or review.withdrawn_at
    if meeting.closed_at is not None and (ended_at is None or ended_at > meeting.closed_at):
        return "put_off"  # what becomes of it later changes nothing of closed minutes
    if review.is_open:
        return "waiting"
    if review.status == Status.WITHDRAWN:
        return "withdrawn"
    if review.meeting_id != meeting.pk:
        return "elsewhere"
    return "approved" if review.status == Status.APPROVED else "returned"


def _for_person(found: Iterable[Line], standing: Standing) -> None:
    waiting = [line for line in found if line.review.is_open]
    amounts = differences.amounts([line.review for line in waiting])
    for line in waiting:
        line.amount = amounts[line.review.pk]
        if rules.is_author(standing, line.review):
            line.why_not = _("eigener Text")
        elif rules.is_biased(standing, line.review):
            line.why_not = _("befangen")
        elif line.item and any(row.person_id == standing.user_id for row in line.item.attendances.all()):
            line.why_not = _("nicht beteiligt")


def names_of(keys: Iterable[int]) -> dict[int, str]:
    """Names by key, in the order of the alphabet; who was erased has none."""
    people: Any = User.objects.filter(pk__in=list(keys)).order_by("full_name", "pk")
    return {person.pk: str(person) for person in people}


def persons(meeting: Meeting, item: MeetingItem | None = None) -> dict[int, str]:
    """Who can be noted: members of the committee, and who is noted already."""
    members = Membership.objects.current().filter(team__kind=Team.Kind.STEERING_COMMITTEE).values("user_id")
    wanted = Q(pk__in=members) | Q(pk__in=meeting.present)
    if item is not None:
        wanted |= Q(pk__in=item.attendances.values("person_id")) | Q(pk__in=item.review.biased)
    return {person.pk: str(person) for person in User.objects.filter(wanted).order_by("full_name", "pk")}
