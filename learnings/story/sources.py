"""Texts with their surroundings from the database: what is published, or the team's own draft."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import hashing, queries, rules, versions
from governance.addresses import absolute
from governance.models import CatalogueEntry, PublishedLink, Record
from governance.rules import Standing
from governance.writing import editing
from learnings.kind import LEARNING
from learnings.models import KIND
from learnings.story import processes
from learnings.story.data import Picture, Source
from learnings.writing import LEARNING_WRITING
from processmodels import diagrams
from processmodels.models import KIND as PROCESS_MODEL
from processmodels.models import Diagram

MOST_PICTURES = 2
# How the text of each kind becomes the fields of a learning.
_READ: Mapping[str, Callable[[Any], Mapping[str, Any]]] = {
    KIND: lambda text: versions.values_of(text, LEARNING),
    PROCESS_MODEL: processes.values_of,
}


def published(keys: Iterable[int]) -> list[Source]:
    """The published learnings and process models among these records, in the order given; what is not published
    (any more) is left out.

    The number of queries does not depend on how many there are.
    """
    wanted = list(dict.fromkeys(keys))
    rows = CatalogueEntry.objects.filter(pk__in=wanted, kind__in=_READ).select_related("contact", "version", "record")
    entries = {entry.pk: entry for entry in rows}
    return _sources([entries[key] for key in wanted if key in entries])


def published_one(standing: Standing, number: int) -> Source:
    """What everybody may take along. Raises Gone or Http404."""
    rows = CatalogueEntry.objects.filter(kind=KIND, number=number).select_related("contact", "version", "record")
    entry = rows.first()
    if entry is None:
        raise queries.not_there(queries.fetch_readable_record(standing, KIND, number))
    return _sources([entry])[0]


def own_draft(standing: Standing, number: int) -> Source:
    """What the person has on the desk. Raises Gone or Http404 for those whose text it is not."""
    record = queries.fetch_readable_record(standing, KIND, number)
    if not rules.may_see_working_text(standing, record):
        raise queries.not_there(record)
    values = editing.open_work(LEARNING_WRITING, record, standing).values
    return Source(
        values=values,
        short_number=record.short_number,
        address=_address(record),
        team=record.owner.name,
        contact=record.contact.full_name,
        email=record.contact.email,
        pictures=_pictures_of({record.pk: values["related"]})[record.pk],
    )


def _sources(entries: Sequence[CatalogueEntry]) -> list[Source]:
    for entry in entries:
        entry.version.record = entry.record
    values: dict[int, Mapping[str, Any]] = {}
    for kind, read in _READ.items():
        texts = versions.texts_of([entry.version for entry in entries if entry.kind == kind])
        values |= {key: read(text) for key, text in texts.items()}
    pictures = _pictures_of({entry.pk: [entry.pk, *values[entry.version_id]["related"]] for entry in entries})
    return [_source(entry, values[entry.version_id], pictures[entry.pk]) for entry in entries]


def _source(entry: CatalogueEntry, text: Mapping[str, Any], pictures: Sequence[Picture]) -> Source:
    return Source(
        values=text,
        short_number=entry.short_number,
        address=_address(entry),
        team=entry.owner_name,
        contact=entry.contact.full_name,
        email=entry.contact.email,
        issue=entry.issue,
        released_on=timezone.localdate(entry.published_at),
        check_mark=hashing.mark(entry.content_hash),
        pictures=pictures,
    )


def _pictures_of(related: Mapping[int, Sequence[int]]) -> dict[int, list[Picture]]:
    """By record: the diagrams of the models that its text names (`related`), then of those that name it."""
    linked = {record: list(keys) for record, keys in related.items()}
    back = PublishedLink.objects.filter(target__in=linked).order_by("source")
    for target, origin in back.values_list("target_id", "source_id"):
        linked[target].append(origin)
    pictures = _pictures({key for keys in linked.values() for key in keys})
    return {
        record: [pictures[key] for key in dict.fromkeys(keys) if key in pictures][:MOST_PICTURES]
        for record, keys in linked.items()
    }


def _pictures(keys: Collection[int]) -> dict[int, Picture]:
    """The diagrams of those of these records that are published process models: after the measure, else before."""
    rows = CatalogueEntry.objects.filter(pk__in=keys, kind=PROCESS_MODEL) if keys else CatalogueEntry.objects.none()
    entries = list(rows.select_related("version__record"))
    texts = versions.texts_of([entry.version for entry in entries])
    shown = {entry.pk: (entry, _diagram_of(texts[entry.version_id])) for entry in entries}
    found = {diagram.pk: diagram for diagram in Diagram.objects.filter(pk__in=[key for _entry, key in shown.values()])}
    return {pk: _picture(entry, found[key]) for pk, (entry, key) in shown.items() if key in found}


def _diagram_of(text: Any) -> str:
    return text.to_be or text.as_is or ""


def _picture(entry: CatalogueEntry, diagram: Diagram) -> Picture:
    description = _("Ablauf des Prozesses %(number)s, %(title)s. In Worten steht er auf der Seite %(number)s.")
    words = description % {"number": entry.short_number, "title": entry.title}
    return Picture(diagrams.svg_of(diagram), entry.title, entry.short_number, words)


def _address(owned: Record | CatalogueEntry) -> str:
    """Where a QR code on a wall leads, whatever host the request came to."""
    return absolute(f"/{owned.short_number}")
