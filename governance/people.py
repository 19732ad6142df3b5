"""Persons and teams: who joins, leaves, is away, and what happens to the records of a team that ends."""

from __future__ import annotations

import datetime as dt

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils.translation import gettext as _

from governance import catalogue, clock, mail, rules, signals, versions
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import (
    Department,
    DraftBuffer,
    Membership,
    OutgoingMail,
    Record,
    Review,
    Team,
    User,
)
from governance.rules import Standing

Role = Membership.Role


def _require(may: bool) -> None:
    if not may:
        raise NotAllowed


def _may_manage(standing: Standing, team: Team) -> bool:
    """The lead keeps the own change team; the committee is kept by the administrator."""
    return rules.may_manage_people(standing) or rules.may_manage_team(standing, team)


def lock_person(user_id: int) -> User:
    """The person, whose other steps wait until the transaction ends: two clicks at once come one after the other."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def _lock(membership: Membership) -> Membership:
    return Membership.objects.select_for_update(of=("self",)).select_related("team", "user").get(pk=membership.pk)


def _must_be_current(membership: Membership) -> None:
    if not Membership.objects.current().filter(pk=membership.pk).exists():
        raise WrongState(_("Diese Mitgliedschaft ist bereits beendet."))


# -- memberships -----------------------------------------------------------------------------------


@transaction.atomic
def add_member(
    *,
    standing: Standing,
    team: Team,
    user: User,
    role: str = Role.MEMBER,
    starts_on: dt.date | None = None,
) -> Membership:
    """Take a person into the team, from today unless said otherwise."""
    _require(_may_manage(standing, team))
    if team.dissolved_on or not user.is_active:
        raise WrongState(_("Nur aktive Personen können in ein bestehendes Team aufgenommen werden."))
    membership = Membership(user=user, team=team, role=role, starts_on=starts_on or clock.today())
    membership.full_clean()
    membership.save()
    record_event("add_member", actor=standing.user, team=team.pk, person=user.pk, role=membership.role)
    return membership


@transaction.atomic
def change_role(*, standing: Standing, membership: Membership, role: str) -> Membership:
    """Make a member the lead, or the other way round."""
    membership = _lock(membership)
    _require(_may_manage(standing, membership.team))
    _must_be_current(membership)
    before, membership.role = membership.role, role
    membership.full_clean()
    membership.save(update_fields=["role"])
    record_event(
        "change_role",
        actor=standing.user,
        team=membership.team_id,
        person=membership.user_id,
        before=before,
        role=role,
    )
    return membership


@transaction.atomic
def end_membership(*, standing: Standing, membership: Membership) -> Membership:
    """End it at once: it counts no longer from the person's next click on."""
    membership = _lock(membership)
    _require(_may_manage(standing, membership.team))
    if membership.ended_at is not None:
        raise WrongState(_("Diese Mitgliedschaft ist bereits beendet."))
    _end(membership, standing)
    return membership


def _end(membership: Membership, standing: Standing) -> None:
    today = clock.today()
    last_day = max(today, membership.starts_on)
    membership.ends_on = min(membership.ends_on or last_day, last_day)
    membership.ended_at = clock.now()
    membership.save(update_fields=["ends_on", "ended_at"])
    Membership.objects.filter(team_id=membership.team_id, substitute_id=membership.user_id).update(substitute=None)
    if membership.team.is_committee:
        # Nobody waits for somebody who may no longer decide.
        Review.objects.filter(status=Review.Status.OPEN, claimed_by_id=membership.user_id).update(claimed_by=None)
    record_event("end_membership", actor=standing.user, team=membership.team_id, person=membership.user_id)


@transaction.atomic
def set_absence(
    *,
    standing: Standing,
    membership: Membership,
    away_from: dt.date | None,
    away_until: dt.date | None,
    substitute: User | None = None,
) -> Membership:
    """Note when a member is away and who gets the mails meanwhile. No dates: back again."""
    membership = _lock(membership)
    _require(membership.user_id == standing.user_id or _may_manage(standing, membership.team))
    _must_be_current(membership)
    membership.away_from, membership.away_until = away_from, away_until
    membership.substitute = substitute
    membership.full_clean()
    membership.save(update_fields=["away_from", "away_until", "substitute"])
    record_event(
        "set_absence",
        actor=standing.user,
        team=membership.team_id,
        person=membership.user_id,
        away_from=away_from,
        away_until=away_until,
        substitute=substitute.pk if substitute else None,
    )
    return membership


# -- teams -----------------------------------------------------------------------------------------


