"""The steps of guided writing: what submission requires stands open, the rest folded under "Mehr dazu"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The parts of a page that are not fields of the text: the attachments, and the note on the version.
FILES, NOTE = "attachments", "note"


@dataclass(frozen=True)
class Fold:
    """Optional parts of a step under one heading that opens them."""

    label: Any
    names: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One step: the parts that stand open, and those that are folded."""

    label: Any
    names: tuple[str, ...] = ()
    folds: tuple[Fold, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        return (*self.names, *(name for fold in self.folds for name in fold.names))
