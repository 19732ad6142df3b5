"""One page of results with its counts, in one statement over the index.

A record's score is the sum of its terms' weights (BM25) times their rareness; it counts more, the more of the words
it has. Records with all words stand first. Freshness adds up to a twentieth; proven use a hundredth for each department
that took the record over, up to a twentieth; an overdue check-up takes a tenth. Among the fifty best, words that stand
near each other add up to a tenth (PostgreSQL's cover density).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from portal.index.weighing import RECORD_OF_POSTING
from portal.search.lookup import Meant

# Counts of filters and the ranking look at no more candidates than this; the page then says "über 10 000".
MOST_CANDIDATES = 10_000
FACET_VALUES = 12
# A share of the score that a record keeps however few of the words it has.
SOME_WORDS = 0.4
FRESH = 0.05
OVERDUE = 0.1
# For each department that took it over, up to so many.
USED, MOST_USES = 0.01, 5
# Words that stand near each other add up to this share, among the best so many.
NEAR = 0.1
NEAR_AMONG = 50
# So many of the highest scores are ranked by all that counts; more only where a later page asks for them.
LOOKED_AT = 300

ORDER = {
    "best": "has_all DESC, rank DESC, published_at DESC, record_id DESC",
    "newest": "published_at DESC, record_id DESC",
    "used": "uses DESC, published_at DESC, record_id DESC",
    "title": "title_key, record_id",
}

# Of the ways to say a concept, typed or by a synonym, the best counts; a record must have all words of a synonym.
_BY_WORDS = """
wanted AS (
    SELECT * FROM unnest(%(terms)s::int[], %(concepts)s::int[], %(weights)s::float8[], %(covers)s::float8[],
        %(ways)s::int[], %(picks)s::bool[]) AS wanted (term, concept, weight, covers, way, picks)
), picked AS (
    SELECT {posting} AS record_id, wanted.concept, wanted.way,
           sum(wanted.weight * (p::int & 255)) AS score, least(1, sum(wanted.covers)) AS covered
    FROM wanted JOIN portal_searchblock block
         ON block.term_id = wanted.term AND block.index_id = (SELECT id FROM live)
    CROSS JOIN unnest(block.postings) AS p
    WHERE wanted.picks GROUP BY 1, 2, 3 HAVING wanted.way = 0 OR sum(wanted.covers) >= 0.99
), way AS (
    SELECT * FROM picked {frequent}
), found AS (
    {found}
), scored AS (
    SELECT record_id, sum(score) * ({some} + (1 - {some}) * sum(covered) / %(n)s) AS score,
           sum(covered) >= %(n)s - 0.01 AS has_all
    FROM found GROUP BY record_id
)"""
# Words of a great part of all records add to the score of those that the rarer words picked.
_FREQUENT = """
    UNION ALL
    SELECT {posting}, wanted.concept, wanted.way, sum(wanted.weight * (p::int & 255)), least(1, sum(wanted.covers))
    FROM wanted JOIN portal_searchblock block
         ON block.term_id = wanted.term AND block.index_id = (SELECT id FROM live)
         AND block.block = ANY(ARRAY(SELECT DISTINCT record_id >> 8 FROM picked))
    CROSS JOIN unnest(block.postings) AS p
    WHERE NOT wanted.picks AND {posting} IN (SELECT record_id FROM picked)
    GROUP BY 1, 2, 3 HAVING wanted.way = 0 OR sum(wanted.covers) >= 0.99"""
_ALL = """
scored AS (
    SELECT record_id, 0::float8 AS score, true AS has_all FROM portal_searchentry
    WHERE index_id = (SELECT id FROM live)
)"""
_ONE_WAY = "SELECT record_id, concept, score, covered FROM way"
_BEST_WAY = "SELECT record_id, concept, max(score) AS score, max(covered) AS covered FROM way GROUP BY 1, 2"

_WITHOUT = """ AND entry.record_id NOT IN (
    SELECT __record__ FROM portal_searchblock block, unnest(block.postings) AS p
    WHERE block.index_id = (SELECT id FROM live) AND block.term_id = ANY(%(unwanted)s))
