"""A text with its surroundings, and the story made of it, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance import approval
from governance.text.blocks import Block
from learnings.models import Audience
from learnings.story.figures import Evidence, Plot


@dataclass(frozen=True)
class Picture:
    """The diagram of a linked process model: its SVG, what it shows, and where it is explained."""

    svg: str
    title: str
    short_number: str
    description: str


@dataclass(frozen=True)
class Source:
    """One text (fields of learnings.models.Learning) and what is known of its record.

    `issue` and `released_on` are those of the publication; a draft has none of them. `address` leads to the record
    from outside of the portal.
    """

    values: Mapping[str, Any]
    short_number: str
    address: str
    team: str
    contact: str
    email: str = ""
    issue: int | None = None
    released_on: date | None = None
    check_mark: str = ""
    pictures: Sequence[Picture] = ()

    @property
    def is_draft(self) -> bool:
        return self.issue is None

    def approval_words(self) -> str:
        """Such as "Ausgabe 3, freigegeben am 3. Mai 2025"."""
        return approval.words(issue=self.issue, released_on=self.released_on)


@dataclass(frozen=True)
class Chapter:
    """What is said under one heading. `beside` is a second column; then both begin with a heading.

    `most` is on how many slides it may go on; `notes` is the whole text, which the speaker has; `is_cut` says that
    the record has more than is told here.
    """

    key: str
    title: str
    blocks: Sequence[Block] = ()
    plots: Sequence[Plot] = ()
    evidence: Sequence[Evidence] = ()
    picture: Picture | None = None
    beside: Sequence[Block] = ()
    notes: str = ""
    most: int = 1
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.blocks or self.plots or self.evidence or self.picture or self.beside)


@dataclass(frozen=True)
class Story:
    """What an audience is told: the message leads; then chapter by chapter."""

    source: Source
    audience: Audience
    title: str
    question: str
    lead: str
    answer: str
    chapters: Sequence[Chapter]

    @property
    def is_draft(self) -> bool:
        return self.source.is_draft
