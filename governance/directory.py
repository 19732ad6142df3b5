"""What the house's directory says about a person, and what the portal makes of it: account, department, teams.

The portal trusts the directory in what it names expressly and in nothing else. A person is known by issuer and
subject; a mail address links an account only when a setting says so. Groups give what the settings map them to and
take it again; what was given by hand stays. Whatever the directory sends is text from outside: cleaned, cut, never
an error page.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import clock, people, signals
from governance.audit import record_event
from governance.handover import contacts
from governance.models import Department, DirectoryIdentity, Membership, Review, Team, User
from governance.text.clean import clean_line

logger = logging.getLogger(__name__)
Role = Membership.Role
# The higher role counts when two groups give the same team.
RANK = (Role.MEMBER.value, Role.LEAD.value, Role.CHAIR.value)
ADMINISTRATION = "administration"
COMMITTEE = "committee"
NAME_LENGTH = 150
KEY_LENGTH = 255
_NOT_IN_A_NAME = re.compile(r"[^\w.@+-]")


class Refused(Exception):
    """The directory let the person in, the portal does not."""


class NotReleased(Refused):
    """Not in the group whose members may use the portal."""


class Deactivated(Refused):
    """The account was locked by hand."""


class NoKey(Refused):
    """The directory names no key that could belong to one person for ever."""


@dataclass(frozen=True)
class Person:
    """One person as a directory describes them. Empty: the directory says nothing about it."""

    issuer: str
    subject: str
    user_name: str = ""
    full_name: str = ""
    email: str = ""
    email_is_verified: bool = False
    departments: tuple[str, ...] = ()
    # None: what the directory sent was no list of groups, or not all of them; then nothing is given and nothing taken.
    groups: frozenset[str] | None = frozenset()


@dataclass(frozen=True)
class SignedIn:
    user: User
    is_new: bool
    # What the directory calls the department, if the portal knows none of that name.
    unknown_department: str


def sign_in(person: Person) -> SignedIn:
    """The account of a person whom the directory has just let in, with everything it gives and takes."""
    person = _cleaned(person)
    if not _is_released(person):
        left_behind = DirectoryIdentity.objects.filter(issuer=person.issuer, subject=person.subject).first()
        if left_behind is not None:
            end_sessions(left_behind.user)
        raise NotReleased
    identity, is_new = _identity(person)
    with transaction.atomic():
        user = people.lock_person(identity.user_id)
        identity = DirectoryIdentity.objects.get(pk=identity.pk)
        _let_in_again(user, identity)
        _take_over(user, identity, person)
        if person.groups is not None:
            _give_and_take(user, identity, person.groups)
        identity.confirmed_at = clock.now()
        identity.save()
    return SignedIn(user, is_new, identity.named_department)


def _is_released(person: Person) -> bool:
    needed = settings.DIRECTORY_REQUIRED_GROUP
    return not needed or needed in (person.groups or ())


def _let_in_again(user: User, identity: DirectoryIdentity) -> None:
    """Who left and is back; an account locked by hand stays locked."""
    if user.is_active:
        identity.left_at = None
        return
    if identity.left_at is None:
        raise Deactivated
    identity.left_at = None
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_event("back_in_directory", actor=None, person=user.pk)


# -- what is sent, cleaned -------------------------------------------------------------------------


def _cleaned(person: Person) -> Person:
    """The same with nothing hidden, nothing too long; a key must come through unchanged, or it is none."""
    if line(person.subject, KEY_LENGTH) != person.subject or not person.subject or not person.issuer:
        raise NoKey
    return replace(
        person,
        user_name=_NOT_IN_A_NAME.sub("", unicodedata.normalize("NFKC", person.user_name))[:NAME_LENGTH],
        full_name=line(person.full_name, NAME_LENGTH),
        email=_address(person.email),
        departments=tuple(filter(None, (line(name, NAME_LENGTH) for name in person.departments[:20]))),
    )


def line(value: str, length: int) -> str:
    """One line without hidden characters, or nothing."""
    try:
        return clean_line(value, length)
    except ValidationError:
        return ""


def _address(value: str) -> str:
    value = line(value, 254)
    try:
        validate_email(value)
    except ValidationError:
        return ""
    return value


# -- the account -----------------------------------------------------------------------------------


def _identity(person: Person) -> tuple[DirectoryIdentity, bool]:
    """The person's identity; at the first sign-in with an account. Two first sign-ins at once make one account."""
    for _attempt in range(5):
        known = DirectoryIdentity.objects.filter(issuer=person.issuer, subject=person.subject).first()
        if known is not None:
            return known, False
        try:
            with transaction.atomic():
                return _connect(person), True
        except IntegrityError:
            continue  # another sign-in took the key, or the name, at this moment
    raise NoKey


