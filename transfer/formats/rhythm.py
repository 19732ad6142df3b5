"""How many days lie between two dates of a format, read from its rhythm in words."""

from __future__ import annotations

import re

# Where the words say nothing.
USUAL_DAYS = 90
_NUMBERS = {"zwei": 2, "drei": 3, "vier": 4, "sechs": 6, "acht": 8, "zehn": 10, "zwölf": 12}
_UNITS = {"tag": 1, "woche": 7, "monat": 31, "quartal": 92, "halbjahr": 184, "jahr": 366}
_UNIT = "|".join(_UNITS)
_EVERY = re.compile(rf"\b(?:alle|aller)\s+(\d{{1,3}}|{'|'.join(_NUMBERS)})\s+({_UNIT})", re.IGNORECASE)
_TIMES = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS)})[\s-]*mal\s+(?:im|in\s+der|pro|je)\s+({_UNIT})", re.IGNORECASE)
# Read in this order: "einmal im Halbjahr" names no year. A weekday that is counted comes once a month.
_WORDS = (
    (r"\bjeden tag\b|\b(?:werk|arbeits)?täglich", 1),
    (r"halbjahr|halbjährlich", 184),
    (r"quartal|vierteljahr|vierteljährlich", 92),
    (r"zweimonatlich", 62),
    (r"\b(?:erste|zweite|dritte|vierte|letzte)[rnms]?\s+\w*tag|monat", 31),
    (r"zweiwöchentlich|14-tägig|14-täglich|vierzehntäglich|vierzehntägig|zweite Woche", 14),
    (r"woche|wöchentlich|jede[nrs]?\s+\w*(?:tag|woch)\b|(?:mon|diens|donners|frei)tags|mittwochs", 7),
    (r"jahr|jährlich", 366),
)


def days_of(words: str) -> int | None:
    """Such as 31 for "jeden ersten Dienstag"; None where the words do not say."""
    if every := _EVERY.search(words):
        return _number(every[1]) * _UNITS[every[2].lower()]
    if times := _TIMES.search(words):
        return max(1, _UNITS[times[2].lower()] // max(1, _number(times[1])))
    return next((days for pattern, days in _WORDS if re.search(pattern, words, re.IGNORECASE)), None)


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)
