"""Whether there is something like a new text already. Who can tell registers in `apps.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from governance.models import Record
from governance.rules import Standing


@dataclass(frozen=True)
class Alike:
    """A record like the one that is being written, which the person may open; a draft is one of the own team's."""

    short_number: str
    title: str
    url: str
    detail: str
    is_draft: bool = False


Finder = Callable[[Standing, Record | None, str], Sequence[Alike]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    _finders.append(finder)


def alike(standing: Standing, record: Record | None, title: str) -> list[Alike]:
    """Records whose title is near to `title`; `record` is the one that is written, None before it exists."""
    return [one for finder in _finders for one in finder(standing, record, title)]
