"""The portal's search with parts left out or constants changed, for a comparison; everything is put back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from portal.index import building, fields, weighing
from portal.language import analysis, base_forms, compounds
from portal.search import lookup, ranking

Change = tuple[Any, str, Any]


@contextmanager
def changed(*changes: Change) -> Iterator[None]:
    """Module, name and value; a function is changed in every module that took it by its name."""
    before: list[Change] = []
    for module, name, value in changes:
        old = getattr(module, name)
        for holder in [m for key, m in sys.modules.items() if key.startswith("portal.")] if callable(old) else [module]:
            if getattr(holder, name, None) is old:
                before.append((holder, name, old))
                setattr(holder, name, value)
    _forget()
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)
        _forget()


def _forget() -> None:
    """What was analysed by other rules is not remembered."""
    for key, module in list(sys.modules.items()):
        if key.startswith("portal.language"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and value is not base_forms.dictionary:
                    value.cache_clear()


def weights(**named: float) -> Change:
    """The weights of fields, those that are named changed."""
    return fields, "FIELDS", tuple(replace(f, weight=named.get(f.name, f.weight)) for f in fields.FIELDS)


def _same(word: str) -> str:
    return word


def _whole(word: str, own_words: object = None) -> compounds.Compound:
    return compounds.Compound(base_forms.base_form(word))


def _first_found(*_anything: object) -> str:
    return ""


# What is left out, and what that changes.
LEFT_OUT: Mapping[str, tuple[Change, ...]] = {
    "parts of compounds": ((compounds, "take_apart", _whole),),
    "folding of umlauts": ((base_forms, "fold", _same), (base_forms, "with_umlauts", _same)),
    "base forms of the dictionary": ((base_forms, "lemma", base_forms.with_umlauts),),
    "the town hall's own words": ((building, "MOST_OWN_WORDS", 0),),
    "correction": ((lookup, "allowed_distance", lambda word: -1),),
    "completion of the last word": ((lookup, "_prefix", _first_found),),
    "weights of fields": (weights(**{f.name: 1.0 for f in fields.FIELDS}),),
    "coverage of the words": (
        (ranking, "SOME_WORDS", 1.0),
        (ranking, "ORDER", ranking.ORDER | {"best": ranking.ORDER["best"].replace("has_all DESC, ", "")}),
    ),
}

# Constants, and the values to choose from; today's value is one of them.
CHOICES: Mapping[str, tuple[Callable[[Any], Change], tuple[float, ...]]] = {
    "PART_OF_COMPOUND": (lambda v: (analysis, "PART_OF_COMPOUND", v), (0.2, 0.3, 0.4, 0.5)),
    "PIECE_AT_HYPHEN": (lambda v: (analysis, "PIECE_AT_HYPHEN", v), (0.4, 0.6, 0.8)),
    "K1": (lambda v: (weighing, "K1", v), (0.9, 1.2, 1.6, 2.0)),
    "B": (lambda v: (weighing, "B", v), (0.3, 0.45, 0.6, 0.75)),
    "title": (lambda v: weights(title=v), (2.0, 3.0, 4.0, 5.0)),
    "tags": (lambda v: weights(tags=v), (1.0, 2.0, 3.0)),
    "SOME_WORDS": (lambda v: (ranking, "SOME_WORDS", v), (0.2, 0.4, 0.6, 0.8)),
    "COMPLETED": (lambda v: (lookup, "COMPLETED", v), (0.3, 0.5, 0.7)),
}
