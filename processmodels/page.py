"""The rendered parts of a process model as readers see them; the same for published page, version and preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from governance.kinds import Address
from governance.rows import AttachmentRow, german_number
from governance.text.markdown import render
from processmodels import plot, states
from processmodels.bpmn.hints import hints
from processmodels.bpmn.model import Model
from processmodels.bpmn.text import as_text, rows
from processmodels.figures import Basis, KeyFigure, Side, Value, change_of, doubts, hours_freed, shown_value
from processmodels.models import Classification, LifeCycle, Maturity, ProcessModel
from processmodels.schemas import LegalBasis

# In the order of the page.
CHANGE = ("occasion", "what_was_done", "prerequisites", "risks")
FACTS = ("trigger", "result", "participants", "responsible_unit", "inputs", "systems", "data_used")
# So many sentences tell on the page itself what the measure changed.
SENTENCES = 5
# By state.
Models = Mapping[str, states.ModelOrError]


def _label(name: str) -> str:
    return str(ProcessModel._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def page_of(text: Any, address: Address, models: Models | None = None) -> dict[str, Any]:
    """All parts of the page. `text` has the fields of a process model, `address` tells where its files are.

    `models` are those of its diagrams where they are at hand: `states.models_of(text)`.
    """
    models = states.models_of(text) if models is None else models
    return {
        "purpose": text.purpose,
        "life_cycle": str(LifeCycle(text.life_cycle).label) if text.life_cycle else "",
        "states": [shown for state in states.STATES if (shown := state_of(text, state, address, models))],
        "difference": _difference(states.main_changes(models)),
        "sections": [_section(text, name) for name in CHANGE if getattr(text, name)],
        "facts": [_section(text, name) for name in FACTS if getattr(text, name)],
        "short_facts": _short_facts(text),
        "legal_basis": [{"title": row.title, "url": row.url} for row in map(LegalBasis.read, text.legal_basis)],
        **_figures(text),
        "attachments": [
            {"name": file.name, "description": file.description, "url": address(str(place))}
            for place, file in enumerate(map(AttachmentRow.read, text.attachments), start=1)
        ],
    }


def _section(text: Any, name: str) -> dict[str, str]:
    return {"key": name, "label": _label(name), "html": render(getattr(text, name))}


def _short_facts(text: Any) -> list[dict[str, str]]:
    facts = {
        "classification": str(Classification(text.classification).label) if text.classification else "",
        "service_key": text.service_key,
        "cases_a_year": german_number(str(text.cases_a_year)) if text.cases_a_year is not None else "",
        "maturity": str(Maturity(text.maturity).label) if text.maturity else "",
    }
    return [{"key": name, "label": _label(name), "text": value} for name, value in facts.items() if value]


# -- diagrams --------------------------------------------------------------------------------------


def _difference(sentences: Sequence[str] | None) -> dict[str, Any] | None:
    """The first changes from before to after in words, and how many more there are; None without both states."""
    if sentences is None:
        return None
    return {"sentences": list(sentences[:SENTENCES]), "more": max(0, len(sentences) - SENTENCES)}


def state_of(text: Any, state: str, address: Address, models: Models) -> dict[str, Any] | None:
    """One state: its picture, its file, and the same as ordered text; or the picture that stands for it."""
    label = {"as_is": _("Vorher (Ist)"), "to_be": _("Nachher (Soll)")}[state]
    name = states.FILE_NAMES[state]
    if getattr(text, state):
        model = models.get(state)
        return {
            "key": state,
            "field": state,
            "label": label,
            "svg": address(f"{name}.svg"),
            "bpmn": address(f"{name}.bpmn"),
            "source": address(f"{name}.xml"),
            "text": text_rows(model) if isinstance(model, Model) else [],
            "is_laid_out": isinstance(model, Model) and not model.has_diagram,
            "hints": [str(hint.message) for hint in hints(model)] if isinstance(model, Model) else [str(model or "")],
        }
    if digest := getattr(text, f"{state}_picture"):
        for place, file in enumerate(map(AttachmentRow.read, text.attachments), start=1):
            if file.sha256 == digest:
                picture = {
                    "url": address(str(place)),
                    "name": file.name,
                    "description": file.description,
                    "is_image": file.media_type.startswith("image/"),
                }
                return {"key": state, "field": f"{state}_picture", "label": label, "picture": picture}
    return None


def text_rows(model: Model) -> list[dict[str, Any]]:
    """The model as ordered text, flat for a template without recursion (see `bpmn.text.rows`)."""
    return [
        {
            "text": row.item.text,
            "number": row.item.number,
            "notes": list(row.item.notes),
            "documentation": row.item.documentation,
            "opens": row.opens,
            "has_children": bool(row.item.children),
            # For each list that ends here: whether an entry of the list around it ends with it.
            "ends": [row.depth > level for level in row.closes],
        }
        for row in rows(as_text(model))
    ]


# -- key figures -----------------------------------------------------------------------------------


def _figures(text: Any) -> dict[str, Any]:
    figures = [KeyFigure.read(row) for row in text.key_figures]
    return {
        "figures": [_figure(figure, text.cases_a_year) for figure in figures],
        "plot": [
            {
                "name": row.name,
                "before": {"length": row.before.length, "shown": row.before.shown},
                "after": {"length": row.after.length, "shown": row.after.shown},
                "change": row.change.shown if row.change else "",
                "worth": row.change.in_words if row.change else "",
            }
            for row in plot.rows(figures)
        ],
    }


def _figure(figure: KeyFigure, cases_a_year: int | None) -> dict[str, Any]:
    change, freed = change_of(figure), hours_freed(figure, cases_a_year)
    return {
        "name": figure.name,
        "before": {"shown": shown_value(figure, Side.BEFORE), "how": how(figure.before)},
        "after": {"shown": shown_value(figure, Side.AFTER), "how": how(figure.after)},
        "change": change.shown if change else "",
        "worth": change.in_words if change else "",
        "doubts": doubts(figure),
        "freed": german_number(f"{freed:f}") if freed is not None else "",
    }


def how(value: Value) -> str:
    """Where a value comes from, in a few words: measured or not, when, how many, which source."""
    if not value.is_given:
        return ""
    period = " – ".join(day for day in (_day(value.since), _day(value.until)) if day)
    sample = _("%(n)s Fälle") % {"n": german_number(value.sample)} if value.sample else ""
    basis = str(Basis(value.basis).label) if value.basis else ""
    return ", ".join(part for part in (basis, period, sample, value.method, value.source) if part)


def _day(iso: str) -> str:
    return ".".join(reversed(iso.split("-"))) if iso else ""


def figure_lines(figure: KeyFigure) -> Sequence[str]:
    """A key figure as lines for comparing: every value with where it comes from."""
    lines = [figure.name]
    for label, side, value in (
        (_("vorher"), Side.BEFORE, figure.before),
        (_("nachher"), Side.AFTER, figure.after),
    ):
        if value.is_given:
            told = how(value)
            lines.append(f"{figure.name}, {label}: {shown_value(figure, side)}" + (f" ({told})" if told else ""))
    return lines[1:] or lines


def plain_parts(text: Any) -> Mapping[str, str]:
    """The Markdown fields of a text by name, for searching."""
    return {name: getattr(text, name) for name in (*CHANGE, *FACTS) if getattr(text, name)}
