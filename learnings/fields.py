"""The fields of a learning's text: their order, labels and how they are compared."""

from django.utils.translation import gettext_lazy

from governance import short_texts
from governance.comparison import FieldSpec

FIELDS = (
    FieldSpec("title", gettext_lazy("Titel")),
    FieldSpec("guiding_question", gettext_lazy("Leitfrage")),
    FieldSpec("answer", gettext_lazy("Antwort auf die Leitfrage")),
    FieldSpec("everyday_benefit", gettext_lazy("Nutzen im Arbeitsalltag")),
    FieldSpec("audiences", gettext_lazy("Zielgruppen"), "list"),
    FieldSpec("messages", gettext_lazy("Kernaussagen"), "rows"),
    FieldSpec("occasion", gettext_lazy("Anlass und Ausgangslage")),
    FieldSpec("what_was_done", gettext_lazy("Was wurde gemacht?")),
    FieldSpec("results", gettext_lazy("Was ist dabei herausgekommen?")),
    FieldSpec("figures", gettext_lazy("Belege in Zahlen"), "rows"),
    FieldSpec("difficulties", gettext_lazy("Was war schwierig, was würden wir anders machen?")),
    FieldSpec("share_difficulties", gettext_lazy("Schwierigkeiten dürfen weitergegeben werden"), "bool"),
    FieldSpec("recommendation", gettext_lazy("Empfehlung")),
    FieldSpec("next_step", gettext_lazy("Nächster Schritt")),
    FieldSpec("effort_time", gettext_lazy("Aufwand: Zeit")),
    FieldSpec("effort_money", gettext_lazy("Aufwand: Kosten")),
    FieldSpec("effort_people", gettext_lazy("Aufwand: wer gebraucht wurde")),
    FieldSpec("prerequisites", gettext_lazy("Voraussetzungen")),
    FieldSpec("related", gettext_lazy("Verwandte Einträge"), "list"),
    FieldSpec("links", gettext_lazy("Quellen und Links"), "rows"),
    FieldSpec("attachments", gettext_lazy("Anlagen"), "rows"),
    FieldSpec("tag_ids", gettext_lazy("Schlagwörter"), "list"),
    *short_texts.FIELDS,
)
# In the order of the page; the answer leads and stands above them.
SECTIONS = (
    "everyday_benefit",
    "occasion",
    "what_was_done",
    "results",
    "difficulties",
    "recommendation",
    "next_step",
    "prerequisites",
)
_NAMES = tuple(field.name for field in FIELDS)
# What a version consists of, and in which order its hash takes it; the short texts came with the second list.
SCHEMAS = {1: tuple(name for name in _NAMES if name not in short_texts.NAMES), 2: _NAMES}
LABELS = {field.name: field.label for field in FIELDS}
