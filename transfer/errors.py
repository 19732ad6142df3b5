"""What can stop a step here: each says what happened; what was typed stays in the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import clock
from governance.errors import WrongState

if TYPE_CHECKING:
    from transfer.models import (
        Adoption,
        AgendaItem,
        ExchangeFormat,
        ExternalSource,
        Hint,
        NewsletterIssue,
        NewsletterPiece,
        Occurrence,
        Question,
    )

    Versioned = (
        Adoption
        | AgendaItem
        | ExchangeFormat
        | ExternalSource
        | Hint
        | NewsletterIssue
        | NewsletterPiece
        | Occurrence
        | Question
    )


class Stale(WrongState):
    """The form was opened on a state that is no longer.

    `current` is what it is now, `newest` are the form's hidden values with which it can be sent again.
    """

    current: Versioned | None = None
    newest: Mapping[str, int | str] = {}


class Changed(Stale):
    """Somebody else saved since the form was opened; `current` is what it is now."""

    def __init__(self, current: Versioned) -> None:
        self.current = current
        self.newest = {"opened_on": current.version}
        super().__init__(
            _(
                "Inzwischen hat jemand anderes gespeichert. Ihre Eingaben stehen noch da, darüber der jetzige Stand. "
                "Speichern Sie noch einmal, wenn Ihre Fassung gelten soll."
            )
        )


class ChangedIssue(Stale):
    """An issue was changed since the person looked at what is to be released."""

    def __init__(self, current: NewsletterIssue) -> None:
        self.current = current
        self.newest = {"seen": current.changes}
        super().__init__(
            _(
                "Die Ausgabe wurde inzwischen geändert. Sie steht unten, wie sie jetzt ist. "
                "Bitte lesen Sie sie noch einmal und geben Sie sie dann frei."
            )
        )


class Moved(Stale):
    """The occurrence was moved, or otherwise changed, since the form was opened; `current` is what it is now."""

    def __init__(self, current: Occurrence) -> None:
        self.current = current
        self.newest = {"seen": current.version}
        told = {"when": date_format(clock.local(current.starts_at), "l, j. F Y, G:i")}
        super().__init__(
            _(
                "Der Termin wurde inzwischen geändert: Er ist jetzt am %(when)s Uhr. Ihre Eingaben stehen noch da. "
                "Speichern Sie noch einmal, wenn der Punkt auch dann auf die Tagesordnung soll."
            )
            % told
        )


class Cancelled(Stale):
    """The occurrence was called off since the form was opened."""

    def __init__(self) -> None:
        super().__init__(_("Dieser Termin ist abgesagt. Bitte wählen Sie einen anderen."))
