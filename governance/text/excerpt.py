"""Marks the words found in an excerpt, without trusting a character of it."""

from __future__ import annotations

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

# Private-use characters: PostgreSQL puts them around matches; input never holds them (text/clean.py).
START, STOP = "\ue000", "\ue001"


def strip(text: str) -> str:
    """`text` without the sentinels, for what did not come through a form."""
    return text.replace(START, "").replace(STOP, "")


def mark(headline: str) -> SafeString:
    """The output of ts_headline as HTML: everything escaped, matches in <mark>."""
    pieces = []
    for part in headline.split(START):
        found, stop, rest = part.partition(STOP)
        if stop:
            pieces.append(format_html("<mark>{}</mark>{}", found, rest))
        else:
            pieces.append(conditional_escape(found))
    return format_html_join("", "{}", ((piece,) for piece in pieces))
