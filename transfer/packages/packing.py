"""One published record as entries of a package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils import timezone

from governance import kinds, tags, versions
from governance.kinds import Kind
from governance.models import Attachment, CatalogueEntry, User
from governance.text.clean import slugify_de
from learnings.kind import page_of as learning_page
from learnings.models import KIND as LEARNING
from processmodels import diagrams
from processmodels.models import KIND as PROCESS_MODEL
from processmodels.page import page_of as process_page
from processmodels.states import FILE_NAMES
from transfer.models import Imported
from transfer.models.proofs import KIND as PROOF_OF_CONCEPT
from transfer.packages import container, data, offline, portable
from transfer.packages.writing import JSON, TEXT, Head, Writer
from transfer.proofs.page import page_of as proof_page
from transfer.transferability import carrying

_PAGES = {LEARNING: learning_page, PROCESS_MODEL: process_page, PROOF_OF_CONCEPT: proof_page}


@dataclass(frozen=True)
class Source:
    """A text with everything that a package needs to know of it; no key of a database is in `values`."""

    kind: Kind
    short_number: str
    identifier: str
    values: Mapping[str, Any]
    tags: Sequence[str]
    related: Sequence[str]
    # What stands in the manifest beside the names of entries.
    head: Mapping[str, Any]
    diagrams: Mapping[str, bytes]
    pictures: Mapping[str, str]
    assessment: Mapping[str, Any] | None = None


def portal() -> str:
    """The address of this portal, which its records' identifiers begin with."""
    return settings.PORTAL_BASE_URL.rstrip("/")


def identifier_of(short_number: str) -> str:
    return f"{portal()}/{short_number}"


def source_of(
    entry: CatalogueEntry, *, chosen: Mapping[int, str], committee: str, contact: User | None, imported: Imported | None
) -> Source:
    """A published record, as it was approved. `chosen` are the identifiers of all records of the package, by key."""
    kind = kinds.get(entry.kind)
    entry.version.record = entry.record
    values = versions.values_of(versions.text_of(entry.version), kind)
    named = [row["sha256"] for row in values["attachments"]]
    blanked = Attachment.objects.filter(sha256__in=named).exclude(redacted_at=None)
    values = portable.for_others(values, set(blanked.values_list("sha256", flat=True)))
    states = {name: values[name] for name in (kind.enclosed.fields if kind.enclosed else ()) if values[name]}
    found = {name: diagram for name, key in states.items() if (diagram := diagrams.find(key)) is not None}
    head: dict[str, Any] = {
        "identifier": identifier_of(entry.short_number),
        "short_number": entry.short_number,
        "kind": entry.kind,
        "title": entry.title,
        "summary": entry.summary,
        "reach": entry.record.reach,
        "approval": {
            "issue": entry.issue,
            "on": f"{timezone.localtime(entry.published_at):%Y-%m-%d}",
            "by": committee,
            "content_hash": entry.content_hash,
        },
    }
    if contact is not None:
        head["contact"] = {"name": contact.full_name, "mail": contact.email}
    if imported is not None:
        head["from"] = {
            "identifier": imported.identifier,
            "municipality": imported.municipality,
            "licence": imported.licence,
        }
    return Source(
        kind=kind,
        short_number=entry.short_number,
        identifier=head["identifier"],
        values=values,
        tags=tags.names_of(values["tag_ids"])[0],
        related=[chosen[key] for key in values["related"] if key in chosen],
        head=head,
        diagrams={name: bytes(diagram.source) for name, diagram in found.items()},
        pictures={name: diagrams.svg_of(diagram) for name, diagram in found.items()},
        assessment=carrying.for_others(entry.pk),
    )


def write(writer: Writer, source: Source, package: Head) -> dict[str, Any]:
    """Write all entries of one record; returns what the manifest says of it."""
    folder = f"records/{source.short_number}"
    names = {field: FILE_NAMES[field] for field in source.diagrams}
    files = _write_attachments(writer, source, folder)
    for field, name in names.items():
        writer.add(f"{folder}/{name}.bpmn", diagrams.MEDIA_TYPE, source.diagrams[field])
        writer.add(f"{folder}/{name}.svg", "image/svg+xml", source.pictures[field].encode())
    content = portable.pack(
        source.kind,
        source.values,
        tags=source.tags,
        related=source.related,
        attachments=files,
        diagrams={field: f"{folder}/{name}.bpmn" for field, name in names.items()},
    )
    head = {**source.head, "content": f"{folder}/content.json"}
    writer.add(head["content"], JSON, data.dump(content))
    if source.assessment is not None:
        head["assessment"] = f"{folder}/assessment.json"
        writer.add(head["assessment"], JSON, data.dump(source.assessment))
    _write_pages(writer, source, package, head, [name.removeprefix(f"{folder}/") for name in files])
    return head


def _write_attachments(writer: Writer, source: Source, folder: str) -> list[str]:
    """The names of their entries, in the order of the text."""
    rows = source.values["attachments"]
    known = {one.sha256: one for one in Attachment.objects.filter(sha256__in=[row["sha256"] for row in rows])}
    names = []
    for place, row in enumerate(rows, start=1):
        file = PurePosixPath(row["name"])
        name = f"{folder}/anlagen/{place}-{slugify_de(file.stem)[:60]}{file.suffix}"
        writer.stream(name, row["media_type"], _blocks(known[row["sha256"]]))
        names.append(name)
    return names


def _blocks(attachment: Attachment) -> Iterator[bytes]:
    with attachment.file.open("rb") as opened:
        while block := opened.read(container.BLOCK):
            yield block


def _write_pages(writer: Writer, source: Source, package: Head, head: Mapping[str, Any], files: Sequence[str]) -> None:
    folder = f"records/{source.short_number}"

    def address(name: str) -> str:
        if name.isdecimal():
            return files[int(name) - 1]
        # What only the portal's viewer opens is not in a package.
        return name.replace(".xml", ".bpmn")

    make = _PAGES[source.kind.key]
    shown = make(SimpleNamespace(**source.values), address)
    page = offline.page(source.kind, head, package, shown, source.assessment)
    writer.add(f"{folder}/index.html", "text/html; charset=utf-8", page)
    # Titles of records that stay in the house are not told: of others only the numbers of those in the package.
    [words] = source.kind.in_words([{**source.values, "related": [], "tag_ids": []}])
    told = {**words, "related": [one.rpartition("/")[2] for one in source.related], "tag_ids": list(source.tags)}
    writer.add(f"{folder}/text.md", TEXT, offline.markdown(source.kind, told, head, files))
    if rows := source.values.get("figures") or source.values.get("key_figures"):
        writer.add(f"{folder}/zahlen.csv", "text/csv; charset=utf-8", offline.figures(rows))


def write_frame(writer: Writer, package: Head, heads: Sequence[Mapping[str, Any]]) -> None:
    """What belongs to no record: the page to begin with, and how all look."""
    rows = [{**head, "folder": f"records/{head['short_number']}"} for head in heads]
    writer.add("stil.css", "text/css; charset=utf-8", offline.STYLE.read_bytes())
    writer.add("index.html", "text/html; charset=utf-8", offline.index(package, rows))
