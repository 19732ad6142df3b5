"""Where a record stands, who is next, and since when: one sentence on each of its pages.

`of` answers it for a person; the element `elements/standing.html` shows it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import clock, queries, rules
from governance.models import Countersigning, Record
from governance.rules import Owned, Standing

State = Record.State


@dataclass(frozen=True)
class Shown:
    """What a page tells: the state as a key and in one word, and the sentence."""

    state: str
    label: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def of(standing: Standing, record: Record) -> Shown:
    """Where `record` stands, for this person; one query, and for a team whose lead signs one more."""
    published_at, due_on = queries.dates_of(record)
    found = shown(standing, record, record, published_at=published_at, due_on=due_on)
    if record.owner_id in standing.countersigned_team_ids and record.state in (State.DRAFT, State.CHANGES_REQUESTED):
        return _countersigned(found, record)
    return found


def _countersigned(found: Shown, record: Record) -> Shown:
    """What the team reads while its lead has to sign."""
    waiting = record.countersignings.filter(status=Countersigning.Status.OPEN).first()
    if waiting is None:
        return found
    told = {"day": _day(waiting.put_at), "team": record.owner.name}
    text = _(
        "Liegt seit %(day)s zur Mitzeichnung vor. Als Nächstes: Die Leitung von %(team)s legt vor oder gibt zurück."
    )
    return replace(found, sentence=text % told)


def shown(
    standing: Standing, owned: Owned, record: Record, *, published_at: dt.datetime | None, due_on: dt.date | None
) -> Shown:
    """As `of`, with the dates at hand. Readers learn nothing of a text that they may not read."""
    if rules.may_see_submitted(standing, owned):
        text = sentence(record, published_at=published_at, due_on=due_on, committee=standing.committee_name)
        return Shown(record.state, record.get_state_display(), text)
    if published_at is None:
        return Shown("unpublished", _("nicht veröffentlicht"), _("Zurzeit nicht veröffentlicht."))
    return Shown("published", _("veröffentlicht"), _("Veröffentlicht seit %(day)s.") % {"day": _day(published_at)})


def sentence(
    record: Record,
    *,
    published_at: dt.datetime | None = None,
    due_on: dt.date | None = None,
    committee: str = "",
) -> str:
    """The sentence for those who see the working side of `record` (with its owner at hand).

    `published_at` is the beginning of the open publication, `due_on` the date of the open review, `committee`
    the name of who decides.
    """
    values = {
        "since": _day(record.state_since),
        "published": _day(published_at or record.state_since),
        "team": record.owner.name,
        "committee": committee or _("Das Gremium"),
        "due": date_format(due_on, "j. F Y") if due_on else "",
        "check_up": date_format(record.check_up_on, "j. F Y") if record.check_up_on else "",
    }
    return _template(record, due_on) % values


def _template(record: Record, due_on: dt.date | None) -> str:
    match State(record.state):
        case State.DRAFT:
            return _("Entwurf seit %(since)s. Als Nächstes: %(team)s schreibt weiter oder legt vor.")
        case State.IN_REVIEW if due_on and due_on < clock.today():
            return _(
                "Liegt seit %(since)s zur Freigabe vor. Als Nächstes: %(committee)s entscheidet; "
                "die Frist war am %(due)s."
            )
        case State.IN_REVIEW if due_on:
            return _("Liegt seit %(since)s zur Freigabe vor. Als Nächstes: %(committee)s entscheidet bis %(due)s.")
        case State.IN_REVIEW:
            return _("Liegt seit %(since)s zur Freigabe vor. Als Nächstes: %(committee)s entscheidet.")
        case State.CHANGES_REQUESTED:
            return _("Seit %(since)s zur Überarbeitung zurückgegeben. Als Nächstes: %(team)s überarbeitet.")
        case State.ARCHIVED:
            return _("Archiviert seit %(since)s. Als Nächstes: nichts; die Teamleitung kann wieder öffnen.")
        case State.SETTLED:
            return _settled(record.check_up_on)


def _settled(check_up_on: dt.date | None) -> str:
    if check_up_on is None:
        return _("Veröffentlicht seit %(published)s. Zurzeit ist nichts zu tun.")
    if check_up_on <= clock.today():
        return _(
            "Veröffentlicht seit %(published)s. Die Wiedervorlage ist seit dem %(check_up)s fällig. "
            "Als Nächstes: Die Leitung von %(team)s bestätigt, dass der Eintrag weiterhin gilt."
        )
    return _("Veröffentlicht seit %(published)s. Als Nächstes: Wiedervorlage am %(check_up)s durch %(team)s.")


def _day(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "j. F Y")
