"""Builds a new index beside the live one and swaps them, on a live system, in steps that can be interrupted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from django.db import connection, transaction

from governance import clock
from governance.models import CatalogueEntry
from portal.index import fields, writing
from portal.index.models import BLOCK_SIZE, SearchBlock, SearchEntry, SearchIndex, SearchWords
from portal.index.writing import DEFAULT_LENGTH
from portal.language import VERSION
from portal.language.base_forms import known_lemma
from portal.language.tokens import tokens

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
        for _field, text in fields.texts(entry):
            for token in tokens(text):
                length += 1
                here.update(piece for piece in token.pieces if piece.isalpha() and len(piece) >= OWN_WORD_LETTERS)
        seen.update(here)
    own = [word for word, n in seen.most_common() if n >= OWN_WORD_RECORDS and not known_lemma(word)]
    return own[:MOST_OWN_WORDS], length / records if records else DEFAULT_LENGTH


def _step(index: SearchIndex) -> int | None:
    """Index the next records, one transaction; the number of those done, or None when all are."""
    with transaction.atomic():
        # Under the lock nobody else writes an index, and what is committed is all that can be missed.
        writing.lock()
        entries = list(CatalogueEntry.objects.filter(pk__gt=index.built_up_to).order_by("pk")[:BLOCK_SIZE])
        if not entries:
            return None
        there = set(SearchEntry.objects.filter(index=index, record__in=entries).values_list("record_id", flat=True))
        writing.add(index, [entry for entry in entries if entry.pk not in there])
        index.built_up_to = entries[-1].pk
        index.save(update_fields=["built_up_to"])
    return SearchEntry.objects.filter(index=index).count()


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
    for table in (SearchBlock, SearchEntry, SearchWords):
        table._default_manager.filter(index=index).delete()
    index.delete()


def differences() -> Sequence[str]:
    """What of catalogue and live index does not agree, in words; nothing when all is well."""
    raise NotImplementedError
