"""The proofs of concept of the demo municipality, from planned to published.

Each file of `fixtures/demo/trials/` is one of them; its parts say how many days ago they happened, and `ends` in how
many days the trial ends. One that is there already, by its title, is left alone.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from governance import clock, tags, versions, workflow
from governance.models import Record, Review, Version
from governance.rules import Standing, load_standing
from governance.workflow import NewComment
from portal.demo_formats import Event, Town
from transfer.models.proofs import KIND
from transfer.proofs import announcing, carrying, services

FOLDER = settings.BASE_DIR / "fixtures" / "demo" / "trials"
# The parts of a file that happen, in this order on one day.
PARTS = ("create", "start", "announce", "change", "note", "finish", "decide", "submit", "approve", "carry")
_LATER = 0.05


def events(town: Town, at: Callable[[float], dt.datetime]) -> Iterator[Event]:
    """What happens in those that are not there yet: how many days ago, and what to do then."""
    known = set(Version.objects.filter(number=1, record__kind=KIND).values_list("title", flat=True))
    for path in sorted(Path(FOLDER).glob("*.toml")):
        story = tomllib.loads(path.read_text())
        if story["create"]["title"] not in known:
            yield from _Player(town, at, story, path.name).events()


class _Player:
    """Plays one proof of concept."""

    def __init__(self, town: Town, at: Callable[[float], dt.datetime], story: dict[str, Any], name: str) -> None:
        self.town, self.at, self.story, self.name = town, at, story, name
        # The day on which all this is told, not the one on which it happens.
        self.today = clock.today()
        self.key = 0

    def events(self) -> Iterator[Event]:
        for order, part in enumerate(PARTS):
            told = self.story.get(part, ())
            for row in [told] if isinstance(told, Mapping) else told:
                days_ago = row["days_ago"] + 0.9 - order * _LATER
                yield days_ago, partial(self._play, days_ago, part, row)

    def _play(self, days_ago: float, part: str, row: Mapping[str, Any]) -> None:
        words = {name: value.strip() if isinstance(value, str) else value for name, value in row.items()}
        words.pop("days_ago")
        with clock.at(self.at(days_ago)):
            try:
                getattr(self, f"_{part}")(words)
            except Exception as error:
                error.add_note(f"fixtures/demo/trials/{self.name}: {part}")
                raise

    def _standing(self, role: str = "by") -> Standing:
        return load_standing(self.town.users[self.story[role]])

    @property
    def record(self) -> Record:
        return Record.objects.select_related("owner__department", "current_version").get(pk=self.key)

    def _common(self) -> dict[str, Any]:
        record = self.record
        return {"standing": self._standing(), "record": record, "opened_on": record.current_version_id}

    # -- what happens ------------------------------------------------------------------------------

    def _create(self, words: dict[str, Any]) -> None:
        standing = self._standing()
        words["tag_ids"] = tags.resolve_names(words.pop("tags"), standing)
        words["related"] = [self.town.records[key] for key in words.pop("related", ()) if key in self.town.records]
        owner = self.town.teams[self.story["owner"]]
        version = versions.create(kind=KIND, owner=owner, standing=standing, values=words)
        self.key = self.town.records[self.story["key"]] = version.record_id

    def _start(self, words: dict[str, Any]) -> None:
        question = versions.content_of(self.record).question
        # A trial that is overdue today ended in the future when it began.
        ends_on = self.today + dt.timedelta(days=words["ends"])
        services.start(**self._common(), question=question, measure=words["measure"], ends_on=ends_on)

    def _announce(self, words: dict[str, Any]) -> None:
        text = versions.content_of(self.record)
        shown = {"title": text.title, "question": text.question, "contact": self.record.contact} | words
        announcing.release(standing=self._standing("lead"), record=self.record, **shown)

    def _change(self, words: dict[str, Any]) -> None:
        services.change_measure(**self._common(), **words)

    def _note(self, words: dict[str, Any]) -> None:
        services.note(standing=self._standing(), record=self.record, day=clock.today(), text=words["text"])

    def _finish(self, words: dict[str, Any]) -> None:
        services.finish(**self._common(), **words)

    def _decide(self, words: dict[str, Any]) -> None:
        services.decide(**self._common(), **words)

    def _submit(self, words: dict[str, Any]) -> None:
        common = self._common()
        workflow.submit(
            record=common["record"], standing=common["standing"], version_id=common["opened_on"], note=words["note"]
        )

    def _approve(self, words: dict[str, Any]) -> None:
        review = Review.objects.get(record_id=self.key, status="open")
        notes = [NewComment(**note) for note in words.get("notes", ())]
        workflow.approve(review=review, standing=load_standing(self.town.users[words["by"]]), notes=notes)

    def _carry(self, words: dict[str, Any]) -> None:
        carrying.carry_over(standing=self._standing(), record=self.record, kind=words["into"])
