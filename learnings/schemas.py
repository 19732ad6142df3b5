"""The shapes of a learning's JSON fields: messages and figures; links and attachments are those of all kinds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from governance.rows import AttachmentRow, Link, Row, check_decimal, german_number


def basis(answer: str) -> str:
    """A short fingerprint of the answer a message was written on, to see when it is older."""
    return hashlib.sha256(" ".join(answer.split()).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Message(Row):
    """The learning in two or three sentences for one audience; `based_on` is the answer's fingerprint."""

    audience: str
    text: str
    based_on: str
    LENGTHS: ClassVar[Mapping[str, int]] = {"audience": 24, "text": 900, "based_on": 12}

    def is_older_than(self, answer: str) -> bool:
        return bool(self.based_on) and self.based_on != basis(answer)


@dataclass(frozen=True)
class Figure(Row):
    """One piece of evidence: what was counted, the number, its unit, where and when it comes from."""

    label: str
    number: str
    unit: str
    period: str
    source: str
    LENGTHS: ClassVar[Mapping[str, int]] = dict.fromkeys(("label", "unit", "period", "source"), 200)

    def check(self) -> Self:
        super().check()
        check_decimal(self.number)
        return self

    @property
    def shown(self) -> str:
        """The number in German spelling, with its unit."""
        return f"{german_number(self.number)} {self.unit}".strip()


FIELDS: Mapping[str, type[Row]] = {
    "messages": Message,
    "figures": Figure,
    "links": Link,
    "attachments": AttachmentRow,
}
