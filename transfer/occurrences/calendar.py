"""The next date as a file for the house's own calendar."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from governance import clock
from governance.addresses import absolute
from transfer.models import AgendaItem, Occurrence
from transfer.occurrences.paper import agenda_text

MEDIA_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//Wissensportal//Austauschformate//DE"


def calendar_file(occurrence: Occurrence, items: Sequence[AgendaItem]) -> bytes:
    """One occurrence; a later file of the same one replaces it in the calendar.

    All texts go through the library, which escapes what would otherwise be read as further lines or properties.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if occurrence.is_cancelled else "PUBLISH")
    event = Event()
    event.add("uid", f"termin-{occurrence.pk}@{_host()}")
    event.add("sequence", occurrence.version)
    event.add("dtstamp", clock.now())
    event.add("dtstart", occurrence.starts_at)
    event.add("dtend", occurrence.ends_at)
    event.add("summary", occurrence.format.name)
    if place := occurrence.place or occurrence.format.place:
        event.add("location", place)
    event.add("description", agenda_text(occurrence, items))
    event.add("url", absolute(occurrence.get_absolute_url()))
    event.add("status", "CANCELLED" if occurrence.is_cancelled else "CONFIRMED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _host() -> str:
    return urlsplit(settings.PORTAL_BASE_URL).hostname or "localhost"
