"""Looks the words of a question up in the vocabulary of what is published: how rare they are, and what was meant.

One statement. A word that nobody uses and no dictionary knows is a typing error: similar words of the vocabulary are
taken in its place. A last word that is not finished is completed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection

from portal.index.weighing import quoted
from portal.search.alternatives import Alternative
from portal.search.question import Concept, Question
from portal.search.synonyms import STAMP
from transfer.models import ExternalSource

SIMILAR = 24
COMPLETIONS = 6
TAKEN = 3
COMPLETED = 0.5
MIN_CORRECTED = 4
MIN_PREFIX = 3
# A word of more records picks no candidates when rarer ones pick so many.
FREQUENT = 2_000
ENOUGH = 100
# Letters of a word that is looked for with each of its letters changed.
SHORT = 6
# Filters whose values are slugs, which the database turns into keys. Former addresses of departments count as well.
BY_SLUG = ("department", "tag", "adopted_by")

# Up to so many records they are counted at each question; beyond, PostgreSQL's own estimate is near enough.
COUNTED = 20_000

_STATEMENT = """
WITH RECURSIVE live AS (SELECT id FROM portal_searchindex WHERE state = 'live'),
below (id) AS (
    SELECT department_id FROM governance_departmentaddress WHERE slug = ANY(%(departments)s)
    UNION SELECT child.id FROM governance_department child JOIN below ON child.parent_id = below.id
), filter_ (name, text) AS (
    SELECT split_part(text, ':', 1), text FROM unnest(%(facets)s::text[]) AS text
    UNION ALL SELECT 'department', 'department:' || id FROM below
    UNION SELECT 'adopted_by', 'adopted_by:' || department_id FROM governance_departmentaddress
        WHERE slug = ANY(%(adopters)s)
    UNION ALL SELECT 'tag', 'tag:' || coalesce(merged_into_id, id) FROM governance_tag WHERE slug = ANY(%(tags)s)
), size_ AS (
    SELECT count(*) AS n FROM (
        SELECT FROM portal_searchentry WHERE index_id = (SELECT id FROM live) LIMIT %(counted)s) AS entry
),
exact AS (
    SELECT term.id, term.text, term.surface, term.spelling,
           (SELECT coalesce(sum(cardinality(postings)), 0) FROM portal_searchblock
            WHERE index_id = (SELECT id FROM live) AND term_id = term.id)::int AS n
    FROM portal_searchterm term WHERE term.text = ANY(%(terms)s)
), unknown AS (
    SELECT word, spelling FROM unnest(%(doubtful)s::text[], %(words)s::text[], %(spellings)s::text[])
        AS asked (whole, word, spelling)
    WHERE NOT EXISTS (SELECT FROM exact WHERE exact.text = whole AND n > 0)
), similar_ AS (
    SELECT unknown.word, near.* FROM unknown CROSS JOIN LATERAL (
        SELECT id, text, surface, spelling FROM portal_searchterm WHERE spelling %% unknown.spelling
        ORDER BY similarity(spelling, unknown.spelling) DESC, spelling LIMIT %(similar)s) AS near
    UNION SELECT unknown.word, near.* FROM unknown
    JOIN unnest(%(short)s::text[], %(patterns)s::text[]) AS one_off (word, pattern) USING (word) CROSS JOIN LATERAL (
        SELECT id, text, surface, spelling FROM portal_searchterm WHERE spelling LIKE pattern
        ORDER BY spelling LIMIT %(similar)s) AS near
), longer AS (
    SELECT id, text, surface, spelling FROM portal_searchterm
    WHERE %(prefix)s <> '' AND spelling LIKE %(prefix)s || '%%' ORDER BY length(spelling), spelling LIMIT 40
), counted AS (
    SELECT 'near' AS what, word, id, text, surface, spelling FROM similar_
    UNION ALL SELECT 'longer', %(prefix)s, id, text, surface, spelling FROM longer
)
SELECT 'live', '', id::int, '', '', '', CASE WHEN n < %(counted)s THEN n ELSE greatest(n, (
        SELECT reltuples::bigint FROM pg_class WHERE oid = 'portal_searchentry'::regclass)) END::int FROM live, size_
UNION ALL SELECT 'synonyms', '', 0, (__stamp__)::text, '', '', 0
UNION ALL SELECT 'filter', filter_.name, term.id, '', '', '', 0 FROM filter_ JOIN portal_searchterm term USING (text)
UNION ALL SELECT 'label', 'department', 0, slug, name, '', 0 FROM governance_department
    WHERE slug = ANY(%(departments)s)
UNION ALL SELECT 'label', 'adopted_by', 0, slug, name, '', 0 FROM governance_department
    WHERE slug = ANY(%(adopters)s)
UNION ALL SELECT 'label', 'tag', 0, tag.slug, tag.name, '', 0 FROM governance_tag tag
    WHERE slug = ANY(%(tags)s) AND EXISTS (SELECT FROM governance_taggedentry WHERE tag_id = tag.id)
UNION ALL SELECT 'elsewhere', '', id::int, name, coalesce(nullif(search_link, ''), address), '', position
    FROM transfer_externalsource WHERE removed_at IS NULL
