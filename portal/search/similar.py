"""Records that are about the same: they share the rare words of title, tags and summary.

Asked for at each request and stored nowhere: what is archived or rewritten is right at once, and publishing and
rebuilding cost nothing more. What is measured is the share of the words, each by its rareness, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from governance import kinds, queries
from governance.models import CatalogueEntry, Record
from governance.rules import Standing
from governance.text.clean import slugify_de
from governance.writing.hints import Alike
from portal.index.weighing import RECORD_OF_POSTING
from portal.language.analysis import OwnWords, Word, words
from portal.search import house
from portal.search.lookup import COUNTED

SIMILAR, MOST_SIMILAR = 0.3, 5
# Two published texts that say much the same: what to merge, not what to read next.
NEAR, MOST_NEAR = 0.5, 10
ALIKE, MOST_ALIKE = 0.6, 5
# A title is no longer; and so many of a team's drafts are compared, the newest.
MAX_TITLE, MAX_DRAFTS = 200, 200

_STATEMENT = """
WITH live AS (SELECT id FROM portal_searchindex WHERE state = 'live'),
size_ AS (
    SELECT count(*) AS n FROM (
        SELECT FROM portal_searchentry WHERE index_id = (SELECT id FROM live) LIMIT {counted}) AS entry
), asked AS ({asked}
), term AS (
    SELECT term.id, asked.text, asked.weight, coalesce(used.n, 0) AS n
    FROM asked LEFT JOIN portal_searchterm term USING (text) LEFT JOIN LATERAL (
        SELECT sum(cardinality(postings)) AS n FROM portal_searchblock
        WHERE index_id = (SELECT id FROM live) AND term_id = term.id) AS used ON true
), strong AS (
    -- Words that stand everywhere make nothing alike, and there would be no end of them.
    SELECT term.id, text, weight * ln(1 + (greatest(size_.n, term.n) - term.n + 0.5) / (term.n + 0.5)) AS weight
    FROM term, size_ WHERE term.n >= %(shared)s AND term.n <= greatest(50, size_.n / 20)
    ORDER BY weight DESC LIMIT 16
), candidate AS (
    SELECT {posting} AS record_id, sum(strong.weight * (p::int & 255)) AS score
    FROM strong JOIN portal_searchblock block ON block.term_id = strong.id AND block.index_id = (SELECT id FROM live)
    CROSS JOIN unnest(block.postings) AS p GROUP BY 1 ORDER BY 2 DESC LIMIT 50
), shared AS (
    SELECT candidate.record_id, candidate.score, (
        SELECT sum(weight) FROM strong WHERE text = ANY(tsvector_to_array(ts_filter(words.words, '{{a,b}}')))
    ) / (SELECT sum(weight) FROM strong) AS share
    FROM candidate JOIN portal_searchwords words
        ON words.record_id = candidate.record_id AND words.index_id = (SELECT id FROM live)
)
SELECT entry.record_id, entry.kind, entry.number, entry.short_number, entry.slug, entry.title, entry.department_name
FROM shared JOIN governance_catalogueentry entry USING (record_id)
WHERE share >= %(at_least)s AND record_id <> %(but)s AND NOT EXISTS (
    SELECT FROM governance_publishedlink link WHERE %(linked)s
    AND (link.source_id, link.target_id) IN ((record_id, %(but)s), (%(but)s, record_id)))
ORDER BY share DESC, score DESC, record_id DESC LIMIT %(limit)s
"""
_OF_RECORD = """
    SELECT lexeme AS text, CASE WHEN 'A' = ANY(weights) THEN 1.0 ELSE 0.5 END AS weight
    FROM portal_searchwords, unnest(ts_filter(words, '{a,b}'))
    WHERE record_id = %(but)s AND index_id = (SELECT id FROM live)"""
_OF_TITLE = "SELECT * FROM unnest(%(texts)s::text[], %(weights)s::float8[]) AS typed (text, weight)"


def similar_to(entry: CatalogueEntry) -> list[CatalogueEntry]:
    """Published records like this one, the most alike first; without those that its page names anyway."""
    # A word that this record alone has, such as its number, says nothing about others.
    return _run(_OF_RECORD, but=entry.pk, shared=2, linked=True, at_least=SIMILAR, limit=MOST_SIMILAR)


def near_duplicates(entry: CatalogueEntry) -> list[int]:
    """The keys of published records of its kind that share most of its rare words, and that no text links with it."""
    # Words that this record alone has count, too: whoever has some is not the same.
    found = _run(_OF_RECORD, but=entry.pk, shared=1, linked=True, at_least=NEAR, limit=MOST_NEAR)
    return [one.pk for one in found if one.kind == entry.kind]


def alike(standing: Standing, record: Record | None, title: str) -> list[Alike]:
    """What may be the same as a new text of this title: published, or a draft of the person's own teams.

    Nothing once the record that is written is published itself.
    """
    if record is not None and CatalogueEntry.objects.filter(pk=record.pk).exists():
        return []
    own = _own_words()
    typed = list(words(title[:MAX_TITLE], own))
    if not typed:
        return []
    but = record.pk if record else 0
    published = [
        Alike(one.short_number, one.title, one.url, f"{one.kind_label}, {one.department_name}")
        for one in _published(typed, but)
    ]
    known = {one.short_number for one in published}
    kind = record.kind if record else ""
    drafts = (one for one in _drafts(standing, typed, own, but, kind) if one.short_number not in known)
    return [*published, *drafts][:MOST_ALIKE]


def _published(typed: list[Word], but: int) -> list[CatalogueEntry]:
    weights: dict[str, float] = {}
    for word in typed:
        weights[word.whole] = 1.0
        for part in word.parts:
            weights.setdefault(part.term, part.share)
    asked = {"texts": list(weights), "weights": list(weights.values())}
    return _run(_OF_TITLE, but=but, shared=0, linked=False, at_least=ALIKE, limit=MOST_ALIKE, **asked)


def _drafts(standing: Standing, typed: list[Word], own: OwnWords, but: int, kind_of: str) -> Iterator[Alike]:
    """Unpublished work of the own teams, of one kind or of all; no other draft is ever looked at."""
    for record in queries.drafts_of_teams(standing)[:MAX_DRAFTS]:
        title = record.current_version.title if record.current_version else ""
        # A process model of the same title is most likely that of the same measure.
        if record.pk != but and kind_of in ("", record.kind) and _share(typed, title, own) >= ALIKE:
            kind = kinds.get(record.kind)
            url = kind.url("versions", record.number, slugify_de(title))
            yield Alike(record.short_number, title, url, str(kind.label), is_draft=True)


def _share(typed: list[Word], title: str, own: OwnWords) -> float:
    """How much of what was typed stands in `title`."""
    there = {term for word in words(title, own) for term in (word.whole, *(part.term for part in word.parts))}
    found = 0.0
    for word in typed:
        parts = [part.term in there for part in word.parts]
        found += 1.0 if word.whole in there else sum(parts) / len(parts) if parts else 0.0
    return found / len(typed)


def _own_words() -> OwnWords:
    here = house.kept()
    return (here if here.index else house.read()).own_words


def _run(asked: str, **params: Any) -> list[CatalogueEntry]:
    return list(
        CatalogueEntry.objects.raw(_STATEMENT.format(asked=asked, posting=RECORD_OF_POSTING, counted=COUNTED), params)
    )
