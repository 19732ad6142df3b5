"""Whoever asks back finds somebody: when a contact leaves, the lead of the owning team takes over and is told."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import catalogue, mail, signals, versions
from governance.audit import record_events
from governance.models import Membership, Record, Team, User

# So many are named in a mail; the team's page has all.
NAMED = 40


def first_contact(team_id: int, without: User | None = None) -> User | None:
    """Whom to ask in a team when nobody is named: the lead, else the longest-standing member."""
    members = Membership.objects.current().filter(team_id=team_id).exclude(user=without)
    first = sorted(
        members.select_related("user").order_by("starts_on", "pk"),
        key=lambda membership: membership.role != Membership.Role.LEAD,
    )
    return first[0].user if first else None


@transaction.atomic
def replace(user: User, *, actor: User | None, team: Team | None = None) -> int:
    """Give all records whose contact `user` is (of one team only, if named) to that team's lead, who gets a list.

    Where nobody is left in the team, the person stays named and the committee gets the list. Returns how many went.
    """
    wanted = Record.objects.filter(contact=user)
    keys = (wanted.filter(owner=team) if team else wanted).values_list("pk", flat=True)
    by_owner: dict[int, list[Record]] = {}
    for record in versions.lock_all(keys):
        if record.contact_id == user.pk:
            by_owner.setdefault(record.owner_id, []).append(record)
    gone = 0
    for owner_id, records in by_owner.items():
        contact = first_contact(owner_id, without=user)
        owner = Team.objects.get(pk=owner_id)
        if contact is None:
            _tell_committee(owner, records)
            continue
        give(records, contact, actor=actor)
        catalogue.refresh_owners(record.pk for record in records)
        _tell(contact, owner, records)
        gone += len(records)
    return gone


def give(records: Sequence[Record], contact: User, *, actor: User | None) -> None:
    """Name `contact` for these locked records; the caller writes their rows of the catalogue anew."""
    if not records:
        return
    keys = [record.pk for record in records]
    Record.objects.filter(pk__in=keys).update(contact=contact)
    record_events("change_contact", actor=actor, records=records, to=contact.pk)
    signals.contact_changed.send(Record, keys=keys, contact=contact)


def _tell(contact: User, owner: Team, records: Sequence[Record]) -> None:
    number = len(records)
    subject = ngettext(
        "Sie sind jetzt Ansprechperson für %(n)d Eintrag von %(team)s",
        "Sie sind jetzt Ansprechperson für %(n)d Einträge von %(team)s",
        number,
    ) % {"n": number, "team": owner.name}
    mail.tell([contact], subject=subject, path=owner.get_absolute_url(), lines=[numbers(records)])


def _tell_committee(owner: Team, records: Sequence[Record]) -> None:
    """Titles of drafts are the team's."""
    committee = Membership.objects.filter(team__kind=Team.Kind.STEERING_COMMITTEE, team__dissolved_on=None)
    subject = _("%(team)s hat niemanden mehr, der Rückfragen beantwortet (%(n)d Einträge)") % {
        "team": owner.name,
        "n": len(records),
    }
    mail.tell(mail.stand_ins(committee), subject=subject, path=owner.get_absolute_url(), lines=[numbers(records)])


def numbers(records: Sequence[Record]) -> str:
    """Short numbers alone: one mail that held titles of several records could not be redacted with one of them."""
    shown = sorted(records[:NAMED], key=lambda record: (record.kind, record.number))
    told = [record.short_number for record in shown]
    if len(records) > NAMED:
        told.append(_("und %d weitere") % (len(records) - NAMED))
    return ", ".join(told)
