"""Plays the demo municipality through the services, each step on its own day.

Persons, departments and teams come first; then who joined which team and the steps of all learnings are
merged into one story in order of time, so that short numbers and the audit trail look as if the town had
worked with the portal. A learning is remembered by its first title; what is there already is left alone.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import File
from django.db import transaction

from governance import attachments, clock, kinds, people, reviewing, tags, versions, workflow
from governance.models import (
    Comment,
    Department,
    Meeting,
    Membership,
    Record,
    Review,
    Tag,
    Team,
    User,
    Version,
)
from governance.rules import Standing, load_standing
from governance.workflow import NewComment
from learnings import schemas
from portal import (
    demo_adoptions,
    demo_asking,
    demo_changes,
    demo_formats,
    demo_meetings,
    demo_packages,
    demo_proofs,
    demo_upkeep,
)
from portal.synonyms import services as synonyms
from portal.synonyms import table
from portal.synonyms.models import SynonymGroup
from processmodels import diagrams
from processmodels.bpmn.writing import write
from processmodels.states import STATES
from processmodels.steps import Step, to_model

SYNONYMS = settings.BASE_DIR / "fixtures" / "synonyms.csv"
FOLDER = settings.BASE_DIR / "fixtures" / "demo"
PASSWORD = "demo"  # noqa: S105 - public by design, refused outside the demo
KIND = "learning"
# Written as words, kept as keys.
WORDS = {"tags"}
Act = dict[str, Any]
MORNING = 0.99
# How long ago (in days), and what to do then.
Event = tuple[float, Callable[[], object]]


def load() -> int:
    """Load what is missing; returns the number of learnings that were new."""
    data = tomllib.loads((FOLDER / "people.toml").read_text())
    with transaction.atomic():
        _load_people(data)
        meetings = _load_meetings(data["meeting"])
    stories = [_read(path) for path in sorted(FOLDER.glob("[lp]*s/*.toml"))]
    known = set(Version.objects.filter(number=1).values_list("title", flat=True))
    new = [story for story in stories if story["steps"][0]["content"]["title"] not in known]
    player = _Player(meetings, _keys_of_loaded(stories))
    with transaction.atomic():
        # Sorting keeps the order of what happens at the same time: who joins comes before the first step.
        for _days_ago, happens in sorted(
            [
                *_joining(data["membership"], player),
                *_steps(new, player),
                *_keeping(player),
                *demo_formats.events(player, _moment),
                *demo_changes.events(player, _moment),
                *demo_adoptions.events(player, _moment),
                *demo_asking.events(player, _moment),
                *demo_packages.events(player, _moment),
                *demo_proofs.events(player, _moment),
                *demo_meetings.events(player, meetings, _moment),
                *demo_upkeep.events(player, _moment),
            ],
            key=_oldest,
        ):
            happens()
        if new:
            Tag.objects.filter(created_at__lt=_moment(30), confirmed_at=None).update(confirmed_at=_moment(29))
    return len(new)


def _read(path: Path) -> dict[str, Any]:
    """One learning with its steps; raises ValueError for a field of the text that there is not."""
    story = tomllib.loads(path.read_text())
    kind = kinds.get(story.get("kind", KIND))
    fields = {*kind.versioned}
    for step in story["steps"]:
        remarks = [row["field"] for row in (*step.get("comments", ()), *step.get("notes", ())) if row["field"]]
        unknown = {*remarks, *step.get("content", ())} - fields - (WORDS if "content" in step else set())
        if unknown:
            raise ValueError(f"{path.name}: {step['do']} names unknown fields: {', '.join(sorted(unknown))}")
    return story


def _oldest(event: Event) -> float:
    return -event[0]


def _steps(stories: Iterable[dict[str, Any]], player: _Player) -> Iterator[Event]:
    for story in stories:
        for step in story["steps"]:
            yield float(step["days_ago"]), partial(player.play, story, step)


def _joining(rows: Iterable[dict[str, Any]], player: _Player) -> Iterator[Event]:
    """Who joins a team that he or she was never in, on the first day there; absences are told today."""
    known = set(Membership.objects.values_list("user_id", "team_id"))
    for row in rows:
        if (player.users[row["user"]].pk, player.teams[row["team"]].pk) in known:
            continue
        days_ago = (clock.today() - row["starts_on"]).days + MORNING
        yield days_ago, partial(player.join, row, days_ago)
        if "away_days_ago_from" in row:
            yield 0.0, partial(player.go_away, row)


def _keeping(player: _Player) -> Iterator[Event]:
    """The committee's list of synonyms, unless there was ever a group."""
    if not SynonymGroup.objects.exists():
        yield 200.5, partial(player.take_over_synonyms, 200.5)


def _moment(days_ago: float) -> dt.datetime:
    """A moment in office hours that many days ago, never in the future: 3.9 is the morning of the day on which 3.1
    is the afternoon."""
    day = clock.today() - dt.timedelta(days=int(days_ago))
    hour = 17 - (days_ago % 1) * 8
    moment = dt.datetime.combine(day, dt.time(), clock.now().tzinfo) + dt.timedelta(hours=hour)
    return min(moment, clock.now())