def _connect(person: Person) -> DirectoryIdentity:
    user, verb = _account_of_this_address(person), "link_directory"
    if user is None:
        user, verb = _new_account(person), "join_by_directory"
    else:
        # From now on the directory alone lets this person in: a password of its own would outlive leaving.
        user.set_unusable_password()
        user.save(update_fields=["password"])
    now = clock.now()
    identity = DirectoryIdentity.objects.create(
        user=user, issuer=person.issuer, subject=person.subject, linked_at=now, confirmed_at=now
    )
    record_event(verb, actor=user, person=user.pk)
    return identity


def _account_of_this_address(person: Person) -> User | None:
    """An account made by hand with the same address, if a setting allows it and the directory vouches for the address.

    Never one of the administration: these are the accounts for emergencies and keep their own password.
    """
    if not (settings.DIRECTORY_LINK_BY_MAIL and person.email_is_verified and person.email):
        return None
    same = User.objects.select_for_update(of=("self",), no_key=True).filter(email__iexact=person.email)
    found = list(same.filter(is_active=True, is_staff=False, is_superuser=False, identities=None)[:2])
    return found[0] if len(found) == 1 else None


def _new_account(person: Person) -> User:
    user = User(
        username=_free_name(person.user_name or person.email.partition("@")[0]),
        full_name=person.full_name or person.user_name,
        email=person.email,
    )
    user.set_unusable_password()
    user.save()
    return user


def _free_name(wish: str) -> str:
    """A sign-in name that nobody has. It is only shown: who signs in by the directory types none here."""
    wish = _NOT_IN_A_NAME.sub("", wish)[: NAME_LENGTH - 10] or "konto"
    alike = User.objects.filter(username__istartswith=wish).values_list("username", flat=True)
    taken = {name.casefold() for name in alike}
    if wish.casefold() not in taken:
        return wish
    return next(name for number in range(2, len(taken) + 3) if (name := f"{wish}-{number}").casefold() not in taken)


def _take_over(user: User, identity: DirectoryIdentity, person: Person) -> None:
    """Name, address and department as the directory has them; what it leaves out or what cannot be read stays."""
    before = user.department_id
    wanted: dict[str, object] = {"full_name": person.full_name, "email": person.email}
    if person.departments:
        department = department_called(person.departments)
        identity.named_department = "" if department else person.departments[0]
        wanted["department_id"] = department.pk if department else None
    changed = [name for name, value in wanted.items() if value and getattr(user, name) != value]
    for name in changed:
        setattr(user, name, wanted[name])
    if changed:
        user.save(update_fields=changed)
        to = user.department_id
        record_event("follow_directory", actor=None, person=user.pk, fields=changed, department_before=before, to=to)


def department_called(names: Iterable[str]) -> Department | None:
    """The living department that the settings map one of the names to, or that is called so; else was called so.

    The directory may go on with the name of before when a department is renamed or becomes part of another one.
    """
    living = Department.objects.filter(dissolved_on=None)
    for name in names:
        for called in _ways_to_call(name):
            found = list(living.filter(called).distinct()[:2])
            if len(found) == 1:
                return found[0]
    return None


def _ways_to_call(name: str) -> list[Q]:
    if slug := settings.DIRECTORY_DEPARTMENTS.get(name, ""):
        return [Q(addresses__slug=slug)]
    return [
        Q(slug=name.casefold()) | Q(name__iexact=name) | Q(short_name__iexact=name),
        Q(addresses__slug=name.casefold()) | Q(former_names__name__iexact=name),
    ]


# -- groups ----------------------------------------------------------------------------------------


def _give_and_take(user: User, identity: DirectoryIdentity, groups: frozenset[str]) -> None:
    wanted = _teams_of(groups)
    today = clock.today()
    open_ones = Q(ends_on=None) | Q(ends_on__gte=today)
    memberships = user.memberships.select_related("team").filter(open_ones, ended_at=None)
    for membership in memberships:
        role = wanted.pop(membership.team_id, "")
        if not membership.from_directory:
            continue
        if not role:
            people.end(membership, None)
            if not membership.team.is_committee:
                contacts.replace(user, actor=None, team=membership.team)
        elif role != membership.role:
            _change_role(membership, role)
    for team_id, role in wanted.items():
        Membership.objects.create(user=user, team_id=team_id, role=role, starts_on=today, from_directory=True)
        record_event("add_member", actor=None, team=team_id, person=user.pk, role=role)
    _administration(user, identity, groups)


