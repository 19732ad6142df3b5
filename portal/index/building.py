"""Builds a new index beside the live one and swaps them, on a live system, in steps that can be interrupted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import catalogue, clock, periodic
from governance.models import CatalogueEntry
from portal.index import fields, writing
from portal.index.models import BLOCK_SIZE, SearchBlock, SearchEntry, SearchFacet, SearchIndex, SearchWords
from portal.index.weighing import RECORD_OF_POSTING
from portal.index.writing import DEFAULT_LENGTH
from portal.language import VERSION
from portal.language.analysis import length_of
from portal.language.base_forms import known_lemma
from portal.language.tokens import tokens

# Records in one transaction of a build.
BATCH = BLOCK_SIZE
# So many records tell the average length and the town hall's own words well enough.
SAMPLE = 5_000
OWN_WORD_LETTERS = 4
OWN_WORD_RECORDS = 2
MOST_OWN_WORDS = 20_000
_FORGET_UNUSED = """
DELETE FROM portal_searchterm term WHERE position(':' IN text) = 0
AND NOT EXISTS (SELECT FROM portal_searchblock block JOIN portal_searchindex i ON i.id = block.index_id
                WHERE block.term_id = term.id)
"""
State = SearchIndex.State
# Statements that find short numbers, and what is said of each.
_DIFFERENCES = (
    (
        """
        SELECT coalesce(entry.short_number, publication.record_id::text)
        FROM governance_publication publication
        FULL JOIN governance_catalogueentry entry ON entry.record_id = publication.record_id
        WHERE publication.until_at IS NULL AND publication.version_id IS DISTINCT FROM entry.version_id
           OR publication.id IS NULL
           OR entry.record_id IS NOT NULL AND NOT EXISTS (
               SELECT FROM governance_publication open
               WHERE open.record_id = entry.record_id AND open.until_at IS NULL)
        """,
        gettext_lazy("%(number)s: Katalog und veröffentlichte Version stimmen nicht überein."),
    ),
    (
        """
        SELECT coalesce(entry.short_number, indexed.record_id::text) FROM governance_catalogueentry entry
        FULL JOIN (SELECT * FROM portal_searchentry WHERE index_id IN (
            SELECT id FROM portal_searchindex WHERE state = 'live')) AS indexed ON indexed.record_id = entry.record_id
        WHERE entry.version_id IS DISTINCT FROM indexed.version_id
        """,
        gettext_lazy("%(number)s: Suchindex und Katalog stimmen nicht überein."),
    ),
    (
        # Each word of a record has its posting, and no posting is left of a record or a word that is gone.
        """
        WITH live AS (SELECT id FROM portal_searchindex WHERE state = 'live'), posted AS (
            SELECT __record__ AS record_id, term.text
            FROM portal_searchblock block JOIN live ON live.id = block.index_id
            LEFT JOIN portal_searchterm term ON term.id = block.term_id, unnest(block.postings) AS p
        ), words AS (
            SELECT record_id, unnest(tsvector_to_array(words)) AS text FROM portal_searchwords
            JOIN live ON live.id = index_id
        )
        SELECT DISTINCT coalesce(entry.short_number, coalesce(posted.record_id, words.record_id)::text)
        FROM posted FULL JOIN words USING (record_id, text)
        LEFT JOIN governance_catalogueentry entry ON entry.record_id = coalesce(posted.record_id, words.record_id)
        WHERE posted.text IS NULL OR words.text IS NULL
        """.replace("__record__", RECORD_OF_POSTING),
        gettext_lazy("%(number)s: Die Wörter im Suchindex stimmen nicht mit dem Text überein."),
    ),
    (
        # The bits that values of filters are counted by are those of the records.
        """
        WITH live AS (SELECT id FROM portal_searchindex WHERE state = 'live'), counted AS (
            SELECT (block << 8) | bit AS record_id, term_id FROM portal_searchfacet
            JOIN live ON live.id = index_id, generate_series(0, 255) AS bit WHERE get_bit(records, bit) = 1
        ), kept AS (
            SELECT record_id, unnest(facets) AS term_id FROM portal_searchentry JOIN live ON live.id = index_id
        )
        SELECT DISTINCT coalesce(entry.short_number, coalesce(counted.record_id, kept.record_id)::text)
        FROM counted FULL JOIN kept USING (record_id, term_id)
        LEFT JOIN governance_catalogueentry entry ON entry.record_id = coalesce(counted.record_id, kept.record_id)
        WHERE counted.term_id IS NULL OR kept.term_id IS NULL
        """,
        gettext_lazy("%(number)s: Die Filter im Suchindex stimmen nicht mit dem Katalog überein."),
    ),
)
Progress = Callable[[int, int], None]


def build(progress: Progress | None = None) -> SearchIndex:
    """A new live index of the whole catalogue. A build that was interrupted goes on where it stopped."""
    index = _begin()
    total = CatalogueEntry.objects.count()
    while (done := _step(index)) is not None:
        if progress:
            progress(min(done, total), total)
    return _swap(index)


def is_current() -> bool:
    """Whether searches are answered by an index that today's analysis wrote."""
    return SearchIndex.objects.filter(state=State.LIVE, analysis=VERSION).exists()


