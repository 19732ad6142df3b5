"""The way of a self-assessment (transferability) into a package. Whoever keeps assessments names them here.

What comes with a foreign package stays what its origin said of itself: it is kept beside the draft, not made one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from governance.models import Version

Source = Callable[[Version], Mapping[str, Any] | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """`source` gives the assessment of a published version as plain JSON data, or None; called once from `apps.py`."""
    _sources.append(source)


def of(version: Version) -> Mapping[str, Any] | None:
    for source in _sources:
        if (found := source(version)) is not None:
            return found
    return None
