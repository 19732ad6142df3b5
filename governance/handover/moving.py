"""A team gives all that it has to another one: the step itself, in batches, in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import catalogue, mail, rules, signals, versions
from governance.audit import record_event, record_events
from governance.errors import NotAllowed, WrongState
from governance.handover import contacts, parts
from governance.models import Department, DraftBuffer, Membership, Record, Team
from governance.rules import Standing


class Changed(WrongState):
    """What would be handed over is not what the preview showed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Seit der Vorschau hat sich etwas geändert. Es wurde noch nichts übergeben. "
                "Unten steht der jetzige Stand: Bitte sehen Sie ihn an und übergeben Sie dann."
            )
        )


@transaction.atomic
def hand_over(*, standing: Standing, team: Team, to: Team, seen: str = "") -> int:
    """Give all that `team` has to another change team; returns the number of records.

    State, open review with its authors, claim and due date stay as they are. A contact who is not in the new team
    gives way to its lead. `seen` is what the preview said; raises Changed when it says something else by now.
    """
    if not rules.may_hand_over(standing):
        raise NotAllowed
    team, to = lock_teams(team, to)
    _check(team, to)
    wanted = parts.preview(team, to)
    own = Record.objects.filter(owner=team).values_list("pk", flat=True)
    records = [record for record in versions.lock_all({*own, *wanted.locks}) if record.owner_id == team.pk]
    # Read again: whoever was waited for may have changed what the locks were taken for.
    wanted = parts.preview(team, to)
    if seen and seen != wanted.seen:
        raise Changed
    writers = _writers(team, to)
    signals.team_hands_over.send(Team, team=team, to=to, standing=standing)
    _give(records, team, to, standing)
    told: dict[str, Any] = {"records": len(records), **wanted.counts}
    record_event("hand_over", actor=standing.user, team=team.pk, to=to.pk, **told)
    if wanted.counts:
        _tell(team, to, len(records), writers)
    return len(records)


def compare(team: Team, to: Team, seen: str) -> None:
    """Raises Changed unless the preview still says the same; both teams are locked from here on."""
    team, to = lock_teams(team, to)
    _check(team, to)
    if parts.preview(team, to).seen != seen:
        raise Changed


def lock_teams(*teams: Team) -> list[Team]:
    """Teams, then their departments, each in the order of their keys, before any record: as when one is renamed.

    Whoever makes a record for one of them waits until this is over.
    """
    keys = [team.pk for team in teams]
    locked = {team.pk: team for team in Team.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}
    wanted = Department.objects.filter(pk__in={team.department_id for team in locked.values() if team.department_id})
    departments = {one.pk: one for one in wanted.select_for_update(no_key=True).order_by("pk")}
    for team in locked.values():
        team.department = departments.get(team.department_id or 0)
    return [locked[key] for key in keys]


def _check(team: Team, to: Team) -> None:
    if team.is_committee or to.is_committee:
        raise WrongState(_("Das Gremium ist kein Change-Management-Team: Es übergibt nichts und übernimmt nichts."))
    if to.pk == team.pk or to.dissolved_on or (to.department and to.department.dissolved_on):
        raise WrongState(_("Bitte wählen Sie ein anderes, bestehendes Change-Management-Team."))


def _give(records: list[Record], team: Team, to: Team, standing: Standing) -> None:
    keys = [record.pk for record in records]
    Record.objects.filter(pk__in=keys).update(owner=to)
    record_events("change_owner", actor=standing.user, records=records, before=team.pk, to=to.pk)
    members = set(Membership.objects.current().filter(team=to).values_list("user_id", flat=True))
    if lead := contacts.first_contact(to.pk):
        contacts.give([one for one in records if one.contact_id not in members], lead, actor=standing.user)
    catalogue.refresh_owners(keys)


def _writers(team: Team, to: Team) -> set[int]:
    """Who has work in progress in the old team's records and is not in the new one."""
    stays = Membership.objects.current().filter(team=to).values("user_id")
    found = DraftBuffer.objects.filter(record__owner=team).exclude(user__in=stays)
    return set(found.values_list("user_id", flat=True))


def _tell(team: Team, to: Team, number: int, writers: set[int]) -> None:
    """The new team gets work, the old one learns where it went."""
    names = {"team": team.name, "to": to.name, "count": number}
    subject = _("%(team)s hat Ihnen %(count)s Einträge übergeben") % names
    about = _("Alles Weitere des Teams, etwa Formate und Nachnutzungen, führt jetzt auch Ihr Team.")
    mail.tell(mail.recipients(to), subject=subject, path=to.get_absolute_url(), lines=[about])
    old = [person for person in mail.recipients(team) if not to.memberships.current().filter(user=person).exists()]
    subject = _("Die Einträge von %(team)s führt jetzt %(to)s") % names
    kept = _(
        "Ihre Zwischenstände bleiben erhalten. Sie finden sie wieder, sobald Sie Mitglied des neuen Teams sind; "
        "bitte sprechen Sie es an."
    )
    for person in old:
        lines = [kept] if person.pk in writers else []
        mail.tell([person], subject=subject, path=to.get_absolute_url(), lines=lines)
