"""Where an address inside the portal leads, and whether what it names is there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db.models import Q
from django.template.loader import get_template, render_to_string
from django.urls import Resolver404, resolve

from governance import kinds, versions
from governance.models import CatalogueEntry, Publication, Record
from governance.views.files import file_at
from portal.upkeep.models import PageLink
from transfer.models import Question

Fault = PageLink.Fault
Key = tuple[str, int]
# The part of a record's page that its kind fills in, with only `page` in its context; and what stands around it.
TEXTS = {
    "learning": "learnings/_text.html",
    "process_model": "processmodels/_text.html",
    "proof_of_concept": "transfer/proofs/_text.html",
}
AROUND = (
    "base.html",
    "governance/record.html",
    "governance/_record_aside.html",
    "governance/_pass_on.html",
    "transfer/adoption/_panel.html",
    "transfer/asking/_panel.html",
    "learnings/_messages.html",
    *(f"{app}/_take_along.html" for app in ("learnings", "processmodels", "transfer/proofs")),
)
# Questions with their answers stand below the text, each at a place of its own.
_QUESTION = re.compile(r"frage-([0-9]{1,18})")
_ID = re.compile(r'\bid="([^"{}%]+)"')


@dataclass(frozen=True)
class Place:
    """What an address names: a record, perhaps a file of one of its versions, perhaps a place on its page."""

    is_known: bool
    record: Key | None = None
    version: int = 0
    file: str = ""
    anchor: str = ""


def place_of(address: str, own: Key) -> Place:
    """Where `address` leads, for the text of the record `own`; reads nothing."""
    try:
        parts = urlsplit(address)
        anchor = unquote(parts.fragment)
        if not parts.path:
            return Place(True, own, anchor=anchor)
        match = _resolve(unquote(parts.path))
    except ValueError:
        match = None
    if match is None:
        return Place(False)
    named = match.kwargs
    if match.url_name == "short_number":
        kind = kinds.by_letter(named["letter"])
        return Place(True, (kind.key, int(named["number"])), anchor=anchor) if kind else Place(False)
    kind = next((one for one in kinds.every() if one.url_namespace in match.namespaces), None)
    if kind is None or "number" not in named:
        return Place(True)
    is_file = match.url_name == "file"
    return Place(
        True,
        (kind.key, named["number"]),
        named["version"] if is_file else 0,
        named["name"] if is_file else "",
        # Other pages of a record have other places.
        anchor if match.url_name == "record" else "",
    )


def _resolve(path: str) -> Any:
    for tried in (path, f"{path}/"):
        try:
            return resolve(tried)
        except Resolver404:
            continue
    return None


def targets(places: Iterable[Place]) -> dict[Key, int]:
    """The keys of the records that these places name; one query."""
    wanted = {place.record for place in places if place.record and place.record[1] < 2**31}
    if not wanted:
        return {}
    by_kind: dict[str, list[int]] = {}
    for kind, number in wanted:
        by_kind.setdefault(kind, []).append(number)
    asked = Q()
    for kind, numbers in by_kind.items():
        asked |= Q(kind=kind, number__in=numbers)
    return {(kind, number): pk for pk, kind, number in Record.objects.filter(asked).values_list("pk", "kind", "number")}


def fault_of(place: Place, target: int | None) -> str:
    """What is wrong with an address, apart from its record not being published. Reads for files and anchors alone."""
    if not place.is_known:
        return Fault.ADDRESS
    if place.record and target is None:
        return Fault.RECORD
    if target is not None and place.file and not _has_file(place, target):
        # Of what was never published not even that it is there.
        return Fault.FILE if Publication.objects.filter(record_id=target).exists() else Fault.RECORD
    if target is not None and place.anchor and not _has_place(target, place.anchor):
        return Fault.PLACE
    return ""


def _has_file(place: Place, target: int) -> bool:
    """Whether readers get this file: of a version that is or was published."""
    published = Publication.objects.filter(record_id=target, version__number=place.version)
    publication = published.select_related("version__record").first()
    if publication is None:
        return False
    text, kind = versions.text_of(publication.version), kinds.get(publication.version.record.kind)
    if place.file.isdecimal():
        return len(place.file) < 5 and file_at(text.attachments, int(place.file)) is not None
    return kind.named_file(text, place.file) is not None


def _has_place(target: int, anchor: str) -> bool:
    """Whether the record's page has an element of this id. What is not published is named for that, not for this."""
    entry = CatalogueEntry.objects.filter(pk=target).first()
    if entry is None or entry.kind not in TEXTS or anchor in around():
        return True
    if question := _QUESTION.fullmatch(anchor):
        return Question.objects.filter(pk=int(question[1]), record=target, published_at__isnull=False).exists()
    return anchor in _ids_in(render_to_string(TEXTS[entry.kind], {"page": entry.page, "changes_url": ""}))


def _ids_in(html: str) -> Collection[str]:
    return set(_ID.findall(html))


@cache
def around() -> Collection[str]:
    """The ids that stand on the page of every record, whatever its text."""
    return {found for name in AROUND for found in _ids_in(get_template(name).template.source)}  # type: ignore[attr-defined]
