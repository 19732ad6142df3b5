"""The town hall's list of processes becomes drafts of the owning teams: judged first, made in one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from governance import people, versions
from governance.models import CatalogueEntry, Team, User, Version
from governance.rules import Standing, may_import_for
from processmodels.models import KIND, ProcessModel, check_service_key
from processmodels.process_list import Entry
from processmodels.schemas import LegalBasis

_SALT = "processmodels.importing"
_MAX_AGE = 24 * 60 * 60
# Each draft takes some 15 ms; so many are made well within the time of a request.
MAX_AT_ONCE = 500
# What the preview sends back; far below what a form may have.
MAX_PAYLOAD = 2 * 2**20
_TEXTS = ("title", "purpose", "systems", "responsible_unit")


@dataclass
class Candidate:
    """One line of the list: what becomes of it. `reason` says why it is not taken; empty: it is."""

    line: int
    title: str
    department: str
    team: Team | None
    contact: User | None = None
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    reason: str = ""


def judge(entries: Sequence[Entry], standing: Standing) -> list[Candidate]:
    """Each line with its team, its values, and what speaks against it."""
    teams = _teams(standing)
    known = _known_titles(standing)
    found: list[Candidate] = []
    contacts = {team.pk: _contact(team, standing) for team in set(teams.values())}
    taken = 0
    for entry in entries:
        candidate = _candidate(entry, teams, contacts)
        title = candidate.title.casefold()
        candidate.reason = candidate.reason or _refusal(candidate, known, standing)
        if not candidate.reason and taken >= MAX_AT_ONCE:
            candidate.reason = _(
                "Mehr als %(max)d auf einmal geht nicht. Bitte laden Sie die Liste danach noch einmal."
            ) % {"max": MAX_AT_ONCE}
        if not candidate.reason:
            taken += 1
            known[title] = _("Steht schon in Zeile %(line)d.") % {"line": entry.line}
        candidate.problems = [problem for problem in candidate.problems if problem != candidate.reason]
        found.append(candidate)
    return found


def _refusal(candidate: Candidate, known: Mapping[str, str], standing: Standing) -> str:
    if not candidate.title:
        return _("Der Name des Prozesses fehlt.")
    if candidate.title.casefold() in known:
        return known[candidate.title.casefold()]
    if candidate.team is None:
        if not candidate.department:
            return _("Der Bereich fehlt. Bitte tragen Sie ihn in jeder Zeile ein.")
        return _("Zu diesem Bereich gibt es kein Change-Management-Team.")
    if not may_import_for(standing, candidate.team):
        words = _("Diese Zeile kann nur das Team „%(team)s“ oder der Vorsitz von „%(committee)s“ übernehmen.")
        return words % {"team": candidate.team, "committee": standing.committee_name}
    if candidate.contact is None:
        return _("Das Team „%(team)s“ hat noch kein Mitglied, das den Entwurf bekommt.") % {"team": candidate.team}
    return ""


def _contact(team: Team, standing: Standing) -> User | None:
    """Whom readers ask: who brings in the list of the own team, else somebody of the team that gets the draft."""
    return standing.user if team.pk in standing.team_ids else people.first_contact(team.pk)


def _teams(standing: Standing) -> dict[str, Team]:
    """Change teams by name and short name of their department; the person's own team first."""
    living = Team.objects.filter(kind=Team.Kind.CHANGE_TEAM, dissolved_on=None).select_related("department")
    found: dict[str, Team] = {}
    for team in sorted(living, key=lambda team: (team.pk not in standing.team_ids, team.pk)):
        if team.department:
            for name in (team.department.name, team.department.short_name):
                found.setdefault(_key(name), team)
    own = [team for team in living if team.pk in standing.team_ids]
    if len(own) == 1:
        found.setdefault("", own[0])
    return found


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _known_titles(standing: Standing) -> dict[str, str]:
    """Titles that are published, that an own team works on, or that the person brought in before.

    Drafts of other teams are nobody's business: of those brought in for them only the title of then is known.
    """
    published = CatalogueEntry.objects.filter(kind=KIND).values_list("title", "short_number")
    is_own = Q(record__owner__in=standing.team_ids, pk=F("record__current_version"))
    is_brought_in = Q(number=1, author=standing.user_id)
    known = Version.objects.filter(is_own | is_brought_in, record__kind=KIND).select_related("record")
    pairs = [*published, *((version.title, version.record.short_number) for version in known)]
    return {title.casefold(): _("Gibt es schon als %(number)s.") % {"number": number} for title, number in pairs}