UNION ALL SELECT 'exact', '', id, text, surface, spelling, n FROM exact
UNION ALL SELECT what, word, id, text, surface, spelling,
    (SELECT coalesce(sum(cardinality(postings)), 0) FROM portal_searchblock
     WHERE index_id = (SELECT id FROM live) AND term_id = counted.id)::int FROM counted
""".replace("__stamp__", STAMP)


@dataclass(frozen=True)
class Term:
    key: int
    text: str
    surface: str
    spelling: str
    records: int


@dataclass
class Known:
    """What the vocabulary says about a question."""

    index: int = 0
    # Number of published records.
    size: int = 0
    # The stamp of the synonyms in force.
    synonyms: int = 0
    # Keys of the terms of each filter.
    filters: dict[str, list[int]] = field(default_factory=dict)
    # Names of chosen values, by filter and value.
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    exact: dict[str, Term] = field(default_factory=dict)
    near: dict[str, list[Term]] = field(default_factory=dict)
    longer: list[Term] = field(default_factory=list)
    # Other repositories in which the same can be looked for, in no order.
    elsewhere: list[ExternalSource] = field(default_factory=list)


@dataclass(frozen=True)
class Weighted:
    """A term to look for: key, which concept it belongs to, weight with its rareness, how much it covers."""

    key: int
    concept: int
    weight: float
    covers: float
    # 0 for the concept as typed, a number for each other way to say it: what is found in several ways counts once.
    way: int = 0
    # Whether it picks candidates; other words only add to their score.
    picks: bool = True
    records: int = 0


@dataclass
class Meant:
    """The terms to look for, and what was mended: typed word to the word that was taken."""

    terms: list[Weighted] = field(default_factory=list)
    unwanted: list[int] = field(default_factory=list)
    mended: dict[str, str] = field(default_factory=dict)
    # Typed words, with those synonyms that published texts use.
    also: dict[str, list[str]] = field(default_factory=dict)
    concepts: list[Concept] = field(default_factory=list)

    @property
    def together(self) -> str:
        """A tsquery for all concepts, each in any of its ways that published texts use."""
        found = (" | ".join(map(quoted, {one.term: None for one in c.alternatives})) for c in self.concepts)
        return " & ".join(f"({ways})" for ways in found)


def look_up(question: Question, filters: Mapping[str, Sequence[str]]) -> Known:
    """Ask the vocabulary for the words of a question, and for the terms behind the values of filters."""
    terms = {alternative.term for concept in question.concepts for alternative in concept.alternatives}
    terms |= {half.known for concept in question.concepts for half in concept.halves}
    doubtful = [c for c in question.concepts if not c.is_known and len(c.typed) >= MIN_CORRECTED and c.typed.isalpha()]
    asked = [(concept.whole, word, spelling) for concept in doubtful for word, spelling in _spellings(concept)]
    patterns = [(word, pattern) for _whole, word, spelling in asked for pattern in one_letter_off(spelling)]
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "terms": [*terms, *question.unwanted],
                "departments": list(filters.get("department", ())),
                "tags": list(filters.get("tag", ())),
                "adopters": list(filters.get("adopted_by", ())),
                "facets": [f"{name}:{v}" for name, vs in filters.items() if name not in BY_SLUG for v in vs],
                "counted": COUNTED,
                "doubtful": [whole for whole, _word, _spelling in asked],
                "words": [word for _whole, word, _spelling in asked],
                "spellings": [spelling for _whole, _word, spelling in asked],
                "short": [word for word, _pattern in patterns],
                "patterns": [pattern for _word, pattern in patterns],
                "prefix": _prefix(question),
                "similar": SIMILAR,
            },
        )
        rows = cursor.fetchall()
    known = Known()
    for what, word, key, text, surface, spelling, records in rows:
        term = Term(key, text, surface, spelling, records)
        if what == "live":
            known.index, known.size = key, records
        elif what == "synonyms":
            known.synonyms = int(text)
        elif what == "filter":
            known.filters.setdefault(word, []).append(key)
        elif what == "label":
            known.labels[word, text] = surface
        elif what == "elsewhere":
            known.elsewhere.append(ExternalSource(pk=key, name=text, search_link=surface, position=records))
        elif what == "exact":
            known.exact[text] = term
        elif records and what == "near":
            known.near.setdefault(word, []).append(term)
        elif records:
            known.longer.append(term)
    return known


def _spellings(concept: Concept) -> Iterator[tuple[str, str]]:
    """What similar words are looked for: the word, and each half of it that may be misspelt."""
    yield concept.whole, concept.spelling
    for half in concept.halves:
        yield half.rest, half.rest


def _prefix(question: Question) -> str:
    """The beginning of the last word, when it may be unfinished; without characters that LIKE gives a meaning."""
    last = next((concept for concept in question.concepts if concept.is_last), None)
    prefix = last.spelling if last else ""
    return prefix if len(prefix) >= MIN_PREFIX and prefix.isalnum() else ""


def meant(question: Question, known: Known) -> Meant:
    """What to look for."""
    result = Meant()
    used: set[str] = set()
    for place, concept in enumerate(question.concepts):
        covered = _covered(concept, known)
        used |= covered
        concept = _without_unused(concept, covered)
        if not covered:
            concept = _mend(concept, known, result)
        result.terms += _weighted(place, concept, known)
        result.concepts.append(concept)
    result.terms = _rarer_pick(result.terms)
    result.unwanted = [known.exact[word].key for word in question.unwanted if word in known.exact]
    for typed, names in question.also.items():
        if found := [name for name in names if name in used]:
            result.also[typed] = found
    return result


def _rarer_pick(terms: Sequence[Weighted]) -> list[Weighted]:
    """Words of a great part of all records pick no candidates while rarer ones pick enough.

    The rarest always picks, so that no record with all the words is missed.
    """
    sizes: dict[int, int] = defaultdict(int)
    for term in terms:
        sizes[term.concept] += term.records
    picking, picked = set(), 0
    for concept, size in sorted(sizes.items(), key=lambda row: row[1]):
        if picked < ENOUGH or size <= FREQUENT:
            picking.add(concept)
            picked += size
    return [replace(term, picks=term.concept in picking) for term in terms]


def _covered(concept: Concept, known: Known) -> set[str]:
    """Which ways to say it are used, as a whole or in all their parts: "" for what was typed, and synonyms."""
    covers: dict[tuple[str, bool], float] = defaultdict(float)
    for one in concept.alternatives:
        if one.term in known.exact and known.exact[one.term].records:
            covers[one.way] += one.covers
    return {synonym for (synonym, _in_parts), covered in covers.items() if covered >= 0.99}


def _without_unused(concept: Concept, used: set[str]) -> Concept:
    """A synonym that no published text uses finds nothing, and marks nothing."""
    kept = tuple(one for one in concept.alternatives if not one.synonym or one.synonym in used)
    return replace(concept, alternatives=kept)


def _weighted(place: int, concept: Concept, known: Known) -> list[Weighted]:
    ways = {("", False): 0}
    typed = known.exact.get(concept.whole)
    # A synonym that is rarer than the word that was typed must not count more for it.
    most = rareness(typed.records if typed else 0, known.size)
    found = []
    for one in concept.alternatives:
        term = known.exact.get(one.term)
        if term and term.records:
            way = ways.setdefault(one.way, len(ways))
            rare = rareness(term.records, known.size)
            weight = one.weight * (min(rare, most) if way else rare)
            found.append(Weighted(term.key, place, weight, one.covers, way, records=term.records))
    return found


def _mend(concept: Concept, known: Known, result: Meant) -> Concept:
    """A word nobody uses: completed when it is the last and unfinished, corrected when something is near."""
    if concept.is_last and known.longer:
        taken = sorted(known.longer, key=lambda term: -term.records)[:COMPLETIONS]
        known.exact.update((term.text, term) for term in taken)
        return concept.also(Alternative(term.text, COMPLETED, 1.0) for term in taken)
    if taken := _nearest(concept.spelling, known.near.get(concept.whole, [])):
        known.exact.update((term.text, term) for term in taken)
        if surface := taken[0].surface:
            result.mended[concept.typed] = surface
        return concept.also(Alternative(term.text, 1.0, 1.0) for term in taken)
    for half in concept.halves:
        if taken := _nearest(half.rest, known.near.get(half.rest, [])):
            known.exact.update((term.text, term) for term in taken)
            written = f"{half.before}{taken[0].surface.lower()}{half.after}"
            result.mended[concept.typed] = written.capitalize() if concept.typed[0].isupper() else written
            return concept.also(Alternative(term, 1.0, 0.5) for term in (half.known, *(term.text for term in taken)))
    return concept


def _nearest(spelling: str, terms: Sequence[Term]) -> list[Term]:
    """The terms that differ least, if they may be the same word; those of most records first."""
    by_distance = sorted(((distance(spelling, term.spelling), -term.records, term) for term in terms), key=_far)
    close = [(far, term) for far, _records, term in by_distance if far <= allowed_distance(spelling)]
    return [term for far, term in close[:TAKEN] if far == close[0][0]]


def _far(found: tuple[int, int, Term]) -> tuple[int, int]:
    return found[:2]


def rareness(records: int, size: int) -> float:
    """Inverse document frequency as BM25 has it, never negative."""
    return math.log(1 + (max(size, records) - records + 0.5) / (records + 0.5))


def allowed_distance(word: str) -> int:
    """How many wrong letters are still the same word."""
    return 1 if len(word) < 7 else 2 if len(word) < 14 else 3


def one_letter_off(word: str) -> Iterator[str]:
    """Patterns for what a short word may be meant as: too few trigrams are left of it to be similar to anything."""
    if len(word) > SHORT or not word.isalnum():
        return
    for place in range(len(word)):
        before, here, after = word[:place], word[place], word[place + 1 :]
        yield from (f"{before}_{after}", f"{before}{after}", f"{before}_{here}{after}")
        if after and after[0] != here:
            yield f"{before}{after[0]}{here}{after[1:]}"


def distance(one: str, other: str) -> int:
    """Letters changed, left out, added, or swapped with a neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, there in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
