"""Persons and teams: who joins, leaves, is away, and what happens to the records of a team that ends."""

from __future__ import annotations

import datetime as dt

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from governance import clock, rules, signals
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.handover import contacts
from governance.handover.contacts import first_contact as first_contact
from governance.handover.moving import hand_over as hand_over
from governance.handover.names import refresh_names as refresh_names
from governance.models import (
    Department,
    DirectoryIdentity,
    DraftBuffer,
    Membership,
    OutgoingMail,
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
    end(membership, standing.user)
    if not membership.team.is_committee:
        contacts.replace(membership.user, actor=standing.user, team=membership.team)
    return membership


def end(membership: Membership, actor: User | None) -> None:
    """What ending means, for all who have the right; without an actor it was the directory."""
    today = clock.today()
    last_day = max(today, membership.starts_on)
    membership.ends_on = min(membership.ends_on or last_day, last_day)
    membership.ended_at = clock.now()
    membership.save(update_fields=["ends_on", "ended_at"])
    Membership.objects.filter(team_id=membership.team_id, substitute_id=membership.user_id).update(substitute=None)
    if membership.team.is_committee:
        # Nobody waits for somebody who may no longer decide.
        Review.objects.filter(status=Review.Status.OPEN, claimed_by_id=membership.user_id).update(claimed_by=None)
    record_event("end_membership", actor=actor, team=membership.team_id, person=membership.user_id)


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
            end(membership, standing.user)
    team.dissolved_on = clock.today()
    team.save(update_fields=["dissolved_on"])
    record_event("dissolve", actor=standing.user, team=team.pk)
    return team


# -- leaving ---------------------------------------------------------------------------------------


@transaction.atomic
def leave(*, standing: Standing, user: User) -> int:
    """End a person's access at once and for all devices; returns for how many records the lead answers now.

    Sessions and links for setting a password are tied to the password, which ends here. What was written stays;
    work in progress does, too, until the person is erased. Whoever comes back gets a new link and joins anew.
    """
    _require(rules.may_manage_people(standing))
    user = lock_person(user.pk)
    if user.pk == standing.user_id:
        raise WrongState(_("Ihren eigenen Zugang kann nur eine andere Person der Administration beenden."))
    if not user.is_active:
        raise WrongState(_("Der Zugang dieser Person ist bereits beendet."))
    given = _take_access(user, standing)
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "is_staff", "is_superuser", "password"])
    OutgoingMail.objects.filter(to=user, sent_at=None).delete()
    record_event("leave", actor=standing.user, person=user.pk, records=given)
    return given


def _take_access(user: User, standing: Standing) -> int:
    """Memberships, the lead of departments, what lets the person read without signing in, and being asked back."""
    for membership in user.memberships.select_related("team").filter(ended_at=None):
        if membership.ends_on is None or membership.ends_on >= clock.today():
            end(membership, standing.user)
    given = contacts.replace(user, actor=standing.user)
    Department.objects.filter(head=user).update(head=None)
    signals.person_leaving.send(User, user=user)
    return given


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
    _take_access(user, standing)
    DraftBuffer.objects.filter(user=user).delete()
    OutgoingMail.objects.filter(to=user).delete()
    DirectoryIdentity.objects.filter(user=user).delete()
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
