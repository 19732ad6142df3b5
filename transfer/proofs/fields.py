"""The fields of a proof of concept's text: their order, labels and how they are compared."""

from django.utils.translation import gettext_lazy

from governance import short_texts
from governance.comparison import FieldSpec

FIELDS = (
    FieldSpec("title", gettext_lazy("Titel")),
    FieldSpec("question", gettext_lazy("Frage")),
    FieldSpec("measures", gettext_lazy("Erfolgsmaß"), "list"),
    FieldSpec("problem", gettext_lazy("Problem und Anlass")),
    FieldSpec("hypothesis", gettext_lazy("Annahme")),
    FieldSpec("scope", gettext_lazy("Umfang und Grenzen")),
    FieldSpec("participants", gettext_lazy("Beteiligte Rollen")),
    FieldSpec("effort", gettext_lazy("Aufwand")),
    FieldSpec("data_protection", gettext_lazy("Datenschutz geprüft?")),
    FieldSpec("staff_council", gettext_lazy("Personalrat beteiligt?")),
    FieldSpec("risks", gettext_lazy("Risiken")),
    FieldSpec("result_number", gettext_lazy("Gemessener Wert")),
    FieldSpec("result", gettext_lazy("Was ist herausgekommen?")),
    FieldSpec("learnt", gettext_lazy("Was haben wir gelernt?")),
    FieldSpec("decision", gettext_lazy("Entscheidung")),
    FieldSpec("decision_reason", gettext_lazy("Begründung der Entscheidung")),
    FieldSpec("related", gettext_lazy("Verwandte Einträge"), "list"),
    FieldSpec("links", gettext_lazy("Quellen und Links"), "rows"),
    FieldSpec("attachments", gettext_lazy("Anlagen"), "rows"),
    FieldSpec("tag_ids", gettext_lazy("Schlagwörter"), "list"),
    *short_texts.FIELDS,
)
# In the order of the page: what came of it, then how it was tried.
OUTCOME = ("result", "learnt", "decision_reason")
PLAN = (
    "problem",
    "hypothesis",
    "scope",
    "participants",
    "effort",
    "data_protection",
    "staff_council",
    "risks",
)
SECTIONS = (*OUTCOME, *PLAN)
SCHEMAS = {1: tuple(field.name for field in FIELDS)}
LABELS = {field.name: field.label for field in FIELDS}
