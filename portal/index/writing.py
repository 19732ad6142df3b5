"""Writes records into the index and takes them out, in the transaction that publishes.

Everything that writes the index holds one lock until its transaction ends: publications wait for each other for some
milliseconds, and nothing here can deadlock or be missed by a rebuild.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, groupby

from django.db import connection

from governance import clock, signals
from governance.models import CatalogueEntry
from portal.attachment_text.models import PublishedFile
from portal.index import fields
from portal.index.models import BLOCK_SIZE, SearchEntry, SearchIndex, SearchWords
from portal.index.weighing import RECORD_OF_POSTING, Analysed, analyse, bits_of, postings
from portal.language import VERSION
from portal.language.base_forms import fold
from portal.language.tokens import normal
from portal.signals import attachment_text_ready

# Any number; the key of the lock in PostgreSQL.
LOCK = 7_243_001
# Words of an average record, until a rebuild measures it.
DEFAULT_LENGTH = 250.0

_TERMS = """
INSERT INTO portal_searchterm (text, surface, spelling)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])
ON CONFLICT (text) DO UPDATE SET surface = excluded.surface, spelling = excluded.spelling
RETURNING text, id, surface
"""
_KNOWN = "SELECT text, id, surface FROM portal_searchterm WHERE text = ANY(%s)"
_ADD = """
INSERT INTO portal_searchblock (index_id, term_id, block, postings)
SELECT %s, term, %s, string_to_array(packed, ',')::smallint[] FROM unnest(%s::int[], %s::text[]) AS new (term, packed)
ON CONFLICT (index_id, term_id, block) DO UPDATE SET postings = portal_searchblock.postings || excluded.postings
"""
_ADD_FACETS = """
INSERT INTO portal_searchfacet (index_id, block, term_id, records)
SELECT %s, %s, term, records::bit(256) FROM unnest(%s::int[], %s::text[]) AS new (term, records)
ON CONFLICT (index_id, block, term_id) DO UPDATE SET records = portal_searchfacet.records | excluded.records
"""
_ADD_WORDS = """
INSERT INTO portal_searchwords (index_id, record_id, words)
SELECT index, record, words::tsvector FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS new (index, record, words)
"""
# The terms of records that stand in the index.
_OLD_TERMS = """
SELECT DISTINCT term.id FROM portal_searchwords words
CROSS JOIN unnest(tsvector_to_array(words.words)) AS lexeme JOIN portal_searchterm term ON term.text = lexeme
WHERE words.record_id = ANY(%s)
"""
_TAKE_OUT = """
UPDATE portal_searchblock AS block SET postings =
    ARRAY(SELECT p FROM unnest(block.postings) AS p WHERE NOT __record__ = ANY(%(records)s::int[]))
WHERE index_id = ANY(%(indexes)s) AND term_id = ANY(%(terms)s) AND block.block = ANY(%(blocks)s)
""".replace("__record__", RECORD_OF_POSTING)
_DROP_EMPTY = """
DELETE FROM portal_searchblock
WHERE index_id = ANY(%(indexes)s) AND term_id = ANY(%(terms)s) AND block = ANY(%(blocks)s) AND postings = '{}'
"""
_TAKE_OUT_FACETS = """
UPDATE portal_searchfacet AS facet SET records = facet.records & ~gone.records FROM (
    SELECT record >> 8 AS block, bit_or(set_bit(0::bit(256), record & 255, 1)) AS records
    FROM unnest(%(records)s::int[]) AS record GROUP BY 1
) AS gone WHERE facet.block = gone.block AND facet.index_id = ANY(%(indexes)s)
"""
_DROP_EMPTY_FACETS = """
DELETE FROM portal_searchfacet
WHERE index_id = ANY(%(indexes)s) AND block = ANY(%(blocks)s) AND records = 0::bit(256)
"""
# What no published text holds any more must not be suggested, nor kept.
_FORGET = """
DELETE FROM portal_searchterm term WHERE id = ANY(%(terms)s)
AND NOT EXISTS (SELECT FROM portal_searchblock WHERE index_id = ANY(%(indexes)s) AND term_id = term.id)
"""


def lock() -> None:
    """Be the only one who writes the index until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def write(entries: Collection[CatalogueEntry]) -> None:
    """Write these catalogue rows into every index there is; what stood there of the same records is replaced."""
    lock()
    ensure_one()
    take_out([entry.pk for entry in entries])
    for index in SearchIndex.objects.exclude(state=SearchIndex.State.OLD).order_by("pk"):
        add(index, entries)


def ensure_one() -> None:
    """An index to write into before the first record is published; the caller holds the lock."""
    if not SearchIndex.objects.exists():
        SearchIndex.objects.create(
            analysis=VERSION, average_length=DEFAULT_LENGTH, state=SearchIndex.State.LIVE, finished_at=clock.now()
        )


def connect() -> None:
    """Called once from `apps.py`."""
    signals.entries_written.connect(on_written)
    signals.entries_leaving.connect(on_leaving)
    attachment_text_ready.connect(on_text_ready)


