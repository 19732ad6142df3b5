"""What a group would change: for each of its words, what a search finds now, and what it would find then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.models import CatalogueEntry
from portal.language.analysis import OwnWords
from portal.missing.queries import repeated
from portal.search import house
from portal.search.results import found_by
from portal.search.synonyms import Group, Key, Synonyms, key_of
from portal.synonyms.models import SynonymGroup

# So many records of a search are compared, and so many of those that are new are named.
COMPARED = 1_000
NAMED = 3
# Searches of the last weeks that are tried, those of most days first.
OFTEN = 10


@dataclass(frozen=True)
class Effect:
    """One search with its number of results before and after, and the first records that are added."""

    text: str
    before: int
    after: int
    added: Sequence[CatalogueEntry]


def effects(words: Sequence[str], leads_to: Sequence[str], instead_of: SynonymGroup | None = None) -> list[Effect]:
    """Of searches for each word of the group, and of those that were often made with one of them."""
    own_words = house.read().own_words
    saved = {group.pk: Group(group.words, group.leads_to) for group in SynonymGroup.in_force.order_by("pk")}
    now = Synonyms(saved.values(), own_words)
    before = saved.pop(instead_of.pk, None) if instead_of else None
    changed = [Group(words, leads_to), *([before] if before else [])]
    then = Synonyms([*saved.values(), changed[0]], own_words)
    return [_effect(text, now, then) for text in _searches(changed, own_words)]


def _searches(changed: Sequence[Group], own_words: OwnWords) -> list[str]:
    """Searches that a change of these groups concerns: for their words alone, then those of the last weeks."""
    concerned = Synonyms(changed, own_words)
    counted = repeated().values_list("words", flat=True)
    often = [text for text in counted if any(concerned.of(key_of(text, own_words)))][:OFTEN]
    each: dict[Key, str] = {}
    for text in [*(word for group in changed for word in group.words), *often]:
        each.setdefault(key_of(text, own_words), text)
    return list(each.values())


def _effect(text: str, now: Synonyms, then: Synonyms) -> Effect:
    before, old = found_by(text, now, COMPARED)
    after, new = found_by(text, then, COMPARED)
    known = set(old)
    keys = [key for key in new if key not in known][:NAMED]
    entries = CatalogueEntry.objects.in_bulk(keys)
    return Effect(text, before, after, [entries[key] for key in keys if key in entries])
