"""Search over the catalogue, and over nothing else: any word, best first, with counted facets.

PostgreSQL full text in German; when no word is found, trigrams mend misspelt ones. At most three
statements for a page, facets included (one more for a page beyond the last). Everything a person may type is answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy

from governance import kinds, queries
from governance.models import CatalogueEntry, Tag
from governance.text import excerpt
from portal.asked import FILTERS, Query, Words

PAGE_SIZE = 10
FACET_VALUES = 12
# So many letters tell whether a piece of text is its beginning.
BEGINNING = 30

ORDER = {
    "best": "rank DESC, published_at DESC, record_id DESC",
    "newest": "published_at DESC, record_id DESC",
    "title": "lower(unaccent(title)), record_id",
}
AUDIENCES = {
    "team": gettext_lazy("Eigenes Team"),
    "municipality": gettext_lazy("Eigene Kommune"),
    "other_municipalities": gettext_lazy("Andere Kommunen"),
    "decision_makers": gettext_lazy("Politik und Verwaltungsspitze"),
}
_SHORT_NUMBER = re.compile(r"^([A-Za-z])-?(\d{1,9})$")


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    active: bool
    query: str


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: Sequence[FacetValue]


@dataclass
class Hit:
    entry: CatalogueEntry
    excerpt: str = ""
    # The title with the words marked, when they stand there.
    title: str = ""


@dataclass
class Results:
    query: Query
    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    # True when no word was found as written and similar words were taken instead.
    mended: bool = False

    @property
    def page(self) -> Page[int]:
        """For the element that shows the pages; counts nothing again."""
        paginator = Paginator(range(self.total), PAGE_SIZE)
        return paginator.get_page(self.query.page)


def search(query: Query) -> Results:
    """One page of results for `query`."""
    words = Words.read(query.text)
    match = _text_match(query.text, words)
    rows = _run(query, match)
    results = _results(query, rows)
    if not results.facets and words.wanted:
        match = _similar_match(words)
        rows = _run(query, match)
        results = _results(query, rows)
        results.mended = bool(results.total)
    if results.total and not any(what == "hit" for what, _value, _label, _n in rows):
        # A page beyond the last, from an old address: the last one is shown.
        results.query = replace(query, page=results.page.number)
        rows = _run(results.query, match)
    _load_hits(results, rows, match)
    return results


# -- the statement ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Match:
    """SQL for "this row matches" and "how well", with their parameters, and the tsquery behind."""

    where: str
    rank: str
    params: Mapping[str, Any]
    # The words to mark in excerpts: a tsquery in SQL, with named parameters.
    tsquery: str = ""

    def positional(self) -> tuple[str, list[Any]]:
        """`tsquery` with its named parameters turned into positional ones, as RawSQL wants them."""
        names = re.findall(r"%\((\w+)\)s", self.tsquery)
        return re.sub(r"%\(\w+\)s", "%s", self.tsquery), [self.params[name] for name in names]


def _text_match(text: str, words: Words) -> Match:
    if words.is_empty and not words.unwanted:
        return Match("TRUE", "0", {})
    params: dict[str, Any] = {}

    def terms(function: str, values: Sequence[str], prefix: str) -> list[str]:
        params.update({f"{prefix}{at}": value for at, value in enumerate(values)})
        return [f"{function}('german', %({prefix}{at})s)" for at in range(len(values))]

    wanted = terms("plainto_tsquery", words.wanted, "w")
    phrases = terms("phraseto_tsquery", words.phrases, "p")
    unwanted = terms("plainto_tsquery", words.unwanted, "u")
    # A phrase must be there; of the single words any one is enough.
    required = ([f"({' || '.join(wanted)})"] if wanted else []) + phrases
    without = [f"!!({term})" for term in unwanted]
    tsquery = " && ".join(required + without)
    every = " && ".join(wanted + phrases) or tsquery
    where = f"search @@ ({tsquery})"
    if number := _SHORT_NUMBER.match(text.strip()):
        params["short"] = f"{number[1].upper()}-{int(number[2])}"
        where = f"({where} OR short_number = %(short)s)"
    rank = f"((search @@ ({every}))::int + ts_rank(search, {tsquery}, 1))"
    return Match(where, rank, params, " || ".join(wanted + phrases))


def _similar_match(words: Words) -> Match:
    """Rows in whose title, tags or summary a word is similar to one that was typed."""
    long = [word for word in words.wanted if len(word) > 3] or list(words.wanted)
    params = {f"s{at}": word for at, word in enumerate(long)}
    folded = [f"lower(unaccent(%({name})s))" for name in params]
    where = " OR ".join(f"{word} <%% folded" for word in folded)
    rank = " + ".join(f"word_similarity({word}, folded)" for word in folded)
    return Match(f"({where})", f"({rank})", params)


STATEMENT = """
WITH RECURSIVE above(id, slug, name, ancestor) AS (
    SELECT id, slug, name, id FROM governance_department
    UNION ALL
    SELECT above.id, up.slug, up.name, up.id
    FROM above JOIN governance_department here ON here.id = above.ancestor
    JOIN governance_department up ON up.id = here.parent_id
), wanted_tag AS (
    SELECT coalesce(merged_into_id, id) AS id FROM governance_tag WHERE slug = %(tag)s
), base AS MATERIALIZED (
    SELECT record_id, kind, department_id, year, audiences, tag_keys, published_at, title,
           {rank} AS rank,
           (%(kind)s = '' OR kind = %(kind)s) AS by_kind,
           (%(department)s = ''
            OR department_id IN (SELECT id FROM above WHERE slug = %(department)s)) AS by_department,
           (%(tag)s = '' OR coalesce((SELECT id FROM wanted_tag) = ANY(tag_keys), false)) AS by_tag,
           (%(audience)s = '' OR %(audience)s = ANY(audiences)) AS by_audience,
           (%(year)s = '' OR year::text = %(year)s) AS by_year
    FROM governance_catalogueentry WHERE {where}
), chosen AS (
    SELECT * FROM base WHERE by_kind AND by_department AND by_tag AND by_audience AND by_year
)
(SELECT 'hit' AS what, record_id::text AS value, '' AS label,
        row_number() OVER (ORDER BY {order}) AS n
 FROM chosen ORDER BY {order} LIMIT {limit} OFFSET %(offset)s)
