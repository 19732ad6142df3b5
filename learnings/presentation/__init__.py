"""Learnings as slides (.pptx), for one audience, on the portal's own template or that of the town hall."""

from __future__ import annotations

from collections.abc import Sequence

from learnings.models import Audience
from learnings.presentation import deck
from learnings.presentation.blank import blank
from learnings.presentation.template import Template, read
from learnings.story import Source, tell


def make(sources: Sequence[Source], audience: Audience, *, template: Template | None = None, title: str = "") -> bytes:
    """The slides of one text or of several in one file; with a `title`, a first slide names what is in it."""
    return deck.draw([tell(source, audience) for source in sources], template or read(blank()), title)
