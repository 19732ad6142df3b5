"""Own figures beside those of the source: the same names and units, so that they can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from governance import kinds, versions
from governance.models import CatalogueEntry
from learnings.models import KIND as LEARNING
from learnings.schemas import Figure
from processmodels.figures import Better, KeyFigure, Measure, Side, change_of, shown_value

MOST = 8


def source_figures(entry: CatalogueEntry) -> list[KeyFigure]:
    """The figures of the published text; those of a learning stand as values of after."""
    entry.version.record = entry.record
    values = versions.values_of(versions.text_of(entry.version), kinds.get(entry.kind))
    if entry.kind == LEARNING:
        return [_of_learning(Figure.read(row)) for row in values["figures"][:MOST]]
    return [KeyFigure.read(row) for row in values.get("key_figures", [])[:MOST]]


def _of_learning(figure: Figure) -> KeyFigure:
    return blank(Measure.OTHER, figure.label, figure.unit, to_be_number=figure.number)


def blank(measure: str, label: str, unit: str, **more: str) -> KeyFigure:
    """A figure without values but those of `more`."""
    row = {"measure": measure, "label": label, "as_is_unit": unit, "to_be_unit": unit, "better": Better.NEITHER}
    return KeyFigure.read(row | more)


def unit_of(figure: KeyFigure) -> str:
    return figure.after.unit or figure.before.unit


def key_of(figure: KeyFigure) -> tuple[str, str]:
    """By what an own figure finds its counterpart."""
    return figure.name.casefold(), unit_of(figure).strip().casefold()


def own(source: KeyFigure, before: str, after: str, people: str) -> dict[str, str]:
    """The own values of a figure of the source, as they are kept."""
    named = {"measure": source.measure, "label": source.label or source.name, "better": source.better}
    unit = unit_of(source)
    sides = {"as_is_unit": unit, "to_be_unit": unit, "as_is_number": before, "to_be_number": after}
    return asdict(KeyFigure.read(named | sides | {"people": people}))


@dataclass(frozen=True)
class Values:
    """One side of the table; empty where nothing is known, or nothing may be told."""

    before: str
    after: str
    change: str


@dataclass(frozen=True)
class Beside:
    name: str
    there: Values
    here: Values


def beside(source: Sequence[KeyFigure], kept: Sequence[Mapping[str, Any]]) -> list[Beside]:
    """The figures of both, one line each; own ones whose counterpart is gone stand at the end."""
    here = {key_of(figure): figure for figure in map(KeyFigure.read, kept)}
    rows = [Beside(one.name, _values(one), _values(here.pop(key_of(one), None))) for one in source]
    return rows + [Beside(one.name, _values(None), _values(one)) for one in here.values()]


def _values(figure: KeyFigure | None) -> Values:
    if figure is None:
        return Values("", "", "")
    change = change_of(figure)
    return Values(shown_value(figure, Side.BEFORE), shown_value(figure, Side.AFTER), change.shown if change else "")
