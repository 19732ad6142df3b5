"""The one place that computes differences: field by field, words marked.

Pure: texts in, escaped HTML out. Marks are <ins> and <del> with a hidden word each, so that they are read
aloud and printed without colour.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# Searching for what is common takes time by the product of both lengths, so all fields of one comparison
# share this many steps; what is left when they are used up is replaced as a whole. Twenty pages rewritten
# from end to end, paragraph by paragraph, take some 70 000.
BUDGET = 4_000_000
# A word and the blanks after it, which are shown but do not make it another word.
_WORDS = re.compile(r"^\s+|\S+\s*")
_PARAGRAPHS = re.compile(r"\n\s*\n|\n")
Opcode = tuple[str, int, int, int, int]


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
    """One difference for each field, in their order; unchanged ones included. Bounded whatever the texts."""
    budget = _Budget()
    return [_compare_field(field, old.get(field.name), new.get(field.name), budget) for field in fields]


def amount(fields: Sequence[FieldSpec], old: Mapping[str, Any], new: Mapping[str, Any]) -> ChangeAmount:
    """How many fields changed and how many words came and went, wherever they stand; cheap, for lists."""
    changed = added = removed = 0
    for field in fields:
        before, after = as_text(field, old.get(field.name)), as_text(field, new.get(field.name))
        if before != after:
            words, other = Counter(before.split()), Counter(after.split())
            changed += 1
            added += (other - words).total()
            removed += (words - other).total()
    return ChangeAmount(changed, added, removed)


def _compare_field(field: FieldSpec, old: Any, new: Any, budget: _Budget) -> FieldDiff:
    before, after = as_text(field, old), as_text(field, new)
    label = str(field.label)
    if before == after:
        html = _paragraphs(after)
        return FieldDiff(field.name, label, False, html, html, html)
    marked = _Marked(budget)
    for paragraph in _compare_paragraphs(_split(before), _split(after), marked):
        marked.parts.append(paragraph)
    return FieldDiff(
        name=field.name,
        label=label,
        changed=True,
        html=mark_safe("".join(marked.parts)),
        old_html=_paragraphs(before),
        new_html=_paragraphs(after),
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


class _Budget:
    """How many steps are left for searching in one comparison."""

    def __init__(self) -> None:
        self.left = BUDGET

    def opcodes(self, old: Sequence[str], new: Sequence[str]) -> Sequence[Opcode]:
        """What difflib finds, with what both begin and end with taken off first; or all replaced."""
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        a, b = len(old) - tail, len(new) - tail
        found: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
        found += [
            (kind, i + head, j + head, k + head, m + head)
            for kind, i, j, k, m in self._middle(old[head:a], new[head:b])
        ]
        return found + ([("equal", a, len(old), b, len(new))] if tail else [])

    def _middle(self, old: Sequence[str], new: Sequence[str]) -> Sequence[Opcode]:
        try:
            return _BoundedMatcher(old, new, self).get_opcodes() if old or new else []
        except _UsedUp:
            return [("replace", 0, len(old), 0, len(new))]


class _UsedUp(Exception):
    """A comparison has taken all the steps that it may."""


class _BoundedMatcher(difflib.SequenceMatcher[str]):
    """difflib's matcher, each of whose searches is paid for: one step for each pair of equal words it looks at."""

    def __init__(self, old: Sequence[str], new: Sequence[str], budget: _Budget) -> None:
        self.budget = budget
        counts = Counter(new)
        self.steps = [0, *accumulate(1 + counts[word] for word in old)]
        super().__init__(None, old, new, autojunk=False)

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> difflib.Match:
        self.budget.left -= self.steps[-1 if ahi is None else ahi] - self.steps[alo]
        if self.budget.left < 0:
            raise _UsedUp
        return super().find_longest_match(alo, ahi, blo, bhi)


class _Marked:
    """Collects marked paragraphs."""

    def __init__(self, budget: _Budget) -> None:
        self.budget = budget
        self.parts: list[str] = []

    def insert(self, text: str) -> str:
        return _mark("ins", _("eingefügt:"), text)

    def delete(self, text: str) -> str:
        return _mark("del", _("gestrichen:"), text)


def _mark(tag: str, spoken: str, text: str) -> str:
    words = text.rstrip()
    if not words:
        return escape(text)
    blanks = text[len(words) :]
    return f'<{tag}><span class="visually-hidden">{escape(spoken)} </span>{escape(words)}</{tag}>{blanks}'


def _split(text: str) -> list[str]:
    return [part for part in _PARAGRAPHS.split(text) if part.strip()]


def _paragraphs(text: str) -> SafeString:
    return mark_safe("".join(f"<p>{escape(part)}</p>" for part in _split(text)))


def _compare_paragraphs(old: list[str], new: list[str], marked: _Marked) -> Iterator[str]:
    for kind, a, b, c, d in marked.budget.opcodes(old, new):
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
    words = [word.rstrip() for word in one], [word.rstrip() for word in two]
    parts: list[str] = []
    for kind, a, b, c, d in marked.budget.opcodes(*words):
        gone, come = "".join(one[a:b]), "".join(two[c:d])
        if kind == "equal":
            parts.append(escape(come))
        else:
            parts.append((marked.delete(gone) if gone else "") + (marked.insert(come) if come else ""))
    return "".join(parts)


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    return next(
        (at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
        min(len(one), len(two)),
    )
