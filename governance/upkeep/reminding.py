"""The mail four weeks before a check-up: once for each day, to the team's lead and the contact."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import clock, kinds, mail, versions
from governance.models import Membership, Publication, Record, Team, User
from governance.periodic import Job, Period, register
from governance.text.clean import slugify_de
from governance.upkeep import dates

# Whoever has more than one on a day gets one mail with so many short numbers.
NUMBERS_NAMED = 30


def waiting() -> QuerySet[Record]:
    """Published records whose day comes within four weeks, or has come, and whose team was not told of this day."""
    told = Q(check_up_told_for__isnull=False, check_up_told_for=F("check_up_on"))
    return Record.objects.filter(
        Exists(Publication.objects.filter(record=OuterRef("pk"), until_at=None)),
        check_up_on__lte=clock.today() + dates.AHEAD,
    ).exclude(told)


def remind() -> None:
    """Tell each team of what comes, in one transaction for each team."""
    for team in Team.objects.filter(pk__in=waiting().values("owner_id")).order_by("pk"):
        with transaction.atomic():
            _remind(team)


def _remind(team: Team) -> None:
    keys = list(waiting().filter(owner=team).order_by("pk").values_list("pk", flat=True))
    for key in keys:
        versions.lock(key)
    # Read under the locks: what was confirmed, archived or handed over meanwhile is no longer among them.
    found = waiting().filter(owner=team, pk__in=keys).select_related("current_version").order_by("check_up_on", "pk")
    records = list(found)
    for person, theirs in _by_person(team, records):
        if len(theirs) == 1:
            _tell_of_one(person, theirs[0])
        else:
            _tell_of_several(person, theirs)
    for record in records:
        record.check_up_told_for = record.check_up_on
        record.save(update_fields=["check_up_told_for"])


def _by_person(team: Team, records: Sequence[Record]) -> list[tuple[User, list[Record]]]:
    """Who is told of what: the leads of all, each contact of the own; all members where nobody leads.

    For whoever is away the substitute. A contact who is in the team no longer is not asked: the lists name that.
    """
    members = Membership.objects.filter(team=team)
    leads = mail.stand_ins(members.filter(role=Membership.Role.LEAD)) or mail.recipients(team)
    people = {person.pk: person for person in leads}
    told = {person.pk: list(records) for person in leads}
    for contact_id in {record.contact_id for record in records}:
        for person in mail.stand_ins(members.filter(user_id=contact_id)):
            people[person.pk] = person
            mine = told.setdefault(person.pk, [])
            mine += [record for record in records if record.contact_id == contact_id and record not in mine]
    return [(people[pk], theirs) for pk, theirs in told.items()]


def _tell_of_one(person: User, record: Record) -> None:
    title = record.current_version.title if record.current_version else record.short_number
    mail.tell(
        [person],
        subject=_("Gilt das noch? %(record)s, Wiedervorlage am %(day)s")
        % {"record": f"{record.short_number} {title}", "day": _day(record)},
        path=kinds.get(record.kind).url("check_up", record.number, slugify_de(title)),
        record=record,
        lines=[
            _(
                "Auf der Seite bestätigt die Teamleitung mit einem Klick, dass der Eintrag weiterhin gilt. "
                "Hat sich etwas geändert, lässt er sich dort überarbeiten oder archivieren."
            )
        ],
    )


def _tell_of_several(person: User, records: Sequence[Record]) -> None:
    """By their numbers: one mail that held titles of several records could not be redacted with one of them."""
    named = [_("%(record)s am %(day)s") % {"record": one.short_number, "day": _day(one)} for one in records]
    shown = ", ".join(named[:NUMBERS_NAMED]) + (" …" if len(named) > NUMBERS_NAMED else "")
    mail.tell(
        [person],
        subject=_("Gilt das noch? %(n)d Einträge kommen zur Wiedervorlage") % {"n": len(records)},
        path=reverse("upkeep"),
        lines=[
            shown,
            _(
                "Die Seite zeigt alle mit Titel. Ein Klick der Teamleitung bestätigt, dass ein Eintrag weiterhin gilt; "
                "hat sich etwas geändert, lässt er sich überarbeiten oder archivieren."
            ),
        ],
    )


def _day(record: Record) -> str:
    return date_format(record.check_up_on, "j. F Y") if record.check_up_on else ""


def register_all() -> None:
    """Called once from `apps.py`."""
    register(Job("remind_of_check_ups", Period.DAY, remind))
