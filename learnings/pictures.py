"""Pictures in a text: `![description](anlage:2)` shows the second attachment. Pure: texts in, texts out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from governance.rows import AttachmentRow
from learnings.fields import SECTIONS

# In a picture or link, and in the definition of a reference; not in a sentence that happens to say it.
_REFERENCE = re.compile(r"(\](?:\(|:)\s*<?anlage:)(\d{1,3})(?!\d)")
FIELDS = ("answer", *SECTIONS)


def fields_with(values: Mapping[str, Any], place: int) -> list[str]:
    """The fields whose text shows the attachment at `place`."""
    return [name for name in FIELDS if any(int(found[2]) == place for found in _REFERENCE.finditer(values[name]))]


def without(values: Mapping[str, Any], place: int) -> dict[str, str]:
    """The texts that change when the attachment at `place` goes: those after it move up by one."""

    def move(found: re.Match[str]) -> str:
        number = int(found[2])
        return f"{found[1]}{number - 1 if number > place else number}"

    texts = {name: _REFERENCE.sub(move, values[name]) for name in FIELDS}
    return {name: text for name, text in texts.items() if text != values[name]}


def leading_nowhere(values: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Field and place of each reference to an attachment that is not there or is no picture."""
    files = map(AttachmentRow.read, values["attachments"])
    shown = {place for place, file in enumerate(files, start=1) if file.is_picture}
    named = {name: {int(found[2]) for found in _REFERENCE.finditer(values[name])} for name in SECTIONS}
    return [(name, place) for name, places in named.items() for place in sorted(places - shown)]
