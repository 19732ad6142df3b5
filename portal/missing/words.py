"""Which questions may be counted: short ones without anything that looks like a person."""

from __future__ import annotations

import re
import unicodedata

from portal.missing.models import WORDS_LENGTH

MOST_WORDS = 6
_AROUND = " \t.,;:!?\"'„“”‚‘’»«()[]"
_PERSONAL = re.compile(
    r"""
    @                                                          # addresses of mail
    | \d (?: [\s./()+-]* \d ){5}                               # telephones, accounts, file numbers, days of birth
    | \b [a-zäöü]{1,3} - [a-z]{1,2} [\s-]? \d{1,4} \b          # number plates
    | \b (?: herrn? | frau | familie | dr\.? ) \s+ \w          # forms of address
    | (?: straße | strasse | str\. | weg | gasse | allee | platz ) \s+ \d   # houses
    """,
    re.VERBOSE,
)


def words_of(text: str) -> str:
    """The question as it is counted, or "" when it is not: too long, or it looks like personal data."""
    plain = unicodedata.normalize("NFKC", text).lower()
    each = [word for word in (part.strip(_AROUND) for part in plain.split()) if word]
    words = " ".join(each)
    if len(each) > MOST_WORDS or len(words) > WORDS_LENGTH or _PERSONAL.search(plain):
        return ""
    return words