def _keys_of_loaded(stories: list[dict[str, Any]]) -> dict[str, int]:
    """Record keys of stories that an earlier run has loaded, by the title of their first version."""
    first = dict(Version.objects.filter(number=1).values_list("title", "record_id"))
    titles = {story["key"]: story["steps"][0]["content"]["title"] for story in stories}
    return {key: first[title] for key, title in titles.items() if title in first}


# -- people ----------------------------------------------------------------------------------------


def _load_people(data: dict[str, Any]) -> None:
    """Add what is missing; what somebody has changed since stays changed."""
    password = make_password(PASSWORD)
    departments, new = _load_departments(data["department"])
    for row in data["user"]:
        User.objects.get_or_create(
            username=row["username"],
            defaults={
                "full_name": row["full_name"],
                "email": row["email"],
                "department": departments[row["department"]],
                "password": password,
                "is_staff": row["username"] == "admin",
                "is_superuser": row["username"] == "admin",
            },
        )
    users = {user.username: user for user in User.objects.all()}
    for row in new:
        department = departments[row["slug"]]
        department.parent = departments.get(row.get("parent", ""))
        department.head = users.get(row.get("head", ""))
        department.save(update_fields=["parent", "head"])
    for row in data["team"]:
        Team.objects.get_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"],
                "kind": row["kind"],
                "department": departments.get(row.get("department", "")),
                "email": row.get("email", ""),
                "about": row.get("about", ""),
            },
        )


def _load_departments(rows: list[dict[str, Any]]) -> tuple[dict[str, Department], list[dict[str, Any]]]:
    """All departments by the address that the file gives them, and the rows of those that are new.

    One that was renamed begins under its former name; `demo_changes` renames it.
    """
    departments, new = {}, []
    for row in rows:
        first = {"slug": row["slug"], **row.get("former", {})}
        found = Department.objects.filter(addresses__slug__in=[row["slug"], first["slug"]]).first()
        if found is None:
            fields = {name: row.get(name, "") for name in ("name", "short_name", "email", "phone", "room")}
            found = Department.objects.create(**fields | first)
            new.append(row)
        departments[row["slug"]] = found
    return departments, new


def _load_meetings(rows: list[dict[str, Any]]) -> dict[str, Meeting]:
    return {
        row["key"]: Meeting.objects.get_or_create(
            title=row["title"],
            defaults={"held_on": clock.today() - dt.timedelta(days=row["days_ago"])},
        )[0]
        for row in rows
    }


# -- the story -------------------------------------------------------------------------------------


def _attachment(record: Record | None, file: str, description: str) -> dict[str, str]:
    """A file of fixtures/demo/files as a row of a text."""
    with (FOLDER / "files" / file).open("rb") as opened:
        kept, info = attachments.store(File(opened), file, record)
    return {"sha256": kept.sha256, "name": info.name, "media_type": info.media_type, "description": description}


def _read_state(values: dict[str, Any], state: str, title: str) -> None:
    """One state of a process: a file of fixtures/demo/bpmn, a list of steps, or the name of an attached picture."""
    if file := values.get(state):
        values[state] = diagrams.store((FOLDER / "bpmn" / file).read_bytes()).pk
    if rows := values.get(f"{state}_steps"):
        steps = [Step(**{"role": "", **row}) for row in rows]
        values[f"{state}_steps"] = [asdict(step) for step in steps]
        values[state] = diagrams.store(write(to_model(steps, title))).pk
    if name := values.get(f"{state}_picture"):
        values[f"{state}_picture"] = next(row["sha256"] for row in values["attachments"] if row["name"] == name)


