"""Packages and external sources of the demo municipality.

The committee has let some records go out and made a package of them. A team has taken over the package of a
neighbouring town (`fixtures/demo/neighbours/`), put together here as that town's own portal would have done it.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File

from governance import administration, hashing, kinds, versions
from governance.models import CatalogueEntry, Record
from governance.rules import Standing, load_standing
from portal.demo_formats import At, Event, Town, event
from processmodels import diagrams
from processmodels.bpmn.writing import write
from processmodels.steps import Step, to_model
from transfer.models import ExternalSource, PackageExport, PackageImport
from transfer.packages import exports, imports, packing
from transfer.packages.writing import Head, Writer
from transfer.sources import services as sources

FILE = settings.BASE_DIR / "fixtures" / "demo" / "neighbours" / "lindenhagen.toml"
MUNICIPALITY = "Eschenfurt"
# How many days ago.
LISTED, LET_OUT, TAKEN_OVER, MADE = 60.4, 21.3, 12.2, 2.3
PUBLIC, NEIGHBOURS = 4, 6
INTRANET: Mapping[str, Any] = {
    "name": "Intranet der Stadt",
    "address": "https://intranet.eschenfurt.example/",
    "search_link": "https://intranet.eschenfurt.example/suche?text={query}",
    "finds": "Dienstanweisungen, Formulare und Telefonlisten des eigenen Hauses.",
    "licence_hint": "Nur für den Dienstgebrauch.",
    "retrieved_on": dt.date(2026, 11, 2),
    "position": 5,
}


def events(town: Town, at: At) -> Iterator[Event]:
    """What is not there yet: how many days ago, and what to do then."""

    def on(days_ago: float, happens: Callable[[Town], object]) -> Event:
        return event({"days_ago": days_ago}, at, partial(happens, town))

    if not ExternalSource.objects.exists():
        yield on(LISTED, _list_sources)
    if not PackageImport.objects.exists():
        yield on(TAKEN_OVER, _take_over)
    if not PackageExport.objects.exists():
        yield on(LET_OUT, _let_out)
        yield on(MADE, _make)


def _committee(town: Town) -> Standing:
    return load_standing(town.users["committee"])


def _list_sources(town: Town) -> None:
    sources.take_beginning(standing=_committee(town))
    sources.add(standing=_committee(town), **INTRANET)


def _let_out(town: Town) -> None:
    """The oldest published records: some for everybody, some for other municipalities."""
    keys = list(CatalogueEntry.objects.order_by("first_published_at", "pk").values_list("pk", flat=True))
    for place, pk in enumerate(keys[: PUBLIC + NEIGHBOURS]):
        reach = Record.Reach.PUBLIC if place < PUBLIC else Record.Reach.OTHER_MUNICIPALITIES
        administration.change_reach(record=Record.objects.get(pk=pk), standing=_committee(town), reach=reach)


def _make(town: Town) -> None:
    reach = Record.Reach.OTHER_MUNICIPALITIES
    asked = exports.request(
        standing=_committee(town),
        records=list(exports.allowed(reach).values_list("pk", flat=True)),
        reach=reach,
        municipality=MUNICIPALITY,
        licence="CC-BY-4.0",
        with_contact=False,
    )
    exports.make(asked.pk)


def _take_over(town: Town) -> None:
    standing, team = load_standing(town.users["author"]), town.teams["cmt-steueramt"]
    with TemporaryFile() as file:
        write_neighbours_package(file)
        file.seek(0, 2)
        upload = File(file, "lindenhagen.zip")
        package = imports.bring_in(standing=standing, team=team, upload=upload, name="lindenhagen.zip")
    imports.check(package.pk)
    package.refresh_from_db()
    chosen = [one.identifier for one in imports.candidates(package, standing)]
    imports.confirm(standing=standing, package=package, chosen=chosen)
    imports.take_over(package.pk)


def write_neighbours_package(file: IO[bytes]) -> None:
    """The package of the neighbouring town, as its portal would have made it."""
    told = tomllib.loads(FILE.read_text())
    head = Head(told["municipality"], told["portal"], told["licence"], Record.Reach.PUBLIC)
    with Writer(file, settings.PACKAGE_MAX_BYTES) as writer:
        heads = [packing.write(writer, _source(told, row), head) for row in told["record"]]
        packing.write_frame(writer, head, heads)
        writer.finish(head, heads)


def _source(told: Mapping[str, Any], row: Mapping[str, Any]) -> packing.Source:
    kind = kinds.get(row["kind"])
    fields = {key: value.strip() if isinstance(value, str) else value for key, value in row["fields"].items()}
    drawn = {state: _bpmn(steps, fields["title"]) for state, steps in row.get("steps", {}).items()}
    states = {state: diagrams.store(file).pk for state, file in drawn.items()}
    text = kind.model(kind=kind.key, **fields, **states)
    text.clean()
    values = versions.values_of(text, kind)
    identify = partial("{}/{}".format, told["portal"])
    return packing.Source(
        kind=kind,
        short_number=row["short_number"],
        identifier=identify(row["short_number"]),
        values=values,
        tags=row["tags"],
        related=[identify(number) for number in row["related"]],
        head={
            "identifier": identify(row["short_number"]),
            "short_number": row["short_number"],
            "kind": kind.key,
            "title": fields["title"],
            "summary": fields.get("answer") or fields.get("purpose", ""),
            "reach": "public",
            "approval": {
                "issue": row["issue"],
                "on": row["approved_on"],
                "by": told["committee"],
                "content_hash": hashing.content_hash(values, kind.versioned),
            },
        },
        diagrams=drawn,
        pictures={state: diagrams.draw(diagrams.read_file(file)) for state, file in drawn.items()},
    )


def _bpmn(steps: list[dict[str, str]], title: str) -> bytes:
    return write(to_model([Step(**step) for step in steps], title))
