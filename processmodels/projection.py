"""What a published process model puts into plain tables: words for search, and what the landscape sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from governance.models import CatalogueEntry
from governance.text.markdown import to_plain
from processmodels.bpmn.model import Model
from processmodels.bpmn.text import said
from processmodels.figures import Basis, KeyFigure, change_of, doubts
from processmodels.models import ProcessModel, PublishedFigure, PublishedProcess
from processmodels.page import Models, plain_parts

# In characters; PostgreSQL refuses an index of more than a megabyte for one text.
MAX_WORDS = 200_000


@dataclass(frozen=True)
class PublishedRow:
    """The columns of `PublishedProcess` and the figures whose comparison holds."""

    columns: Mapping[str, Any]
    figures: Sequence[Mapping[str, Any]]


def weighted(text: ProcessModel, models: Models) -> dict[str, str]:
    """The text to search by weights: purpose, what was done, then the rest with what the diagrams say."""
    parts = {name: to_plain(value) for name, value in plain_parts(text).items()}
    figures = [KeyFigure.read(row).name for row in text.key_figures]
    legal = [row.get("title", "") for row in text.legal_basis]
    return {
        "B": text.purpose,
        "C": parts.pop("what_was_done", ""),
        "D": "\n".join([*parts.values(), *figures, *legal, text.service_key]),
        "labels": words_in_diagrams(models),
    }


def words_in_diagrams(models: Models) -> str:
    """What people wrote into the diagrams, each text once, as much of it as a search index can hold."""
    found = [words for model in models.values() if isinstance(model, Model) for words in said(model)]
    return "\n".join(dict.fromkeys(found))[:MAX_WORDS]


def row_of(text: ProcessModel, page: Mapping[str, Any]) -> PublishedRow:
    figures = [KeyFigure.read(row) for row in text.key_figures]
    return PublishedRow(
        columns={
            "life_cycle": text.life_cycle,
            "classification": text.classification,
            "service_key": text.service_key,
            "maturity": text.maturity,
            "cases_a_year": text.cases_a_year,
            "as_is_id": text.as_is,
            "to_be_id": text.to_be,
            "picture": next(filter(None, map(_picture, reversed(page["states"]))), ""),
            "has_to_be": bool(text.to_be or text.to_be_picture or text.to_be_steps),
            "has_measured": any(
                side.is_given and side.basis == Basis.MEASURED for f in figures for side in (f.before, f.after)
            ),
        },
        figures=[
            {
                "measure": figure.measure,
                "unit": figure.after.unit.strip(),
                "before": Decimal(figure.before.number),
                "after": Decimal(figure.after.number),
                "is_measured": figure.before.basis == figure.after.basis == Basis.MEASURED,
            }
            for figure in _that_hold(figures)
        ],
    )


def _picture(state: Mapping[str, Any]) -> str:
    """The address of what a tile can show of a state, or nothing."""
    attached = state.get("picture", {})
    return state.get("svg") or (attached["url"] if attached.get("is_image") else "")


def _that_hold(figures: Sequence[KeyFigure]) -> list[KeyFigure]:
    """Only sums that hold: what is doubtful, or comes from few people, is left out; no measure counts twice."""
    holding = [f for f in figures if f.has_both and change_of(f) is not None and not doubts(f)]
    # Backwards, so that of two rows with one measure the first one stays.
    return list({(figure.measure, figure.label): figure for figure in reversed(holding)}.values())[::-1]


def write(rows: Sequence[tuple[CatalogueEntry, PublishedRow]]) -> None:
    """Write the rows of published process models anew; called in the publishing transaction."""
    keys = [entry.pk for entry, _row in rows]
    PublishedProcess.objects.filter(pk__in=keys).delete()
    PublishedProcess.objects.bulk_create(PublishedProcess(entry=entry, **row.columns) for entry, row in rows)
    PublishedFigure.objects.bulk_create(
        PublishedFigure(process_id=entry.pk, **figure) for entry, row in rows for figure in row.figures
    )
