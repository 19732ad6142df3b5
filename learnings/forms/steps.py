"""The four steps of writing a learning: what submission requires stands open, the rest folded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from governance import short_texts
from governance.writing.steps import FILES, NOTE, Fold, Step
from learnings.forms.text import MESSAGES

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
            Fold(gettext_lazy("Mehr dazu: Newsletter und Intranet"), short_texts.NAMES),
        ),
    ),
    4: Step(gettext_lazy("Prüfen und vorlegen"), ("tags", NOTE)),
}
