"""The process models of the benchmark: 500 published ones, and the pages that show them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from models import made_up

from governance import bulk, versions
from governance.models import CatalogueEntry, Membership, Tag, Team, User
from processmodels import diagrams
from processmodels.bpmn.writing import write
from processmodels.kind import PROCESS_MODEL
from processmodels.models import KIND, LifeCycle, ProcessModel

NUMBER = 500
# Different diagrams before and after, each of about 30 elements; every process has one of them for each state.
DIAGRAMS = 20
FIGURE = {
    "measure": "media_breaks",
    "better": "lower",
    **{f"{side}_unit": "Medienbrüche" for side in ("as_is", "to_be")},
    **{f"{side}_basis": "measured" for side in ("as_is", "to_be")},
}


def fill() -> None:
    """Published process models with diagrams of both states and a key figure, unless they are there."""
    if CatalogueEntry.objects.filter(kind=KIND).exists():
        return
    rng = random.Random(20261125)
    decider = User.objects.get(username="committee")
    teams = list(Team.objects.filter(kind=Team.Kind.CHANGE_TEAM))
    authors = [Membership.objects.filter(team=team).select_related("user")[0].user for team in teams]
    tags = list(Tag.objects.values_list("pk", flat=True))
    drawn = [diagrams.store(write(made_up(30, seed))).pk for seed in range(2 * DIAGRAMS)]

    def items() -> Iterator[bulk.Published]:
        for number in range(NUMBER):
            at = number % len(teams)
            yield bulk.Published(
                kind=KIND,
                owner=teams[at],
                contact=authors[at],
                author=authors[at],
                decider=decider,
                versions=[_values(rng, number, rng.sample(tags, 3), drawn)],
                at=[timezone.now() - dt.timedelta(days=number)],
            )

    bulk.load_published(items())


def _values(rng: random.Random, number: int, tags: list[int], drawn: list[str]) -> dict[str, Any]:
    at = number % DIAGRAMS
    content = ProcessModel(
        kind=KIND,
        title=f"Verfahren {number}: Antrag prüfen und bescheiden",
        purpose="Wer etwas beantragt, erfährt jederzeit, wie weit der Antrag ist, und bekommt bald Bescheid.",
        life_cycle=rng.choice(["", *LifeCycle.values]),
        what_was_done="Anträge kommen nur noch über das Formular und liegen sofort im Fachverfahren.",
        cases_a_year=rng.randrange(20, 9_000),
        as_is=drawn[at],
        to_be=drawn[DIAGRAMS + at] if number % 5 else None,
        key_figures=[FIGURE | {"as_is_number": "5", "to_be_number": str(rng.randrange(4))}],
        tag_ids=tags,
    )
    content.clean()
    return versions.values_of(content, PROCESS_MODEL)


def addresses(requests: int, clients: int) -> dict[str, tuple[list[str], list[str]]]:
    """For each page its addresses on the floor and in the portal."""
    rng = random.Random(clients)
    slugs = dict(CatalogueEntry.objects.filter(kind=KIND).values_list("number", "slug"))
    numbers = rng.choices(sorted(slugs), k=requests)
    found = {"process page": ([f"/process/{n}" for n in numbers], [f"/processmodels/{n}-{slugs[n]}/" for n in numbers])}
    pictures = [f"/processmodels/{n}-{slugs[n]}/versions/1/files/vorher.svg/" for n in numbers]
    found["picture of a process"] = ([f"/picture/{n}" for n in numbers], pictures)
    for view in ("map", "table", "tiles"):
        found[f"landscape, {view}"] = (["/landscape"] * requests, [f"/processmodels/?view={view}"] * requests)
    return found
