"""One page of results: the question looked up, ranked, counted, and its hits loaded with their excerpts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import F, JSONField, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from governance import clock, kinds
from governance.models import CatalogueEntry
from portal.asked import FILTERS, Query
from portal.attachment_text.models import PublishedFile
from portal.search import house, lookup, question, ranking
from portal.search.excerpts import Excerpt, of_entry
from portal.search.lookup import Known, Meant
from portal.search.ranking import MOST_CANDIDATES, Wanted
from portal.search.synonyms import Synonyms
from processmodels.models import LifeCycle
from transfer.models import ExternalSource

PAGE_SIZE = 10
# Characters of a file's text that excerpts are taken from.
LOOKED_AT = 20_000
# Where the terms of the question stand in a record.
_PLACES = """
SELECT jsonb_object_agg(found.lexeme, coalesce(to_jsonb(found.positions), '[]'))
FROM portal_searchwords words JOIN portal_searchindex live ON live.id = words.index_id AND live.state = 'live'
CROSS JOIN unnest(words.words) AS found (lexeme, positions, weights)
WHERE words.record_id = governance_catalogueentry.record_id AND found.lexeme = ANY(%s)
"""
SHOWN_VALUES = 8
AUDIENCES = {
    "team": gettext_lazy("Eigenes Team"),
    "municipality": gettext_lazy("Eigene Kommune"),
    "other_municipalities": gettext_lazy("Andere Kommunen"),
    "decision_makers": gettext_lazy("Politik und Verwaltungsspitze"),
}


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    active: bool
    query: str
    # Departments stand below the one they belong to.
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: Sequence[FacetValue]

    @property
    def shown(self) -> Sequence[FacetValue]:
        return self.values[: self._cut]

    @property
    def folded(self) -> Sequence[FacetValue]:
        """What a long list keeps folded."""
        return self.values[self._cut :]

    @property
    def is_open(self) -> bool:
        return any(value.active for value in self.folded)

    @property
    def _cut(self) -> int:
        # Two lines more take no more room than the line that unfolds them.
        return SHOWN_VALUES if len(self.values) > SHOWN_VALUES + 2 else len(self.values)


@dataclass
class Hit:
    entry: CatalogueEntry
    has_all: bool = True
    # The first without all words: a line is drawn before it.
    begins_some: bool = False
    excerpt: Excerpt | None = None
    # The title with the words marked, when they stand there.
    title: SafeString | str = ""
    # Address of the picture of a process.
    picture: str = ""


@dataclass
class Results:
    query: Query
    total: int = 0
    # So many of them have all words of the question; they stand first.
    with_all_words: int = 0
    hits: list[Hit] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    has_words: bool = True
    # How many more there are without each filter, where that is the only one that they do not meet.
    without: dict[str, int] = field(default_factory=dict)
    # Names of chosen values, by filter and value.
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    # Other repositories, in the order in which the committee lists them.
    elsewhere: Sequence[ExternalSource] = ()
    # Typed words, with what was looked for in their place.
    mended: dict[str, str] = field(default_factory=dict)
    # Typed words, with the synonyms that were looked for as well.
    also: dict[str, list[str]] = field(default_factory=dict)

    @property
    def corrected(self) -> str:
        """The question with the words that were meant."""
        text = self.query.text
        for typed, meant in self.mended.items():
            text = text.replace(typed, meant)
        return text

    @property
    def is_bounded(self) -> bool:
        """Whether there are more than are looked at: counts then say "über 10 000"."""
        return self.total > MOST_CANDIDATES

    @property
    def page(self) -> Page[int]:
        """For the element that shows the pages; counts nothing again."""
        return Paginator(range(min(self.total, MOST_CANDIDATES)), PAGE_SIZE).get_page(self.query.page)


def search(query: Query) -> Results:
    """One page of results for `query`."""
    asked, known = _look_up(query)
    meant = lookup.meant(asked, known)
    if asked.has_text and asked.is_empty:
        # Nothing of it can be looked for: punctuation, stop words.
        return Results(query, has_words=False, labels=known.labels, elsewhere=_in_order(known.elsewhere))
    rows = _run(query, asked, known, meant)
    results = _results(query, rows, meant, known)
    if results.total and not any(what == "hit" for what, *_rest in rows):
        # A page beyond the last, from an old address: the last one is shown.
        query = results.query = replace(query, page=results.page.number)
        rows = _run(query, asked, known, meant)
    _load_hits(results, rows, _terms(meant))
    return results


def found_by(text: str, synonyms: Synonyms, most: int) -> tuple[int, list[int]]:
    """What has all words of a question if these were the synonyms: how many records, and the first keys of them."""
    query = Query(text=text)
    asked, known = _look_up(query, synonyms)
    if asked.is_empty:
        return 0, []
    rows = _run(query, asked, known, lookup.meant(asked, known), most)
    return _count(rows, "all_words"), [key for _n, key, has_all in _keys(rows) if has_all]


def _look_up(query: Query, trial: Synonyms | None = None) -> tuple[question.Question, Known]:
    here = house.kept()
    asked = question.read(query.text, here.own_words, trial or here.synonyms)
    known = lookup.look_up(asked, query.filters)
    if (known.index, known.synonyms) != (here.index, here.stamp):
        # Another index has taken over, which takes compounds apart by its own words, or a synonym was changed.
        here = house.read()
        asked = question.read(query.text, here.own_words, trial or here.synonyms)
        known = lookup.look_up(asked, query.filters)
    return asked, known


def _run(
    query: Query, asked: question.Question, known: Known, meant: Meant, limit: int = PAGE_SIZE
) -> list[ranking.Row]:
    return ranking.run(
        Wanted(
            meant=meant,
            phrases=asked.phrases,
            filters={name: known.filters.get(name, []) for name in query.filters},
            tags=query.filters.get("tag", ()),
            order=query.order if meant.concepts or query.order != "best" else "newest",
            offset=(query.page - 1) * PAGE_SIZE,
            limit=limit,
            now=clock.now(),
            today=clock.today(),
        )
    )


def label_of(name: str, value: str, label: str) -> str:
    """The name of a facet's value as people read it; `label` is what the database knows."""
    if name == "kind":
        return str(next((k.label_plural for k in kinds.every() if k.key == value), value))
    if name == "audience":
        return str(AUDIENCES.get(value, value))
    if name == "life_cycle":
        return str(dict(LifeCycle.choices).get(value, value))
    return label or value