""".replace("__record__", RECORD_OF_POSTING)

_RANK = f"""
scored.score * (1 + {FRESH} * exp(-extract(epoch FROM %(now)s - entry.published_at) / 31557600.0))
    * (1 + {USED} * least(entry.uses, {MOST_USES}))
    * CASE WHEN entry.check_up_on < %(today)s THEN 1 - {OVERDUE} ELSE 1 END"""
# Every record with all that it is filtered and sorted by; `missing` has a bit for each filter that it does not meet.
_ENTRIES = """
    SELECT entry.record_id, scored.has_all, {rank} AS rank, entry.published_at, entry.title_key, entry.uses,
           {missing} AS missing
    FROM scored JOIN portal_searchentry entry
         ON entry.record_id = scored.record_id AND entry.index_id = (SELECT id FROM live)
    WHERE {missing} = ANY(%(one_missing)s) {conditions} {cut}"""
_SHOWN = "SELECT * FROM chosen"
# Without filters the score alone says which records can be on the page: freshness and check-ups move none of them far.
_SCORES = """
    SELECT record_id, has_all, score, 0 AS missing FROM scored {cut}"""
_BEST = """
    SELECT entry.record_id, scored.has_all, {rank} AS rank, entry.published_at, entry.title_key
    FROM (SELECT * FROM chosen ORDER BY has_all DESC, score DESC, record_id DESC LIMIT {looked_at}) AS scored
    JOIN portal_searchentry entry ON entry.record_id = scored.record_id AND entry.index_id = (SELECT id FROM live)"""
# The cover density of all words, which is 0 where one is missing, drawn to 0 … 1.
_NEARBY = """
    SELECT best.record_id, best.has_all, best.published_at, best.title_key,
           best.rank * (1 + {near} * coalesce(ts_rank_cd('{{1,1,1,1}}', words.words, %(together)s::tsquery, 32), 0))
               AS rank
    FROM (SELECT * FROM ({shown}) AS ranked ORDER BY {order} LIMIT {among}) AS best
    LEFT JOIN portal_searchwords words ON words.record_id = best.record_id AND words.index_id = (SELECT id FROM live)"""

_STATEMENT = """
WITH RECURSIVE live AS (SELECT id FROM portal_searchindex WHERE state = 'live'),
{scored},
above (id, slug, name, ancestor, parent) AS (
    SELECT id, slug, name, id, parent_id FROM governance_department
    UNION ALL
    SELECT above.id, up.slug, up.name, up.id, up.parent_id
    FROM above JOIN governance_department here ON here.id = above.ancestor
    JOIN governance_department up ON up.id = here.parent_id
), candidate AS MATERIALIZED ({candidate}
), chosen AS (
    SELECT * FROM candidate WHERE missing = 0
), bits AS (
    SELECT record_id >> 8 AS block, missing, bit_or(set_bit(0::bit(256), (record_id & 255)::int, 1)) AS records
    FROM candidate GROUP BY 1, 2
), counted AS (
    SELECT term_id AS facet, missing, sum(bit_count(facet.records & bits.records)) AS n
    FROM bits JOIN portal_searchfacet facet ON facet.block = bits.block AND facet.index_id = (SELECT id FROM live)
    GROUP BY 1, 2
), named AS (
    -- Looked up one by one: there are few, and the vocabulary is long.
    SELECT missing, n, (SELECT text FROM portal_searchterm WHERE id = counted.facet) AS text FROM counted
), facet AS (
    SELECT split_part(text, ':', 1) AS name, split_part(text, ':', 2) AS value, sum(n)::bigint AS n FROM named
    WHERE n > 0 AND (missing = 0
        OR (%(filters)s::text[])[array_position(%(one_missing)s, missing) - 1] = split_part(text, ':', 1))
    GROUP BY 1, 2
), tag AS (
    SELECT slug, governance_tag.name, n FROM facet JOIN governance_tag ON governance_tag.id = value::bigint
    WHERE facet.name = 'tag' ORDER BY slug = ANY(%(tags)s) DESC, n DESC, slug LIMIT {facet_values}
)
SELECT 'hit' AS what, record_id::text AS value, has_all::text AS label,
       %(offset)s + row_number() OVER (ORDER BY {order}) AS n, '' AS inside
FROM (SELECT * FROM ({shown}) AS shown ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s) AS page
UNION ALL SELECT 'total', '', '', count(*), '' FROM chosen
UNION ALL SELECT 'all_words', '', '', count(*), '' FROM chosen WHERE has_all
UNION ALL SELECT 'without', (%(filters)s::text[])[array_position(%(one_missing)s, missing) - 1], '', count(*), ''
    FROM candidate WHERE missing <> 0 GROUP BY missing
UNION ALL SELECT name, value, '', n, '' FROM facet WHERE name NOT IN ('tag', 'department', 'adopted_by')
UNION ALL SELECT 'tag', slug, name, n, '' FROM tag
UNION ALL SELECT 'adopted_by', slug, department.name, n, ''
    FROM facet JOIN governance_department department ON department.id = value::bigint WHERE facet.name = 'adopted_by'
UNION ALL SELECT 'department', above.slug, above.name, sum(n)::bigint, coalesce(parent.slug, '')
    FROM facet JOIN above ON above.id = value::bigint LEFT JOIN governance_department parent ON parent.id = above.parent
    WHERE facet.name = 'department' GROUP BY above.slug, above.name, parent.slug
