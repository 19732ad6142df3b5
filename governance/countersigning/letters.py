"""Who is told of countersigning: the leads with a note where a substitute reads it, and who put the text forward."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import clock, kinds, mail
from governance.models import Countersigning, Membership, User
from governance.text.clean import slugify_de


def _path(row: Countersigning, page: str) -> str:
    return kinds.get(row.record.kind).url(page, row.record.number, slugify_de(row.version.title))


def _subject(what: str, row: Countersigning) -> str:
    return f"{what}: {row.record.short_number} {row.version.title}"


def put_forward(row: Countersigning) -> None:
    """The leads; for one who is away the substitute, who is told that nobody else can sign."""
    leads = Membership.objects.current().filter(team_id=row.record.owner_id, role=Membership.Role.LEAD)
    for lead in leads.select_related("user").order_by("pk"):
        people = mail.stand_ins([lead], exclude=[row.put_by_id])
        subject = _subject(_("Zur Mitzeichnung"), row)
        mail.tell(people, subject=subject, path=_path(row, "submit"), record=row.record, lines=_lines(lead, people))


def _lines(lead: Membership, people: list[User]) -> list[str]:
    if not lead.is_away_on(clock.today()) or lead.away_until is None or lead.user in people:
        return []
    told = {"lead": lead.user, "day": date_format(lead.away_until, "j. F Y")}
    return [
        _(
            "Sie bekommen diese Mitteilung in Vertretung: %(lead)s ist bis %(day)s abwesend. Vorlegen kann nur die "
            "Teamleitung; die Vertretung bekommt dafür keine Rechte."
        )
        % told
    ]


def _to_who_put_it(row: Countersigning) -> list[User]:
    """The person, or who stands in; the team's others when the person has left it."""
    members = Membership.objects.current().filter(team_id=row.record.owner_id, user_id=row.put_by_id)
    return mail.stand_ins(members) or mail.recipients(row.record.owner)


def given_back(row: Countersigning) -> None:
    subject = _subject(_("Von der Teamleitung zurückgegeben"), row)
    mail.tell(_to_who_put_it(row), subject=subject, path=_path(row, "versions"), record=row.record)


def may_submit_now(row: Countersigning) -> None:
    """Countersigning was switched off while the text waited."""
    subject = _subject(_("Mitzeichnung ist ausgeschaltet, bitte selbst vorlegen"), row)
    mail.tell(_to_who_put_it(row), subject=subject, path=_path(row, "submit"), record=row.record)
