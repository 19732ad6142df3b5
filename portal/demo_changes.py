"""Plays what has changed in the demo municipality: fixtures/demo/changes.toml. What was played once is left alone."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.conf import settings

from governance import clock
from governance.handover import departments, parts, services
from governance.models import Department, Team
from governance.rules import load_standing
from portal.demo_formats import At, Event, Town

FILE = settings.BASE_DIR / "fixtures" / "demo" / "changes.toml"
Row = Mapping[str, Any]


def events(town: Town, at: At) -> Iterator[Event]:
    """How many days ago, and what to do then."""
    story = tomllib.loads(FILE.read_text())
    for row in story["rename"]:
        if Department.objects.filter(slug=row["former"]).exists():
            yield float(row["days_ago"]), partial(_rename, town, row, at)
    for row in story["hand_over"]:
        if Team.objects.filter(slug=row["team"], dissolved_on=None).exists():
            yield float(row["days_ago"]), partial(_hand_over, town, row, at)


def _rename(town: Town, row: Row, at: At) -> None:
    with clock.at(at(row["days_ago"])):
        departments.rename(
            standing=load_standing(town.users[row["by"]]),
            department=Department.objects.get(slug=row["former"]),
            **{name: row[name] for name in ("name", "short_name", "slug")},
        )


def _hand_over(town: Town, row: Row, at: At) -> None:
    team, to = (Team.objects.get(slug=row[name]) for name in ("team", "to"))
    with clock.at(at(row["days_ago"])):
        services.hand_over(
            standing=load_standing(town.users[row["by"]]),
            team=team,
            to=to,
            seen=parts.preview(team, to).seen,
            with_members=True,
            then_dissolve=True,
        )
