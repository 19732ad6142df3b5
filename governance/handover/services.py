"""The hand-over as the page offers it: with the members if wanted, and with the end of the old team if wanted."""

from __future__ import annotations

from django.db import transaction

from governance import people, rules
from governance.errors import NotAllowed
from governance.handover import moving
from governance.models import Membership, Team
from governance.rules import Standing


@transaction.atomic
def hand_over(
    *, standing: Standing, team: Team, to: Team, seen: str, with_members: bool = False, then_dissolve: bool = False
) -> int:
    """All in one step, or nothing of it; returns the number of records. Raises NotAllowed, WrongState, Changed.

    Members and the end of a team are the administrator's alone. Members come after the preview was compared and
    before contacts are looked at, so that they stay contacts, and find their work in progress again.
    """
    if (with_members or then_dissolve) and not rules.may_manage_people(standing):
        raise NotAllowed
    if with_members:
        moving.compare(team, to, seen)
        take_members(standing, team, to)
        seen = ""
    moved = moving.hand_over(standing=standing, team=team, to=to, seen=seen)
    if then_dissolve:
        people.dissolve(standing=standing, team=team)
    return moved


def take_members(standing: Standing, team: Team, to: Team) -> int:
    """Everybody of the old team who is not in the new one joins it as a member; who leads it stays its own affair."""
    there = Membership.objects.current().filter(team=to).values("user_id")
    coming = Membership.objects.current().filter(team=team).exclude(user__in=there).select_related("user")
    for membership in coming.order_by("pk"):
        people.add_member(standing=standing, team=to, user=membership.user)
    return len(coming)
