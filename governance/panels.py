"""What other apps show on the page of a published record. Who has something registers it in `apps.py`.

A panel reads no query of its own: its column is part of the one statement that reads the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from governance.models import CatalogueEntry
from governance.rules import Standing


@dataclass(frozen=True)
class Panel:
    """One block of the page: `sql` is a value for the row `entry` of the catalogue, without parameters; `shown` makes
    of it what the template gets as `panel.data`, or None where the block is left out. Where the page is long, `label`
    leads from its head to the block, whose id is `anchor`."""

    key: str
    sql: str
    template: str
    shown: Callable[[Standing, CatalogueEntry, Any], Any]
    anchor: str = ""
    label: str | Promise = ""


@dataclass(frozen=True)
class Shown:
    template: str
    data: Any
    anchor: str = ""
    label: str | Promise = ""


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    if any(other.key == panel.key for other in _panels) or "%" in panel.sql:
        raise ValueError(f"panel {panel.key!r} is registered already, or takes parameters")
    _panels.append(panel)


def columns() -> str:
    """The values of all panels, to be selected together with `entry`."""
    return "".join(f", ({panel.sql}) AS panel_{panel.key}" for panel in _panels)


def shown_for(standing: Standing, entry: CatalogueEntry) -> list[Shown]:
    """The blocks of the page of `entry`, which was read with `columns`."""
    every = (_shown(panel, panel.shown(standing, entry, _value(panel, entry))) for panel in _panels)
    return [one for one in every if one.data is not None]


def _shown(panel: Panel, data: Any) -> Shown:
    return Shown(panel.template, data, panel.anchor, panel.label)


def _value(panel: Panel, entry: CatalogueEntry) -> Any:
    return vars(entry)[f"panel_{panel.key}"]
