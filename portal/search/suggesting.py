"""Suggestions while somebody types, in one statement: titles and tags of what is published, and departments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import kinds
from portal.asked import clean

TITLES, TAGS, DEPARTMENTS = 6, 3, 2
# Fewer letters stand in nearly every title, and no index helps to find them.
MIN_LETTERS, MIN_LETTERS_OF_TITLE = 2, 3
MAX_LENGTH, MAX_WORDS = 80, 6
# So many titles are looked at, those that begin with what was typed before others.
LOOKED_AT = 400
# "Foerderung" and "Förderung" are both typed; the catalogue folds umlauts to their vowels.
_SPELT_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"))

_STATEMENT = """
WITH title AS (
    SELECT kind, number::text AS number, slug, title AS name, folded FROM governance_catalogueentry
    WHERE %(titles)s > 0 AND {holds} LIMIT {looked_at}
), tag AS (
    SELECT slug, name, lower(unaccent(name)) AS folded FROM governance_tag
    WHERE merged_into_id IS NULL AND EXISTS (SELECT FROM governance_taggedentry WHERE tag_id = governance_tag.id)
), department AS (
    SELECT slug, name, lower(unaccent(name)) AS folded FROM governance_department WHERE dissolved_on IS NULL
)
(SELECT 'title', kind, number, slug, name FROM title ORDER BY {order} LIMIT %(titles)s)
UNION ALL (SELECT 'tag', '', '', slug, name FROM tag WHERE {holds} ORDER BY {order} LIMIT %(tags)s)
UNION ALL (SELECT 'department', '', '', slug, name FROM department WHERE {holds} ORDER BY {order} LIMIT %(departments)s)
"""
# As constants, so that the index of trigrams is used.
_HOLDS = "(folded LIKE lower(unaccent(%(word{n})s)) OR folded LIKE lower(unaccent(%(short{n})s)))"
_ORDER = """
NOT starts_with(folded, lower(unaccent(%(text)s))), position(' ' || lower(unaccent(%(text)s)) IN folded) = 0,
length(name), name
"""


@dataclass(frozen=True)
class Suggestion:
    """What is suggested, a word about what it is, and its page."""

    label: str
    detail: str
    url: str


def suggest(typed: str) -> list[Suggestion]:
    """What holds every word that was typed; nothing for a single letter."""
    words = clean(typed[:MAX_LENGTH]).lower().split()[:MAX_WORDS]
    letters = max(map(len, words), default=0)
    if letters < MIN_LETTERS:
        return []
    params: dict[str, Any] = {
        "text": " ".join(words),
        "titles": TITLES if letters >= MIN_LETTERS_OF_TITLE else 0,
        "tags": TAGS,
        "departments": DEPARTMENTS,
    }
    for n, word in enumerate(words):
        params |= {f"word{n}": _pattern(word), f"short{n}": _pattern(_short(word))}
    holds = " AND ".join(_HOLDS.format(n=n) for n in range(len(words)))
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(holds=holds, order=_ORDER, looked_at=LOOKED_AT), params)
        return list(_read(cursor.fetchall()))


def _pattern(word: str) -> str:
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"


def _short(word: str) -> str:
    for two, one in _SPELT_OUT:
        word = word.replace(two, one)
    return word


def _read(rows: list[tuple[str, str, str, str, str]]) -> Iterator[Suggestion]:
    for what, kind, number, slug, name in rows:
        if what == "title":
            known = kinds.get(kind)
            detail = f"{known.label} {kinds.short_number(kind, int(number))}"
            yield Suggestion(name, detail, known.record_url(int(number), slug))
        elif what == "tag":
            yield Suggestion(name, _("Schlagwort"), reverse("tag", args=[slug]))
        else:
            yield Suggestion(name, _("Bereich"), reverse("governance:department", args=[slug]))