def _candidate(entry: Entry, teams: Mapping[str, Team], contacts: Mapping[int, User | None]) -> Candidate:
    department = entry.values.get("department", "")
    # Whose a line is, is guessed only in a list that says it of none.
    team = teams.get(_key(department)) if department or "department" not in entry.values else None
    values: dict[str, Any] = {name: entry.values[name] for name in _TEXTS if entry.values.get(name)}
    candidate = Candidate(entry.line, values.get("title", ""), department, team, values=values)
    candidate.contact = contacts[team.pk] if team else None
    candidate.problems = list(entry.problems)
    for name, value in list(values.items()):
        limit = ProcessModel._meta.get_field(name).max_length  # type: ignore[union-attr]
        if limit and len(value) > limit:
            _drop(candidate, name, _("länger als %(max)d Zeichen") % {"max": limit})
    if cases := entry.values.get("cases_a_year"):
        values["cases_a_year"] = int(cases)
        if values["cases_a_year"] > 2**31 - 1:
            _drop(candidate, "cases_a_year", _("zu groß"))
    if key := entry.values.get("service_key"):
        _take(candidate, "service_key", lambda: check_service_key(key))
    if basis := entry.values.get("legal_basis"):
        rows = [{"title": part.strip()} for part in re.split(r"[;\n]", basis) if part.strip()]
        _take(candidate, "legal_basis", lambda: LegalBasis.write(rows))
    return candidate


def _take(candidate: Candidate, name: str, read: Any) -> None:
    try:
        candidate.values[name] = read()
    except ValidationError as error:
        _drop(candidate, name, " ".join(error.messages))


def _drop(candidate: Candidate, name: str, why: str) -> None:
    """Leave a value out, and say so."""
    candidate.values.pop(name, None)
    label = ProcessModel._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    candidate.problems.append(_("„%(field)s“ wird nicht übernommen: %(why)s") % {"field": label, "why": why})


@transaction.atomic
def make_drafts(entries: Sequence[Entry], standing: Standing) -> list[Version]:
    """One draft for each line that is taken, judged anew; all of them or none. Raises as `versions.create` does."""
    return [
        versions.create(
            kind=KIND,
            owner=candidate.team,
            standing=standing,
            values=candidate.values,
            contact=candidate.contact,
            rule=may_import_for,
            note=_("Aus der Prozessliste, Zeile %(line)d") % {"line": candidate.line},
        )
        for candidate in judge(entries, standing)
        if not candidate.reason and candidate.team
    ]


# -- between preview and confirmation --------------------------------------------------------------


def seal(entries: Iterable[Entry], standing: Standing) -> str:
    """The lines for the hidden field of the preview; raises a ValidationError when they are too many."""
    payload = signing.dumps([standing.user_id, [asdict(entry) for entry in entries]], salt=_SALT, compress=True)
    if len(payload) > MAX_PAYLOAD:
        raise ValidationError(_("Die Liste ist zu lang. Bitte teilen Sie sie in mehrere Dateien auf."))
    return payload


def unseal(payload: str, standing: Standing) -> list[Entry]:
    """The lines that this person saw; raises a ValidationError for anything else."""
    try:
        user, rows = signing.loads(payload, salt=_SALT, max_age=_MAX_AGE)
    except signing.BadSignature:
        user, rows = None, []
    if user != standing.user_id:
        raise ValidationError(_("Die Vorschau ist nicht mehr gültig. Bitte laden Sie die Liste noch einmal hoch."))
    return [Entry(**row) for row in rows]
