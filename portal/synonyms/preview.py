"""What a group would change: for each of its words, what a search finds now, and what it would find then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.models import CatalogueEntry
from portal.search import house
from portal.search.results import found_by
from portal.search.synonyms import Group, Synonyms
from portal.synonyms.models import SynonymGroup

# So many records of a search are compared, and so many of those that are new are named.
COMPARED = 1_000
NAMED = 3


@dataclass(frozen=True)
class Effect:
    """One search with its number of results before and after, and the first records that are added."""

    text: str
    before: int
    after: int
    added: Sequence[CatalogueEntry]


def effects(words: Sequence[str], leads_to: Sequence[str], instead_of: SynonymGroup | None = None) -> list[Effect]:
    """Of searches for each word that would find more or less than now."""
    own_words = house.read().own_words
    groups = SynonymGroup.in_force.all()
    others = groups.exclude(pk=instead_of.pk) if instead_of else groups
    now = Synonyms([Group(group.words, group.leads_to) for group in groups], own_words)
    then = Synonyms([*(Group(group.words, group.leads_to) for group in others), Group(words, leads_to)], own_words)
    return [_effect(text, now, then) for text in _searches(words, instead_of)]


def _searches(words: Sequence[str], instead_of: SynonymGroup | None) -> list[str]:
    """Words that start a search that changes: those of the group, and those that it no longer has."""
    before = instead_of.words if instead_of else ()
    return list(dict.fromkeys([*words, *before]))


def _effect(text: str, now: Synonyms, then: Synonyms) -> Effect:
    before, old = found_by(text, now, COMPARED)
    after, new = found_by(text, then, COMPARED)
    known = set(old)
    keys = [key for key in new if key not in known][:NAMED]
    entries = CatalogueEntry.objects.in_bulk(keys)
    return Effect(text, before, after, [entries[key] for key in keys if key in entries])
