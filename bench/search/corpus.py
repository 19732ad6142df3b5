"""The question sets, and their documents as published records, loaded by the sanctioned bulk path."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import world
from django.utils import timezone

from governance import bulk, versions
from governance.models import CatalogueEntry, Department, Membership, Tag, Team, User
from governance.text.clean import slugify_de
from learnings.kind import LEARNING
from learnings.models import Learning

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1].parent / "shared" / "data" / "search"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class QuestionSet:
    """Documents with questions and what answers them."""

    name: str
    documents: Sequence[Row]
    questions: Sequence[Row]

    @property
    def kinds(self) -> list[str]:
        """The kinds of question, in their order."""
        return list(dict.fromkeys(question["set"] for question in self.questions))


def sets() -> list[QuestionSet]:
    """The set of the project's data, when it is there, and the one drawn up beside it."""
    places = {"first": SHARED, "second": HERE / "data"}
    return [
        QuestionSet(name, _lines(place / "docs.jsonl"), _lines(place / "queries.jsonl"))
        for name, place in places.items()
        if place.is_dir()
    ]


def _lines(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


@contextmanager
def published(of: QuestionSet) -> Iterator[dict[int, str]]:
    """A database with the documents of a set; which record holds which of them."""
    with world.filled(f"portal_bench_search_{of.name}", lambda: load(of.documents)):
        yield records(of.documents)


def load(documents: Sequence[Row]) -> None:
    """Publish one record for each document, in their order."""
    department = Department.objects.create(name="Rathaus", short_name="RH", slug="rathaus")
    team = Team.objects.create(name="Team Rathaus", slug="cmt", kind="change_team", department=department)
    committee = Team.objects.create(name="Gremium", slug="committee", kind="steering_committee")
    author, decider = (
        User.objects.create(username=name, full_name=name, department=department) for name in ("author", "committee")
    )
    Membership.objects.create(user=author, team=team, starts_on="2020-01-01")
    Membership.objects.create(user=decider, team=committee, starts_on="2020-01-01")
    tags = {
        name: Tag.objects.create(name=name, slug=slugify_de(name), confirmed_at=timezone.now())
        for name in dict.fromkeys(name for document in documents for name in document["tags"])
    }
    moment = timezone.now() - dt.timedelta(days=30)

    def items() -> Iterator[bulk.Published]:
        for document in documents:
            content = Learning(
                kind="learning",
                title=document["title"],
                what_was_done=document["text"],
                tag_ids=[tags[name].pk for name in document["tags"]],
            )
            content.clean()
            values = versions.values_of(content, LEARNING)
            yield bulk.Published("learning", team, author, author, decider, [values], [moment])

    bulk.load_published(items())


def records(documents: Sequence[Row]) -> dict[int, str]:
    """Which record holds which document."""
    entries = CatalogueEntry.objects.order_by("number").values_list("pk", flat=True)
    return {pk: document["id"] for pk, document in zip(entries, documents, strict=True)}