def on_written(sender: object, entries: Collection[CatalogueEntry], **_named: object) -> None:
    """Receives `governance.signals.entries_written`."""
    write(entries)


def on_leaving(sender: object, keys: Sequence[int], **_named: object) -> None:
    """Receives `governance.signals.entries_leaving`."""
    remove(keys)


def on_text_ready(sender: object, sha256s: Collection[str], **_named: object) -> None:
    """Receives `portal.signals.attachment_text_ready`: the records that have these files are indexed anew."""
    if entries := list(CatalogueEntry.objects.filter(files__attachment__in=sha256s).distinct()):
        write(entries)


def remove(records: Sequence[int]) -> None:
    """Take records out of every index."""
    lock()
    take_out(records)


def take_out(records: Sequence[int]) -> None:
    """Take records out of every index; the caller holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute(_OLD_TERMS, [list(records)])
        params = {
            "records": list(records),
            "indexes": list(SearchIndex.objects.values_list("pk", flat=True)),
            "terms": [key for (key,) in cursor.fetchall()],
            "blocks": sorted({record // BLOCK_SIZE for record in records}),
        }
        for statement in (_TAKE_OUT, _DROP_EMPTY, _FORGET) if params["terms"] else ():
            cursor.execute(statement, params)
        for statement in (_TAKE_OUT_FACETS, _DROP_EMPTY_FACETS):
            cursor.execute(statement, params)
    SearchEntry.objects.filter(record__in=records).delete()
    SearchWords.objects.filter(record__in=records).delete()


def add(index: SearchIndex, entries: Collection[CatalogueEntry]) -> None:
    """Add records that do not stand in this index; the caller holds the lock."""
    own_words = frozenset(index.own_words)
    attachments = attachments_of([entry.pk for entry in entries])
    analysed = {entry.pk: analyse(fields.texts(entry, attachments.get(entry.pk, "")), own_words) for entry in entries}
    facets = {entry.pk: fields.facets(entry) for entry in entries}
    surfaces: dict[str, str] = {}
    for one in analysed.values():
        for term, surface in one.surface.items():
            surfaces[term] = min(surfaces.get(term, surface), surface, key=len)
    wanted = {term for one in analysed.values() for term in one.frequency} | set(chain.from_iterable(facets.values()))
    keys = _term_keys(sorted(wanted), surfaces)
    for block, grouped in groupby(sorted(analysed), key=lambda record: record // BLOCK_SIZE):
        records = list(grouped)
        packed = postings({record: analysed[record] for record in records}, index.average_length)
        bits = bits_of({record: facets[record] for record in records})
        with connection.cursor() as cursor:
            columns = [keys[term] for term in packed], [",".join(map(str, rows)) for rows in packed.values()]
            cursor.execute(_ADD, [index.pk, block, *columns])
            cursor.execute(_ADD_FACETS, [index.pk, block, [keys[facet] for facet in bits], list(bits.values())])
    SearchEntry.objects.bulk_create(
        _entry(index, entry, [keys[facet] for facet in facets[entry.pk]]) for entry in entries
    )
    _add_words(index, analysed)


def _term_keys(terms: Sequence[str], surfaces: Mapping[str, str]) -> dict[str, int]:
    """The key of each term; those that are new, or written shorter than before, are written first."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list(terms)])
        known = {text: (key, surface) for text, key, surface in cursor.fetchall()}
        if changed := [
            term for term in terms if term not in known or _is_shorter(surfaces.get(term, ""), known[term][1])
        ]:
            written = [surfaces.get(term, "") for term in changed]
            cursor.execute(_TERMS, [changed, written, [fold(normal(surface)) for surface in written]])
            known.update((text, (key, surface)) for text, key, surface in cursor.fetchall())
    return {text: key for text, (key, _surface) in known.items()}


def _is_shorter(surface: str, known: str) -> bool:
    return bool(surface) and (not known or len(surface) < len(known))


def _entry(index: SearchIndex, entry: CatalogueEntry, facets: list[int]) -> SearchEntry:
    return SearchEntry(
        index=index,
        record_id=entry.pk,
        version_id=entry.version_id,
        facets=facets,
        published_at=entry.published_at,
        check_up_on=entry.check_up_on,
        title_key=fold(normal(entry.title))[:200],
        uses=len(entry.used_by),
    )


def _add_words(index: SearchIndex, analysed: Mapping[int, Analysed]) -> None:
    rows = [(index.pk, record, one.tsvector()) for record, one in analysed.items()]
    with connection.cursor() as cursor:
        cursor.execute(_ADD_WORDS, [list(column) for column in zip(*rows, strict=True)])


def attachments_of(records: Collection[int]) -> dict[int, str]:
    """The text of the files of these records, by record; only files that were read already."""
    texts: dict[int, str] = {}
    rows = PublishedFile.objects.filter(entry__in=records).exclude(attachment__words__text="")
    for record, text in rows.order_by("entry", "pk").values_list("entry", "attachment__words__text"):
        if text:
            texts[record] = f"{texts[record]}\n{text}" if record in texts else text
    return texts