class _Player:
    """Plays one step of one learning at a time; knows which record belongs to which key."""

    def __init__(self, meetings: dict[str, Meeting], records: dict[str, int]) -> None:
        self.meetings = meetings
        self.records = records
        self.users = {user.username: user for user in User.objects.select_related("department")}
        self.teams = {team.slug: team for team in Team.objects.select_related("department")}
        self.standings: dict[str, Standing] = {}

    def join(self, row: dict[str, Any], days_ago: float) -> None:
        user, team = self.users[row["user"]], self.teams[row["team"]]
        with clock.at(_moment(days_ago)):
            people.add_member(standing=self._administration(), team=team, user=user, role=row["role"])
        self.standings.pop(user.username, None)

    def go_away(self, row: dict[str, Any]) -> None:
        user, team = self.users[row["user"]], self.teams[row["team"]]
        people.set_absence(
            standing=self._administration(),
            membership=Membership.objects.get(user=user, team=team),
            away_from=clock.today() - dt.timedelta(days=row["away_days_ago_from"]),
            away_until=clock.today() + dt.timedelta(days=row["away_days_ahead"]),
            substitute=self.users.get(row.get("substitute", "")),
        )

    def take_over_synonyms(self, days_ago: float) -> None:
        rows = table.read(SYNONYMS.read_bytes())
        with clock.at(_moment(days_ago)):
            synonyms.take_over(standing=load_standing(self.users["committee2"]), rows=rows)

    def _administration(self) -> Standing:
        return load_standing(self.users["admin"])

    def play(self, story: dict[str, Any], step: Act) -> None:
        user = self.users[step["by"]]
        with clock.at(_moment(step["days_ago"])):
            self.standing = self.standings.setdefault(user.username, load_standing(user))
            try:
                getattr(self, f"_{step['do']}")(story, step)
            except Exception as error:
                error.add_note(f"fixtures/demo/learnings/{story['key']}.toml: {step['do']}")
                raise

    def _record_if_any(self, story: dict[str, Any]) -> Record | None:
        return self._record(story) if story["key"] in self.records else None

    def _record(self, story: dict[str, Any]) -> Record:
        return Record.objects.select_related("owner__department").get(pk=self.records[story["key"]])

    def _review(self, story: dict[str, Any]) -> Review:
        return Review.objects.get(record_id=self.records[story["key"]], status="open")

    def _comment(self, story: dict[str, Any], step: Act) -> Comment:
        comments = Comment.objects.filter(review__record_id=self.records[story["key"]])
        return comments.order_by("pk")[step["comment"]]

    def _values(self, story: dict[str, Any], content: dict[str, Any], answer: str) -> dict[str, Any]:
        values = {k: v.strip() if isinstance(v, str) else v for k, v in content.items()}
        if "tags" in values:
            values["tag_ids"] = tags.resolve_names(values.pop("tags"), self.standing)
        if "attachments" in values:
            files: Any = values["attachments"]
            values["attachments"] = [_attachment(self._record_if_any(story), **row) for row in files]
        if "related" in values:
            keys = values["related"]
            values["related"] = [self.records[key] for key in keys if key in self.records]
        if "messages" in values:
            basis = schemas.basis(values.get("answer", answer))
            messages: Any = values["messages"]
            values["messages"] = [{**message, "based_on": basis} for message in messages]
        for state in STATES:
            _read_state(values, state, values.get("title", ""))
        return values

    def _save(self, story: dict[str, Any], step: Act) -> None:
        if story["key"] not in self.records:
            contact = self.users[story["contact"]]
            version = versions.create(
                kind=story.get("kind", KIND),
                owner=self.teams[story["owner"]],
                standing=self.standing,
                contact=contact,
                values=self._values(story, step["content"], ""),
                note=step.get("note", ""),
            )
            self.records[story["key"]] = version.record_id
            return
        record = self._record(story)
        text = versions.content_of(record)
        assert record.current_version_id is not None
        versions.write(
            record=record,
            standing=self.standing,
            opened_on=record.current_version_id,
            values=self._values(story, step["content"], getattr(text, "answer", "")),
            note=step.get("note", ""),
        )

    def _submit(self, story: dict[str, Any], step: Act) -> None:
        record = self._record(story)
        assert record.current_version_id is not None
        workflow.submit(
            record=record,
            standing=self.standing,
            version_id=record.current_version_id,
            note=step.get("note", ""),
        )

    def _withdraw(self, story: dict[str, Any], step: Act) -> None:
        workflow.withdraw(record=self._record(story), standing=self.standing)

    def _claim(self, story: dict[str, Any], step: Act) -> None:
        workflow.claim(review=self._review(story), standing=self.standing)

    def _request_changes(self, story: dict[str, Any], step: Act) -> None:
        workflow.request_changes(
            review=self._review(story),
            standing=self.standing,
            reason=step["reason"],
            comments=[NewComment(**comment) for comment in step.get("comments", ())],
            meeting=self.meetings.get(step.get("meeting", "")),
        )

    def _approve(self, story: dict[str, Any], step: Act) -> None:
        workflow.approve(
            review=self._review(story),
            standing=self.standing,
            reason=step.get("reason", ""),
            notes=[NewComment(**note) for note in step.get("notes", ())],
            meeting=self.meetings.get(step.get("meeting", "")),
        )

    def _answer(self, story: dict[str, Any], step: Act) -> None:
        comment = self._comment(story, step)
        reviewing.answer(comment=comment, standing=self.standing, text=step["text"])

    def _resolve(self, story: dict[str, Any], step: Act) -> None:
        reviewing.resolve(comment=self._comment(story, step), standing=self.standing)

    def _confirm(self, story: dict[str, Any], step: Act) -> None:
        workflow.confirm(record=self._record(story), standing=self.standing)

    def _discard(self, story: dict[str, Any], step: Act) -> None:
        workflow.discard(record=self._record(story), standing=self.standing)

    def _roll_back(self, story: dict[str, Any], step: Act) -> None:
        record = self._record(story)
        workflow.roll_back(
            record=record,
            standing=self.standing,
            version=record.versions.get(number=step["to"]),
            note=step["note"],
        )

    def _archive(self, story: dict[str, Any], step: Act) -> None:
        successor = self.records.get(step.get("successor", ""))
        workflow.archive(
            record=self._record(story),
            standing=self.standing,
            reason=step["reason"],
            successor=Record.objects.get(pk=successor) if successor else None,
        )

    def _reopen(self, story: dict[str, Any], step: Act) -> None:
        workflow.reopen(record=self._record(story), standing=self.standing)
