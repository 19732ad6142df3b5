"""Finding passages in texts and putting a mark in their place. Pure: values in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from django.db import models

from governance.text.clean import slugify_de

if TYPE_CHECKING:
    from governance.models import Content

MARK = "[geschwärzt]"
# Where the mark does not fit: no longer than the shortest passage, so it always does.
SHORT_MARK = "███"
SHORTEST_PASSAGE = len(SHORT_MARK)
# An address that names somebody is of no use without the name; this one may be saved and leads nowhere.
BLANKED_ADDRESS = "https://geschwaerzt.invalid/"
# Inside lists and tables these hold keys, codes and numbers that the portal computes with.
STRUCTURAL = frozenset(
    {
        *("id", "attachment", "sha256", "audience", "number", "retrieved_on", "based_on", "media_type"),
        *("measure", "better", "people", "time_freed"),
        *(f"{side}_{part}" for side in ("as_is", "to_be") for part in ("number", "basis", "since", "until", "sample")),
    }
)
ADDRESSES = frozenset({"url"})
# What may stand between two words of a passage: white space, Markdown's marks, a blank inside a link's address.
_BETWEEN = r"(?:[\s*_`]|%20)+"
_NO_LETTERS = re.compile(r"[\W_]+")
_MARKS = re.compile(r"[*_`]+")
Limits = Mapping[str, int]


def text_fields(model: type[Content]) -> list[str]:
    """The fields of a content table in which people write; keys and codes are none of them."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and field.name not in model.CODED
        and not field.choices
    ]


def words_of(passage: str) -> list[str]:
    """The words of a passage, without the marks between them."""
    return re.split(r"[\s*_`]+", passage.strip(" \t\r\n*_`"))


class Blanking:
    """Replaces passages by a mark, however they are broken into lines or set in bold."""

    def __init__(self, passages: Sequence[str]) -> None:
        longest_first = sorted(passages, key=len, reverse=True)
        words = [_BETWEEN.join(map(re.escape, words_of(passage))) for passage in longest_first]
        self.pattern = re.compile("|".join(words)) if words else None
        self.slugs = [slugify_de(" ".join(words_of(passage))) for passage in passages]

    def hits(self, text: str) -> list[re.Match[str]]:
        return list(self.pattern.finditer(text)) if self.pattern else []

    def is_in_address(self, address: str) -> bool:
        """Whether a link's address holds a passage, as it is or spelt as addresses are."""
        plain = unquote_plus(address)
        parts = [f"-{slugify_de(_NO_LETTERS.sub('-', part))}-" for part in re.split("[/?&#=]", plain)]
        return bool(self.hits(plain)) or any(f"-{slug}-" in part for slug in self.slugs for part in parts)

    def text(self, value: str, limit: int | None = None) -> str:
        """`value` with the mark for each passage; the short one where it would grow past `limit`."""
        blanked = self.put(MARK, value)
        return self.put(SHORT_MARK, value) if limit is not None and len(blanked) > limit else blanked

    def put(self, mark: str, value: str) -> str:
        """`value` with this mark for each passage."""
        # Marks of Markdown inside the passage stay before it, so that what they open is still closed.
        return self.pattern.sub(lambda hit: "".join(_MARKS.findall(hit[0])) + mark, value) if self.pattern else value

    def value(self, value: Any, limit: int | None = None, limits: Limits | None = None) -> Any:
        """`value` with every text in it blanked; structural parts of tables stay. `limits` are those of its rows."""
        match value:
            case str():
                return self.text(value, limit)
            case list():
                return [self.value(item, limits=limits) for item in value]
            case Mapping():
                return {key: self._part(key, item, limits or {}) for key, item in value.items()}
            case _:
                return value

    def _part(self, key: str, item: Any, limits: Limits) -> Any:
        if key in STRUCTURAL:
            return item
        if key in ADDRESSES and isinstance(item, str):
            return BLANKED_ADDRESS if self.is_in_address(item) else item
        return self.value(item, limits.get(key))

    def changes(
        self, row: models.Model, names: Sequence[str], limits: Mapping[str, Limits] | None = None
    ) -> dict[str, Any]:
        """The named fields of `row` that have to change, with their new values, which fit their columns."""
        found = {}
        for name in names:
            field = row._meta.get_field(name)
            before = getattr(row, name)
            after = self.value(before, getattr(field, "max_length", None), (limits or {}).get(name))
            if after != before:
                found[name] = after
        return found


def texts_in(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value that may be blanked, each with the key it stands under in its row."""
    match value:
        case str():
            yield key, value
        case list():
            for item in value:
                yield from texts_in(item, key)
        case Mapping():
            for name, item in value.items():
                if name not in STRUCTURAL:
                    yield from texts_in(item, name)
