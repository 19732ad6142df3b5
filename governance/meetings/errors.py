"""What can stop a step about a session; each says what happened and what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _

from governance.errors import WrongState
from governance.models import Meeting, MeetingItem


class Changed(WrongState):
    """Somebody else saved since the form was opened; `current` is what it is now."""

    def __init__(self, current: Meeting | MeetingItem) -> None:
        self.current = current
        super().__init__(
            _(
                "Inzwischen hat jemand anderes gespeichert. Ihre Eingaben stehen noch da, darüber der jetzige Stand. "
                "Speichern Sie noch einmal, wenn Ihre Fassung gelten soll."
            )
        )


class MinutesClosed(WrongState):
    """Nothing of the session changes any more."""

    def __init__(self) -> None:
        super().__init__(_("Das Protokoll dieser Sitzung ist abgeschlossen. Der Vorsitz kann es wieder öffnen."))


class TookNoPart(WrongState):
    """Who is noted as biased, abstaining or away at a text does not decide on it in that session."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Sie sind bei diesem Text als befangen, enthalten oder nicht anwesend notiert. "
                "Ein anderes Mitglied entscheidet."
            )
        )


class OffTheList(WrongState):
    """The item was taken off meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Dieser Text steht nicht mehr auf der Liste der Sitzung."))
