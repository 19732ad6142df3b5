"""The register of kinds of record. Apps register theirs in `apps.py`; governance itself lists none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.http import HttpResponse

    from governance.blanking import Blanking
    from governance.comparison import FieldSpec
    from governance.models import CatalogueEntry, Content


# Where a file of a text is, by its place among the attachments ("1") or its name ("vorher.svg").
Address = Callable[[str], str]


@dataclass(frozen=True)
class Projection:
    """What of a published version the catalogue shows and searches.

    `weighted` has the text to search by how much it weighs (title and tags are added by the search; here B summary,
    C headings and benefit, D the rest, "labels" words inside diagrams), `facets` the kind's own filters as pairs of
    name and value, `page` the rendered parts.
    """

    summary: str
    audiences: Sequence[str] = ()
    page: Mapping[str, Any] = field(default_factory=dict)
    weighted: Mapping[str, str] = field(default_factory=dict)
    facets: Sequence[tuple[str, str]] = ()
    related: Sequence[int] = ()
    # What the kind's own tables get; see Kind.write_rows.
    rows: Any = None


@dataclass(frozen=True)
class Enclosed:
    """Words inside files that a text names by key in `fields`; a redaction treats them like the text itself.

    `texts` gives them by key, `blank` the keys of blanked copies by those of the files that it had to change,
    `drop` deletes those that no text names any more.
    """

    fields: Sequence[str]
    texts: Callable[[Collection[str]], Mapping[str, Sequence[str]]]
    blank: Callable[[Collection[str], Blanking], Mapping[str, str]]
    drop: Callable[[Collection[str]], None]

    def keys(self, values: Mapping[str, Any]) -> set[str]:
        return {values[name] for name in self.fields if values.get(name)}

    def replaced(self, values: Mapping[str, Any], copies: Mapping[str, str]) -> dict[str, str]:
        """The fields that have to name another file, with its key."""
        return {name: copies[values[name]] for name in self.fields if values.get(name) in copies}


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
    # The template for a whole text, and what it is given as `page`: from a text, its files' addresses and, for
    # a text that is not saved yet, the words of its tags.
    text_template: str
    page_of: Callable[..., Mapping[str, Any]]
    # The fields in Markdown that a short text of the newsletter or a card begins with, the first two above all.
    leads_with: Sequence[str]
    project: Callable[[Any, Address], Projection]
    # Writes what is summed, filtered or looked up backwards into the kind's own tables, in the publishing
    # transaction: pairs of catalogue entry and Projection.rows.
    write_rows: Callable[[Sequence[tuple[CatalogueEntry, Any]]], None] = lambda rows: None
    # What changed besides words, from the values of two texts, and the template that shows it as `changes`.
    changes: Callable[[Mapping[str, Any] | None, Mapping[str, Any]], Sequence[Any]] = lambda old, new: ()
    changes_template: str = ""
    # A file of a text that is no attachment, by its name; None when there is none.
    named_file: Callable[[Any, str], HttpResponse | None] = lambda text, name: None
    # How long the texts inside a JSON field may be: by field, then by key of its rows.
    row_lengths: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    enclosed: Enclosed | None = None

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
        pages = ("record", "edit", "edit_all", "conflict", "versions", "version", "submit", "roll_back", "put_forward")
        return {page: f"{self.url_namespace}:{page}" for page in pages}

    def url(self, name: str, number: int, slug: str, *args: Any) -> str:
        return reverse(f"{self.url_namespace}:{name}", args=[number, slug, *args])

    def file_addresses(self, number: int, slug: str, version: int) -> Address:
        """Addresses of the files of one version."""
        return lambda name: self.url("file", number, slug, version, name)

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
