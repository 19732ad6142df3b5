"""Both states of a process, before and after: their diagrams as models, as text, and compared."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from processmodels import diagrams
from processmodels.bpmn.comparison import Comparison, compare
from processmodels.bpmn.model import Model
from processmodels.bpmn.source import BpmnError
from processmodels.bpmn.text import as_text, rows
from processmodels.models import Diagram

STATES = ("as_is", "to_be")
# What the addresses of their files are called.
FILE_NAMES = {"as_is": "vorher", "to_be": "nachher"}
LABELS = {"as_is": gettext_lazy("Ablauf vorher (Ist)"), "to_be": gettext_lazy("Ablauf nachher (Soll)")}
ModelOrError = Model | BpmnError


def models_by_key(texts: Iterable[Mapping[str, Any]]) -> dict[str, ModelOrError]:
    """The models of all diagrams that the texts name, by key; one query."""
    keys = {values[state] for values in texts for state in STATES if values[state]}
    found: dict[str, ModelOrError] = {}
    for diagram in Diagram.objects.filter(pk__in=keys) if keys else ():
        try:
            found[diagram.pk] = diagrams.model_of(diagram)
        # A limit lowered after the upload must not take the page away.
        except BpmnError as error:
            found[diagram.pk] = error
    return found


def models_of(text: Any, *wanted: str) -> dict[str, ModelOrError]:
    """The models of the diagrams of one text, by state, or of the `wanted` states alone; one query."""
    keys = {state: getattr(text, state) if state in (wanted or STATES) else None for state in STATES}
    models = models_by_key([keys])
    return {state: models[key] for state, key in keys.items() if key in models}


def lines(model: ModelOrError | None) -> list[str]:
    """The model as ordered lines, for comparing and searching; empty when there is none."""
    if model is None or isinstance(model, BpmnError):
        return []
    return [" – ".join([row.item.text, *row.item.notes]) for row in rows(as_text(model))]


@dataclass(frozen=True)
class StateChange:
    """What changed in the diagram of one state: in words, and as two pictures with marks (data addresses)."""

    label: str
    comparison: Comparison
    old_picture: str
    new_picture: str
    # Steps that are only drawn elsewhere or otherwise, by name.
    redrawn: Sequence[str] = ()
    # What is said when there are no sentences.
    without_change: str = ""

    @property
    def sentences(self) -> list[str]:
        return [change.sentence for change in self.comparison.main_changes]

    @property
    def following(self) -> list[str]:
        """Flows that changed only because a step at one of their ends came or went."""
        return [change.sentence for change in self.comparison.changes if change.follows]


def changes(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[StateChange]:
    """The diagrams that differ between two texts, for the page on which they are compared.

    A state drawn for the first time is no change to compare: it is shown whole with the text.
    """
    if old is None:
        return []
    models = models_by_key([old, new])
    return [
        _change(str(LABELS[state]), before, after, (old[state], new[state]))
        for state in STATES
        if old[state] != new[state]
        and isinstance(before := models.get(old[state] or ""), Model)
        and isinstance(after := models.get(new[state] or ""), Model)
    ]


def between_states(text: Any) -> StateChange | None:
    """What the measure changed: before against after, or None while one of them is missing."""
    both = _both(models_of(text))
    return _change(_("Vorher und nachher"), *both, (text.as_is, text.to_be)) if both else None


def main_changes(models: Mapping[str, ModelOrError]) -> list[str] | None:
    """The same in sentences alone, without drawing; None while one of the states is missing."""
    both = _both(models)
    return [change.sentence for change in compare(*both).main_changes] if both else None


def _both(models: Mapping[str, ModelOrError]) -> tuple[Model, Model] | None:
    before, after = (models.get(state) for state in STATES)
    return (before, after) if isinstance(before, Model) and isinstance(after, Model) else None


def _change(label: str, before: Model, after: Model, keys: tuple[str, str]) -> StateChange:
    found = compare(before, after)
    return StateChange(
        label,
        found,
        _data_address(diagrams.draw(before, found.old_marks, _("Vorher"))),
        _data_address(diagrams.draw(after, found.new_marks, _("Nachher"))),
        [node.name for key in found.layout if (node := after.nodes.get(key)) and node.name],
        "" if found.main_changes else _without_change(*keys),
    )


def _without_change(old: str, new: str) -> str:
    """What can be said of two diagrams, by their keys, in which nothing differs that is compared."""
    if old == new:
        return _("Die beiden Abläufe unterscheiden sich nicht.")
    if diagrams.are_drawn_otherwise(old, new):
        return _("Nur die Anordnung ist anders, der Ablauf ist derselbe.")
    return _("Die Datei hat sich geändert, aber nichts, was hier verglichen wird (etwa Angaben eines Werkzeugs).")


def _data_address(svg: str) -> str:
    """For an <img>: a picture made for one comparison has no address of its own."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
