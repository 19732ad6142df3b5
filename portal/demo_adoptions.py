"""Plays adoptions and assessments of the demo municipality: fixtures/demo/adoptions.toml.

What somebody has taken over already, and a process model that was assessed, is left alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.conf import settings

from governance import clock
from governance.models import AuditEvent, CatalogueEntry, Record
from governance.rules import Standing, load_standing
from portal.demo_formats import At, Event, Town, event
from transfer.adoption import figures, fitting, services
from transfer.models import Adoption, Assessment
from transfer.transferability import assessing, factors
from transfer.transferability.assessing import Given

FILE = settings.BASE_DIR / "fixtures" / "demo" / "adoptions.toml"
WORDS = ("state", "adapted", "plan", "reason")
BEGUN = ("show_interest", "carry_on_adoption")
Row = Mapping[str, Any]


def events(town: Town, at: At) -> Iterator[Event]:
    """How many days ago, and what to do then."""
    story = tomllib.loads(FILE.read_text())
    assessed = set(Assessment.objects.values_list("record_id", flat=True))
    # By who began it: departments are merged and teams hand over, and the adoption goes along to another department.
    begun = set(AuditEvent.objects.filter(verb__in=BEGUN).values_list("record_id", "actor_id"))
    for row in story["assessment"]:
        if town.records.get(row["record"]) not in assessed:
            yield event(row, at, partial(_assess, town, row))
    for row in story["adoption"]:
        if (town.records.get(row["record"]), town.users[row["step"][0]["by"]].pk) not in begun:
            made: dict[str, Adoption] = {}
            for step in row["step"]:
                yield event(step, at, partial(_step, town, row["record"], step, made))


def _standing(town: Town, row: Row) -> Standing:
    return load_standing(town.users[row["by"]])


def _record(town: Town, key: str) -> Record:
    return Record.objects.select_related("owner__department").get(pk=town.records[key])


def _assess(town: Town, row: Row) -> None:
    given = [Given(one.key, one.edition, *row["answers"][one.key]) for one in factors.living()]
    record = _record(town, row["record"])
    assessing.assess(standing=_standing(town, row), record=record, opened_on=0, given=given)


def _step(town: Town, key: str, step: Row, made: dict[str, Adoption]) -> None:
    standing = _standing(town, step)
    match step["do"]:
        case "interest":
            made["it"], _is_new = services.show_interest(standing=standing, record=_record(town, key))
        case "in_use":
            made["it"], _is_new = services.say_in_use(standing=standing, record=_record(town, key))
        case "fit":
            made["it"] = _check_fit(standing, made["it"], step["answers"])
        case "carry_on":
            made["it"] = _carry_on(standing, made["it"], step)
        case other:
            raise ValueError(f"unknown step {other!r} of an adoption of {key}")


def _entry(adoption: Adoption) -> CatalogueEntry:
    return CatalogueEntry.objects.select_related("record", "version").get(pk=adoption.record_id)


def _check_fit(standing: Standing, adoption: Adoption, answers: Mapping[str, str]) -> Adoption:
    asked = fitting.questions(_entry(adoption))
    fit = fitting.kept(asked, {one.key: answers.get(one.key, "yes") for one in asked})
    return services.note_fit(standing=standing, adoption=adoption, opened_on=adoption.version, fit=fit)


def _carry_on(standing: Standing, adoption: Adoption, step: Row) -> Adoption:
    values: dict[str, Any] = {name: getattr(adoption, name) for name in (*WORDS, "figures")}
    values |= {name: step[name].strip() for name in WORDS if name in step}
    if step.get("with_draft"):
        values["plan"] = fitting.plan(adoption, _entry(adoption))
    if "figures" in step:
        pairs = zip(figures.source_figures(_entry(adoption)), step["figures"], strict=False)
        values["figures"] = [figures.own(one, before, after, "") for one, (before, after) in pairs]
    since = adoption.since if values["state"] == adoption.state else clock.today()
    return services.carry_on(standing=standing, adoption=adoption, opened_on=adoption.version, since=since, **values)
