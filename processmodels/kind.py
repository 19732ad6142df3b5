"""What a process model tells the workflow: its fields, what submission requires, its catalogue row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import related, short_texts, tags
from governance.comparison import FieldSpec
from governance.kinds import Address, Enclosed, Kind, Projection
from governance.rows import AttachmentRow, undescribed
from processmodels import diagram_files, diagram_words, figures, projection, states
from processmodels.figures import KeyFigure
from processmodels.models import KIND, Classification, LifeCycle, Maturity, ProcessModel
from processmodels.page import figure_lines, page_of
from processmodels.schemas import FIELDS as SHAPES

FIELDS = (
    FieldSpec("title", gettext_lazy("Titel")),
    FieldSpec("purpose", gettext_lazy("Zweck in einem Satz")),
    FieldSpec("life_cycle", gettext_lazy("Stand der Maßnahme")),
    FieldSpec("as_is", states.LABELS["as_is"]),
    FieldSpec("to_be", states.LABELS["to_be"]),
    FieldSpec("what_was_done", gettext_lazy("Was wurde geändert?")),
    FieldSpec("occasion", gettext_lazy("Warum wurde es geändert?")),
    FieldSpec("key_figures", gettext_lazy("Kennzahlen"), "list"),
    FieldSpec("trigger", gettext_lazy("Auslöser")),
    FieldSpec("result", gettext_lazy("Ergebnis und Produkt")),
    FieldSpec("participants", gettext_lazy("Beteiligte Rollen")),
    FieldSpec("responsible_unit", gettext_lazy("Zuständige Stelle")),
    FieldSpec("inputs", gettext_lazy("Eingaben und Unterlagen")),
    FieldSpec("systems", gettext_lazy("IT-Systeme und Schnittstellen")),
    FieldSpec("data_used", gettext_lazy("Verwendete Daten und ihre Qualität")),
    FieldSpec("legal_basis", gettext_lazy("Rechtsgrundlage"), "rows"),
    FieldSpec("service_key", gettext_lazy("Leistungsschlüssel")),
    FieldSpec("classification", gettext_lazy("Prozessart")),
    FieldSpec("cases_a_year", gettext_lazy("Fälle im Jahr")),
    FieldSpec("maturity", gettext_lazy("Reifegrad online")),
    FieldSpec("risks", gettext_lazy("Risiken")),
    FieldSpec("prerequisites", gettext_lazy("Voraussetzungen")),
    FieldSpec("related", gettext_lazy("Verwandte Einträge"), "list"),
    FieldSpec("attachments", gettext_lazy("Anlagen"), "rows"),
    FieldSpec("as_is_picture", gettext_lazy("Bild vorher")),
    FieldSpec("to_be_picture", gettext_lazy("Bild nachher")),
    FieldSpec("tag_ids", gettext_lazy("Schlagwörter"), "list"),
    *short_texts.FIELDS,
)
# The step lists are compared and shown as the diagrams that the portal draws from them.
_NAMES = (*(field.name for field in FIELDS), "as_is_steps", "to_be_steps")
# The short texts came with the second list.
SCHEMAS = {1: tuple(name for name in _NAMES if name not in short_texts.NAMES), 2: _NAMES}
_CHOICES = {"life_cycle": LifeCycle, "classification": Classification, "maturity": Maturity}


def missing(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What submission still requires: title, purpose, one tag, one way to see the process, described pictures."""
    needed = {
        "title": _("Bitte geben Sie dem Prozessmodell einen Titel."),
        "purpose": _("Bitte nennen Sie den Zweck des Prozesses in einem Satz."),
        "tag_ids": _("Bitte wählen Sie mindestens ein Schlagwort."),
    }
    found = [(name, message) for name, message in needed.items() if not values[name]]
    if not any(values[f"{state}{part}"] for state in states.STATES for part in ("", "_steps", "_picture")):
        message = _("Bitte zeigen Sie den Ablauf: als Diagramm, als Schrittliste oder als Bild mit Beschreibung.")
        found.append(("to_be", message))
    return found + _undescribed(values)