UNION ALL SELECT 'total', '', '', count(*) FROM chosen
UNION ALL (SELECT 'kind', kind, '', count(*) FROM base
    WHERE by_department AND by_tag AND by_audience AND by_year GROUP BY kind)
UNION ALL (SELECT 'department', above.slug, above.name, count(*) FROM base
    JOIN above ON above.id = base.department_id
    WHERE by_kind AND by_tag AND by_audience AND by_year GROUP BY above.slug, above.name)
UNION ALL (SELECT 'year', year::text, '', count(*) FROM base
    WHERE by_kind AND by_department AND by_tag AND by_audience GROUP BY year)
UNION ALL (SELECT 'audience', audience, '', count(*) FROM base, unnest(audiences) AS audience
    WHERE by_kind AND by_department AND by_tag AND by_year GROUP BY audience)
UNION ALL (SELECT 'tag', slug, name, n FROM (
        SELECT key, count(*) AS n FROM base, unnest(tag_keys) AS key
        WHERE by_kind AND by_department AND by_audience AND by_year
        GROUP BY key ORDER BY key IN (SELECT id FROM wanted_tag) DESC, count(*) DESC, key
        LIMIT {facet_values}) AS top
    JOIN governance_tag ON governance_tag.id = top.key)
"""

Row = tuple[str, str, str, int]


def _run(query: Query, match: Match) -> list[Row]:
    sql = STATEMENT.format(
        rank=match.rank,
        where=match.where,
        order=ORDER[query.order],
        limit=PAGE_SIZE,
        facet_values=FACET_VALUES,
    )
    params = {
        **match.params,
        "kind": query.kind,
        "department": query.department,
        "tag": query.tag,
        "audience": query.audience,
        "year": query.year,
        "offset": (query.page - 1) * PAGE_SIZE,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


# -- the page --------------------------------------------------------------------------------------


def label_of(name: str, value: str, label: str) -> str:
    """The name of a facet's value as people read it; `label` is what the database knows."""
    if name == "kind":
        return str(next((k.label_plural for k in kinds.every() if k.key == value), value))
    if name == "audience":
        return str(AUDIENCES.get(value, value))
    return label or value


def _facets(query: Query, rows: list[Row]) -> list[Facet]:
    facets = []
    for name, title in FILTERS.items():
        current = getattr(query, name)
        values = [
            FacetValue(
                value=value,
                label=label_of(name, value, label),
                count=count,
                active=value == current,
                query=query.url_query(**{name: "" if value == current else value}),
            )
            for what, value, label, count in rows
            if what == name
        ]
        if name == "year":
            values.sort(key=lambda value: value.value, reverse=True)
        else:
            values.sort(key=lambda value: (-value.count, value.label))
        if values:
            facets.append(Facet(name, str(title), values))
    return facets


def _results(query: Query, rows: list[Row]) -> Results:
    total = next(count for what, _value, _label, count in rows if what == "total")
    return Results(query, total=total, facets=_facets(query, rows))


def _load_hits(results: Results, rows: list[Row], match: Match) -> None:
    order = sorted((n, int(value)) for what, value, _label, n in rows if what == "hit")
    keys = [key for _n, key in order]
    entries = queries.catalogue().filter(pk__in=keys)
    if match.tsquery:
        entries = entries.annotate(
            found=_headline(match, "text", 'MaxFragments=2, MaxWords=24, MinWords=10, FragmentDelimiter=" … "'),
            found_title=_headline(match, "title", "HighlightAll=true"),
            begins=Left("text", BEGINNING),
        )
    by_key = {entry.pk: entry for entry in entries}
    for key in keys:
        # A row taken out between the two statements is simply left out.
        if entry := by_key.get(key):
            results.hits.append(_hit(entry))


def _hit(entry: CatalogueEntry) -> Hit:
    """With its marks. Found in the title or a tag alone, the summary says more than a piece of text without any."""
    known = vars(entry)
    found, title = known.get("found", ""), known.get("found_title", "")
    plain = excerpt.strip(found)[:BEGINNING]
    if plain and not known["begins"].startswith(plain):
        found = f"… {found}"
    return Hit(
        entry,
        excerpt.mark(found) if excerpt.START in found else "",
        excerpt.mark(title) if excerpt.START in title else "",
    )


def _headline(match: Match, column: str, options: str) -> RawSQL:
    sql, params = match.positional()
    marks = f"StartSel={excerpt.START}, StopSel={excerpt.STOP}, {options}"
    return RawSQL(  # noqa: S611 - built from fixed text and parameters only
        f"ts_headline('german', {column}, {sql}, %s)", [*params, marks], output_field=TextField()
    )


def near_tags(text: str) -> list[Tag]:
    """Words of the vocabulary that look like what was typed, for a search that found nothing."""
    if not text:
        return []
    return list(
        Tag.objects.annotate(likeness=TrigramWordSimilarity(text, "name"))
        .filter(likeness__gt=0.4, merged_into=None, tagged_entries__isnull=False)
        .order_by("-likeness")
        .distinct()[:6]
    )
