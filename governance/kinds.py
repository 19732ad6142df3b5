"""The register of kinds of record. Apps register theirs in `apps.py`; governance itself lists none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise

if TYPE_CHECKING:
    from governance.comparison import FieldSpec
    from governance.models import Content, Publication


@dataclass(frozen=True)
class Projection:
    """What of a published version the catalogue shows and searches.

    `weighted` has the text to search by PostgreSQL's weights (A title and tags are added by the
    catalogue; here B summary, C headings and benefit, D the rest), `page` the rendered parts.
    """

    summary: str
    audiences: Sequence[str] = ()
    page: Mapping[str, Any] = field(default_factory=dict)
    weighted: Mapping[str, str] = field(default_factory=dict)
    related: Sequence[int] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of record: its words, its content table, and what the workflow asks of it.

    `schemas` names, for each schema number, the versioned fields in the order they are hashed; the
    highest number is the one written. `missing` lists what submission still requires as pairs of field
    and message, `doubts` what the team should look at before it; `project` turns a published text (a
    history row) into its catalogue row.
    """

    key: str
    letter: str
    label: str | Promise
    label_plural: str | Promise
    url_namespace: str
    content: Callable[[], type[Content]]
    fields: Sequence[FieldSpec]
    schemas: Mapping[int, Sequence[str]]
    missing: Callable[[Mapping[str, Any]], list[tuple[str, str]]]
    doubts: Callable[[Mapping[str, Any]], list[str]]
    # Values of several texts with keys replaced by words, for comparing; names are looked up once for all.
    in_words: Callable[[Sequence[Mapping[str, Any]]], list[Mapping[str, Any]]]
    # The template for a whole text, and what it is given as `page`, from a text and its files' addresses.
    text_template: str
    page_of: Callable[[Any, list[str]], Mapping[str, Any]]
    project: Callable[[Any, Publication], Projection]
    # How long the texts inside a JSON field may be: by field, then by key of its rows.
    row_lengths: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def model(self) -> type[Content]:
        return self.content()

    @property
    def schema(self) -> int:
        return max(self.schemas)

    @property
    def versioned(self) -> Sequence[str]:
        return self.schemas[self.schema]

    @property
    def names(self) -> Mapping[str, str]:
        """URL names for templates: `kind.names.versions` is "learnings:versions"."""
        pages = ("record", "edit", "versions", "version", "submit", "roll_back")
        return {page: f"{self.url_namespace}:{page}" for page in pages}

    def url(self, name: str, number: int, slug: str, *args: Any) -> str:
        return reverse(f"{self.url_namespace}:{name}", args=[number, slug, *args])

    def record_url(self, number: int, slug: str) -> str:
        return self.url("record", number, slug)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind; its key and letter must be new."""
    if kind.key in _kinds or any(other.letter == kind.letter for other in _kinds.values()):
        raise ValueError(f"kind {kind.key!r} or its letter is registered already")
    _kinds[kind.key] = kind


def get(key: str) -> Kind:
    return _kinds[key]


def every() -> list[Kind]:
    return list(_kinds.values())


def by_letter(letter: str) -> Kind | None:
    return next((kind for kind in _kinds.values() if kind.letter == letter.upper()), None)


def short_number(kind: str, number: int) -> str:
    """Such as L-17."""
    return f"{_kinds[kind].letter}-{number}"