def _undescribed(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What pictures still lack: those that stand for a diagram are described there, all others as attachments."""
    shown = {values[f"{state}_picture"]: state for state in states.STATES}
    rows = map(AttachmentRow.read, values["attachments"])
    message = _("Bitte beschreiben Sie das Bild „%(name)s“ in einem Satz.")
    found = [
        (f"{shown[row.sha256]}_picture", message % {"name": row.name})
        for row in rows
        if row.sha256 in shown and not row.description
    ]
    return found + undescribed([row for row in values["attachments"] if row["sha256"] not in shown])


def doubts(values: Mapping[str, Any]) -> list[str]:
    """What does not hold about the key figures, although the text can be submitted."""
    rows = [KeyFigure.read(row) for row in values["key_figures"]]
    return [f"{figure.name}: {sentence}" for figure in rows for sentence in figures.doubts(figure)]


def in_words(texts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The values of each text with keys replaced by words, for comparing; names are looked up once for all."""
    numbers = related.titles({pk for values in texts for pk in values["related"]})
    names = tags.names_of(*(values["tag_ids"] for values in texts))
    models = states.models_by_key(texts)
    return [
        _in_words(values, models) | {"related": related.in_words(values["related"], numbers), "tag_ids": words}
        for values, words in zip(texts, names, strict=True)
    ]


def _in_words(values: Mapping[str, Any], models: Mapping[str, states.ModelOrError]) -> dict[str, Any]:
    words = dict(values)
    files = {row["sha256"]: row for row in values["attachments"]}
    for name, choices in _CHOICES.items():
        words[name] = str(dict(choices.choices).get(values[name], ""))
    for state in states.STATES:
        words[state] = "\n".join(states.lines(models.get(values[state] or "")))
        picture = files.get(values[f"{state}_picture"])
        words[f"{state}_picture"] = picture["name"] if picture else ""
    words["key_figures"] = [line for row in values["key_figures"] for line in figure_lines(KeyFigure.read(row))]
    words["attachments"] = [{"name": row["name"], "description": row["description"]} for row in values["attachments"]]
    return words


def whole_of(text: Any, address: Address, tag_names: Sequence[str] | None = None) -> dict[str, Any]:
    """Everything that a version consists of, for those who judge it: no field may be missing here."""
    words = {
        "related": related.in_words(text.related, related.titles(text.related)),
        "tag_ids": tags.names_of(text.tag_ids)[0] if tag_names is None else tag_names,
    }
    details = [
        {"label": str(field.label), "text": ", ".join(words[field.name])} for field in FIELDS if words.get(field.name)
    ]
    labels = {field.name: str(field.label) for field in FIELDS}
    written = {name: getattr(text, name) for name in short_texts.NAMES}
    details += [{"label": labels[name], "text": value} for name, value in written.items() if value]
    return page_of(text, address) | {"details": details}


def project(text: ProcessModel, address: Address) -> Projection:
    """The catalogue row of a published process model; labels inside its diagrams are found like any text."""
    models = states.models_of(text)
    page = page_of(text, address, models)
    return Projection(
        summary=text.purpose,
        page=page,
        weighted=projection.weighted(text, models),
        facets=[("life_cycle", text.life_cycle)] if text.life_cycle else [],
        related=text.related,
        rows=projection.row_of(text, page),
    )


PROCESS_MODEL = Kind(
    key=KIND,
    letter="P",
    label=gettext_lazy("Prozessmodell"),
    label_plural=gettext_lazy("Prozessmodelle"),
    url_namespace="processmodels",
    content=lambda: ProcessModel,
    fields=FIELDS,
    schemas=SCHEMAS,
    missing=missing,
    doubts=doubts,
    in_words=in_words,
    text_template="processmodels/_whole.html",
    page_of=whole_of,
    leads_with=("purpose", "what_was_done", "result", "occasion"),
    project=project,
    row_lengths={name: schema.LENGTHS for name, schema in SHAPES.items()},
    write_rows=projection.write,
    changes=states.changes,
    changes_template="processmodels/_changes.html",
    named_file=diagram_files.answer,
    enclosed=Enclosed(states.STATES, diagram_words.texts, diagram_words.blank, diagram_words.drop),
)