def _change_role(membership: Membership, role: str) -> None:
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    person, team = membership.user_id, membership.team_id
    record_event("change_role", actor=None, team=team, person=person, before=before, role=role)


def _administration(user: User, identity: DirectoryIdentity, groups: frozenset[str]) -> None:
    """Only a group that is mapped to it by name; and only what a group has given is taken."""
    given = any(settings.DIRECTORY_GROUPS.get(group, ("", ""))[1] == ADMINISTRATION for group in groups)
    if given == user.is_staff or (user.is_staff and not identity.gives_administration):
        return
    user.is_staff = identity.gives_administration = given
    user.save(update_fields=["is_staff"])
    record_event("follow_directory", actor=None, person=user.pk, fields=["is_staff"])


def _teams_of(groups: frozenset[str]) -> dict[int, str]:
    """Team key -> role, by the settings. What does not fit the portal's teams is left out and noted in the log."""
    mapped = {settings.DIRECTORY_GROUPS[group] for group in groups & settings.DIRECTORY_GROUPS.keys()}
    given = {(slug, role) for slug, role in mapped if role != ADMINISTRATION}
    if not given:
        return {}
    named = Q(slug__in=[slug for slug, _role in given]) | Q(kind=Team.Kind.STEERING_COMMITTEE)
    teams = by_name(Team.objects.filter(named, dissolved_on=None))
    wanted: dict[int, str] = {}
    for slug, role in given:
        team = teams.get(slug)
        if team is not None and role_fits(team, role):
            wanted[team.pk] = max(wanted.get(team.pk, RANK[0]), role, key=RANK.index)
        else:
            logger.warning("a group of the directory gives %s in team %s, which there is not", role, slug)
    return wanted


def by_name(teams: Iterable[Team]) -> dict[str, Team]:
    """By what the settings call them: the key in the address; the committee also by its own word."""
    return {name: team for team in teams for name in (team.slug, COMMITTEE if team.is_committee else team.slug)}


def role_fits(team: Team, role: str) -> bool:
    """The committee has a chair and no lead, a change team the other way round."""
    return role == Role.MEMBER or (role == Role.CHAIR) == team.is_committee


def in_words(user: User) -> str:
    """For the administration: since when the directory vouches for the person, and what of it was of no use here."""
    identity = user.identities.first()
    if identity is None:
        return _("nicht verbunden, meldet sich mit einem Passwort des Portals an")
    parts = [_("zuletzt bestätigt am %s") % date_format(clock.local(identity.confirmed_at), "j. F Y")]
    if identity.left_at:
        parts.append(_("dort ausgeschieden am %s") % date_format(clock.local(identity.left_at), "j. F Y"))
    if identity.named_department:
        parts.append(_("nennt den unbekannten Bereich „%s“") % identity.named_department)
    if identity.gives_administration:
        parts.append(_("gibt die Administration durch eine Gruppe"))
    return ", ".join(parts)


# -- leaving ---------------------------------------------------------------------------------------


def end_sessions(user: User) -> None:
    """Sign the person out everywhere, from the next click on: every session carries the number in its mark."""
    User.objects.filter(pk=user.pk).update(session_number=F("session_number") + 1)
    user.refresh_from_db(fields=["session_number"])


@transaction.atomic
def leave(identity: DirectoryIdentity) -> None:
    """The directory does not know the person any more: no access, no memberships by groups, no sessions; asked back
    is the lead of the team. What was given by hand waits, in case the person comes back.
    """
    user = people.lock_person(identity.user_id)
    identity = DirectoryIdentity.objects.get(pk=identity.pk)
    if identity.left_at is not None or not user.is_active:
        return
    _give_and_take(user, identity, frozenset())
    identity.left_at = clock.now()
    identity.save()
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    # A membership of the committee that was given by hand waits; nobody else waits for the person meanwhile.
    Review.objects.filter(status=Review.Status.OPEN, claimed_by=user).update(claimed_by=None)
    contacts.replace(user, actor=None)
    signals.person_leaving.send(User, user=user)
    record_event("left_directory", actor=None, person=user.pk)