@transaction.atomic
def hand_over(*, standing: Standing, team: Team, to: Team) -> int:
    """Give all records of `team` to another change team. Only the owner changes; returns their number.

    State, open review with its authors, claim and due date stay as they are.
    """
    _require(_may_manage(standing, team))
    to = _lock_with_department(to)
    if to.pk == team.pk or to.is_committee or to.dissolved_on:
        raise WrongState(_("Bitte wählen Sie ein anderes, bestehendes Change-Management-Team."))
    signals.team_hands_over.send(Team, team=team, to=to)
    moved = [_give(record, to, standing) for record in _lock_all(Record.objects.filter(owner=team))]
    record_event("hand_over", actor=standing.user, team=team.pk, to=to.pk, records=len(moved))
    if moved:
        mail.tell(
            mail.recipients(to),
            subject=_("%(team)s hat Ihnen %(count)s Einträge übergeben") % {"team": team.name, "count": len(moved)},
            path=to.get_absolute_url(),
        )
    return len(moved)


def _lock_with_department(team: Team) -> Team:
    """Team and department come before records, as when one of them is renamed."""
    team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    team.department = Department.objects.select_for_update(of=("self",), no_key=True).filter(teams=team).first()
    return team


def _lock_all(records: QuerySet[Record]) -> list[Record]:
    """All at first, by key: whoever shows the first anew holds its tags while waiting for the next."""
    return [versions.lock(pk) for pk in records.order_by("pk").values_list("pk", flat=True)]


def _give(record: Record, to: Team, standing: Standing) -> Record:
    before, record.owner = record.owner_id, to
    record.save(update_fields=["owner"])
    catalogue.refresh(record)
    record_event("change_owner", actor=standing.user, record=record, before=before, to=to.pk)
    return record


@transaction.atomic
def refresh_names(*, team: Team | None = None, department: Department | None = None) -> None:
    """Write the catalogue anew after a team or department was renamed or moved, in the same transaction.

    Looks at unpublished records too: one may be published at this moment, still with the old name.
    """
    records = Record.objects.filter(owner=team) if team else Record.objects.filter(owner__department=department)
    for record in _lock_all(records):
        catalogue.refresh(record)


@transaction.atomic
def dissolve(*, standing: Standing, team: Team) -> Team:
    """End a team that has handed over its records, and all its memberships with it."""
    _require(rules.may_manage_people(standing))
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if team.records.exists():
        raise WrongState(_("Das Team hat noch Einträge. Bitte zuerst übergeben."))
    if team.dissolved_on:
        raise WrongState(_("Das Team ist bereits aufgelöst."))
    signals.team_dissolving.send(Team, team=team)
    for membership in team.memberships.select_related("team").filter(ended_at=None):
        if membership.ends_on is None or membership.ends_on >= clock.today():
            _end(membership, standing)
    team.dissolved_on = clock.today()
    team.save(update_fields=["dissolved_on"])
    record_event("dissolve", actor=standing.user, team=team.pk)
    return team


# -- erasing a person ------------------------------------------------------------------------------

# Sent inside the transaction with the key `user`: other apps delete what they hold of the person.
person_erased = Signal()


@transaction.atomic
def erase_person(*, standing: Standing, user: User) -> User:
    """Overwrite name, mail and login. Everything else holds keys and stays as it is."""
    _require(rules.may_manage_people(standing))
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == standing.user_id:
        raise WrongState(_("Sie können sich nicht selbst anonymisieren."))
    if user.erased_at is not None:
        raise WrongState(_("Diese Person ist bereits anonymisiert."))
    open_ones = user.memberships.select_related("team").filter(ended_at=None)
    for membership in open_ones:
        if membership.ends_on is None or membership.ends_on >= clock.today():
            _end(membership, standing)
    Department.objects.filter(head=user).update(head=None)
    _replace_contact(user, standing)
    DraftBuffer.objects.filter(user=user).delete()
    OutgoingMail.objects.filter(to=user).delete()
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        log.objects.filter(username=user.username).delete()
    person_erased.send(sender=User, user=user)
    _overwrite(user)
    record_event("erase_person", actor=standing.user, person=user.pk)
    return user


def _overwrite(user: User) -> None:
    user.username = f"anonym-{user.pk}"
    user.full_name = _("Ehemalige Person")
    user.email = ""
    user.department = None
    user.last_login = None
    user.is_active = user.is_staff = user.is_superuser = False
    user.erased_at = clock.now()
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()


def first_contact(team_id: int, without: User | None = None) -> User | None:
    """Whom to ask in a team when nobody is named: the lead, else the longest-standing member."""
    members = Membership.objects.current().filter(team_id=team_id).exclude(user=without)
    first = sorted(
        members.select_related("user").order_by("starts_on", "pk"),
        key=lambda membership: membership.role != Role.LEAD,
    )
    return first[0].user if first else None


def _replace_contact(user: User, standing: Standing) -> None:
    """Whoever asks back still finds somebody: the lead, else the longest-standing member."""
    for record in _lock_all(Record.objects.filter(contact=user)):
        contact = first_contact(record.owner_id, without=user)
        if contact is None:
            continue
        record.contact = contact
        record.save(update_fields=["contact"])
        catalogue.refresh(record)
        record_event(
            "change_contact",
            actor=standing.user,
            record=record,
            before=user.pk,
            to=record.contact_id,
        )