def keep_current() -> None:
    """Hourly: build the index anew when today's analysis did not write it, or there is none."""
    if not is_current() and CatalogueEntry.objects.exists():
        if not SearchIndex.objects.exists():
            # From a release whose catalogue did not hold what is searched.
            catalogue.rebuild()
        build()


def connect() -> None:
    """Called once from `apps.py`."""
    periodic.register(periodic.Job("search_index", periodic.Period.HOUR, keep_current))


def _begin() -> SearchIndex:
    own_words, average = _measure()
    with transaction.atomic():
        writing.lock()
        unfinished = SearchIndex.objects.filter(state=State.BUILDING).first()
        if unfinished is not None and unfinished.analysis == VERSION:
            return unfinished
        if unfinished is not None:
            _drop(unfinished)
        return SearchIndex.objects.create(analysis=VERSION, average_length=average, own_words=own_words)


def _measure() -> tuple[list[str], float]:
    """Words that several records use and the dictionary lacks, and the number of words of an average record."""
    seen: Counter[str] = Counter()
    length = records = 0
    for entry in CatalogueEntry.objects.order_by("-pk")[:SAMPLE].iterator(chunk_size=500):
        records += 1
        here: set[str] = set()
        for _source, text in fields.texts(entry):
            found = tokens(text)
            length += length_of(found)
            for token in found:
                here.update(piece for piece in token.pieces if piece.isalpha() and len(piece) >= OWN_WORD_LETTERS)
        seen.update(here)
    own = [word for word, n in seen.most_common() if n >= OWN_WORD_RECORDS and not known_lemma(word)]
    return own[:MOST_OWN_WORDS], length / records if records else DEFAULT_LENGTH


def _step(index: SearchIndex) -> int | None:
    """Index the next records, one transaction; the number of those done, or None when all are."""
    with transaction.atomic():
        # Under the lock nobody else writes an index, and what is committed is all that can be missed.
        writing.lock()
        entries = _next(index)
        if not entries:
            return None
        there = set(SearchEntry.objects.filter(index=index, record__in=entries).values_list("record_id", flat=True))
        if new := [entry for entry in entries if entry.pk not in there]:
            writing.add(index, new)
        index.built_up_to = entries[-1].pk
        index.save(update_fields=["built_up_to"])
    return SearchEntry.objects.filter(index=index).count()


def _next(index: SearchIndex) -> list[CatalogueEntry]:
    """At most a batch, and of whole blocks where it can be: a block that is written twice costs twice."""
    entries = list(CatalogueEntry.objects.filter(pk__gt=index.built_up_to).order_by("pk")[:BATCH])
    if len(entries) == BATCH:
        last = (entries[-1].pk + 1) // BLOCK_SIZE
        return [entry for entry in entries if entry.pk // BLOCK_SIZE < last] or entries
    return entries


def _swap(index: SearchIndex) -> SearchIndex:
    with transaction.atomic():
        writing.lock()
        SearchIndex.objects.filter(state=State.LIVE).update(state=State.OLD)
        index.state, index.finished_at = State.LIVE, clock.now()
        index.save(update_fields=["state", "finished_at"])
    with transaction.atomic():
        writing.lock()
        for old in SearchIndex.objects.filter(state=State.OLD):
            _drop(old)
        with connection.cursor() as cursor:
            cursor.execute(_FORGET_UNUSED)
    return index


def _drop(index: SearchIndex) -> None:
    """Delete an index with all that stands in it."""
    for table in (SearchBlock, SearchFacet, SearchEntry, SearchWords):
        table._default_manager.filter(index=index).delete()
    index.delete()


def differences() -> list[str]:
    """What of published versions, catalogue and live index does not agree, a line each; none when all is well."""
    found = [_("Es gibt keinen Suchindex.")] if not SearchIndex.objects.filter(state=State.LIVE).exists() else []
    if not found and not is_current():
        found.append(_("Der Suchindex ist von einer früheren Sprachanalyse."))
    with connection.cursor() as cursor:
        for statement, sentence in _DIFFERENCES:
            cursor.execute(statement)
            found += [sentence % {"number": number} for (number,) in cursor.fetchall()]
    return found
