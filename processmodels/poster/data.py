"""What stands on a poster, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import approval
from processmodels.bpmn.model import Model


class Paper(StrEnum):
    A3 = "a3"
    A4 = "a4"


@dataclass(frozen=True)
class PosterFigure:
    """A key figure in words: "Durchlaufzeit", "42 Tage", "12 Tage", "30 Tage weniger"."""

    name: str
    before: str
    after: str
    change: str = ""


@dataclass(frozen=True)
class Contact:
    """Whom to ask; only the team is required. `place` is a room, a telephone number, or both."""

    team: str
    person: str = ""
    place: str = ""


@dataclass(frozen=True)
class PosterData:
    """One published version, or a draft. `printed_at` is aware of its time zone and dates the file as well.

    Without a `model`, or with one that no wall could hold, the `steps` are printed. `issue`, `released_on` and
    `check_mark` are those of the publication; a draft has none of the first two. `caption` says which state the
    diagram shows; `changes` has a line for each point.
    """

    title: str
    purpose: str
    number: str
    address: str
    contact: Contact
    printed_at: datetime
    model: Model | None = None
    steps: Sequence[str] = ()
    caption: str = ""
    changes: str = ""
    figures: Sequence[PosterFigure] = ()
    issue: int | None = None
    released_on: date | None = None
    check_mark: str = ""
    is_draft: bool = False

    def version_words(self) -> str:
        """Such as "Ausgabe 3, freigegeben am 3. Mai 2025 · Prüfzeichen 3f2a-91c0-77de"."""
        parts = []
        if self.is_draft or self.issue:
            parts.append(approval.words(issue=None if self.is_draft else self.issue, released_on=self.released_on))
        if self.check_mark:
            parts.append(_("Prüfzeichen %s") % self.check_mark)
        return " · ".join(parts)

    def printed_words(self) -> str:
        return _("gedruckt am %s") % date_format(self.printed_at.date(), "j. F Y")
