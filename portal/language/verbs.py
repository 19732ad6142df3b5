"""German verbs whose prefix stands apart: "Sie meldet den Hund an" and "an- und abmelden" both mean "anmelden"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portal.language.base_forms import dictionary, known_lemma, with_umlauts
from portal.language.tokens import Token

PREFIXES = frozenset(
    """
    ab an auf aus bei ein fest fort frei her heraus hin hinaus hinzu hoch los mit nach nieder statt um vor voraus weg
    weiter wieder zu zurück zusammen
    """.split()  # noqa: SIM905 - a list to read
)
# A clause ends at these; its verb is not looked for beyond.
_ENDS = frozenset(".,;:!?()\n–")
# How far the word is that "an-, um- und" shares its end with.
_SHARED_WITHIN = 6


def torn_apart(text: str, found: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """Places of a verb and of the prefix at the end of its clause, with the infinitive that they make."""
    begin = 0
    for place, token in enumerate(found):
        if place and _ends(text, found[place - 1], token):
            begin = place
        is_last = place + 1 == len(found) or _ends(text, token, found[place + 1])
        if is_last and token.pieces[0] in PREFIXES and len(token.pieces) == 1:
            for verb in range(begin, place):
                if infinitive := _with_prefix(token.pieces[0], found[verb]):
                    yield verb, place, infinitive
                    break


def shortened(text: str, found: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Places of prefixes with a hyphen, with the word that they share the end of a later one with."""
    for place, token in enumerate(found):
        prefix = token.pieces[0]
        if prefix in PREFIXES and len(token.pieces) == 1 and text[token.end : token.end + 1] == "-":
            for other in found[place + 1 : place + _SHARED_WITHIN]:
                if word := _sharing_end(prefix, other):
                    yield place, word
                    break


def _ends(text: str, one: Token, other: Token) -> bool:
    return not _ENDS.isdisjoint(text[one.end : other.start])


def _with_prefix(prefix: str, token: Token) -> str:
    if len(token.pieces) > 1:
        return ""
    infinitive = dictionary().get(with_umlauts(token.pieces[0]), "")
    verb = prefix + infinitive
    return verb if infinitive.endswith("n") and dictionary().get(verb) == verb else ""


def _sharing_end(prefix: str, other: Token) -> str:
    word = with_umlauts(other.pieces[0])
    for length in range(len(word) - 3, 1, -1):
        if word[:length] in PREFIXES and known_lemma(prefix + word[length:]):
            return prefix + word[length:]
    return ""
