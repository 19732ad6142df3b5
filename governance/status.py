"""Where a record stands, who is next, and since when: one sentence for each page."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.models import Record, Review

State = Record.State


def sentence(record: Record, review: Review | None = None, committee: str = "") -> str:
    """The sentence for `record` (with its owner at hand); `review` is the open one, if there is one."""
    values = {
        "since": date_format(timezone.localtime(record.state_since), "j. F Y"),
        "team": record.owner.name,
        "committee": committee or _("Data Steering Committee"),
        "due": date_format(review.due_on, "j. F Y") if review else "",
    }
    texts = {
        State.DRAFT: _("Entwurf seit %(since)s. Als Nächstes: %(team)s schreibt weiter oder legt vor."),
        State.IN_REVIEW: _("Liegt seit %(since)s zur Freigabe vor. Als Nächstes: %(committee)s entscheidet.")
        if review is None
        else _("Liegt seit %(since)s zur Freigabe vor. Als Nächstes: %(committee)s entscheidet bis %(due)s."),
        State.CHANGES_REQUESTED: _("Seit %(since)s zur Überarbeitung zurückgegeben. Als Nächstes: %(team)s."),
        State.SETTLED: _("Veröffentlicht seit %(since)s. Zurzeit ist nichts zu tun."),
        State.ARCHIVED: _("Archiviert seit %(since)s. Die Teamleitung kann den Eintrag wieder öffnen."),
    }
    return texts[State(record.state)] % values
