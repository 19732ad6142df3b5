"""Plays the upkeep of the demo municipality: fixtures/demo/upkeep.toml.

Intervals that a team's lead has chosen, and a contact whose time in the team is over. Once anybody has set an interval,
all of it is left alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.conf import settings

from governance import administration, clock
from governance.models import AuditEvent, Membership, Record
from governance.rules import load_standing
from portal.demo_formats import At, Event, Town, event
from portal.upkeep import comparing

FILE = settings.BASE_DIR / "fixtures" / "demo" / "upkeep.toml"
Row = Mapping[str, Any]


def events(town: Town, at: At) -> Iterator[Event]:
    """How many days ago, and what to do then."""
    if AuditEvent.objects.filter(verb="change_interval").exists():
        return
    story = tomllib.loads(FILE.read_text())
    for name, play in (("interval", _interval), ("runs_out", _runs_out)):
        for row in story[name]:
            yield event(row, at, partial(play, town, row))
    # Pairs are found by the hour; the demo shows them at once.
    yield 0.0, comparing.compare


def _interval(town: Town, row: Row) -> None:
    record = Record.objects.select_related("owner__department").get(pk=town.records[row["record"]])
    administration.change_interval(record=record, standing=load_standing(town.users[row["by"]]), months=row["months"])


def _runs_out(town: Town, row: Row) -> None:
    """The last day that the administration gave a membership has come. Who leaves by a step hands on at once."""
    mine = Membership.objects.filter(user=town.users[row["who"]], team=town.teams[row["team"]])
    mine.update(ends_on=clock.today())