"""
# What, value, label, number; for a department also the slug of the one it is inside.
Row = tuple[str, str, str, int, str]


@dataclass(frozen=True)
class Wanted:
    """Everything that makes up one page: terms, phrases, filters as keys of facet terms by name, order and place."""

    meant: Meant
    phrases: Sequence[str]
    filters: Mapping[str, Sequence[int]]
    tags: Sequence[str]
    order: str
    offset: int
    limit: int
    now: Any
    today: Any


def run(wanted: Wanted) -> list[Row]:
    """The rows of one page: hits with their place, totals, counts of facets and of what single filters leave out."""
    params: dict[str, Any] = {
        "terms": [term.key for term in wanted.meant.terms],
        "concepts": [term.concept for term in wanted.meant.terms],
        "weights": [term.weight for term in wanted.meant.terms],
        "covers": [term.covers for term in wanted.meant.terms],
        "ways": [term.way for term in wanted.meant.terms],
        "picks": [term.picks for term in wanted.meant.terms],
        "n": max(1, len(wanted.meant.concepts)),
        "limit": wanted.limit,
        "offset": wanted.offset,
        "now": wanted.now,
        "today": wanted.today,
        "tags": list(wanted.tags),
        "phrases": list(wanted.phrases),
        "unwanted": wanted.meant.unwanted,
        "together": wanted.meant.together,
    }
    sql = _STATEMENT.format(
        scored=_scored(wanted.meant),
        candidate=_candidate(wanted, params),
        shown=_shown(wanted),
        order=ORDER[wanted.order],
        facet_values=FACET_VALUES,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _scored(meant: Meant) -> str:
    if not meant.concepts:
        return _ALL
    return _BY_WORDS.format(
        posting=RECORD_OF_POSTING,
        frequent="" if all(term.picks for term in meant.terms) else _FREQUENT.format(posting=RECORD_OF_POSTING),
        found=_BEST_WAY if any(term.way for term in meant.terms) else _ONE_WAY,
        some=SOME_WORDS,
    )


def _by_score(wanted: Wanted) -> bool:
    """Whether the page is found by score alone: nothing filters, nothing else sorts."""
    return bool(wanted.order == "best" and not (wanted.filters or wanted.phrases or wanted.meant.unwanted))


def _candidate(wanted: Wanted, params: dict[str, Any]) -> str:
    missing = _missing(wanted.filters, params)
    if _by_score(wanted):
        return _SCORES.format(cut=_cut(wanted, "has_all DESC, score DESC"))
    order = f"missing, {ORDER[wanted.order]}"
    return _ENTRIES.format(rank=_RANK, missing=missing, conditions=_conditions(wanted), cut=_cut(wanted, order))


def _cut(wanted: Wanted, order: str) -> str:
    """Nothing is sorted and cut where there cannot be so many."""
    if wanted.meant.concepts and sum(term.records for term in wanted.meant.terms if term.picks) <= MOST_CANDIDATES:
        return ""
    return f"ORDER BY {order} LIMIT {MOST_CANDIDATES + 1}"


def _shown(wanted: Wanted) -> str:
    shown, last = _SHOWN, wanted.offset + wanted.limit
    if _by_score(wanted):
        shown = _BEST.format(rank=_RANK, looked_at=max(LOOKED_AT, last + LOOKED_AT // 2))
    if wanted.order == "best" and len(wanted.meant.concepts) > 1 and last <= NEAR_AMONG:
        return _NEARBY.format(near=NEAR, among=NEAR_AMONG, order=ORDER["best"], shown=shown)
    return shown


def _missing(filters: Mapping[str, Sequence[int]], params: dict[str, Any]) -> str:
    """SQL for the filters that a record does not meet, as bits; counts are those under the other filters."""
    parts = ["0"]
    for place, (name, keys) in enumerate(filters.items()):
        params[f"filter_{name}"] = list(keys)
        parts.append(f"CASE WHEN entry.facets && %(filter_{name})s::int[] THEN 0 ELSE {1 << place} END")
    params["filters"] = list(filters)
    # None, or exactly one.
    params["one_missing"] = [0, *(1 << place for place in range(len(filters)))]
    return "(" + " + ".join(parts) + ")"


def _conditions(wanted: Wanted) -> str:
    sql = ""
    if wanted.phrases:
        sql += """ AND (SELECT bool_and(words.words @@ phrase::tsquery) FROM portal_searchwords words,
            unnest(%(phrases)s::text[]) AS phrase
            WHERE words.record_id = entry.record_id AND words.index_id = entry.index_id)"""
    if wanted.meant.unwanted:
        sql += _WITHOUT
    return sql
