"""Which texts of a record are searched, and how much a word counts in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from governance.models import CatalogueEntry


@dataclass(frozen=True)
class Field:
    """A text of a record: how much a word in it counts, and the letter of its weight in a tsvector."""

    name: str
    weight: float
    letter: str


FIELDS = (
    Field("title", 3.0, "A"),
    Field("tags", 2.0, "A"),
    Field("summary", 1.5, "B"),
    Field("headings", 1.2, "C"),
    Field("body", 1.0, "D"),
    Field("labels", 0.7, "D"),
    Field("owner", 0.5, "D"),
    Field("attachments", 0.3, "D"),
)


def texts(entry: CatalogueEntry, attachments: str = "") -> Iterator[tuple[Field, str]]:
    """The texts of a catalogue row with their fields, in the order of `FIELDS`."""
    weighted: Mapping[str, str] = entry.weighted
    known = {
        "title": f"{entry.title} {entry.short_number}",
        "tags": "\n".join(tag["name"] for tag in entry.tag_list),
        "summary": weighted.get("B", ""),
        "headings": weighted.get("C", ""),
        "body": weighted.get("D", ""),
        "labels": weighted.get("labels", ""),
        "owner": f"{entry.department_name}\n{entry.owner_name}",
        "attachments": attachments,
    }
    for field in FIELDS:
        if text := known[field.name]:
            yield field, text


def facets(entry: CatalogueEntry) -> list[str]:
    """The values of a record for filters, as terms: words hold no colon."""
    return [
        f"kind:{entry.kind}",
        f"department:{entry.department_id}",
        f"year:{entry.year}",
        *(f"audience:{audience}" for audience in entry.audiences),
        *(f"tag:{key}" for key in entry.tag_keys),
        *(f"adopted_by:{key}" for key in entry.used_by),
        *(f"{name}:{value}" for name, value in entry.facets),
    ]
