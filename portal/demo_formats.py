"""The exchange formats of the demo municipality: a year of dates, agendas and what came of them.

Each file of `fixtures/demo/formats/` is one format. Dates lie `every` days apart on one weekday, the first of them
`first` days ago; what is told of one names it by its number. With `only_told` there are no other dates. A format that
is there already is left alone.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from governance import clock
from governance.models import Record, Team, User
from governance.rules import Standing, load_standing
from transfer.afterwards import services as afterwards
from transfer.agenda import services as agenda
from transfer.formats import services as formats
from transfer.forms import moment
from transfer.models import AgendaItem, ExchangeFormat, NewsletterIssue, Occurrence
from transfer.newsletter import services as newsletter
from transfer.occurrences import services as occurrences
from transfer.reflection import services as reflection

FOLDER = settings.BASE_DIR / "fixtures" / "demo" / "formats"
FORMAT = ("name", "kind", "purpose", "audience", "rhythm", "minutes", "place", "since", "is_new")
ITEM = ("aim", "by_whom", "minutes")
# How many days before: founding, setting a date, bringing something. Afterwards, on the same day, it is noted.
FOUNDED, SET, BROUGHT, NOTED = 40.9, 30.8, 4.5, 0.1
RECENTLY = 0.6
Event = tuple[float, Callable[[], object]]
At = Callable[[float], dt.datetime]


def event(row: Mapping[str, Any], at: At, happens: Callable[[], object]) -> Event:
    """What happens so many days ago as the row says, by the clock of that day."""
    days_ago = float(row["days_ago"])

    def happen() -> None:
        with clock.at(at(days_ago)):
            happens()

    return days_ago, happen


class Town(Protocol):
    """What is needed of the player of the demo municipality."""

    users: dict[str, User]
    teams: dict[str, Team]
    records: dict[str, int]


def events(town: Town, at: Callable[[float], dt.datetime]) -> Iterator[Event]:
    """What happens in the formats that are not there yet: how many days ago, and what to do then."""
    known = set(ExchangeFormat.objects.values_list("slug", flat=True))
    standings: dict[str, Standing] = {}
    for path in sorted(Path(FOLDER).glob("*.toml")):
        story = tomllib.loads(path.read_text())
        if story["slug"] not in known:
            yield from _Player(town, at, standings, story, path.name).events()


class _Player:
    """Plays one format."""

    def __init__(
        self,
        town: Town,
        at: Callable[[float], dt.datetime],
        standings: dict[str, Standing],
        story: dict[str, Any],
        name: str,
    ) -> None:
        self.town, self.at, self.standings, self.story, self.name = town, at, standings, story, name
        # The day on which all this is told, not the one on which it happens.
        self.today = clock.today()
        self.occurrences: dict[int, Occurrence] = {}

    def events(self) -> Iterator[Event]:
        first = float(self.story["first"])
        yield self._event(first + FOUNDED, self._found)
        told = {row["number"]: row for row in self.story.get("occurrence", ())}
        for number in range(self.story.get("dates", 0)):
            if self.story.get("only_told") and number not in told:
                continue
            day = self._day(number)
            ago = float((clock.today() - day).days)
            yield self._event(max(ago + SET, RECENTLY + 0.3), partial(self._set, number, day))
            if number in self.story.get("cancelled", ()):
                yield self._event(ago + 1.5, partial(self._cancel, number))
            if number in told:
                yield from self._of_occurrence(number, ago, told[number])
        for row in self.story.get("issue", ()):
            yield from self._of_issue(row)

    def _of_occurrence(self, number: int, ago: float, row: Mapping[str, Any]) -> Iterator[Event]:
        for item in row.get("item", ()):
            made: dict[str, AgendaItem] = {}
            yield self._event(max(ago + BROUGHT, RECENTLY), partial(self._bring, number, item, made))
            if ago > 0:
                yield from self._of_item(ago, item, made)
        if ago > 0 and any(kind in row for kind in ("keep", "change", "try")):
            yield self._event(ago + NOTED, partial(self._reflect, number, row))

    def _of_item(self, ago: float, item: Mapping[str, Any], made: dict[str, AgendaItem]) -> Iterator[Event]:
        if "notes" in item or "decisions" in item:
            yield self._event(ago + NOTED, partial(self._note, item, made))
        for follow_up in item.get("follow_up", ()):
            yield self._event(ago + NOTED, partial(self._follow_up, follow_up, made))
            if "done" in follow_up:
                yield self._event(float(follow_up["done"]), partial(self._tick, follow_up["text"], made))
        if "learning" in item:
            yield self._event(float(item["learning"]), partial(self._write, made))

    def _of_issue(self, row: Mapping[str, Any]) -> Iterator[Event]:
        made: dict[str, NewsletterIssue] = {}
        yield self._event(row["begun"], partial(self._begin_issue, row, made))
        if "released" in row:
            yield self._event(row["released"], partial(self._release_issue, made))

    def _event(self, days_ago: float, happens: Callable[[], object]) -> Event:
        return days_ago, partial(self._at, days_ago, happens)

    def _at(self, days_ago: float, happens: Callable[[], object]) -> None:
        with clock.at(self.at(days_ago)):
            try:
                happens()
            except Exception as error:
                error.add_note(f"fixtures/demo/formats/{self.name}")
                raise

    def _day(self, number: int) -> dt.date:
        """The weekday of the format in the week that the number of days leads to."""
        day = clock.today() - dt.timedelta(days=self.story["first"] - number * self.story["every"])
        return day + dt.timedelta(days=self.story["weekday"] - day.weekday())

    def _standing(self, role: str = "by") -> Standing:
        username = self.story[role]
        return self.standings.setdefault(username, load_standing(self.town.users[username]))

    # -- what happens ------------------------------------------------------------------------------

    def _found(self) -> None:
        words = {name: self.story[name] for name in FORMAT if name in self.story}
        team = self.town.teams[self.story["team"]]
        made = formats.found(standing=self._standing("founded_by"), team=team.pk, **words)
        # Its address is the one of the file, so that it is known the next time.
        ExchangeFormat.objects.filter(pk=made.pk).update(slug=self.story["slug"])
        self.format = made

    def _set(self, number: int, day: dt.date) -> None:
        begins = moment(day, dt.time.fromisoformat(self.story["time"]))
        self.occurrences[number] = occurrences.set_date(
            standing=self._standing(), exchange_format=self.format, starts_at=begins
        )

    def _cancel(self, number: int) -> None:
        occurrences.cancel(
            standing=self._standing(), occurrence=self.occurrences[number], reason="Zu viele sind im Urlaub."
        )

    def _bring(self, number: int, item: Mapping[str, Any], made: dict[str, AgendaItem]) -> None:
        common: dict[str, Any] = {name: item[name] for name in ITEM if name in item}
        common |= {"standing": self._standing(), "occurrence": self.occurrences[number], "seen": None}
        if "title" in item:
            made["item"] = agenda.add_topic(title=item["title"], **common)
            return
        record = Record.objects.select_related("owner", "current_version").get(pk=self.town.records[item["record"]])
        made["item"] = agenda.take_along(record=record, **common)

    def _note(self, item: Mapping[str, Any], made: dict[str, AgendaItem]) -> None:
        made["item"] = afterwards.note(
            standing=self._standing(),
            item=made["item"],
            opened_on=made["item"].version,
            notes=item.get("notes", "").strip(),
            decisions=item.get("decisions", "").strip(),
        )

    def _follow_up(self, row: Mapping[str, Any], made: dict[str, AgendaItem]) -> None:
        afterwards.add_follow_up(
            standing=self._standing(),
            item=made["item"],
            text=row["text"],
            role=row["role"],
            due_on=self.today - dt.timedelta(days=row["due"]),
        )

    def _tick(self, text: str, made: dict[str, AgendaItem]) -> None:
        follow_up = made["item"].follow_ups.get(text=text)
        follow_up.item = made["item"]
        afterwards.tick(standing=self._standing(), follow_up=follow_up, done=True)

    def _write(self, made: dict[str, AgendaItem]) -> None:
        afterwards.write_from_note(standing=self._standing(), source=made["item"])

    def _reflect(self, number: int, row: Mapping[str, Any]) -> None:
        occurrence = self.occurrences[number]
        told = row.get("became", {})
        reflection.reflect(
            standing=self._standing(),
            occurrence=occurrence,
            lines={kind: row.get(kind, ()) for kind in ("keep", "change", "try")},
            seen=(),
            became={note.pk: told[note.text] for note in reflection.open_trials(occurrence) if note.text in told},
        )

    def _begin_issue(self, row: Mapping[str, Any], made: dict[str, NewsletterIssue]) -> None:
        """With what is suggested, and a text of the team's own; the first piece stands there with its article."""
        standing = self._standing()
        issue = newsletter.begin(
            standing=standing, exchange_format=self.format, title=row["title"], intro=row.get("intro", "").strip()
        )
        pieces = list(issue.pieces.all())
        for piece in pieces[row["most"] :]:
            newsletter.leave_out(standing=standing, piece=piece)
        if pieces:
            newsletter.set_length(standing=standing, piece=pieces[0], length="article")
        if "text" in row:
            own = newsletter.add_text(standing=standing, issue=issue, title=row["heading"], text=row["text"].strip())
            for _step in range(row.get("up", 0)):
                newsletter.move(standing=standing, piece=own, way=newsletter.UP)
        made["issue"] = issue

    def _release_issue(self, made: dict[str, NewsletterIssue]) -> None:
        issue = NewsletterIssue.objects.select_related("format__team").get(pk=made["issue"].pk)
        newsletter.release(standing=self._standing("founded_by"), issue=issue, seen=issue.changes)
