"""The four steps of guided writing: what submission requires stands open, the rest folded under "Mehr dazu"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from learnings.forms.text import MESSAGES

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


STEPS: dict[int, Step] = {
    1: Step(
        gettext_lazy("Erkenntnis"),
        ("title", "guiding_question", "answer"),
        (Fold(gettext_lazy("Mehr dazu: Zielgruppen und Kernaussagen"), ("audiences", *MESSAGES)),),
    ),
    2: Step(
        gettext_lazy("Nutzen und Maßnahme"),
        ("everyday_benefit",),
        (
            Fold(
                gettext_lazy("Mehr dazu: Anlass, Vorgehen und Ergebnisse"),
                ("occasion", "what_was_done", "results", "figures"),
            ),
        ),
    ),
    3: Step(
        gettext_lazy("Mehr dazu"),
        (),
        (
            Fold(
                gettext_lazy("Mehr dazu: Schwierigkeiten und Empfehlung"),
                ("difficulties", "share_difficulties", "recommendation", "next_step"),
            ),
            Fold(
                gettext_lazy("Mehr dazu: Aufwand und Voraussetzungen"),
                ("effort_time", "effort_money", "effort_people", "prerequisites"),
            ),
            Fold(gettext_lazy("Mehr dazu: Verwandtes, Quellen und Anlagen"), ("related", "links", FILES)),
        ),
    ),
    4: Step(gettext_lazy("Prüfen und vorlegen"), ("tags", NOTE)),
}


def all_names() -> tuple[str, ...]:
    """The parts of the form on one page."""
    return tuple(name for step in STEPS.values() for name in step.all_names)
