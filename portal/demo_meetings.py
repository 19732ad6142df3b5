"""Plays sessions of the committee and a text put forward for countersigning: fixtures/demo/meetings.toml.

A session that has a list already, and countersigning that was ever switched, is left alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.conf import settings

from governance.countersigning import services as countersigning
from governance.meetings import services
from governance.models import AuditEvent, Department, Meeting, MeetingItem, Record
from governance.rules import Standing, load_standing
from portal.demo_formats import At, Event, Town, event

FILE = settings.BASE_DIR / "fixtures" / "demo" / "meetings.toml"
Row = Mapping[str, Any]


def events(town: Town, meetings: Mapping[str, Meeting], at: At) -> Iterator[Event]:
    """How many days ago, and what to do then."""
    story = tomllib.loads(FILE.read_text())
    listed = set(MeetingItem.objects.values_list("meeting_id", flat=True))
    for row in story["meeting"]:
        meeting = meetings[row["key"]]
        if meeting.pk not in listed:
            for step in row["step"]:
                yield event(step, at, partial(_step, town, meeting.pk, row, step))
    if not AuditEvent.objects.filter(verb="switch_countersigning").exists():
        row = story["countersigning"]
        yield event(row, at, partial(_switch, town, row))
        yield event(row["put_forward"], at, partial(_put_forward, town, row["put_forward"]))


def _standing(town: Town, row: Row) -> Standing:
    return load_standing(town.users[row["by"]])


def _step(town: Town, key: int, told: Row, step: Row) -> None:
    meeting, standing = Meeting.objects.get(pk=key), _standing(town, step)
    match step["do"]:
        case "put_on":
            records = [town.records[text] for text in step["texts"]]
            waiting = Record.objects.filter(pk__in=records, reviews__status="open").values_list("reviews", flat=True)
            services.put_on(meeting=meeting, standing=standing, reviews=list(waiting))
        case "note":
            item = MeetingItem.objects.select_related("review").get(
                meeting=meeting, review__record=town.records[step["text"]]
            )
            services.note(
                item=item,
                standing=standing,
                opened_on=item.version,
                note=step.get("words", ""),
                parts={town.users[name].pk: part for name, part in step["parts"].items()},
            )
        case "change":
            services.change(
                meeting=meeting,
                standing=standing,
                opened_on=meeting.version,
                title=meeting.title,
                held_on=meeting.held_on,
                present=[town.users[name].pk for name in told["present"]],
                notes=told["notes"].strip(),
            )
        case "close":
            services.close(meeting=meeting, standing=standing, opened_on=meeting.version)


def _switch(town: Town, row: Row) -> None:
    department = Department.objects.get(slug=row["department"])
    countersigning.switch(department=department, standing=_standing(town, row), on=True)


def _put_forward(town: Town, row: Row) -> None:
    record = Record.objects.get(pk=town.records[row["text"]])
    assert record.current_version_id is not None
    countersigning.put_forward(
        record=record, standing=_standing(town, row), version_id=record.current_version_id, note=row["note"]
    )
