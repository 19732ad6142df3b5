"""Who is told of an adoption: the team that adopts, and the one that is adopted from. Titles and links, no texts."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from governance import kinds, mail
from governance.models import CatalogueEntry, Membership, Publication, Team, User
from transfer.adoption.queries import teams_of
from transfer.models import Adoption

# Of more adoptions that come at once one mail tells.
EACH = 5


def carriers(department_id: int, exclude: Collection[int] = ()) -> list[User]:
    """The change team of the department; where there is none, the committee."""
    teams = teams_of(department_id)
    members = Membership.objects.filter(team__in=teams)
    if not teams:
        members = Membership.objects.filter(team__kind=Team.Kind.STEERING_COMMITTEE, team__dissolved_on=None)
    return mail.stand_ins(members, exclude)


def interest(adoption: Adoption, actor: User) -> None:
    """The own team, and whom the source names to be asked."""
    words = {"department": adoption.department.name, "record": _named(adoption)}
    people = [*carriers(adoption.department_id, {actor.pk}), *mail.contact_of(adoption.record)]
    _tell(people, _("%(department)s interessiert sich für %(record)s") % words, adoption, actor)


def step(adoption: Adoption, actor: User) -> None:
    """The source's team, of each step."""
    words = {
        "department": adoption.department.name,
        "state": adoption.get_state_display(),
        "record": _named(adoption),
    }
    people = mail.recipients(adoption.record.owner, {actor.pk})
    _tell(people, _("Nachnutzung von %(record)s – %(department)s: %(state)s") % words, adoption, actor)


def handed_over(adoption: Adoption) -> None:
    """The team that carries it on from now on."""
    subject = _("Ihr Bereich führt jetzt die Nachnutzung von %s weiter") % _named(adoption)
    _tell(carriers(adoption.department_id), subject, adoption)


def many_handed_over(department_id: int, number: int) -> None:
    """As `handed_over`, in one mail."""
    subject = _("Ihr Bereich führt jetzt %d Nachnutzungen weiter") % number
    mail.tell(carriers(department_id), subject=subject, path=reverse("transfer:adoptions"))


def archived(adoption: Adoption) -> None:
    _tell(carriers(adoption.department_id), _("Archiviert, was Sie nachnutzen: %s") % _named(adoption), adoption)


def published(adoption: Adoption, entry: CatalogueEntry, issues: Collection[Publication]) -> None:
    """A new publication of what the department adopts, with the comparison to the one it knows."""
    by_number = {issue.number: issue for issue in issues}
    known, newest = by_number.get(adoption.issue), by_number[entry.issue]
    back = next((i for i in issues if i.number < entry.issue and _is_same(i, newest)), None)
    words = {"record": _named(adoption), "issue": entry.issue, "old": back.number if back else 0}
    if back is not None:
        subject = _("%(record)s, das Sie nachnutzen, ist auf Ausgabe %(old)s zurückgesetzt (Ausgabe %(issue)s)") % words
    else:
        subject = _("Neue Ausgabe %(issue)s von %(record)s, das Sie nachnutzen") % words
    path = entry.url
    if known is not None:
        path = _comparison(entry, known.version.number, newest.version.number)
    mail.tell(carriers(adoption.department_id), subject=subject, path=path, record=adoption.record)


def _is_same(one: Publication, other: Publication) -> bool:
    return one.version.content_hash == other.version.content_hash


def _comparison(entry: CatalogueEntry, older: int, newer: int) -> str:
    return kinds.get(entry.kind).url("compare", entry.number, entry.slug, older, newer)


def _named(adoption: Adoption) -> str:
    return f"{adoption.record.short_number} {adoption.title}"


def _tell(people: list[User], subject: str, adoption: Adoption, actor: User | None = None) -> None:
    told = {person.pk: person for person in people if actor is None or person.pk != actor.pk}
    mail.tell(told.values(), subject=subject, path=adoption.get_absolute_url(), record=adoption.record)
