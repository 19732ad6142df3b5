"""A text without keys of one database: what stands in `content.json`, and back.

Tags are words, other records the addresses they have at their origin, diagrams and attachments names of entries.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from governance.kinds import Kind
from learnings.models import KIND as LEARNING
from processmodels.models import KIND as PROCESS_MODEL
from transfer.models.proofs import KIND as PROOF_OF_CONCEPT

# Kinds whose texts this module knows to take apart.
KINDS = (LEARNING, PROCESS_MODEL, PROOF_OF_CONCEPT)
_PICTURE = re.compile(r"\(anlage:(\d{1,3})\)")
_APART = frozenset({"tag_ids", "related", "attachments"})


def plain_names(kind: Kind) -> list[str]:
    """The fields that are the same everywhere."""
    diagrams = kind.enclosed.fields if kind.enclosed else ()
    return [name for name in kind.versioned if name not in _APART and name not in diagrams]


def for_others(values: Mapping[str, Any], blanked: Collection[str] = ()) -> dict[str, Any]:
    """The values as they may leave the house: without what a team keeps to itself, and without `blanked` files."""
    found = dict(values)
    if values.get("share_difficulties") is False:
        found["difficulties"] = ""
    return _without_files(found, blanked) if blanked else found


def _without_files(values: dict[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """Pictures that stand in a text keep their place; of one that is gone its description stays there."""
    kept = [row for row in values["attachments"] if row["sha256"] not in gone]
    places = {
        str(old): kept.index(row) + 1 if row in kept else 0 for old, row in enumerate(values["attachments"], start=1)
    }

    def moved(found: re.Match[str]) -> str:
        return f"(anlage:{places.get(found[1], 0)})"

    texts = {name: _PICTURE.sub(moved, value) for name, value in values.items() if isinstance(value, str)}
    states = {name: "" for name in ("as_is_picture", "to_be_picture") if values.get(name) in gone}
    return {**values, **texts, **states, "attachments": kept}


def pack(
    kind: Kind,
    values: Mapping[str, Any],
    *,
    tags: Sequence[str],
    related: Sequence[str],
    attachments: Sequence[str],
    diagrams: Mapping[str, str],
) -> dict[str, Any]:
    """What goes into `content.json`. `attachments` are the names of entries in the order of the text, `diagrams` by
    field."""
    rows = zip(values["attachments"], attachments, strict=True)
    return {
        "schema": kind.schema,
        "kind": kind.key,
        "fields": {name: values[name] for name in plain_names(kind)},
        "tags": list(tags),
        "related": list(related),
        "attachments": [{**row, "entry": entry} for row, entry in rows],
        "diagrams": dict(diagrams),
    }


def unpack(kind: Kind, content: Mapping[str, Any]) -> dict[str, Any]:
    """Values for `versions.create`, still without tags, related records and diagrams.

    Raises ValueError for a field that there is not: such a text comes from a newer portal.
    """
    fields = content["fields"]
    unknown = sorted(set(fields) - set(plain_names(kind)))
    if unknown or content["schema"] > kind.schema:
        raise ValueError(unknown[0] if unknown else "schema")
    rows = [{key: value for key, value in row.items() if key != "entry"} for row in content["attachments"]]
    return {**fields, "attachments": rows}
