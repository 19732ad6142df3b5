"""When a published record is looked at again: after 24 months, or as its team's lead has set it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import clock
from governance.models import Record

# What a lead may choose; without a choice the setting CHECK_UP_MONTHS holds.
MONTHS = (3, 6, 12, 18, 24, 36, 48, 60)
LATEST_MONTHS = MONTHS[-1]
# So long before the day, team and contact are told.
AHEAD = dt.timedelta(weeks=4)


def months_of(record: Record) -> int:
    return record.check_up_months or settings.CHECK_UP_MONTHS


def next_day(record: Record) -> dt.date:
    """The day of the next check-up, counted from today."""
    return clock.add_months(clock.today(), months_of(record))


def latest_day() -> dt.date:
    """A later day would be none: nobody would be asked in time."""
    return clock.add_months(clock.today(), LATEST_MONTHS)


def counted_anew(record: Record) -> dt.date:
    """The day after the interval of `record` was changed: counted from the last confirmation, and never so near that
    the mail would come late."""
    confirmed = record.confirmed_at
    since = timezone.localdate(confirmed) if confirmed else clock.today()
    return max(clock.add_months(since, months_of(record)), clock.today() + AHEAD)


def in_words(months: int) -> str:
    if months % 12:
        return _("alle %(n)d Monate") % {"n": months}
    years = months // 12
    return _("jedes Jahr") if years == 1 else _("alle %(n)d Jahre") % {"n": years}


def choices() -> list[tuple[str, str]]:
    """For a form: the interval of the house, then the others."""
    house = _("wie im ganzen Haus: %(interval)s") % {"interval": in_words(settings.CHECK_UP_MONTHS)}
    return [("", house), *((str(months), in_words(months)) for months in MONTHS)]
