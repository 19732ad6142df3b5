"""A process model told like a learning, so that it can stand beside learnings in one file of slides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from learnings.models import Learning
from processmodels.figures import Basis, KeyFigure, Value, change_of

# What both kinds say, by the names of both.
_SHARED = ("title", "occasion", "what_was_done", "prerequisites", "related", "attachments")


def values_of(text: Any) -> Mapping[str, Any]:
    """The fields of a learning that say what this text of a process model says; its purpose is the answer."""
    empty = {field.name: field.get_default() for field in Learning._meta.concrete_fields}
    figures = [KeyFigure.read(row) for row in text.key_figures]
    return {
        **empty,
        **{name: getattr(text, name) for name in _SHARED},
        "answer": text.purpose,
        "figures": [row for figure in figures if change_of(figure) is not None for row in _rows(figure)],
    }


def _rows(figure: KeyFigure) -> list[dict[str, str]]:
    """Before and after, as figures of a learning; a plan is never shown as if it had been measured."""
    sides = ((_("vorher"), figure.before), (_("nachher"), figure.after))
    return [_row(f"{figure.name}, {side}", value) for side, value in sides]


def _row(label: str, value: Value) -> dict[str, str]:
    basis = str(Basis(value.basis).label) if value.basis else ""
    return {"label": label, "number": value.number, "unit": value.unit, "period": basis, "source": value.source}