def _facets(query: Query, rows: list[ranking.Row]) -> list[Facet]:
    facets = []
    for name, title in FILTERS.items():
        found = [row for row in rows if row[0] == name]
        if name == "department":
            values = list(_tree(query, found))
        else:
            values = [_value(query, row) for row in found]
            values.sort(key=lambda value: (-value.count, value.label))
        if name == "year":
            values.sort(key=lambda value: value.value, reverse=True)
        if values:
            facets.append(Facet(name, str(title), values))
    return facets


def _count(rows: list[ranking.Row], name: str) -> int:
    return next(count for what, _value, _label, count, _inside in rows if what == name)


def _keys(rows: list[ranking.Row]) -> list[tuple[int, int, bool]]:
    """Place, key and whether it has all words, of each hit in its order."""
    return sorted((n, int(value), label == "true") for what, value, label, n, _inside in rows if what == "hit")


def _value(query: Query, row: ranking.Row, depth: int = 0) -> FacetValue:
    name, value, label, count, _inside = row
    active = value in query.filters.get(name, ())
    return FacetValue(value, label_of(name, value, label), count, active, query.toggled(name, value), depth)


def _tree(query: Query, rows: list[ranking.Row], inside: str = "", depth: int = 0) -> Iterator[FacetValue]:
    """Departments with those below them, at each level the ones with most records first."""
    for row in sorted((row for row in rows if row[4] == inside), key=lambda row: (-row[3], row[2])):
        yield _value(query, row, depth)
        yield from _tree(query, rows, row[1], depth + 1)


def _results(query: Query, rows: list[ranking.Row], meant: Meant, known: Known) -> Results:
    return Results(
        query,
        _count(rows, "total"),
        _count(rows, "all_words"),
        facets=_facets(query, rows),
        mended=meant.mended,
        also=meant.also,
        without={value: count for what, value, _label, count, _inside in rows if what == "without"},
        labels=known.labels,
        elsewhere=_in_order(known.elsewhere),
    )


def _in_order(sources: list[ExternalSource]) -> list[ExternalSource]:
    return sorted(sources, key=lambda source: (source.position, source.name))


def _terms(meant: Meant) -> list[str]:
    return sorted({alternative.term for concept in meant.concepts for alternative in concept.alternatives})


def _load_hits(results: Results, rows: list[ranking.Row], terms: list[str]) -> None:
    order = _keys(rows)
    entries = _entries(terms).in_bulk([key for _n, key, _all in order])
    for n, key, has_all in order:
        # A row taken out between the two statements is simply left out.
        if entry := entries.get(key):
            begins = n == results.with_all_words + 1 and not has_all
            hit = Hit(entry, has_all, begins, picture=vars(entry)["picture"] or "")
            if terms:
                found = of_entry(entry, _looked_at(vars(entry)["files_text"]), vars(entry)["places"] or {})
                hit.title, hit.excerpt = found.title, found.excerpt
            results.hits.append(hit)


def _entries(terms: list[str]) -> QuerySet[CatalogueEntry]:
    """What a page of results shows, in one query: `picture`; for words also their `places` and the text of files."""
    found = CatalogueEntry.objects.defer("page", "folded").annotate(picture=F("process__picture"))
    if not terms:
        return found
    texts = PublishedFile.objects.filter(entry=OuterRef("pk")).exclude(attachment__words__text="").order_by("pk")
    return found.annotate(
        places=RawSQL(_PLACES, [terms], JSONField()),  # noqa: S611 - a constant with a parameter
        files_text=ArraySubquery(
            texts.exclude(attachment__words=None).values_list(Left("attachment__words__text", LOOKED_AT + 1))
        ),
    )


def _looked_at(texts: Sequence[str]) -> str:
    """The text of files as the index has it, up to the first that is too long to be counted through."""
    found = []
    for text in texts:
        found.append(text[:LOOKED_AT])
        if len(text) > LOOKED_AT:
            break
    return "\n".join(found)
