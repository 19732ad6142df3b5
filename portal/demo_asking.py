"""Plays questions, hints and "Hat mir geholfen" of the demo municipality: fixtures/demo/questions.toml.

What a person has asked of a record, or hinted at, already is left alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from django.conf import settings

from governance.models import Record
from governance.rules import Standing, load_standing
from portal.demo_formats import At, Event, Town, event
from transfer.asking import helping, reminding, services
from transfer.models import Helped, Hint, Question

FILE = settings.BASE_DIR / "fixtures" / "demo" / "questions.toml"
# On these days the daily reminder runs in the story: for what is late by then.
REMINDED = (19.0, 10.0)
Row = Mapping[str, Any]
Made = dict[str, Question | Hint]


def events(town: Town, at: At) -> Iterator[Event]:
    """How many days ago, and what to do then."""
    story = tomllib.loads(FILE.read_text())
    asked = set(Question.objects.values_list("record_id", "asked_by_id"))
    hinted = set(Hint.objects.values_list("asked_by_id", flat=True))
    helped = set(Helped.objects.values_list("record_id", flat=True))
    is_new = False
    for row in story["question"]:
        if (town.records.get(row["record"]), town.users[row["by"]].pk) not in asked:
            is_new = True
            yield from _thread(town, row, at, _ask)
    for row in story["hint"]:
        if town.users[row["by"]].pk not in hinted:
            yield from _thread(town, row, at, _hint)
    for row in story["helped"]:
        if town.records.get(row["record"]) not in helped:
            yield event(row, at, partial(_helped, town, row))
    if is_new:
        for days_ago in REMINDED:
            yield event({"days_ago": days_ago}, at, reminding.remind)


def _thread(town: Town, row: Row, at: At, begin: Callable[[Town, Row, Made], None]) -> Iterator[Event]:
    """What somebody asked, and what was done with it."""
    made: Made = {}
    yield event(row, at, partial(begin, town, row, made))
    for step in row.get("step", ()):
        yield event(step, at, partial(_step, town, step, made))


def _standing(town: Town, row: Row) -> Standing:
    return load_standing(town.users[row["by"]])


def _record(town: Town, row: Row) -> Record:
    return Record.objects.select_related("owner").get(pk=town.records[row["record"]])


def _ask(town: Town, row: Row, made: Made) -> None:
    made["it"] = services.ask(standing=_standing(town, row), record=_record(town, row), text=row["text"])


def _hint(town: Town, row: Row, made: Made) -> None:
    made["it"] = services.give_hint(standing=_standing(town, row), title=row["title"], text=row["text"])


def _helped(town: Town, row: Row) -> None:
    for username in row["by"]:
        helping.say_helped(standing=load_standing(town.users[username]), record=_record(town, row))


def _step(town: Town, step: Row, made: Made) -> None:
    it = made["it"]
    it.refresh_from_db()
    common: dict[str, Any] = {"standing": _standing(town, step), "opened_on": it.version}
    match step["do"]:
        case "answer":
            services.answer(asked=it, text=step["text"].strip(), **common)
        case "publish":
            assert isinstance(it, Question)
            words: dict[str, Any] = {name: step[name].strip() for name in ("shown_question", "shown_answer")}
            services.publish(question=it, **common | words)
        case "delete":
            services.delete(asked=it, reason=step["reason"], **common)
        case "draft":
            assert isinstance(it, Hint)
            services.write_learning(standing=_standing(town, step), hint=it)
        case other:
            raise ValueError(f"unknown step {other!r} of a question or hint")
