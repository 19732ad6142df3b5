"""The one place that computes differences: field by field, words marked.

Pure: texts in, escaped HTML out. Marks are <ins> and <del> with a hidden word each, so that they are read
aloud and printed without colour.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# Beyond this many words in one paragraph pair, the paragraph is replaced as a whole (quadratic otherwise).
MAX_WORDS = 2_000
_WORDS = re.compile(r"\s+|[^\s]+")
_PARAGRAPHS = re.compile(r"\n\s*\n|\n")


@dataclass(frozen=True)
class FieldSpec:
    """How a field is compared and shown. kind: text, list (of words), rows (of mappings) or bool."""

    name: str
    label: str | Promise
    kind: str = "text"


@dataclass(frozen=True)
class FieldDiff:
    """One field in both texts. `html` has the marked text, `old_html` and `new_html` each side alone."""

    name: str
    label: str
    changed: bool
    html: SafeString
    old_html: SafeString
    new_html: SafeString
    words_added: int = 0
    words_removed: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.old_html or self.new_html)


@dataclass(frozen=True)
class ChangeAmount:
    """How much changed between two texts."""

    fields_changed: int = 0
    words_added: int = 0
    words_removed: int = 0


def compare_fields(fields: Sequence[FieldSpec], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldDiff]:
    """One difference for each field, in their order; unchanged ones included."""
    return [_compare_field(field, old.get(field.name), new.get(field.name)) for field in fields]


def amount(fields: Sequence[FieldSpec], old: Mapping[str, Any], new: Mapping[str, Any]) -> ChangeAmount:
    """How many fields and words changed; cheap, for lists."""
    changed = [diff for diff in compare_fields(fields, old, new) if diff.changed]
    return ChangeAmount(
        len(changed),
        sum(diff.words_added for diff in changed),
        sum(diff.words_removed for diff in changed),
    )


def _compare_field(field: FieldSpec, old: Any, new: Any) -> FieldDiff:
    before, after = as_text(field, old), as_text(field, new)
    label = str(field.label)
    if before == after:
        html = _paragraphs(after)
        return FieldDiff(field.name, label, False, html, html, html)
    marked = _Marked()
    for paragraph in _compare_paragraphs(_split(before), _split(after), marked):
        marked.parts.append(paragraph)
    return FieldDiff(
        name=field.name,
        label=label,
        changed=True,
        html=mark_safe("".join(marked.parts)),
        old_html=_paragraphs(before),
        new_html=_paragraphs(after),
        words_added=marked.added,
        words_removed=marked.removed,
    )


def as_text(field: FieldSpec, value: Any) -> str:
    """The field's value as the lines that are compared."""
    match field.kind:
        case "bool":
            return str(_("ja")) if value else str(_("nein"))
        case "list":
            return "\n".join(str(item) for item in value or ())
        case "rows":
            return "\n".join(" · ".join(str(part) for part in row.values() if part) for row in value or ())
        case _:
            return str(value or "")


class _Marked:
    """Collects marked paragraphs and counts words on the way."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.added = self.removed = 0

    def insert(self, text: str) -> str:
        self.added += len(text.split())
        return _mark("ins", _("eingefügt:"), text)

    def delete(self, text: str) -> str:
        self.removed += len(text.split())
        return _mark("del", _("gestrichen:"), text)


def _mark(tag: str, spoken: str, text: str) -> str:
    if not text.strip():
        return escape(text)
    return f'<{tag}><span class="visually-hidden">{escape(spoken)} </span>{escape(text)}</{tag}>'


def _split(text: str) -> list[str]:
    return [part for part in _PARAGRAPHS.split(text) if part.strip()]


def _paragraphs(text: str) -> SafeString:
    return mark_safe("".join(f"<p>{escape(part)}</p>" for part in _split(text)))


def _compare_paragraphs(old: list[str], new: list[str], marked: _Marked) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from (f"<p>{escape(part)}</p>" for part in new[c:d])
            continue
        paired = min(b - a, d - c)
        for one, two in zip(old[a : a + paired], new[c : c + paired], strict=True):
            yield f"<p>{_compare_words(one, two, marked)}</p>"
        yield from (f"<p>{marked.delete(part)}</p>" for part in old[a + paired : b])
        yield from (f"<p>{marked.insert(part)}</p>" for part in new[c + paired : d])


def _compare_words(old: str, new: str, marked: _Marked) -> str:
    one, two = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(one), len(two)) > MAX_WORDS:
        return marked.delete(old) + " " + marked.insert(new)
    # What both begin and end with needs no search; that is most of an edited text.
    head = _common(one, two)
    tail = _common(one[head:][::-1], two[head:][::-1])
    parts = ["".join(map(escape, one[:head]))]
    middle = one[head : len(one) - tail], two[head : len(two) - tail]
    matcher = difflib.SequenceMatcher(None, *middle, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        gone, come = "".join(middle[0][a:b]), "".join(middle[1][c:d])
        if kind == "equal":
            parts.append(escape(gone))
        else:
            parts.append((marked.delete(gone) if gone else "") + (marked.insert(come) if come else ""))
    parts.append("".join(map(escape, one[len(one) - tail :])))
    return "".join(parts)


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    return next(
        (at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
        min(len(one), len(two)),
    )
