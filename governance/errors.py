"""What can stop a step, each with a message that says what happened and what to do next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from governance.models import Record, Review, User, Version


class NotAllowed(PermissionDenied):
    """This person may not do this with this object."""


class WrongState(ValidationError):
    """The record or review is no longer in a state in which this step makes sense."""


class Locked(WrongState):
    """The text is in review and cannot be saved."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Der Text liegt zur Freigabe vor und ist bis zur Entscheidung gesperrt. "
                "Ihr Zwischenstand bleibt erhalten."
            )
        )


class Conflict(ValidationError):
    """Somebody else saved since the form was opened; `current` is their version."""

    def __init__(self, current: Version) -> None:
        self.current = current
        super().__init__(_("Der Text wurde inzwischen von einer anderen Person gespeichert. Nichts ging verloren."))


class Decided(WrongState):
    """Another member has decided already; `review` is the closed review."""

    def __init__(self, review: Review) -> None:
        self.review = review
        super().__init__(
            _("Diese Vorlage ist bereits abgeschlossen: %(status)s.") % {"status": review.get_status_display()}
        )


class Claimed(WrongState):
    """Another member takes care of the review already; `member` is who."""

    def __init__(self, member: User) -> None:
        self.member = member
        super().__init__(
            _("%(name)s kümmert sich bereits um diese Vorlage. Sie können sie ausdrücklich übernehmen.")
            % {"name": member}
        )


class NotCountersigned(WrongState):
    """In this department the lead of the team submits; a member puts the text forward to the lead."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "In Ihrem Bereich legt die Teamleitung vor (Mitzeichnung). Legen Sie den Text zur Mitzeichnung vor; "
                "er bleibt dabei, wie er ist, und Sie können weiterschreiben."
            )
        )


class Renewed(WrongState):
    """The next check-up was set anew since the page was opened; `day` is when it is now."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        super().__init__(
            _(
                "Inzwischen hat jemand den Eintrag bestätigt oder die Wiedervorlage verschoben: Sie steht jetzt auf "
                "dem %(day)s. Von Ihnen ist nichts mehr zu tun."
            )
            % {"day": date_format(day, "j. F Y")}
        )


class Incomplete(ValidationError):
    """A text lacks what its kind requires for submission: pairs of field and message."""

    def __init__(self, missing: list[tuple[str, str]]) -> None:
        self.missing = missing
        super().__init__([message for _field, message in missing])


class Gone(Exception):
    """A record that was published and is not now, asked for by somebody who reads what is published: 410."""

    def __init__(self, record: Record) -> None:
        self.record = record
        super().__init__(record.short_number)
